"""Vectors of phrases that were encoded before, kept on disk: a second training encodes only what is new."""

import hashlib
import os
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nlu.components.encoders import Encoder, Vectors

KEPT = 60_000
"""Vectors kept per encoder: some 25 MB; beyond it those that this training did not need go first."""
_BATCH = 256


class VectorCache:
    """One file per encoder: the hash of each text, and its vector in half precision.

    Every vector passes through half precision, fresh or kept, so that the first and a later training agree.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._encoder = encoder
        safe = "".join(sign if sign.isalnum() or sign in "-." else "_" for sign in encoder.name)
        self._path = folder / f"{safe}.npz"

    def vectors(self, texts: list[str]) -> Vectors:
        """One row per text; encodes what is not kept yet, and keeps it."""
        known = self._load()
        keys = [_key(text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        for batch in _batches(list(missing.items())):
            encoded = self._encoder.encode([text for _, text in batch]).astype(np.float16)
            known.update(zip([key for key, _ in batch], encoded, strict=True))
        if missing:
            self._save(known, set(keys))
        if not keys:
            return np.zeros((0, self._encoder.width), dtype=np.float32)
        return np.stack([known[key] for key in keys]).astype(np.float32)

    def _load(self) -> dict[bytes, npt.NDArray[np.float16]]:
        try:
            with np.load(self._path, allow_pickle=False) as file:
                keys, vectors = file["keys"], file["vectors"]
        except (OSError, ValueError, KeyError):
            return {}
        if vectors.ndim != 2 or vectors.shape != (len(keys), self._encoder.width):
            return {}
        return {bytes(key): vector for key, vector in zip(keys, vectors, strict=True)}

    def _save(self, known: dict[bytes, npt.NDArray[np.float16]], needed: set[bytes]) -> None:
        spare = [key for key in known if key not in needed][: max(0, KEPT - len(needed))]
        kept = [*needed, *spare]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(f".{os.getpid()}.tmp.npz")
        keys = np.frombuffer(b"".join(kept), dtype=np.uint8).reshape(len(kept), -1)
        np.savez(fresh, keys=keys, vectors=np.stack([known[key] for key in kept]))
        fresh.replace(self._path)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:16]


def _batches(items: list[tuple[bytes, str]]) -> list[list[tuple[bytes, str]]]:
    return [items[start : start + _BATCH] for start in range(0, len(items), _BATCH)]
