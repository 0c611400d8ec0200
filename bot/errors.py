"""Every error of ours.

MentorError
├── FileFailed           a file for a person could not be made
├── SettingsError        a setting is missing or wrong; the start stops with one sentence per mistake
├── StoreError           the database can't be opened, or is not ours
├── DialogueError        no answer from Rasa this time
│   ├── DialogueDown     nobody answers at the address, or no model is ready
│   ├── DialogueSlow     no whole answer before the deadline
│   └── DialogueFailed   the turn failed: an action died, or the answer was not of our vocabulary
└── DeliveryError        a call to Telegram did not go through
    ├── NotSent          it never left; free to try again
    ├── Ambiguous        nobody knows whether Telegram took it
    ├── TooManyRequests  Telegram asks for a pause
    ├── ChatGone         the person blocked the bot, or the chat is no more
    ├── ChatMoved        a group became a supergroup; carries the new id
    ├── NothingChanged   an edit that changes nothing: as good as done
    ├── NothingToEdit    the message to edit is gone
    ├── UnknownMethod    this Bot API server does not know the method
    ├── WrongToken       Telegram refuses the token
    ├── OtherPoller      another process fetches updates with the same token
    └── Refused          any other permanent no
"""


class MentorError(Exception):
    """Base of all errors of the bot."""


class SettingsError(MentorError):
    """Settings that can't be used; `str()` has one sentence per mistake, a line each."""


class FileFailed(MentorError):
    """A file for a person could not be made; the text says which one, never what is in it."""


class StoreError(MentorError):
    """The database can't be used; the text says what to do."""


class DialogueError(MentorError):
    """No answer from the dialogue engine this time."""


class DialogueDown(DialogueError):
    """Nobody answers at Rasa's address, or it has no model yet."""


class DialogueSlow(DialogueError):
    """No whole answer came before the deadline."""


class DialogueFailed(DialogueError):
    """The turn failed inside Rasa or the action server."""


class DeliveryError(MentorError):
    """A call to Telegram did not go through."""


class NotSent(DeliveryError):
    """The request never left this machine."""


class Ambiguous(DeliveryError):
    """The connection died, or the answer was unreadable: Telegram may or may not have taken the call."""


class TooManyRequests(DeliveryError):
    """Telegram asks for a pause of `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"Telegram asks for a pause of {retry_after:.0f} s.")
        self.retry_after = retry_after


class ChatGone(DeliveryError):
    """The person blocked the bot or closed the account, or the bot was removed from the group."""


class ChatMoved(DeliveryError):
    """The group has become a supergroup with the id `new_chat_id`."""

    def __init__(self, new_chat_id: int) -> None:
        super().__init__(f"The group is now {new_chat_id}.")
        self.new_chat_id = new_chat_id


class NothingChanged(DeliveryError):
    """The message already reads like this."""


class NothingToEdit(DeliveryError):
    """The message to edit is gone or too old."""


class UnknownMethod(DeliveryError):
    """This Bot API server does not know the method."""


class WrongToken(DeliveryError):
    """Telegram refuses the token."""


class OtherPoller(DeliveryError):
    """Another process fetches updates with the same token, or a webhook is set."""


class Refused(DeliveryError):
    """Telegram refuses this call for good."""
