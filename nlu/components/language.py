"""The component that says which language a message is written in."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any, Dict, List, Optional, Text

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components import language_model, strings, text
from nlu.components.language_model import LanguageModel, fit_languages
from nlu.components.trained import Trained
from nlu.importer import carried, language_of

LANGUAGE = "language"
"""Key of the parse result: `{"code", "confidence"}`, or None when the text does not tell."""
_FEWEST = 2
"""Languages between which there is something to tell."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WrittenLanguage(Trained):
    """Learns the languages of the phrases; names that of a message if it is sure.

    Set in config.yml: `sure`, the least chance of a language that is told; chosen on held-out phrases, see
    bench/nlu_experiment.md.
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """The settings and their defaults."""
        return {"sure": 0.9}

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, model_storage, resource)
        self._sure = float(config["sure"])
        self._model: Optional[LanguageModel] = None

    def read(self, folder: Path) -> None:
        """Take over what was learned: nothing, if the phrases were of one language."""
        if (folder / language_model.NOTES).exists():
            self._model = LanguageModel.load(folder)

    @classmethod
    def fingerprint_addon(cls, config: Dict[Text, Any]) -> Optional[Text]:
        """Rasa looks at this class only when it decides what to train again: the model is part of it."""
        return "".join(inspect.getsource(module) for module in (language_model, strings, text))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the phrases that people wrote."""
        phrases: Dict[str, List[str]] = {}
        for message in training_data.intent_examples:
            if carried(message) is None:
                phrases.setdefault(language_of(message), []).append(message.get(TEXT) or "")
        with self._model_storage.write_to(self._resource) as folder:
            (folder / "read.me").write_text("Languages of the phrases.\n", encoding="utf-8")
            if len(phrases) >= _FEWEST:
                self._model = fit_languages(phrases)
                self._model.save(folder)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Name the language of messages that are long enough to have one."""
        for message in messages:
            code, confidence = self._model.language_of(message.get(TEXT) or "") if self._model else ("", 0.0)
            told = {"code": code, "confidence": round(confidence, 4)} if confidence >= self._sure else None
            message.set(LANGUAGE, told, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing after this component learns from languages."""
        return training_data
