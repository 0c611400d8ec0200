"""The advisors' group: topics, replies, members, channels, pins, reactions."""

import pytest
from telegram import Bot
from telegram.error import BadRequest

from simulator.client import ADVISORS_CHAT_ID, NotPossible, Phone, WorldClient


@pytest.fixture
async def berit(world: WorldClient) -> Phone:
    """An advisor."""
    return await world.advisor("Berit")


async def test_advisor_replies_in_the_topic_of_the_card(bot: Bot, berit: Phone) -> None:
    topic = await bot.create_forum_topic(ADVISORS_CHAT_ID, "#1 Anna")
    card = await bot.send_message(ADVISORS_CHAT_ID, "Who helps?", message_thread_id=topic.message_thread_id)

    await berit.says("I do", reply_to=await berit.hears())

    (update,) = await bot.get_updates()
    message = update.message
    assert message is not None
    assert (message.text, message.message_thread_id, message.is_topic_message) == (
        "I do",
        topic.message_thread_id,
        True,
    )
    assert message.reply_to_message is not None
    assert message.reply_to_message.message_id == card.message_id


async def test_message_in_a_topic_answers_its_first_message(bot: Bot, berit: Phone) -> None:
    topic = await bot.create_forum_topic(ADVISORS_CHAT_ID, "#1 Anna")

    await berit.says("hello", thread=topic.message_thread_id)

    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.forum_topic_created is not None
    assert (await berit.refresh())[-1].reply_to == 0


async def test_topic_that_is_missing_is_refused(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(ADVISORS_CHAT_ID, "Hi", message_thread_id=99)


async def test_topic_that_is_closed_is_refused_until_it_is_reopened(bot: Bot, berit: Phone) -> None:
    thread = (await bot.create_forum_topic(ADVISORS_CHAT_ID, "#1 Anna")).message_thread_id
    await bot.close_forum_topic(ADVISORS_CHAT_ID, thread)
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.send_message(ADVISORS_CHAT_ID, "Hi", message_thread_id=thread)
    await bot.reopen_forum_topic(ADVISORS_CHAT_ID, thread)

    await bot.send_message(ADVISORS_CHAT_ID, "Hi", message_thread_id=thread)

    assert (await berit.hears()).text == "Hi"


async def test_topic_deleted_by_an_advisor_is_missing(bot: Bot, berit: Phone) -> None:
    thread = (await bot.create_forum_topic(ADVISORS_CHAT_ID, "#1 Anna")).message_thread_id

    await berit.changes_topic(thread, "delete")

    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.edit_forum_topic(ADVISORS_CHAT_ID, thread, name="#2")


async def test_topic_can_be_renamed_once_to_the_same(bot: Bot, world: WorldClient) -> None:
    thread = (await bot.create_forum_topic(ADVISORS_CHAT_ID, "#1 Anna")).message_thread_id
    await bot.edit_forum_topic(ADVISORS_CHAT_ID, thread, name="#1 Anna, done")

    with pytest.raises(BadRequest, match="Topic_not_modified"):
        await bot.edit_forum_topic(ADVISORS_CHAT_ID, thread, name="#1 Anna, done")

    (group,) = (await world.state())["groups"]
    assert group["topics"] == [
        {"message_thread_id": thread, "name": "#1 Anna, done", "icon_color": 7322096, "closed": False}
    ]


async def test_topics_need_a_forum(bot: Bot, world: WorldClient) -> None:
    await world.post("forum", chat=ADVISORS_CHAT_ID, is_forum=False)

    with pytest.raises(BadRequest, match="The chat is not a forum"):
        await bot.create_forum_topic(ADVISORS_CHAT_ID, "#1")


async def test_stranger_cannot_write_in_the_group(anna: Phone, world: WorldClient) -> None:
    with pytest.raises(NotPossible, match="Anna is not in the group Advisors"):
        await world.phone(anna.user, ADVISORS_CHAT_ID).says("Hi")


async def test_members_are_told_apart(bot: Bot, berit: Phone, anna: Phone) -> None:
    asked = (berit.id, anna.id, bot.id)

    statuses = [(await bot.get_chat_member(ADVISORS_CHAT_ID, number)).status for number in asked]

    assert statuses == ["member", "left", "administrator"]


async def test_chat_is_described(bot: Bot, anna: Phone) -> None:
    group, private = await bot.get_chat(ADVISORS_CHAT_ID), await bot.get_chat(anna.id)

    assert (group.type, group.title, group.is_forum) == ("supergroup", "Advisors", True)
    assert (private.type, private.first_name) == ("private", "Anna")


async def test_pin_and_reaction_are_seen(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_message(anna.id, "Your plan")

    await bot.pin_chat_message(anna.id, sent.message_id)
    await bot.set_message_reaction(anna.id, 1, "👍")

    pinned = (await bot.get_chat(anna.id)).pinned_message
    await anna.refresh()
    assert pinned is not None
    assert (pinned.message_id, anna.reactions) == (sent.message_id, [(1, ["👍"])])


async def test_channel_post_has_no_sender(bot: Bot, world: WorldClient) -> None:
    channel = await world.group("News", type="channel")

    await world.post("channel", chat=channel["id"], text="Fresh")

    (update,) = await bot.get_updates()
    assert update.channel_post is not None
    assert (update.channel_post.text, update.channel_post.from_user) == ("Fresh", None)


async def test_chat_action_is_seen(bot: Bot, anna: Phone) -> None:
    await bot.send_chat_action(anna.id, "typing")

    await anna.refresh()
    assert anna.actions == ["typing"]


async def test_block_and_unblock_are_told(bot: Bot, anna: Phone) -> None:
    await anna.blocks()
    await anna.unblocks()

    updates = await bot.get_updates()

    told = [update.my_chat_member.new_chat_member.status for update in updates if update.my_chat_member]
    assert told == ["kicked", "member"]
