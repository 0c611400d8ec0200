"""What Telegram shows before a word is said: commands, description and short description in each language."""

import hashlib
import json
from typing import Any

import structlog

from actions.words import Locales
from bot.errors import DeliveryError, UnknownMethod
from bot.languages import SOURCE, Roster
from bot.telegram.transport import TelegramTransport

COMMANDS = (
    *("menu", "check", "plan", "search", "person", "language", "country"),
    *("privacy", "export", "stop", "resume", "delete", "help"),
)
log = structlog.get_logger()


def profile(locales: Locales, roster: Roster) -> list[tuple[str, dict[str, Any]]]:
    """All calls that set the bot's profile: one set without a language, and one for each language we speak."""
    calls: list[tuple[str, dict[str, Any]]] = []
    spoken = [language for language in roster.languages if language.code in locales.languages()]
    for code, language in [
        ("", SOURCE),
        *((code, item.code) for item in spoken for code in (item.code, *item.telegram)),
    ]:
        words = locales.words(language)
        commands = [{"command": name, "description": words.say(f"bot.command.{name}")} for name in COMMANDS]
        tail = {"language_code": code} if code else {}
        calls += [
            ("setMyCommands", {"commands": commands, **tail}),
            ("setMyDescription", {"description": words.say("bot.description"), **tail}),
            ("setMyShortDescription", {"short_description": words.say("bot.short_description"), **tail}),
        ]
    return calls


def fingerprint(calls: list[tuple[str, dict[str, Any]]]) -> str:
    """Changes when the profile does."""
    return hashlib.sha256(json.dumps(calls, sort_keys=True).encode()).hexdigest()[:16]


async def set_profile(transport: TelegramTransport, calls: list[tuple[str, dict[str, Any]]]) -> bool:
    """Tell Telegram; a server that does not know a method is done without. True if all that can be set is set."""
    unknown: set[str] = set()
    for method, params in calls:
        if method in unknown:
            continue
        try:
            await transport.call(method, params)
        except UnknownMethod:
            unknown.add(method)
        except DeliveryError as error:
            log.warning("the profile is not set now", action="profile.failed", method=method, reason=str(error))
            return False
    return True


async def profile_stands(transport: TelegramTransport, calls: list[tuple[str, dict[str, Any]]]) -> bool:
    """Whether Telegram still shows what we set before: somebody may have changed it, or the server is another one."""
    wanted = calls[0][1]["commands"]
    try:
        return bool(await transport.call("getMyCommands", {}) == wanted)
    except UnknownMethod:
        return True
    except DeliveryError:
        return False
