"""The variables that lead a program through Tollway, with nothing in the program changed."""
