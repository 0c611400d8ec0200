"""A small real action server for the tests: every action of the domain says what it was told, and obeys orders.

Run as ``python -m tests.rasa.answers <port>``. The `value` of a tap is the order: "die" raises, "mute" forgets the
last word, "malformed" answers an event that is none, "hang" takes half a minute, "plain" says something that is not
of the vocabulary first.
"""

import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Action
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

DOMAIN = Path(__file__).resolve().parents[2] / "stories" / "domain"
calls = 0


def said(name: str, tracker: Any) -> dict[str, Any]:
    """What the action was told, as a text reply."""
    message = tracker.latest_message
    told = {
        "action": name,
        "call": calls,
        "text": message["text"],
        "entities": {item["entity"]: item["value"] for item in message["entities"]},
        "metadata": message["metadata"],
        "events": len(tracker.events),
    }
    return {"type": "text", "text": json.dumps(told), "rows": [], "edit": False}


def answering(name: str) -> Action:
    """An action called `name`."""

    class Answering(Action):
        def name(self) -> str:
            return name

        def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
            global calls
            calls += 1
            order = next(tracker.get_latest_entity_values("value"), "")
            if order == "hang":
                time.sleep(30)
            if order == "plain":
                dispatcher.utter_message(text="not of the vocabulary")
            dispatcher.utter_message(json_message=said(name, tracker))
            if order == "die":
                raise RuntimeError("told to die")
            if order != "mute":
                dispatcher.utter_message(json_message={"type": "end"})
            return [{"event": "slot"}] if order == "malformed" else []

    return Answering()


class Executor(ActionExecutor):
    """Does without the domain, as the mentor's own does: Rasa is told not to send it."""

    def update_and_return_domain(self, payload: dict[str, Any], action_name: str) -> dict[str, Any]:
        """No domain."""
        return {}


def main() -> None:
    """Serve all actions of the domain."""
    warnings.filterwarnings("ignore")
    executor = Executor()
    for path in sorted(DOMAIN.glob("*.yml")):
        for name in yaml.safe_load(path.read_text(encoding="utf-8")).get("actions", []):
            executor.register_action(answering(name))
    app = create_app(executor)
    app.run(host="127.0.0.1", port=int(sys.argv[1]), single_process=True, motd=False, access_log=False)


if __name__ == "__main__":
    main()
