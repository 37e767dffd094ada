"""What may be spent: buckets, what calls hold in them, and what is charged to them. Pure."""
