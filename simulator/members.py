"""The Bot API's ChatMember object for every status."""

from simulator.model import Json, User

RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
    "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
    "can_pin_messages", "can_manage_topics", "can_post_messages", "can_edit_messages",
)  # fmt: skip


def member_shown(user: User, status: str) -> Json:
    """What somebody is in a chat; administrators have every right."""
    body: Json = {"user": user.as_json(), "status": status}
    if status == "creator":
        body["is_anonymous"] = False
    if status == "kicked":
        body["until_date"] = 0
    if status == "administrator":
        body |= dict.fromkeys(RIGHTS, True) | {"is_anonymous": False, "can_be_edited": False}
    return body
