"""A new model takes over in a running mentor: beside the old one, and only when it answers.

A model is never loaded into a Rasa that serves, because that blocks every conversation (reliability R8). A second Rasa
starts with it on the spare port, has to answer a turn through the action server, and then the first one is told to
stop, which lets it finish what it has in hand. The bot knows both addresses and goes on at the one that answers.
"""

import asyncio
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

import aiohttp

from tools import model, parts
from tools.errors import NotReplaced, Stop
from tools.settings import Settings
from tools.supervisor import Supervisor

EVERY_SECONDS = 2.0
TRIAL_SECONDS = 20.0
SENDER = "trial-of-a-new-model"


class Publisher:
    """Watches for a new model and has it take over."""

    def __init__(self, root: Path, values: Settings, secrets: Mapping[str, str], serving: model.Current) -> None:
        self._root = root
        self._values = values
        self._secrets = secrets
        self._serving = serving
        self._port, self._spare = values.rasa_ports
        self._refused: model.Current | None = None

    async def watch(self, supervisor: Supervisor, say: Callable[[str, str], None]) -> None:
        """Look for a new model every few seconds, for ever. A model that failed is not tried again."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            entry = model.current(self._root)
            if entry is None or entry in (self._serving, self._refused):
                continue
            try:
                await self._switch(supervisor, entry)
                say("mentor", f"model {entry.file} has taken over")
            except Stop as error:
                self._refused = entry
                say("mentor", f"model {entry.file} has not taken over, the one before serves on: {error}")

    async def _switch(self, supervisor: Supervisor, entry: model.Current) -> None:
        """Start the new model on the spare port, try it, and stop the old one.

        Raises:
            ModelTampered: the file is not the one that was trained.
            NotReplaced: it did not get well, or did not answer.
        """
        file = await asyncio.to_thread(model.verified, self._root, entry)
        part = parts.rasa(self._root, self._values, self._secrets, file, self._spare)
        await supervisor.replace("rasa", part, self._try_out)
        self._port, self._spare = self._spare, self._port
        self._serving = entry

    async def _try_out(self) -> None:
        """One turn through the new model and the action server, in a conversation that is forgotten at once.

        Raises:
            NotReplaced: there is no whole answer.
        """
        base = f"http://{parts.LOCAL}:{self._spare}/webhooks/mentor"
        headers = {"X-Mentor-Secret": self._secrets["MENTOR_CHANNEL_SECRET"]}
        question = {"sender": SENDER, "message_id": uuid.uuid4().hex, "text": "menu", "metadata": {"language": "en"}}
        timeout = aiohttp.ClientTimeout(total=TRIAL_SECONDS)
        async with aiohttp.ClientSession(headers=headers, timeout=timeout) as http:
            async with http.post(f"{base}/webhook", json=question) as answer:
                said = await answer.json(content_type=None)
                if answer.status != 200 or not said.get("replies"):
                    raise NotReplaced(f"it answered a trial with {answer.status}")
            async with http.delete(f"{base}/conversations/{SENDER}") as answer:
                if answer.status not in (200, 204, 404):
                    raise NotReplaced(f"it could not forget the trial: {answer.status}")
