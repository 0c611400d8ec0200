"""Forum topics. The simulator refuses every message to a closed topic with TOPIC_CLOSED; the real Telegram lets
administrators who may manage topics write there."""

from simulator.errors import bad_request
from simulator.methods.registry import BotCall, method
from simulator.model import Chat, EventType, Json, Topic
from simulator.world import World

MAX_NAME = 128
COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)


def _forum(call: BotCall) -> Chat:
    chat = call.chat()
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    return chat


def _topic(call: BotCall) -> tuple[Chat, Topic]:
    chat = _forum(call)
    thread = call.params.integer("message_thread_id")
    if thread not in chat.topics:
        raise bad_request("message thread not found")
    return chat, chat.topics[thread]


def _say(call: BotCall, chat: Chat, topic: Topic, service: Json) -> None:
    head = {"message_thread_id": topic.id, "is_topic_message": True}
    message = call.world.post(chat, {**head, **service}, author=call.bot.user, by_bot=True)
    call.world.announce(chat, message)
    announce_topic(call.world, chat, topic)


def announce_topic(world: World, chat: Chat, topic: Topic, *, deleted: bool = False) -> None:
    """Tell who looks at the chat what a topic is like now."""
    world.emit(chat, EventType.TOPIC, {"topic": topic.as_json(), "deleted": deleted})


@method("createForumTopic")
def create_forum_topic(call: BotCall) -> Json:
    """Open a topic; its id is the id of the service message that says so."""
    chat = _forum(call)
    name = call.params.text("name").strip()
    if not name:
        raise bad_request("TOPIC_TITLE_EMPTY")
    if len(name) > MAX_NAME:
        raise bad_request("TOPIC_TITLE_INVALID")
    color = call.params.integer("icon_color", COLORS[0])
    topic = Topic(chat.last_message_id + 1, name, color)
    chat.topics[topic.id] = topic
    _say(call, chat, topic, {"forum_topic_created": {"name": name, "icon_color": color}})
    return {"message_thread_id": topic.id, "name": name, "icon_color": color}


@method("editForumTopic")
def edit_forum_topic(call: BotCall) -> bool:
    """Rename a topic."""
    chat, topic = _topic(call)
    name = call.params.text("name").strip()
    if len(name) > MAX_NAME:
        raise bad_request("TOPIC_TITLE_INVALID")
    if name and name == topic.name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name = name or topic.name
    _say(call, chat, topic, {"forum_topic_edited": {"name": topic.name}})
    return True


@method("closeForumTopic")
def close_forum_topic(call: BotCall) -> bool:
    """Close a topic."""
    return _set_closed(call, closed=True)


@method("reopenForumTopic")
def reopen_forum_topic(call: BotCall) -> bool:
    """Open a closed topic again."""
    return _set_closed(call, closed=False)


def _set_closed(call: BotCall, *, closed: bool) -> bool:
    chat, topic = _topic(call)
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    _say(call, chat, topic, {"forum_topic_closed" if closed else "forum_topic_reopened": {}})
    return True


@method("deleteForumTopic")
def delete_forum_topic(call: BotCall) -> bool:
    """Delete a topic with all its messages."""
    chat, topic = _topic(call)
    remove_topic(call.world, chat, topic)
    return True


def remove_topic(world: World, chat: Chat, topic: Topic) -> None:
    """Delete a topic with all its messages, whoever does it."""
    del chat.topics[topic.id]
    for message in [one for one in chat.messages.values() if one.thread_id == topic.id]:
        del chat.messages[message.id]
        world.emit(chat, EventType.DELETED, {"message_id": message.id, "by_bot": message.by_bot})
    announce_topic(world, chat, topic, deleted=True)
