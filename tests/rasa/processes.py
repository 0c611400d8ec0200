"""Real processes for the tests of everything inside Rasa: training, Rasa, an action server."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
SECRET = "a-secret-only-for-tests"
TOKEN = "a-token-only-for-tests"
START_SECONDS = 90
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "PYTHONPATH": str(ROOT),
    "NO_COLOR": "1",
}


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def train(folder: Path, name: str = "mentor", phrases: Path = ROOT / "tests/rasa/phrases") -> Path:
    """Train a model on a folder of phrases and the real rules."""
    line = [str(RASA_PYTHON), "-m", "nlu.train", "--out", str(folder), "--name", name]
    line += ["--data", str(phrases), "stories"]
    done = subprocess.run(line, cwd=ROOT, env={**os.environ, **QUIET}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / f"{name}.tar.gz"


@dataclass
class Server:
    """A server process of which a path answers once it is up."""

    line: list[str]
    port: int
    ready_path: str
    log: Path
    environ: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start and wait until it answers."""
        with self.log.open("ab") as log:
            environ = {**os.environ, **QUIET, **self.environ}
            self.process = subprocess.Popen(self.line, cwd=ROOT, env=environ, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text(errors="replace")
            try:
                if ask(self.port, "GET", self.ready_path)[0] < 500:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"not up after {START_SECONDS} s: {self.log.read_text(errors='replace')}")

    def stop(self, hard: bool = False) -> None:
        """Stop and wait until it is gone; `hard` gives it no time to tidy up."""
        if self.process is not None:
            self.process.kill() if hard else self.process.terminate()
            self.process.wait(timeout=30)
            self.process = None


def action_server(log: Path, port: int) -> Server:
    """The action server of the tests."""
    return Server([sys.executable, "-m", "tests.rasa.answers", str(port)], port, "/health", log)


def rasa_server(model: Path, log: Path, tracker_url: str, actions_port: int, entry: str = "nlu.lean") -> Server:
    """Rasa as it is started in production, or as Rasa itself would have it (`entry="rasa"`)."""
    port = free_port()
    line = [str(RASA_PYTHON), "-m", entry, "run", "--model", str(model), "--enable-api", "--auth-token", TOKEN]
    line += ["--interface", "127.0.0.1", "--port", str(port)]
    line += ["--credentials", "credentials.yml", "--endpoints", "endpoints.yml"]
    environ = {
        "MENTOR_CHANNEL_SECRET": SECRET,
        "ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook",
        "TRACKER_URL": tracker_url,
    }
    return Server(line, port, "/webhooks/mentor/", log, environ)


def ask(port: int, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
    """One request; the status and the JSON of the answer (None if it has none)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    raw = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    try:
        connection.request(method, path, raw, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    return answer.status, json.loads(content) if content else None


class Bot:
    """Talks to the channel as the bot does."""

    def __init__(self, rasa: Server) -> None:
        self.rasa = rasa

    def says(self, sender: str, message_id: str, text: str, **more: Any) -> tuple[int, Any]:
        """A text."""
        return self.posts({"sender": sender, "message_id": message_id, "text": text, **more})

    def taps(self, sender: str, message_id: str, intent: str, **arguments: Any) -> tuple[int, Any]:
        """A button."""
        payload = {"intent": intent, **arguments}
        return self.posts({"sender": sender, "message_id": message_id, "payload": payload, "metadata": {}})

    def posts(self, body: object) -> tuple[int, Any]:
        """Any body, with the right secret."""
        return ask(self.rasa.port, "POST", "/webhooks/mentor/webhook", body, **{"X-Mentor-Secret": SECRET})

    def parses(self, text: str) -> dict[str, Any]:
        """What Rasa's NLU alone makes of a text."""
        status, parsed = ask(self.rasa.port, "POST", f"/model/parse?token={TOKEN}", {"text": text})
        assert status == 200
        return dict(parsed)


def told(answer: Any) -> dict[str, Any]:
    """What the first action of an answer said it was told."""
    first: dict[str, Any] = json.loads(answer["replies"][0]["text"])
    return first
