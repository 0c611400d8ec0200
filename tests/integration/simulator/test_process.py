"""`python -m simulator` as a process."""

import asyncio
import re
import sys
from asyncio.subprocess import PIPE

import aiohttp

TOKEN = "777:" + "T" * 35


async def test_process_serves_and_stops_on_a_signal() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", "--port", "0", "--token", TOKEN, stdout=PIPE, stderr=PIPE
    )
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found is not None

    async with aiohttp.ClientSession() as session:
        async with session.get(f"{found[0]}/bot{TOKEN}/getMe") as answer:
            me = await answer.json()
        waiting = asyncio.create_task(session.get(f"{found[0]}/bot{TOKEN}/getUpdates?timeout=50"))
        await asyncio.sleep(0)
        process.terminate()
        code = await asyncio.wait_for(process.wait(), 10)
        await asyncio.gather(waiting, return_exceptions=True)

    _, errors = await process.communicate()
    assert (me["result"]["id"], code, errors) == (777, 0, b"")
    assert TOKEN not in line


async def test_process_refuses_a_token_of_no_shape() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", "--port", "0", "--token", "nonsense", stdout=PIPE, stderr=PIPE
    )

    _, errors = await asyncio.wait_for(process.communicate(), 20)

    assert process.returncode == 2
    assert b"the token must look like 123456:SIMULATOR-..." in errors
