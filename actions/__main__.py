"""`python -m actions`: start the action server."""

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

from actions.logs import configure_logs

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m actions", description="The mentor's action server.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=5055)
    parser.add_argument("--guides", type=Path, help="folder of the guides (default: the repository's)")
    options = parser.parse_args()
    level = os.environ.get("LOG_LEVEL", "INFO").upper()
    # Until the server has its own handler, a stop is simply the end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    configure_logs(level if level in LEVELS else "INFO")
    # After the logs are set: rasa-sdk takes a second to import and should not speak before.
    from actions.guides import Unreadable
    from actions.server import GUIDES, serve

    try:
        asyncio.run(serve(options.host, options.port, (options.guides or GUIDES).resolve()))
    except OSError as error:
        sys.exit(f"The action server cannot listen on {options.host}:{options.port}: {error.strerror or error}.")
    except Unreadable as fault:
        sys.exit(f"languages.yml:{fault.line}: {fault.problem} - {fault.cure}")


if __name__ == "__main__":
    main()
