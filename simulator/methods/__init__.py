"""The methods of the Bot API, one module per theme. Importing this package fills `METHODS`."""

from simulator.methods import chats, editing, files, getting, media, profile, sending, taps, topics
from simulator.methods.registry import METHODS, BotCall

__all__ = [
    "METHODS",
    "BotCall",
    "chats",
    "editing",
    "files",
    "getting",
    "media",
    "profile",
    "sending",
    "taps",
    "topics",
]
