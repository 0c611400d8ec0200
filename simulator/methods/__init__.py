"""The methods of the Bot API, one module per theme. Importing this package fills `registry.METHODS`."""

from simulator.methods import chats, editing, files, getting, media, profile, sending, taps, topics

__all__ = ["chats", "editing", "files", "getting", "media", "profile", "sending", "taps", "topics"]
