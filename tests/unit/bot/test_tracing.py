"""One number leads from an update to every message sent for it."""

from structlog.testing import capture_logs

from bot.errors import Ambiguous

from .conftest import KARI, Talk
from .test_sender import ScriptedTransport, make_sender, work


async def test_request_number_leads_from_the_update_to_its_messages(talk: Talk) -> None:
    await talk.settles(KARI)
    sender = make_sender(talk, ScriptedTransport())
    await work(talk, sender)

    from structlog.contextvars import merge_contextvars

    with capture_logs(processors=[merge_contextvars]) as lines:
        await talk.says(KARI, "hei")
        await work(talk, sender)

    update = (await talk.inbox())[-1]
    told = {line["action"]: line for line in lines}
    assert {line["request"] for line in lines} == {update.id}
    assert told["worker.handled"]["update"] == update.update_id
    assert set(told) == {"worker.turn", "worker.handled", "sender.sent"}


async def test_failed_try_carries_the_number_too(talk: Talk) -> None:
    await talk.settles(KARI)
    await work(talk, make_sender(talk, ScriptedTransport()))
    await talk.says(KARI, "hei")

    with capture_logs() as lines:
        sender = make_sender(talk, ScriptedTransport(Ambiguous("cut")))
        (row,) = await sender._fetch((), 1)
        await sender.deliver(row)

    (line,) = lines
    assert (line["action"], line["request"]) == ("sender.again", (await talk.inbox())[-1].id)


async def test_seconds_count_from_the_arrival(talk: Talk) -> None:
    await talk.settles(KARI)
    sender = make_sender(talk, ScriptedTransport())
    await work(talk, sender)
    await talk.says(KARI, "hei")
    talk.clock.move(seconds=2.5)

    with capture_logs() as lines:
        await work(talk, sender)

    assert [line["seconds"] for line in lines if line["action"] == "sender.sent"] == [2.5]
