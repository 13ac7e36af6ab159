"""`python -m app` is the `unrolled` command."""

from app.cli import main

main()
