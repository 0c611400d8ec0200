"""What a turn through Rasa costs: ``.venv/bin/python -m bench.rasa_turns <model.tar.gz>``.

Starts Rasa twice, lean (as we serve) and with Rasa's own entry, each with a real action server over HTTP and a
fresh SQLite tracker, and prints one table: start, memory, parse time, time of a turn early and late in a
conversation, and what the tracker database holds of it.
"""

import http.client
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.figures import resident_bytes
from tests.rasa.processes import SECRET, TOKEN, Server, action_server, free_port, rasa_server

TURNS = 1000
WINDOW = 20
PHRASES = Path(__file__).resolve().parents[1] / "tests" / "nlu"
QUESTIONS = (
    "how could folk pay me with their phones on the site",
    "my laptop is dead, are the pictures of the whole season lost for good now?",
    "kan noen hjelpe meg å komme på kartet hos google",
    "the internet out here is hopeless, what else is there apart from the copper line",
    "someone left a nasty comment under our page and it is not even true, what do i answer",
)


def main() -> None:
    """Measure and print."""
    model = Path(sys.argv[1])
    rows = [("", *(f"{name}" for name in ("lean", "stock entry")))]
    columns = [measured(model, entry) for entry in ("nlu.lean", "rasa")]
    rows += [(name, *(column[name] for column in columns)) for name in columns[0]]
    for row in rows:
        print("| " + " | ".join(row) + " |")
        if row is rows[0]:
            print("|---|---|---|")


def measured(model: Path, entry: str) -> dict[str, str]:
    """One column of the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        actions = action_server(folder / "actions.log", free_port())
        rasa = rasa_server(model, folder / "rasa.log", f"sqlite:///{folder}/t.db", actions.port, entry)
        try:
            actions.start()
            began = time.monotonic()
            rasa.start()
            started = time.monotonic() - began
            parses = [timed(rasa, f"/model/parse?token={TOKEN}", {"text": text}) for text in QUESTIONS * 10][5:]
            turns = [timed(rasa, "/webhooks/mentor/webhook", tap(turn)) for turn in range(TURNS + WINDOW)]
            texts = [timed(rasa, "/webhooks/mentor/webhook", text(turn)) for turn in range(50)]
            database = sqlite3.connect(folder / "t.db")
            (size,) = database.execute("SELECT sum(length(events)) FROM mentor_conversations").fetchone()
            database.close()
            memory = resident(rasa)
        finally:
            rasa.stop()
            actions.stop(hard=True)
    early, late = turns[10 : 10 + WINDOW], turns[TURNS : TURNS + WINDOW]
    return {
        "start, s": f"{started:.1f}",
        "memory after all turns, MB": f"{memory:.0f}",
        "parse p50 / p95, ms": f"{quantile(parses, 50):.0f} / {quantile(parses, 95):.0f}",
        "turn with a text p50 / p95, ms": f"{quantile(texts, 50):.0f} / {quantile(texts, 95):.0f}",
        f"turns 10-{10 + WINDOW} (taps) p50, ms": f"{statistics.median(early):.1f}",
        f"turns {TURNS}-{TURNS + WINDOW} (taps) p50, ms": f"{statistics.median(late):.1f}",
        "events of both conversations, bytes": str(size),
    }


def tap(turn: int) -> dict[str, object]:
    """A tap in one long conversation."""
    return {"sender": "long", "message_id": str(turn), "payload": {"intent": "show_step", "guide": "x", "step": 1}}


def text(turn: int) -> dict[str, object]:
    """A question that is no phrase of the training data."""
    return {"sender": "texts", "message_id": str(turn), "text": QUESTIONS[turn % len(QUESTIONS)]}


def timed(rasa: Server, path: str, body: object) -> float:
    """Milliseconds of one request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", rasa.port, timeout=60)
    began = time.perf_counter()
    connection.request("POST", path, json.dumps(body), {"X-Mentor-Secret": SECRET})
    answer = connection.getresponse()
    answer.read()
    took = time.perf_counter() - began
    connection.close()
    assert answer.status == 200
    return took * 1000


def quantile(values: list[float], percent: int) -> float:
    """The value that `percent` of them do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def resident(server: Server) -> float:
    """Resident memory in MB."""
    assert server.process is not None
    return resident_bytes(server.process.pid) / 2**20


if __name__ == "__main__":
    main()
