"""The server as a process: starts, is well, stops when told to, and keeps quiet about what people write."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, Protocol

import pytest

ROOT = Path(__file__).parents[3]
SECRET = "xyzzy-4111"


class Server(Protocol):
    """What the fixture gives."""

    log: Path

    def post(self, body: dict[str, Any] | bytes) -> tuple[int, Any]: ...
    def stop(self) -> int: ...


@pytest.mark.timeout(60)
def test_server_answers_stops_cleanly_and_never_logs_what_people_write(server: Server) -> None:
    call = {
        "next_action": "action_offer_guides",
        "sender_id": "s",
        "version": "3.6.21",
        "tracker": {"sender_id": "s", "latest_message": {"text": f"{SECRET} card payment provider"}},
    }

    status, answer = server.post(call)
    refused = [
        server.post(body)[0] for body in (b"no json " + SECRET.encode(), {**call, "next_action": "action_unknown"})
    ]
    code = server.stop()

    assert status == 200
    assert [response["custom"]["type"] for response in answer["responses"]] == ["text", "missed", "end"]
    assert all(status >= 400 for status in refused)
    assert code == 0
    log = server.log.read_text(encoding="utf-8")
    entries = [json.loads(line) for line in log.splitlines()]
    assert [entry["action"] for entry in entries if entry.get("action") in ("start", "stop")] == ["start", "stop"]
    assert SECRET not in log
    assert "might not be compatible" not in log


@pytest.mark.timeout(60)
def test_broken_list_of_languages_stops_the_start_with_one_sentence(root: Path) -> None:
    (root.parent / "languages.yml").write_text("languages:\n  - {code: en}\n", encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "actions", "--port", "1", "--guides", str(root)],
        cwd=ROOT,
        env=os.environ | {"LOG_LEVEL": "INFO"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "languages.yml:2: a language needs code, name and level - level is one of complete, started, planned"
    )


@pytest.mark.timeout(60)
def test_port_that_is_taken_stops_the_start_with_one_sentence(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "actions", "--port", str(port), "--guides", str(root)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"The action server cannot listen on 127.0.0.1:{port}: ")
