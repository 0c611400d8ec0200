"""The last component: answer, offer, or say what the mentor is for. A wrong guide given with confidence is the
worst outcome, so doubt turns into an offer."""

from __future__ import annotations

from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.constants import USER_INTENT_OUT_OF_SCOPE
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from nlu.components.classifier import LIKENESS
from nlu.components.exact import is_certain

Ranking = List[Dict[Text, Any]]
GUIDE = "guide_"
"""What the intent of a guide begins with."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Decision(GraphComponent):
    """Puts one of three outcomes on top of the ranking, and keeps the candidates below it.

    - **answer**: the best intent, if its confidence reaches `answer` for a guide, or `talk` for any other: taking a
      "yes" or a call for a person wrongly costs a tap, a wrong guide costs trust;
    - **out of scope**: if that is the best and its confidence reaches `out_of_scope`;
    - **offer**: else `nlu_fallback`. Also for a message that resembles no phrase: less than `likeness` to the most
      similar one, whatever the models say.

    The thresholds were chosen on held-out phrases: bench/nlu_experiment.md.
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """The thresholds and their defaults."""
        return {"answer": 0.6, "talk": 0.35, "out_of_scope": 0.5, "likeness": 0.3, "candidates": 10}

    def __init__(self, config: Dict[Text, Any]) -> None:
        self._answer = float(config["answer"])
        self._talk = float(config["talk"])
        self._out_of_scope = float(config["out_of_scope"])
        self._likeness = float(config["likeness"])
        self._candidates = int(config["candidates"])

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Decision:
        """Make the component; it learns nothing."""
        return cls(config)

    def process(self, messages: List[Message]) -> List[Message]:
        """Decide about messages that are not certain."""
        for message in messages:
            if is_certain(message):
                continue
            ranking = (message.get(INTENT_RANKING_KEY) or [])[: self._candidates]
            ranking = self.decided(ranking, message.get(LIKENESS) or 0.0)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def decided(self, ranking: Ranking, likeness: float) -> Ranking:
        """The ranking with the outcome on top."""
        if ranking and likeness >= self._likeness:
            best = ranking[0]
            if best["confidence"] >= self._enough(best["name"]):
                return ranking
        doubt = 1.0 - ranking[0]["confidence"] if ranking else 0.0
        return [{"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": doubt}, *ranking]

    def _enough(self, intent: Text) -> float:
        """How sure one must be of this intent to act on it."""
        if intent == USER_INTENT_OUT_OF_SCOPE:
            return self._out_of_scope
        return self._answer if intent.startswith(GUIDE) else self._talk
