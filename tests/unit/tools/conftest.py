"""Tiny real processes for the supervisor, and an empty repository for the checks."""

import os
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tools.check.intents import FROM_GLOSSARY, TALK, TAPPED
from tools.keeper import Part

STAND_IN = """
import http.server, os, signal, sys, threading, time

port, manner, diary = int(sys.argv[1]), sys.argv[2], sys.argv[3]

def note(word):
    with open(diary, "a") as file:
        file.write(f"{word} {sys.argv[4]}\\n")

def stop(*_):
    if manner != "stubborn":
        note("stopped")
        os._exit(0)

signal.signal(signal.SIGTERM, stop)
note("started")
if manner == "dies":
    print("cannot go on: no bread", flush=True)
    sys.exit(3)

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
print(f"serving as {os.getpid()}", flush=True)
server.serve_forever()
"""


def free_port() -> int:
    """A port that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def stand_in(tmp_path: Path) -> Callable[..., Part]:
    """Makes parts that serve, die, or do not hear SIGTERM; all write into `tmp_path/diary`."""
    script = tmp_path / "stand_in.py"
    script.write_text(STAND_IN)

    def make(name: str, manner: str = "serves") -> Part:
        port = free_port()
        line = (sys.executable, "-I", "-S", str(script), str(port), manner, str(tmp_path / "diary"), name)
        return Part(name, line, {"PATH": os.environ["PATH"]}, tmp_path, f"http://127.0.0.1:{port}/")

    return make


LANGUAGES = """languages:
  - {code: en, name: English, countries: [], level: complete}
  - {code: nb, name: Norsk, countries: ["NO"], level: started}
  - {code: el, name: Ελληνικά, countries: [GR], level: planned}
"""
REGISTRY = """guides:
  shop-payments:
    area: shop
    order: 1
    minutes: 40
    level: beginner
    related: []
    country_topics: []
    sources: [https://example.org/]
    reviewed: {today}
"""
PO = """msgid ""
msgstr ""
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "menu.title"
msgstr "{title}"

msgid "menu.button.shop"
msgstr "{button}"

msgid "guide.steps"
msgid_plural "guide.steps"
msgstr[0] "one step in {{area}}"
msgstr[1] "{{n}} steps in {{area}}"
"""
CODE = """def talk(words):
    words.say("menu.title")
    words.say("menu.button.shop")
    words.count("guide.steps", 2, area="shop")
"""


def write(root: Path, path: str, text: str) -> None:
    """Write a file, its folders included."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def phrases(intents: dict[str, list[str]]) -> str:
    """A file of phrases."""
    head = 'version: "3.1"\nnlu:\n'
    blocks = [
        f"  - intent: {name}\n    examples: |\n" + "".join(f"      - {text}\n" for text in texts)
        for name, texts in intents.items()
    ]
    return head + "".join(blocks)


def guide(title: str) -> str:
    """A guide with the fewest steps."""
    return f"---\ntitle: {title}\nshort: Short.\n---\n" + "".join(
        f"\n## Do thing {number}\n\nText.\n" for number in range(1, 6)
    )


@pytest.fixture
def content_root(tmp_path: Path) -> Path:
    """A small repository in which `mentor check` finds nothing wrong: one guide, two languages."""
    talk = {name: [f"{name} phrase number {i}" for i in range(10)] for name in TALK}
    shop = {"guide_shop_payments": [f"shall I take card {i}" for i in range(20)]}
    domain = ["guide_shop_payments", *TALK, *FROM_GLOSSARY, *TAPPED]
    write(tmp_path, "languages.yml", LANGUAGES)
    write(tmp_path, "guides/guides.yml", REGISTRY.format(today=datetime.now(UTC).date()))
    write(tmp_path, "guides/en/shop-payments.md", guide("Take payment"))
    for language in ("en", "nb"):
        write(tmp_path, f"nlu/{language}/talk.yml", phrases(talk))
        write(tmp_path, f"nlu/{language}/shop.yml", phrases(shop))
    write(tmp_path, "tests/nlu/en/shop.yml", phrases({"guide_shop_payments": ["cards please"]}))
    write(tmp_path, "stories/domain/all.yml", yaml_list("intents", domain) + "actions:\n  - action_talk\n")
    rules = [f"  - rule: {name}\n    steps:\n      - intent: {name}\n      - action: action_talk\n" for name in domain]
    write(tmp_path, "stories/all.yml", 'version: "3.1"\nrules:\n' + "".join(rules))
    write(tmp_path, "locales/en.po", PO.format(title="Menu", button="Sell online"))
    write(tmp_path, "locales/nb.po", PO.format(title="Meny", button="Selge på nett"))
    write(tmp_path, "actions/talk.py", CODE)
    return tmp_path


def yaml_list(key: str, items: list[str]) -> str:
    """A list of the domain."""
    return f"{key}:\n" + "".join(f"  - {item}\n" for item in items)
