"""The contract of the channel, over HTTP against a real Rasa and a real action server."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.rasa.processes import SECRET, Bot, Server, action_server, ask, free_port, rasa_server, told

WEBHOOK = "/webhooks/mentor/webhook"
HEADER = {"X-Mentor-Secret": SECRET}


def test_channel_answers_a_text_with_replies_and_intent(bot: Bot) -> None:
    status, answer = bot.says("anna", "1", "Hello!", metadata={"language": "en", "country": "NO"})

    assert status == 200
    assert sorted(answer) == ["intent", "language", "message_id", "repeated", "replies"]
    assert answer["language"] is None
    assert (answer["message_id"], answer["repeated"]) == ("1", False)
    assert answer["intent"] == {"name": "greet", "confidence": 1.0, "ranking": [["greet", 1.0]]}
    assert answer["replies"][-1] == {"type": "end"}
    assert told(answer)["action"] == "action_greet"
    assert told(answer)["metadata"] == {"language": "en", "country": "NO"}


def test_channel_answers_a_tap_with_its_arguments(bot: Bot) -> None:
    status, answer = bot.taps("anna", "tap", "show_step", guide="shop-payments", step=3, value="x")

    assert status == 200
    assert told(answer)["action"] == "action_show_step"
    assert told(answer)["entities"] == {"guide": "shop-payments", "step": "3", "value": "x"}
    assert answer["intent"] == {"name": "show_step", "confidence": 1.0, "ranking": [["show_step", 1.0]]}


def test_channel_leaves_out_empty_arguments(bot: Bot) -> None:
    _, answer = bot.taps("anna", "empty", "menu", guide="", step=0, value="")

    assert told(answer)["entities"] == {}


@pytest.mark.parametrize("intent", ["restart", "back", "session_start", "nlu_fallback", "no_such_intent"])
def test_channel_offers_anew_when_a_tap_is_unknown(bot: Bot, intent: str) -> None:
    status, answer = bot.taps("anna", f"old-{intent}", intent)

    assert (status, told(answer)["action"]) == (200, "action_offer_guides")


def test_channel_answers_at_any_turn_whatever_came_before(bot: Bot) -> None:
    steps = ["greet", "show_guide", "menu", "menu", "rate_guide", "ask_human", "show_guide", "thanks"]

    said = [told(bot.taps("otto", f"{place}", intent)[1])["action"] for place, intent in enumerate(steps)]

    assert said == [f"action_{intent}" for intent in steps]


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", SECRET[:-1], "ø" * 5])
def test_channel_refuses_a_wrong_secret(rasa: Server, secret: str) -> None:
    headers = {"X-Mentor-Secret": secret.encode().decode("latin-1")}

    assert ask(rasa.port, "POST", WEBHOOK, {}, **headers)[0] == 401
    assert ask(rasa.port, "DELETE", "/webhooks/mentor/conversations/anna", None, **headers)[0] == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"[" * 5000,
        {"sender": "a", "message_id": "1"},
        {"sender": "a", "message_id": "1", "text": None, "payload": None},
        {"sender": "a", "message_id": "1", "text": "x", "payload": {"intent": "menu"}},
        {"sender": "a", "message_id": "1", "text": 5},
        {"sender": "a", "message_id": "", "text": "x"},
        {"sender": "a", "message_id": 7, "text": "x"},
        {"sender": "", "message_id": "1", "text": "x"},
        {"sender": "a/b", "message_id": "1", "text": "x"},
        {"sender": "a" * 129, "message_id": "1", "text": "x"},
        {"sender": "a", "message_id": "1", "text": "x", "metadata": []},
        {"sender": "a", "message_id": "1", "payload": "menu"},
        {"sender": "a", "message_id": "1", "payload": {"intent": "Menu!"}},
        {"sender": "a", "message_id": "1", "payload": {"intent": "menu", "step": "3"}},
        {"sender": "a", "message_id": "1", "payload": {"intent": "menu", "step": True}},
        {"sender": "a", "message_id": "1", "payload": {"intent": "menu", "guide": 3}},
        {"sender": "a", "message_id": "1", "payload": {"intent": "menu", "value": "x" * 65}},
    ],
)
def test_channel_refuses_a_bad_body_with_a_sentence(bot: Bot, body: object) -> None:
    status, answer = bot.posts(body)

    assert (status, list(answer)) == (400, ["error"])


def test_channel_refuses_other_methods(rasa: Server) -> None:
    connection_status = [ask_status(rasa.port, method) for method in ("GET", "PUT", "PATCH")]

    assert connection_status == [405, 405, 405]


def ask_status(port: int, method: str) -> int:
    """The status alone: Sanic's own refusals are not JSON."""
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, WEBHOOK, b"{}", HEADER)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize(
    "text",
    [
        '/menu{"value": "die"}',
        "/restart",
        "/menu",
        "  /menu",
        "//menu",
        "/menu@1.0",
        "EXTERNAL: menu",
        "/",
        "\n/restart",
    ],
)
def test_channel_takes_no_orders_from_text(bot: Bot, text: str) -> None:
    status, answer = bot.says("eve", f"slash {text.strip()}"[:100], text, metadata={})

    assert status == 200
    assert told(answer)["entities"] == {}
    assert told(answer)["action"] in {"action_menu", "action_offer_guides", "action_out_of_scope", "action_greet"}
    assert answer["intent"]["name"] != "restart"


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200d", "😀" * 1000, "\ud800 half", "a\0b", "x" * 100_000])
def test_channel_answers_whatever_the_text(bot: Bot, text: str) -> None:
    status, answer = bot.says("odd", f"{len(text)}-{text[:1].isascii()}", text)

    assert (status, answer["replies"][-1]) == (200, {"type": "end"})
    assert len(told(answer)["text"]) <= 4096


