"""The first component: a message that is a phrase of the training data, word for word, needs no guessing."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, Container, Dict, List, Optional, Text

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.text import normalised
from nlu.components.trained import Trained
from nlu.importer import carried, language_of

FILE = "phrases.json"
ANY = ""
"""Stands for every language in the table: the meaning of a phrase when its language is not known."""
Table = Dict[str, Dict[str, str]]
Meanings = Dict[str, Dict[str, "Counter[str]"]]
"""How often a phrase stands for an intent, by language and phrase."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ExactPhrases(Trained):
    """Knows the normalised phrases of the training data by heart.

    The same few letters can mean different things in two languages ("ne" is no in Croatian, "ναι" sounds like no
    in English and means yes): the person's own language decides, and without it only a phrase that means one
    thing wherever it occurs counts.
    """

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, model_storage, resource)
        self._table: Table = {}

    def read(self, folder: Path) -> None:
        """Take over the phrases."""
        self._table = json.loads((folder / FILE).read_text(encoding="utf-8"))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the phrases."""
        self._table = table_of(training_data.intent_examples)
        with self._model_storage.write_to(self._resource) as folder:
            (folder / FILE).write_text(json.dumps(self._table, ensure_ascii=False, sort_keys=True), encoding="utf-8")
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Name the intent of messages that are known word for word."""
        for message in messages:
            language = (message.get(METADATA) or {}).get("language")
            intent = self.intent_of(message.get(TEXT) or "", language if isinstance(language, str) else None)
            if intent is not None:
                found = {"name": intent, "confidence": 1.0}
                message.set(INTENT, found, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [found], add_to_output=True)
        return messages

    def intent_of(self, text: str, language: Optional[str]) -> Optional[str]:
        """The intent of which `text` is a phrase, if there is one and only one."""
        phrase = normalised(text)
        own = self._table.get(language, {}) if language else {}
        return own.get(phrase) or self._table.get(ANY, {}).get(phrase)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the phrases as they are: the components after this one learn from all of them."""
        return training_data


def is_certain(message: Message) -> bool:
    """True if the intent of `message` is known word for word."""
    intent = message.get(INTENT)
    return isinstance(intent, dict) and intent.get("confidence") == 1.0


def table_of(messages: List[Message]) -> Table:
    """Phrase to intent, by language; phrases that stand for two intents of a language are left out.

    A phrase that a person wrote wins over one that was generated (:mod:`nlu.generated`).
    """
    written, made = _no_meanings(), _no_meanings()
    for message in messages:
        language, also = language_of(message), carried(message)
        _count(made if also is not None else written, message.get(TEXT) or "", language, message.get(INTENT))
        for text in also or ():
            _count(made, text, language, message.get(INTENT))
    languages = sorted({*written, *made})
    return {
        language: {**_certain(made[language], written[language]), **_certain(written[language])}
        for language in languages
    }


def _no_meanings() -> Meanings:
    return defaultdict(lambda: defaultdict(Counter))


def _count(meanings: Meanings, text: str, language: str, intent: str) -> None:
    phrase = normalised(text)
    for place in {language, ANY} if phrase else ():
        meanings[place][phrase][intent] += 1


def _certain(phrases: Dict[str, Counter[str]], but: Container[str] = ()) -> Dict[str, str]:
    """What means one thing only."""
    return {
        phrase: next(iter(intents)) for phrase, intents in phrases.items() if len(intents) == 1 and phrase not in but
    }
