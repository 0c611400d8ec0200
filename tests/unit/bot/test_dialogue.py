"""The dialogue client, against a small real HTTP server that answers as our Rasa channel does."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.dialogue import RasaDialogue
from bot.errors import DialogueDown, DialogueFailed, DialogueSlow
from bot.messages import Answer, Question

QUESTION = Question("someone", "1:5", text="hello", metadata={"language": "nb"})


class Channel:
    """What the server answers next, and what it was asked."""

    def __init__(self) -> None:
        self.status = 200
        self.body: Any = {"replies": [{"type": "end"}], "intent": {"name": "greet", "confidence": 0.9}}
        self.hang = asyncio.Event()
        self.hang.set()
        self.asked: list[tuple[str, str, Any]] = []

    async def answer(self, request: web.Request) -> web.Response:
        secret = request.headers.get("X-Mentor-Secret", "")
        self.asked.append((request.method, secret, await request.json() if request.can_read_body else None))
        await self.hang.wait()
        return web.json_response(self.body, status=self.status)


@pytest.fixture
async def channel() -> Channel:
    return Channel()


@pytest.fixture
async def client(channel: Channel) -> AsyncIterator[Callable[..., RasaDialogue]]:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", channel.answer)
    server = TestServer(app)
    await server.start_server()
    made: list[RasaDialogue] = []

    def make(*before: str, deadline: float = 5.0) -> RasaDialogue:
        made.append(RasaDialogue((*before, str(server.make_url("")).rstrip("/")), "the secret", deadline))
        return made[-1]

    yield make
    channel.hang.set()
    for dialogue in made:
        await dialogue.close()
    await server.close()


async def test_answer_is_read(client: Callable[..., RasaDialogue], channel: Channel) -> None:
    answer = await client().ask(QUESTION)

    assert answer == Answer([{"type": "end"}], "greet", 0.9, False)
    assert channel.asked == [
        (
            "POST",
            "the secret",
            {"sender": "someone", "message_id": "1:5", "metadata": {"language": "nb"}, "text": "hello"},
        )
    ]


async def test_tap_goes_as_payload(client: Callable[..., RasaDialogue], channel: Channel) -> None:
    await client().ask(Question("someone", "1:6", payload={"intent": "menu"}))

    assert channel.asked[0][2] == {
        "sender": "someone",
        "message_id": "1:6",
        "metadata": {},
        "payload": {"intent": "menu"},
    }


@pytest.mark.parametrize(("status", "error"), [(503, DialogueDown), (502, DialogueFailed), (401, DialogueFailed)])
async def test_failure_is_not_an_answer(
    client: Callable[..., RasaDialogue], channel: Channel, status: int, error: type[Exception]
) -> None:
    channel.status = status

    with pytest.raises(error):
        await client().ask(QUESTION)


async def test_answer_without_json_is_a_failure(client: Callable[..., RasaDialogue], channel: Channel) -> None:
    channel.body = "not an object"

    with pytest.raises(DialogueFailed):
        await client().ask(QUESTION)


async def test_silence_ends_at_the_deadline(client: Callable[..., RasaDialogue], channel: Channel) -> None:
    channel.hang.clear()

    with pytest.raises(DialogueSlow):
        await client(deadline=0.05).ask(QUESTION)


async def test_nobody_there_is_said_at_once() -> None:
    dialogue = RasaDialogue((f"http://127.0.0.1:{unused_port()}",), "", 5.0)

    with pytest.raises(DialogueDown):
        await dialogue.ask(QUESTION)
    assert not await dialogue.healthy()
    await dialogue.close()


async def test_second_address_serves_when_the_first_is_down(
    client: Callable[..., RasaDialogue], channel: Channel
) -> None:
    dialogue = client(f"http://127.0.0.1:{unused_port()}")

    first, second = await dialogue.ask(QUESTION), await dialogue.ask(QUESTION)

    assert first == second
    assert dialogue._in_order()[0].endswith(str(dialogue._urls[1].rsplit(":", 1)[1]))


async def test_forget_erases_the_conversation(client: Callable[..., RasaDialogue], channel: Channel) -> None:
    channel.status = 204
    await client().forget("someone")

    assert channel.asked[0][0] == "DELETE"


async def test_forget_that_fails_is_said(client: Callable[..., RasaDialogue], channel: Channel) -> None:
    channel.status = 500

    with pytest.raises(DialogueFailed):
        await client().forget("someone")
