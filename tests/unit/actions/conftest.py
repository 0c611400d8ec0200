"""A small library on disk: three guides in English, one of them in Norwegian, and the facts of Norway."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from actions.guides import Fault, Language, Library
from actions.mentor import Mentor
from actions.words import Locales

REPOSITORY = Path(__file__).parents[3]
TODAY = date(2026, 11, 24)

LANGUAGES = (
    Language("en", "English", ("en",), (), "complete"),
    Language("nb", "Norsk", ("no", "nn"), ("NO",), "complete"),
    Language("de", "Deutsch", ("de",), ("DE",), "planned"),
)

REGISTRY = """\
guides:
  shop-payments:
    area: shop
    order: 2
    minutes: 40
    level: beginner
    related: [shop-start, base-security]
    country_topics: [payments]
    sources: [https://example.org/payments]
    reviewed: 2026-11-01
  shop-start:
    area: shop
    order: 1
    minutes: 30
    level: beginner
    related: [shop-payments]
    country_topics: []
    sources: [https://example.org/start]
    reviewed: 2026-11-01
  base-security:
    area: base
    order: 1
    minutes: 20
    level: beginner
    related: []
    country_topics: []
    sources: [https://example.org/security]
    reviewed: 2026-11-01
"""

PAYMENTS_EN = """\
---
title: Take payment online
short: >
  You need a payment provider: a company that takes
  the card payment for you.
---

## Know what your customers use
Think of your last ten customers. Card?
Offer the one or two ways most of them already use.
{{ country.payments }}
> Example: a farm shop needs the phone payment everyone has.

## Compare the price of one sale
Take a normal sale, say 40 euros.
! A monthly fee is dear for a small shop.

## Have your papers ready
Have at hand:
- registration number
- your ID

## Switch it on and test
Buy the cheapest thing with your **own** card.
If the payment fails -> correct the name of the web page.
If the refund hangs -> wait a day, then ask the provider.

## Keep the books in order
Ask for a monthly report.
> Look at it every Friday.
"""

PAYMENTS_NB = """\
---
title: Ta betalt på nett
short: Du trenger en betalingsløsning som tar imot kortet for deg.
---

## Finn ut hva kundene bruker
Tenk på de ti siste kundene dine.
{{ country.payments }}

## Regn ut prisen for ett salg
Ta et vanlig salg.

## Ha papirene klare
Ha organisasjonsnummeret klart.

## Slå på og prøv
Kjøp det billigste du har.
Hvis betalingen feiler -> rett navnet på nettsiden.

## Hold orden i regnskapet
Be om en månedlig rapport.
"""

NORWAY = """\
country: NO
language: nb
topics:
  payments:
    - text:
        nb: Sjekk med banken din.
        en: Check with your bank.
      source: https://example.org/low
      reviewed: 2026-11-20
      confidence: low
    - text:
        nb: Nesten alle bruker Vipps.
        en: Nearly everybody uses Vipps.
      source: https://example.org/vipps
      reviewed: 2026-11-03
      confidence: high
"""


KEYS = (
    "website",
    "orders",
    "share",
    "payment",
    "cloud",
    "books",
    "meetings",
    "posts",
    "map",
    "internet",
    "safe",
    "learn",
)
AREA_OF = ("base", "shop", "shop", "shop", "cloud", "cloud", "cloud", "social", "social", "base", "base", "base")
GUIDES_OF = {"safe": "base-security", "payment": "shop-payments, shop-start", "orders": "shop-start"}

CHECKUP = "beyond: [base-security]\nquestions:\n" + "".join(
    f"  {key}:\n    area: {area}\n    urgency: {12 - at}\n    guides: [{GUIDES_OF.get(key, 'base-security')}]\n"
    "    after: A variable of the index.\n"
    for at, (key, area) in enumerate(zip(KEYS, AREA_OF, strict=True))
)

CHECKUP_EN = (
    "questions:\n"
    + "".join(f"  {key}:\n    ask: Do you have {key}?\n    strong: You have {key}.\n" for key in KEYS)
    + "reasons:\n"
    + "".join(f"  {slug}: It helps.\n" for slug in ("shop-start", "shop-payments", "base-security"))
    + "levels:\n"
    + "".join(
        f"  {key}:\n    name: Result {at}\n    text: Go on.\n"
        for at, key in enumerate(("very_low", "low", "high", "very_high"))
    )
)

GLOSSARY = "terms:\n  payment_provider: shop-payments\n  two_factor: base-security\n"

GLOSSARY_EN = """\
ask: ["what is {word}", "what does {word} mean"]
terms:
  payment_provider:
    word: payment provider
    also: [payment gateway]
    avoid: [paymaster]
    text: A firm that takes card payments for you. It keeps a small part.
  two_factor:
    word: two-factor login
    also: [2fa]
    avoid: []
    text: Besides the password you need a code. A stolen password alone is worth nothing.
"""


def plain_guide(title: str, short: str, steps: int = 5) -> str:
    """A guide text with nothing special in it."""
    body = "".join(f"\n## Step number {number}\nDo thing {number}.\n" for number in range(1, steps + 1))
    return f"---\ntitle: {title}\nshort: {short}\n---\n{body}"


def write_library(folder: Path) -> Path:
    """Write the small library into `folder`; the path of its `guides`."""
    files = {
        "guides.yml": REGISTRY,
        "en/shop-payments.md": PAYMENTS_EN,
        "en/shop-start.md": plain_guide("Start selling online", "Begin small with ten products."),
        "en/base-security.md": plain_guide("Keep thieves out", "A password manager and two-factor stop most attacks."),
        "nb/shop-payments.md": PAYMENTS_NB,
        "countries/NO.yml": NORWAY,
        "checkup.yml": CHECKUP,
        "en/checkup.yml": CHECKUP_EN,
        "nb/checkup.yml": CHECKUP_EN,
        "glossary.yml": GLOSSARY,
        "en/glossary.yml": GLOSSARY_EN,
        "nb/glossary.yml": GLOSSARY_EN,
    }
    for name, text in files.items():
        path = folder / "guides" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copy(REPOSITORY / "languages.yml", folder)
    return folder / "guides"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder `guides` of the small library."""
    return write_library(tmp_path)


@pytest.fixture
def languages() -> tuple[Language, ...]:
    return LANGUAGES


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def plain() -> Callable[..., str]:
    return plain_guide


@pytest.fixture
def library(root: Path) -> Library:
    return Library.load(root, LANGUAGES, TODAY)[0]


@pytest.fixture
def faults(root: Path) -> Callable[[], list[str]]:
    """What a load says is wrong, each as text with its severity; what is only not translated is left out."""

    def load() -> list[str]:
        found = Library.load(root, LANGUAGES, TODAY)[1]
        return [f"{fault.severity}: {fault}" for fault in found if "readers of" not in fault.problem]

    return load


After = Callable[[str, str, str], list[Fault]]


@pytest.fixture
def after(root: Path) -> After:
    """What a load says is wrong once the first `old` in a file of `guides` is `new`."""

    def change(file: str, old: str, new: str) -> list[Fault]:
        source = (root / file).read_text("utf-8")
        assert old in source
        (root / file).write_text(source.replace(old, new, 1), "utf-8")
        return Library.load(root, LANGUAGES, TODAY)[1]

    return change


@pytest.fixture
def mentor(library: Library, locales: Locales) -> Mentor:
    """The mentor for an English reader."""
    return Mentor(library, locales.words("en"))


@pytest.fixture
def norwegian(library: Library, locales: Locales) -> Mentor:
    """The mentor for a Norwegian reader."""
    return Mentor(library, locales.words("nb"))


@dataclass
class Server:
    """`python -m actions` on a free port, with the small library."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    def post(self, body: dict[str, Any] | bytes) -> tuple[int, Any]:
        """Post a call of Rasa's, or anything else; the status and the answer."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/webhook", data, {"Content-Type": "application/json"})  # noqa: S310 - our own
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, None

    def is_well(self) -> bool:
        """True as soon as /health says ok; False if the process has ended."""
        while self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=10) as answer:  # noqa: S310 - our own
                    return bool(json.loads(answer.read()) == {"status": "ok"})
            except OSError:
                time.sleep(0.05)
        return False

    def stop(self) -> int:
        """Send SIGTERM and wait; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running action server, one for all tests of a module."""
    folder = tmp_path_factory.mktemp("server")
    root = write_library(folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "actions", "--port", str(port), "--guides", str(root)],
            cwd=REPOSITORY,
            env=os.environ | {"LOG_LEVEL": "DEBUG"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    server = Server(process, f"http://127.0.0.1:{port}", folder / "log")
    try:
        assert server.is_well(), (folder / "log").read_text(encoding="utf-8")
        yield server
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