def test_channel_gives_the_same_answer_to_the_same_message(bot: Bot) -> None:
    _, first = bot.says("rita", "m1", "hello")

    status, again = bot.says("rita", "m1", "hello")

    assert (status, again) == (200, {**first, "repeated": True})


def test_channel_takes_one_turn_when_a_message_comes_many_times_at_once(bot: Bot) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: bot.says("many", "m1", "hello"), range(8)))

    assert [status for status, _ in answers] == [200] * 8
    assert len({told(answer)["call"] for _, answer in answers}) == 1
    assert sorted(answer["repeated"] for _, answer in answers) == [False] + [True] * 7


def test_channel_keeps_message_ids_of_two_senders_apart(bot: Bot) -> None:
    _, first = bot.says("sender-1", "same", "hello")
    _, second = bot.says("sender-2", "same", "hello")

    assert (first["repeated"], second["repeated"]) == (False, False)


@pytest.mark.parametrize("order", ["die", "mute", "malformed"])
def test_channel_says_502_when_an_action_dies_and_the_same_message_can_be_asked_again(bot: Bot, order: str) -> None:
    status, answer = bot.taps("ivy", f"m-{order}", "menu", value=order)
    assert (status, list(answer)) == (502, ["error"])

    status, answer = bot.taps("ivy", f"m-{order}", "menu")

    assert (status, answer["repeated"]) == (200, False)


def test_channel_leaves_out_what_is_not_of_the_vocabulary(bot: Bot) -> None:
    _, answer = bot.taps("ivy", "plain", "menu", value="plain")

    assert [reply["type"] for reply in answer["replies"]] == ["text", "end"]


