"""The names under which chats are known outside our tables: to Rasa, and in the list of erasures."""

import hashlib
import hmac


class Pseudonyms:
    """Makes a chat's pseudonym: says nothing about the person, and can't be turned back without our key."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.new(secret.encode(), b"pseudonyms", hashlib.sha256).digest()

    def __call__(self, chat_id: int) -> str:
        return hmac.new(self._key, str(chat_id).encode(), hashlib.sha256).hexdigest()[:32]
