"""The layer between Rasa and the answers, over real HTTP, with the JSON that Rasa 3.6 sends."""

import json
from typing import Any, Protocol

import pytest
from structlog.testing import capture_logs

from actions.areas import ANSWERS
from actions.executor import MentorAction
from actions.guides import Library
from actions.mentor import Mentor, Replies
from actions.replies import Button, End, Missed, Progress, Step, Text, Understood, read_all, to_json
from actions.turn import Turn
from actions.words import Locales

SECRET = "my card number is 4111"

NAMES = (
    *("greet", "goodbye", "thanks", "affirm", "deny", "help", "menu", "ask_human", "out_of_scope", "offer_guides"),
    *("guide_card", "next_step", "previous_step", "step_done", "continue_guide", "start_over", "show_guide"),
    *("show_step", "all_steps", "stuck", "more", "not_meant", "show_area", "rate_guide", "something_else"),
    *("change_language", "change_country", "privacy", "delete_my_data", "stop", "feedback", "start_checkup"),
    *("show_plan", "checkup_question", "answer_checkup", "guide_pdf", "explain_term"),
)


class Server(Protocol):
    """What the fixture gives."""

    def post(self, body: dict[str, Any]) -> tuple[int, Any]: ...


def rasa_call(action: str, message: dict[str, Any] | None, **extra: Any) -> dict[str, Any]:
    """What Rasa 3.6.21 posts to an action server whose endpoint has `enable_selective_domain: true`."""
    return {
        "next_action": action,
        "sender_id": "a1b2c3",
        "tracker": {
            "sender_id": "a1b2c3",
            "slots": {"session_started_metadata": None},
            "latest_message": message,
            "latest_event_time": 1795500000.0,
            "followup_action": None,
            "paused": False,
            "events": [],
            "latest_input_channel": "mentor",
            "active_loop": {},
            "latest_action": {"action_name": "action_listen"},
            "latest_action_name": "action_listen",
        },
        "version": "3.6.21",
        **extra,
    }


def tap(intent: str, language: str = "en", **arguments: object) -> dict[str, Any]:
    """Rasa's `latest_message` for a tap."""
    entities = [{"entity": name, "start": 0, "end": 1, "value": value} for name, value in arguments.items()]
    return {
        "intent": {"name": intent, "confidence": 1.0},
        "entities": entities,
        "text": f"/{intent}",
        "message_id": "m1",
        "metadata": {"language": language, "country": "NO", "progress": None, "finished": [], "misses": 0},
        "intent_ranking": [{"name": intent, "confidence": 1.0}],
    }


def test_every_action_of_the_contract_is_there() -> None:
    assert sorted(ANSWERS) == sorted(NAMES)


def test_call_of_rasa_is_answered_with_replies_and_end(server: Server) -> None:
    status, answer = server.post(rasa_call("action_show_step", tap("show_step", "nb", guide="shop-payments", step=2)))

    assert status == 200
    assert answer["events"] == []
    assert [response["custom"] for response in answer["responses"]] == [
        to_json(reply)
        for reply in (
            Step(
                guide="shop-payments",
                number=2,
                total=5,
                title="Regn ut prisen for ett salg",
                body="Ta et vanlig salg.",
                rows=[
                    [
                        Button("◀", "show_step", "shop-payments", 1),
                        Button("Ferdig, neste ▶", "step_done", "shop-payments", 2),
                    ],
                    [
                        Button("Jeg står fast", "stuck", "shop-payments", 2),
                        Button("Mer", "more", "shop-payments", 2),
                    ],
                ],
            ),
            Progress("shop-payments", 2, 5),
            Understood(),
            End(),
        )
    ]


def test_domain_is_welcome_but_not_needed(server: Server) -> None:
    message = tap("menu")

    plain = server.post(rasa_call("action_menu", message))
    whole = server.post(rasa_call("action_menu", message, domain={"intents": ["menu"], "actions": ["action_menu"]}))

    assert plain == whole


@pytest.mark.parametrize("slug", ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "a\x00b", {"$ne": 1}, "en/shop-start"])
def test_slug_that_is_an_attack_gets_a_polite_answer(server: Server, slug: object) -> None:
    status, answer = server.post(rasa_call("action_show_guide", tap("show_guide", guide=slug)))

    replies, bad = read_all([response["custom"] for response in answer["responses"]])
    assert (status, bad) == (200, [])
    assert isinstance(replies[0], Text)
    assert replies[0].text.startswith("I do not have that guide, or not any more.")
    assert replies[1:] == [Understood(), End()]


@pytest.mark.parametrize("message", [None, {}, {"metadata": 3, "entities": 3, "intent_ranking": "x", "intent": []}])
@pytest.mark.parametrize("name", NAMES)
def test_every_action_answers_even_to_nothing(server: Server, name: str, message: dict[str, Any] | None) -> None:
    status, answer = server.post(rasa_call(f"action_{name}", message))

    replies, bad = read_all([response["custom"] for response in answer["responses"]])
    assert (status, bad) == (200, [])
    assert len(replies) >= 2
    assert replies[-1] == End()
    assert "Sorry" not in json.dumps(answer)


def failing(turn: Turn, mentor: Mentor) -> Replies:
    """An answer that dies with the person's words in its error."""
    raise RuntimeError(SECRET)


@pytest.mark.parametrize(
    ("language", "sentence", "menu"),
    [
        ("en", "Sorry, something went wrong on my side. Please try again in a moment.", "Menu"),
        ("nb", "Beklager, noe gikk galt hos meg. Prøv igjen om litt.", "Meny"),
        ("qq", "Sorry, something went wrong on my side. Please try again in a moment.", "Menu"),
    ],
)
def test_answer_that_dies_is_a_kind_sentence_and_end(
    library: Library, locales: Locales, language: str, sentence: str, menu: str
) -> None:
    action = MentorAction("greet", failing, lambda: library, locales)

    with capture_logs() as logs:
        said = action.replies({"text": SECRET, "metadata": {"language": language}})

    assert said == [to_json(Text(sentence, [[Button(menu, "menu")]])), to_json(End())]
    assert [(entry["action"], entry["error"]) for entry in logs] == [("action_greet", "RuntimeError")]
    assert SECRET not in json.dumps(logs)


def test_library_that_dies_or_reply_that_is_no_reply_is_a_kind_sentence_and_end(
    library: Library, locales: Locales
) -> None:
    def no_library() -> Library:
        raise OSError("disk gone")

    def nonsense(turn: Turn, mentor: Mentor) -> Replies:
        return [Missed("unsure"), "text"]  # type: ignore[list-item]

    for action in (
        MentorAction("greet", ANSWERS["greet"], no_library, locales),
        MentorAction("greet", nonsense, lambda: library, locales),
    ):
        with capture_logs():
            said = action.replies({})

        assert [reply["type"] for reply in said] == ["text", "end"]
