"""`python -m simulator`: serve one world until stopped."""

import argparse
import asyncio
import contextlib
import signal
import sys
import time

from simulator.app import serve
from simulator.world import DEFAULT_TOKEN, World


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="simulator", description="A Telegram Bot API server with a chat page.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default=DEFAULT_TOKEN, help="the token of the first bot")
    parser.add_argument("--speed", type=float, default=1.0, help="divides the waiting between webhook deliveries")
    options = parser.parse_args()
    try:
        # Seconds since 2025: no two runs share a person or an update.
        world = World(options.token, speed=options.speed, era=int(time.time()) - 1_735_689_600)
    except ValueError:
        parser.error("the token must look like 123456:SIMULATOR-...")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(world, options.host, options.port))


async def _run(world: World, host: str, port: int) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with serve(world, host, port) as site:
        sys.stdout.write(f"Chat page {site.url}/ - Bot API {site.url}/bot<token>/<method>\n")
        sys.stdout.flush()
        await stopped.wait()


if __name__ == "__main__":
    main()
