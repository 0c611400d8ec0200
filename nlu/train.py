"""Train a model without Rasa's command line: ``python -m nlu.train --out models --name mentor``.

The same training as ``rasa train``, less what costs time without adding to the model: building every subcommand of
the command line, and a validation that reads all data once more to warn about taps, which nobody types. What that
validation would rightly refuse is checked here, in sentences.
"""

import argparse
import os
import sys
import time
import warnings
from pathlib import Path
from typing import List, Optional

DOMAIN, CONFIG = "stories/domain", "config.yml"
DATA = ("nlu", "stories")


def faults(domain_path: str, data: List[str]) -> List[str]:
    """What is wrong with phrases and rules; one sentence each, none if all is well."""
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import ActionExecuted, UserUttered

    from nlu.importer import PhraseImporter

    importer = PhraseImporter(None, domain_path, data)
    domain: Domain = importer.get_domain()
    found = []
    for intent in sorted({message.get("intent") for message in importer.get_nlu_data().intent_examples}):
        if intent not in domain.intents:
            found.append(f"{domain_path}: intent {intent} has phrases but is not listed - add it to its area's file.")
    events = [event for step in importer.get_stories().story_steps for event in step.events]
    intents = {event.intent_name for event in events if isinstance(event, UserUttered)}
    actions = {event.action_name for event in events if isinstance(event, ActionExecuted)}
    for intent in sorted(set(domain.intents) - intents - {"back", "restart", "session_start"}):
        found.append(f"stories: no rule for intent {intent} - add one to its area's file.")
    for action in sorted(
        action for action in actions - set(domain.action_names_or_texts) if action and action != "..."
    ):
        found.append(f"{domain_path}: {action} is used by a rule but not listed - add it to its area's file.")
    return found


def main(arguments: Optional[List[str]] = None) -> int:
    """Train; returns the exit code: 0 done, 1 the data is wrong, 2 Rasa refused."""
    parser = argparse.ArgumentParser(description="Train the mentor's model.")
    parser.add_argument("--out", default="models", help="folder for the model")
    parser.add_argument("--name", default="mentor", help="name of the model file, without .tar.gz")
    parser.add_argument("--data", nargs="+", default=list(DATA), help="folders with phrases and rules")
    parser.add_argument("--domain", default=DOMAIN)
    parser.add_argument("--config", default=CONFIG)
    given = parser.parse_args(arguments)
    began = time.monotonic()
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    warnings.filterwarnings("ignore")

    from rasa.model_training import train
    from rasa.shared.exceptions import RasaException
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    configure_logging_and_warnings()
    configure_structlog()
    try:
        wrong = faults(given.domain, given.data)
        if wrong:
            print("\n".join(wrong), file=sys.stderr)
            return 1
        made = train(given.domain, given.config, given.data, given.out, fixed_model_name=given.name).model
    except RasaException as error:
        print(f"Rasa refused: {error}", file=sys.stderr)
        return 2
    if not made or not Path(made).is_file():
        print("Rasa made no model; its messages above say why.", file=sys.stderr)
        return 2
    print(f"{made}: trained in {time.monotonic() - began:.0f} s, {Path(made).stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