def test_channel_says_502_in_time_when_an_action_hangs(bot: Bot, model: Path, tmp_path: Path) -> None:
    began = time.monotonic()
    actions = action_server(tmp_path / "actions.log", free_port())
    rasa = rasa_server(model, tmp_path / "rasa.log", f"sqlite:///{tmp_path}/t.db", actions.port)
    try:
        actions.start()
        rasa.start()
        own = Bot(rasa)
        began = time.monotonic()
        status, answer = own.taps("hugo", "m1", "menu", value="hang")
        took = time.monotonic() - began

        assert (status, list(answer)) == (502, ["error"])
        assert took < 8

        actions.stop(hard=True)
        began = time.monotonic()
        status, answer = own.says("hugo", "m2", "hello")

        assert (status, list(answer)) == (502, ["error"])
        assert time.monotonic() - began < 2

        actions.start()

        assert own.says("hugo", "m2", "hello")[0] == 200
    finally:
        rasa.stop()
        actions.stop(hard=True)


def test_channel_remembers_its_answers_over_a_kill(model: Path, actions: Server, tmp_path: Path) -> None:
    rasa = rasa_server(model, tmp_path / "log", f"sqlite:///{tmp_path}/t.db", actions.port)
    rasa.start()
    try:
        _, first = Bot(rasa).says("kim", "m1", "hello")
        rasa.stop(hard=True)
        rasa.start()

        status, again = Bot(rasa).says("kim", "m1", "hello")

        assert (status, again) == (200, {**first, "repeated": True})
    finally:
        rasa.stop()


def test_channel_says_503_without_a_model(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    rasa = rasa_server(tmp_path / "none", tmp_path / "log", f"sqlite:///{tmp_path}/t.db", free_port())
    rasa.ready_path = "/version"
    rasa.start()
    try:
        assert ask(rasa.port, "GET", "/webhooks/mentor/")[0] == 503
        assert Bot(rasa).says("a", "1", "hello") == (503, {"error": "no model is ready"})
    finally:
        rasa.stop()


def test_channel_works_with_the_entry_of_rasa_itself(model: Path, actions: Server, tmp_path: Path) -> None:
    rasa = rasa_server(model, tmp_path / "log", f"sqlite:///{tmp_path}/t.db", actions.port, entry="rasa")
    rasa.start()
    try:
        status, answer = Bot(rasa).says("stock", "1", "hello")
    finally:
        rasa.stop()

    assert (status, told(answer)["action"]) == (200, "action_greet")


def test_channel_is_healthy_without_a_secret(rasa: Server) -> None:
    status, answer = ask(rasa.port, "GET", "/webhooks/mentor/")

    assert (status, answer["status"]) == (200, "ok")
    assert answer["model"].startswith("mentor.tar.gz ")


def test_channel_forgets_a_conversation_down_to_the_bytes(model: Path, actions: Server, tmp_path: Path) -> None:
    rasa = rasa_server(model, tmp_path / "log", f"sqlite:///{tmp_path}/t.db", actions.port)
    rasa.start()
    try:
        bot = Bot(rasa)
        bot.says("marker-sender", "m1", "hello from marker-text")
        bot.says("somebody-else", "m1", "hello")

        status, _ = ask(rasa.port, "DELETE", "/webhooks/mentor/conversations/marker-sender", None, **HEADER)

        assert status == 204
        content = b"".join(path.read_bytes() for path in tmp_path.glob("t.db*"))
        assert b"somebody-else" in content
        assert b"marker" not in content
        assert bot.says("marker-sender", "m1", "hello")[1]["repeated"] is False
    finally:
        rasa.stop()


def test_channel_keeps_no_text_of_a_person_but_in_answers(model: Path, actions: Server, tmp_path: Path) -> None:
    rasa = rasa_server(model, tmp_path / "log", f"sqlite:///{tmp_path}/t.db", actions.port)
    rasa.start()
    try:
        Bot(rasa).says("anna", "m1", "a very private sentence", metadata={"country": "private-country"})
    finally:
        rasa.stop()

    with sqlite3.connect(tmp_path / "t.db") as database:
        (events,) = database.execute("SELECT events FROM mentor_conversations").fetchone()
    database.close()
    assert "private" not in events
    assert "private" not in (tmp_path / "log").read_text()
