"""The dialogue client: the only module that talks to Rasa, through our own channel."""

import asyncio
import time
from typing import Any

import aiohttp

from bot.errors import DialogueDown, DialogueFailed, DialogueSlow
from bot.messages import Answer, Question

SECRET_HEADER = "X-Mentor-Secret"  # noqa: S105 - the name of a header
DOWN_SECONDS = 5.0
"""For how long an address that did not answer is asked last."""


class RasaDialogue:
    """Asks one of several Rasa processes; one that does not answer is passed over for a while."""

    def __init__(self, urls: tuple[str, ...], secret: str, deadline_seconds: float) -> None:
        self._urls = urls
        self._headers = {SECRET_HEADER: secret}
        self._deadline_seconds = deadline_seconds
        self._down_until: dict[str, float] = {}
        self._session: aiohttp.ClientSession | None = None

    def _http(self) -> aiohttp.ClientSession:
        # Made on first use: it belongs to the running event loop.
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=128))
        return self._session

    async def ask(self, question: Question) -> Answer:
        """Answer one turn within the deadline.

        Raises:
            DialogueDown: nobody answers, or no model is loaded.
            DialogueSlow: the deadline passed.
            DialogueFailed: the turn failed on the other side.
        """
        body: dict[str, Any] = {
            "sender": question.sender,
            "message_id": question.message_id,
            "metadata": question.metadata,
        }
        body |= {"text": question.text} if question.payload is None else {"payload": question.payload}
        status, data = await self._request("POST", "/webhooks/mentor/webhook", body)
        if status == 503:
            raise DialogueDown("no model is loaded")
        if status != 200:
            raise DialogueFailed(f"{status} {data.get('error', '')}".strip())
        intent = data.get("intent") or {}
        return Answer(
            list(data.get("replies", [])),
            str(intent.get("name") or ""),
            float(intent.get("confidence") or 0.0),
            bool(data.get("repeated")),
        )

    async def forget(self, sender: str) -> None:
        """Erase a conversation, wherever it may be kept.

        Raises:
            DialogueError: it could not be done now.
        """
        status, _ = await self._request("DELETE", f"/webhooks/mentor/conversations/{sender}", None)
        if status not in (200, 204, 404):
            raise DialogueFailed(f"the conversation was not erased: {status}")

    async def healthy(self) -> bool:
        """True if one Rasa is there and has a model."""
        for url in self._urls:
            try:
                async with self._http().get(
                    f"{url}/webhooks/mentor/", timeout=aiohttp.ClientTimeout(total=2)
                ) as answer:
                    if answer.status == 200:
                        return True
            except (aiohttp.ClientError, TimeoutError):
                continue
        return False

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session:
            await self._session.close()

    async def _request(self, method: str, path: str, body: dict[str, Any] | None) -> tuple[int, dict[str, Any]]:
        """Try the addresses in turn, the living ones first, all within one deadline."""
        try:
            async with asyncio.timeout(self._deadline_seconds):
                for url in self._in_order():
                    try:
                        return await self._request_one(method, url + path, body)
                    except aiohttp.ClientConnectionError:
                        self._down_until[url] = time.monotonic() + DOWN_SECONDS
                raise DialogueDown("nobody answers")
        except TimeoutError as error:
            raise DialogueSlow(f"no answer within {self._deadline_seconds:.0f} s") from error

    async def _request_one(self, method: str, url: str, body: dict[str, Any] | None) -> tuple[int, dict[str, Any]]:
        async with self._http().request(method, url, json=body, headers=self._headers) as answer:
            if answer.status == 204:
                return 204, {}
            try:
                data = await answer.json(content_type=None)
            except ValueError as error:
                raise DialogueFailed(f"{answer.status} without JSON") from error
            if not isinstance(data, dict):
                raise DialogueFailed(f"{answer.status} without a JSON object")
            return answer.status, data

    def _in_order(self) -> list[str]:
        now = time.monotonic()
        return sorted(self._urls, key=lambda url: self._down_until.get(url, 0.0) > now)
