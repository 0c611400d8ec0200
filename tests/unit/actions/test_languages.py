"""Someone writes in another language than the chat's."""

from collections.abc import Callable
from typing import Any

import pytest

from actions.executor import MentorAction
from actions.guides import Library
from actions.menu import menu
from actions.talk import change_language
from actions.turn import Turn, answer_language
from actions.words import Locales

SPOKEN = ["de", "en", "nb"]


def message(**metadata: Any) -> dict[str, Any]:
    return {"text": "hva koster en nettbutikk egentlig", "metadata": {"language": "en", **metadata}}


@pytest.fixture
def action(library: Library, locales: Locales) -> Callable[..., MentorAction]:
    return lambda answer: MentorAction("menu", answer, lambda: library, locales)


def test_answer_comes_in_the_language_written_with_an_offer(
    action: Callable[..., MentorAction], locales: Locales
) -> None:
    said = action(menu).replies(message(written={"code": "nb", "confidence": 0.99}))

    assert said[0]["text"].startswith(locales.words("nb").say("menu.title"))
    assert [button["intent"] for row in said[1]["rows"] for button in row] == ["bot_language", "bot_stay"]
    assert [button["value"] for row in said[1]["rows"] for button in row] == ["nb", "nb"]
    assert "norsk" in said[1]["text"].lower()
    assert [item["type"] for item in said] == ["text", "text", "understood", "end"]


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"written": {"code": "en", "confidence": 0.99}},
        {"written": {"code": "sv", "confidence": 0.99}},
        {"written": {"code": "nb", "confidence": 0.99}, "declined": ["nb"]},
        {"written": "nb"},
    ],
)
def test_nothing_is_offered_without_need(action: Callable[..., MentorAction], metadata: dict[str, Any]) -> None:
    said = action(menu).replies(message(**metadata))

    assert said[0]["text"].startswith("What can I help you with?")
    assert [item["type"] for item in said] == ["text", "understood", "end"]


def test_screen_of_the_bot_is_left_alone(action: Callable[..., MentorAction]) -> None:
    said = action(change_language).replies(message(written={"code": "nb", "confidence": 0.99}))

    assert [item["type"] for item in said] == ["screen", "understood", "end"]


def test_language_we_do_not_speak_is_no_answer() -> None:
    assert answer_language(Turn(language="nb", written="xx"), SPOKEN) == "nb"
    assert answer_language(Turn(language="nb", written="de"), SPOKEN) == "de"
