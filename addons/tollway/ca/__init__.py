"""The certificate authority: made at first use, able to speak for provider hosts and for nothing else."""
