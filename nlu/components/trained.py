"""What the components have in common that learn: where they keep it, and how Rasa makes and loads them."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import Any, Dict, Text, Type, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

Made = TypeVar("Made", bound="Trained")


class Trained(GraphComponent):
    """Keeps what it learned in a folder of the model storage."""

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._model_storage = model_storage
        self._resource = resource

    @classmethod
    def create(
        cls: Type[Made],
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Made:
        """Make the component before training."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls: Type[Made],
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Made:
        """Make the component with what it learned."""
        made = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            made.read(folder)
        return made

    @abstractmethod
    def read(self, folder: Path) -> None:
        """Take over what training wrote into `folder`."""
