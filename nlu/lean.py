"""Starts Rasa without TensorFlow: half the memory, half the start, and none of TensorFlow's and Keras's gaps.

Our pipeline and policies use no neural network of Rasa's, yet Rasa imports all of its own components when it reads
any configuration, and TensorFlow with them. Three of its modules are replaced by empty ones before anything else
is imported: the list of built-in components (`config.yml` names what it needs, the policies are imported here),
the training helpers of its networks, and the check of a configuration before training, which a model only names.
What asks for something that is left out gets an error that says so. For serving only: training needs the check.

It also checks the schema of an action's answer once, where Rasa checks the schema itself on every call: that was
three quarters of the work of a turn.

``python -m nlu.lean run ...`` is ``python -m rasa run ...`` started this way. Measured on 2 cores: 4 s instead of
10 until it answers, 234 MB instead of 560.
"""

import importlib
import sys
from types import ModuleType
from typing import Any, Dict

LEFT_OUT: Dict[str, Dict[str, Any]] = {
    "rasa.engine.recipes.default_components": {"DEFAULT_COMPONENTS": []},
    "rasa.utils.train_utils": {},
    "rasa.graph_components.validators.default_recipe_validator": {"DefaultV1RecipeValidator": object},
}
"""Modules of Rasa 3.6 that are replaced, and what must still be in them."""
REGISTERED = ("rasa.core.policies.rule_policy", "rasa.core.policies.memoization")
"""Modules whose components config.yml names without a path: importing them registers them."""


class LeftOut(ImportError):
    """Something asked for a part of Rasa that needs TensorFlow."""


class _Empty(ModuleType):
    """A module with nothing in it but an explanation."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise LeftOut(f"{self.__name__}.{name} is left out by nlu/lean.py; start with `python -m rasa` to have it.")


def skip_tensorflow() -> None:
    """Leave TensorFlow out of this process.

    Raises:
        RuntimeError: Rasa is already imported, so it is too late.
    """
    if any(name in sys.modules for name in LEFT_OUT):
        raise RuntimeError("skip_tensorflow() comes before the first import of Rasa.")
    for name, content in LEFT_OUT.items():
        module = _Empty(name)
        vars(module).update(content)
        sys.modules[name] = module
        parent, _, child = name.rpartition(".")
        setattr(importlib.import_module(parent), child, module)
    for name in REGISTERED:
        importlib.import_module(name)


def check_schema_once() -> None:
    """Let Rasa hold every action's answer against its schema without checking the schema again each time."""
    from jsonschema import Draft202012Validator, ValidationError  # type: ignore[import-untyped]
    from rasa.core.actions.action import RemoteAction

    validator = Draft202012Validator(RemoteAction.action_response_format_spec())
    validator.check_schema(validator.schema)

    def validate(self: RemoteAction, result: Dict[str, Any]) -> bool:
        error = next(validator.iter_errors(result), None)
        if error is not None:
            # The place is enough; the answer itself may hold what a person wrote.
            raise ValidationError(f"the answer of the action is malformed at {list(error.absolute_path)}")
        return True

    RemoteAction._validate_action_result = validate


if __name__ == "__main__":
    skip_tensorflow()
    check_schema_once()
    from rasa.__main__ import main

    main()
