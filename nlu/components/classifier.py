"""The classifier in Rasa's pipeline: learns from the phrases, ranks the intents of a message."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any, Dict, List, Optional, Text

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components import kernel, learning, letters, meaning, strings, text
from nlu.components.encoder import SentenceEncoder, vector_of
from nlu.components.exact import is_certain
from nlu.components.kernel import Settings
from nlu.components.learning import Model, Phrases
from nlu.components.memory import give_back
from nlu.components.trained import Trained
from nlu.importer import language_of

LIKENESS = "likeness"
"""Under this key a message holds how similar the most similar phrase is; the decision needs it."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PhraseClassifier(Trained):
    """Ranks the intents by the meaning and by the letters of a message."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """The settings and their defaults, see :class:`~nlu.components.kernel.Settings`."""
        return vars(Settings())

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, model_storage, resource)
        self._settings = Settings(**{key: float(config[key]) for key in self.get_default_config()})
        self._model: Optional[Model] = None

    def read(self, folder: Path) -> None:
        """Take over the model."""
        self._model = Model.load(folder)
        give_back()

    @classmethod
    def required_components(cls) -> List[Any]:
        """The encoder comes first."""
        return [SentenceEncoder]

    @classmethod
    def fingerprint_addon(cls, config: Dict[Text, Any]) -> Optional[Text]:
        """Rasa looks at this class only when it decides what to train again: the models are part of it."""
        return "".join(inspect.getsource(module) for module in (kernel, learning, letters, meaning, strings, text))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all phrases that have a vector."""
        self._model = learning.learn(phrases_of(training_data), self._settings)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Rank the intents of messages that are not certain yet; one without a vector gets an empty ranking."""
        for message in messages:
            if not is_certain(message):
                self._rank(message)
        return messages

    def _rank(self, message: Message) -> None:
        vector = vector_of(message)
        ranking: List[Dict[Text, Any]] = []
        if vector is not None and self._model is not None:
            chances, likeness = self._model.chances([message.get(TEXT)], vector.reshape(1, -1))
            order = np.argsort(-chances[0], kind="stable")
            ranking = [{"name": self._model.names[place], "confidence": float(chances[0, place])} for place in order]
            message.set(LIKENESS, float(likeness[0]), add_to_output=True)
        message.set(INTENT, ranking[0] if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing after the classifier learns from phrases."""
        return training_data


def phrases_of(training_data: TrainingData) -> Phrases:
    """The training phrases in the form in which they are learned."""
    found = [(message, vector_of(message)) for message in training_data.intent_examples]
    usable = [(message, vector) for message, vector in found if vector is not None]
    names = sorted({message.get(INTENT) for message, _ in usable})
    number = {name: place for place, name in enumerate(names)}
    return Phrases(
        [message.get(TEXT) for message, _ in usable],
        np.stack([vector for _, vector in usable]),
        np.array([number[message.get(INTENT)] for message, _ in usable]),
        names,
        [language_of(message) for message, _ in usable],
    )
