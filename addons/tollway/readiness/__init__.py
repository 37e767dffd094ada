"""Whether a proxy is to be sent calls, told from facts: values in, checks out."""
