"""Where an update goes."""

import pytest

from bot.domain.route import Known, Route, choose, is_blank
from bot.messages import ChatKind, Inbound, Kind, Mode, Tap

GROUP = -1001
NEW = Known(False, Mode.BOT, GROUP)
KNOWN = Known(True, Mode.BOT, GROUP)
NEED = Known(True, Mode.NEED, GROUP)
HUMAN = Known(True, Mode.HUMAN, GROUP)


def text(words: str = "hello") -> Inbound:
    return Inbound(1, Kind.TEXT, chat_id=7, text=words)


def media(caption: str = "") -> Inbound:
    return Inbound(1, Kind.MEDIA, chat_id=7, text=caption, media="photo")


def command(name: str) -> Inbound:
    return Inbound(1, Kind.COMMAND, chat_id=7, text=f"/{name}", command=name)


def tap(intent: str) -> Inbound:
    return Inbound(1, Kind.TAP, chat_id=7, tap=Tap("cb", 5, intent))


def group(kind: Kind, chat_id: int = -5, **fields: object) -> Inbound:
    return Inbound(1, kind, chat_id=chat_id, chat_kind=ChatKind.GROUP, **fields)  # type: ignore[arg-type]


TABLE = [
    # before the OK, everything shows the first screen, except the screens that explain it
    (text(), NEW, Route.WELCOME),
    (media(), NEW, Route.WELCOME),
    (command("start"), NEW, Route.WELCOME),
    (command("menu"), NEW, Route.WELCOME),
    (command("privacy"), NEW, Route.SCREEN),
    (command("delete"), NEW, Route.SCREEN),
    (tap("show_step"), NEW, Route.WELCOME),
    (tap("bot_agree"), NEW, Route.OWN_TAP),
    # talk
    (text(), KNOWN, Route.DIALOGUE_TEXT),
    (text("\u200b \u2060"), KNOWN, Route.EMPTY),
    (media(), KNOWN, Route.NOT_TEXT),
    (media("why does this look odd"), KNOWN, Route.DIALOGUE_TEXT),
    (command("start"), KNOWN, Route.START),
    (command("menu"), KNOWN, Route.COMMAND),
    (command("close"), KNOWN, Route.DIALOGUE_TEXT),
    (tap("show_step"), KNOWN, Route.DIALOGUE_TAP),
    (tap(""), KNOWN, Route.OLD_TAP),
    # a person is being asked for, then there
    (text(), NEED, Route.NEED),
    (command("menu"), NEED, Route.COMMAND),
    (text(), HUMAN, Route.RELAY),
    (media(), HUMAN, Route.RELAY),
    (command("close"), HUMAN, Route.RELAY),
    (tap("show_step"), HUMAN, Route.DIALOGUE_TAP),
    (Inbound(1, Kind.EDITED, chat_id=7, text="better"), HUMAN, Route.RELAY),
    (Inbound(1, Kind.EDITED, chat_id=7, text="better"), KNOWN, Route.IGNORE),
    # elsewhere
    (Inbound(1, Kind.MEMBER, chat_id=7, present=False), KNOWN, Route.REACHABLE),
    (Inbound(1, Kind.OTHER), KNOWN, Route.IGNORE),
    (group(Kind.MEMBER), KNOWN, Route.LEAVE),
    (group(Kind.MEMBER, present=False), KNOWN, Route.IGNORE),
    (group(Kind.TEXT, text="hello all"), KNOWN, Route.IGNORE),
    (group(Kind.TAP, tap=Tap("cb", 5, "menu")), KNOWN, Route.STRANGE_TAP),
    (group(Kind.TEXT, GROUP, text="an answer"), KNOWN, Route.ADVISORS),
    (group(Kind.MEMBER, GROUP), KNOWN, Route.IGNORE),
]


@pytest.mark.parametrize(("inbound", "known", "route"), TABLE)
def test_choose_follows_the_table(inbound: Inbound, known: Known, route: Route) -> None:
    assert choose(inbound, known) is route


@pytest.mark.parametrize("words", ["", " ", "\n\t", "\u200b", "\u200d\ufeff", "\u2800", "\u3164\u00ad"])
def test_is_blank_sees_that_nobody_could_see_anything(words: str) -> None:
    assert is_blank(words)


@pytest.mark.parametrize("words", [".", "ok", "👩‍🌾", "\u200bx", "€"])
def test_is_blank_lets_words_and_emoji_pass(words: str) -> None:
    assert not is_blank(words)
