"""The thin layer between rasa-sdk and the answers: one rasa-sdk action per answer, and a promise kept for all.

Rasa goes on in silence when an action raises (reliability.md R3). So none does: whatever happens in an answer, the
person reads a kind sentence with a way on, and the reply list ends with :class:`actions.replies.End`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from traceback import extract_tb
from typing import Any

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions.areas import ANSWERS
from actions.buttons import menu_button
from actions.guides import Library
from actions.languages import with_language_offer
from actions.mentor import Answer, Mentor
from actions.replies import End, Text, to_json
from actions.turn import answer_language, language_of, read_turn
from actions.words import SOURCE, Locales

log = structlog.get_logger(__name__)

Said = list[dict[str, Any]]


class MentorAction(Action):  # type: ignore[misc]  # rasa-sdk has no types
    """Runs one answer for Rasa."""

    def __init__(self, key: str, answer: Answer, library: Callable[[], Library], locales: Locales) -> None:
        self._name = f"action_{key}"
        self._answer = answer
        self._library = library
        self._locales = locales
        # Made now: a catalogue without these words stops the start, not the first answer that fails.
        self._troubles = {code: self._trouble(code) for code in {SOURCE, *locales.languages()}}

    def name(self) -> str:
        """The action's name in Rasa's domain."""
        return self._name

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: object) -> list[dict[str, Any]]:
        """Answer the latest message; never raises, and always ends with End."""
        for said in self.replies(tracker.latest_message):
            dispatcher.utter_message(json_message=said)
        return []

    def replies(self, message: Mapping[str, object]) -> Said:
        """The replies to Rasa's `latest_message`, as JSON."""
        try:
            turn = read_turn(message)
            language = answer_language(turn, self._locales.languages())
            mentor = Mentor(self._library(), self._locales.words(language))
            replies = self._answer(turn, mentor)
            if language != turn.language:
                replies = with_language_offer(replies, mentor.words)
            return [to_json(reply) for reply in [*replies, End()]]
        except Exception as error:
            # Only type and place are logged: the text of an error may hold what the person wrote.
            log.error("action_failed", action=self._name, error=type(error).__name__, at=_places(error))
            return self._troubles.get(language_of(message), self._troubles[SOURCE])

    def _trouble(self, language: str) -> Said:
        words = self._locales.words(language)
        return [to_json(Text(words.say("talk.trouble"), [[menu_button(words)]])), to_json(End())]


class MentorExecutor(ActionExecutor):  # type: ignore[misc]  # rasa-sdk has no types
    """rasa-sdk's executor, relieved of two things that stand in the way of an answer."""

    async def run(self, action_call: dict[str, Any], *args: Any, **options: Any) -> Any:
        """Run an action. A conversation without a message yet is no reason to fail, as it is for rasa-sdk's tracing."""
        tracker = action_call.get("tracker")
        if isinstance(tracker, dict) and tracker.get("latest_message") is None:
            tracker["latest_message"] = {}
        return await super().run(action_call, *args, **options)

    def update_and_return_domain(self, payload: dict[str, Any], action_name: str) -> dict[str, Any]:
        """An empty domain, whatever came: no action reads it, and the server keeps nothing between calls.

        So Rasa need not send it every turn (`enable_selective_domain: true` at the action endpoint).
        """
        return {}


def build_executor(library: Callable[[], Library], locales: Locales) -> MentorExecutor:
    """An executor that knows every action of :data:`actions.areas.ANSWERS`."""
    executor = MentorExecutor()
    for key, answer in ANSWERS.items():
        executor.register_action(MentorAction(key, answer, library, locales))
    return executor


def _places(error: BaseException) -> list[str]:
    """The last places an error came through, as `file:line function`."""
    return [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)[-3:]
    ]
