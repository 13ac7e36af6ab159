"""The `unrolled` command, which is `python -m unrolled` too."""

import os
import signal

INTERRUPTED = 130


def main() -> None:
    """Read the command and run it; Ctrl+C while it is being read ends it without a word."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    from unrolled.app.cli.commands import main as run

    run()


if __name__ == "__main__":
    main()
