"""What is wrong with a set-up: facts in, as `tollway.symptoms` gathers them, findings out."""
