"""Where an update goes: a pure function of the update and of what is known about the chat."""

from dataclasses import dataclass
from enum import Enum

from bot.messages import ChatKind, Inbound, Kind, Mode

OWN_TAPS = "bot_"
"""Intents with this beginning are the bot's own screens; all others are for the dialogue engine."""
SCREEN_COMMANDS = frozenset({"language", "country", "privacy", "stop", "delete"})
DIALOGUE_COMMANDS = {
    "menu": "menu",
    "help": "help",
    "person": "ask_human",
    "check": "start_checkup",
    "plan": "show_plan",
}
OWN_COMMANDS = frozenset({"search", "export", "resume"})
COMMANDS = frozenset({"start", *SCREEN_COMMANDS, *DIALOGUE_COMMANDS, *OWN_COMMANDS})
INVISIBLE = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2800\u3164\ufeff\uffa0"


class Route(Enum):
    """Who takes care of an update."""

    IGNORE = "ignore"
    LEAVE = "leave"
    """The bot was put into a group that is not the advisors'."""
    REACHABLE = "reachable"
    """The person blocked or unblocked the bot."""
    ADVISORS = "advisors"
    WELCOME = "welcome"
    """Nobody has said OK to the notice yet, or it is a fresh start."""
    OWN_TAP = "own tap"
    OLD_TAP = "old tap"
    """A button that is not ours, or not for this chat."""
    STRANGE_TAP = "strange tap"
    """A button tapped where the bot does not talk."""
    START = "start"
    SCREEN = "screen"
    COMMAND = "command"
    OWN_COMMAND = "own command"
    """The bot answers it itself, from its database or the guides."""
    NEED = "need"
    """The text is what the person needs a human for."""
    RELAY = "relay"
    """To the advisor."""
    EMPTY = "empty"
    NOT_TEXT = "not text"
    DIALOGUE_TAP = "dialogue tap"
    DIALOGUE_TEXT = "dialogue text"


@dataclass(frozen=True)
class Known:
    """What the choice depends on."""

    consented: bool
    mode: Mode
    advisors_chat_id: int


def is_blank(text: str) -> bool:
    """True if nobody could see anything of `text`: spaces, zero-width and formatting characters only."""
    return not any(char.isprintable() and not char.isspace() and char not in INVISIBLE for char in text)


def choose(inbound: Inbound, known: Known) -> Route:
    """Choose the route of `inbound`."""
    if inbound.chat_kind is not ChatKind.PRIVATE:
        return _choose_outside(inbound, known)
    match inbound.kind:
        case Kind.MEMBER:
            return Route.REACHABLE
        case Kind.OTHER:
            return Route.IGNORE
        case Kind.EDITED:
            return Route.RELAY if known.mode is Mode.HUMAN else Route.IGNORE
        case Kind.TAP:
            return _choose_tap(inbound, known)
        case Kind.COMMAND:
            return _choose_command(inbound, known)
        case Kind.TEXT | Kind.MEDIA:
            return _choose_message(inbound, known)


def _choose_outside(inbound: Inbound, known: Known) -> Route:
    if inbound.chat_id == known.advisors_chat_id:
        return Route.IGNORE if inbound.kind in (Kind.MEMBER, Kind.OTHER) else Route.ADVISORS
    if inbound.kind is Kind.MEMBER and inbound.present:
        return Route.LEAVE
    return Route.STRANGE_TAP if inbound.kind is Kind.TAP else Route.IGNORE


def _choose_tap(inbound: Inbound, known: Known) -> Route:
    tap = inbound.tapped()
    if not tap.genuine:
        return Route.OLD_TAP
    if tap.intent.startswith(OWN_TAPS):
        return Route.OWN_TAP
    return Route.DIALOGUE_TAP if known.consented else Route.WELCOME


def _choose_command(inbound: Inbound, known: Known) -> Route:
    if inbound.command in SCREEN_COMMANDS:
        return Route.SCREEN
    if not known.consented:
        return Route.WELCOME
    if inbound.command == "start":
        return Route.START
    if inbound.command in DIALOGUE_COMMANDS:
        return Route.COMMAND
    if inbound.command in OWN_COMMANDS:
        return Route.OWN_COMMAND
    # A command of the advisors' group, typed by an owner: words like any other.
    return _choose_message(inbound, known)


def _choose_message(inbound: Inbound, known: Known) -> Route:
    if not known.consented:
        return Route.WELCOME
    if known.mode is Mode.HUMAN:
        return Route.RELAY
    if is_blank(inbound.text):
        return Route.NOT_TEXT if inbound.kind is Kind.MEDIA else Route.EMPTY
    if known.mode in (Mode.NEED, Mode.CONSENT):
        return Route.NEED
    return Route.DIALOGUE_TEXT
