"""Secrets that the parts share: made at the first start, kept in `var/secrets.env`, hidden in every log line."""

import os
import re
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from dotenv import dotenv_values

NAMES = ("RASA_TOKEN", "MENTOR_CHANNEL_SECRET", "SECRET_KEY", "WEBHOOK_SECRET")
FILE = Path("var/secrets.env")
_TELEGRAM_TOKEN = re.compile(r"\d{5,}:[\w-]{30,}")
_SHORTEST = 8
"""Shorter values are not hidden: they would blot out ordinary words."""


def provide(root: Path, given: Mapping[str, str]) -> dict[str, str]:
    """All shared secrets: what is `given` counts, then what was kept, and the rest is made and kept (mode 0600)."""
    path = root / FILE
    kept = {name: value for name, value in dotenv_values(path).items() if value} if path.is_file() else {}
    made = {name: secrets.token_urlsafe(32) for name in NAMES if not given.get(name) and name not in kept}
    if made:
        kept |= made
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write("# Made by `mentor run`. Keep it: chats are known by SECRET_KEY.\n")
            file.writelines(f"{name}={value}\n" for name, value in kept.items())
        fresh.replace(path)
    return {name: given.get(name) or kept[name] for name in NAMES}


class Blot:
    """Hides secrets in text."""

    def __init__(self, values: Iterable[str]) -> None:
        self._values = sorted((value for value in set(values) if len(value) >= _SHORTEST), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """The text with every secret and everything that looks like a Telegram token replaced by three stars."""
        for value in self._values:
            text = text.replace(value, "***")
        return _TELEGRAM_TOKEN.sub("***", text)
