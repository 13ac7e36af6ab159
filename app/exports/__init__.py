"""A run to take away, in a file."""
