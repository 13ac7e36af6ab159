"""The `unrolled` command."""
