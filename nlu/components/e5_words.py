"""Cuts texts into the pieces that multilingual-e5-small knows: SentencePiece with a unigram model (Kudo 2018)."""

from __future__ import annotations

import re
from typing import List

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as form

from nlu.components.e5_file import Vocabulary

SPACE = "\u2581"
"""Stands for a space at the beginning of a piece."""
_UNIGRAM = 1
_NORMAL, _UNKNOWN, _CONTROL = 1, 2, 3
_SPACES = re.compile("  +")


class Pieces:
    """The vocabulary, ready to cut texts."""

    def __init__(self, vocabulary: Vocabulary, most: int) -> None:
        self._plain = vocabulary.plain
        self._begin, self._end = vocabulary.begin, vocabulary.end
        self._most = most
        self._processor = sentencepiece.SentencePieceProcessor(model_proto=_described(vocabulary))

    def of(self, text: str) -> List[int]:
        """The numbers of the pieces of a text, no more than the network takes."""
        plain = _SPACES.sub(" ", text.translate(self._plain))
        whole = plain if plain.startswith(" ") else f" {plain}"
        found: List[int] = self._processor.encode(whole.replace(" ", SPACE))
        return [self._begin, *found[: self._most - 2], self._end]


def _described(vocabulary: Vocabulary) -> bytes:
    """The vocabulary in the form that SentencePiece reads; characters are plain already, so it changes none."""
    model = form.ModelProto()
    model.trainer_spec.model_type = _UNIGRAM
    model.trainer_spec.unk_id, model.trainer_spec.pad_id = vocabulary.unknown, vocabulary.padding
    model.trainer_spec.bos_id, model.trainer_spec.eos_id = vocabulary.begin, vocabulary.end
    model.normalizer_spec.name = "identity"
    model.normalizer_spec.add_dummy_prefix = False
    model.normalizer_spec.remove_extra_whitespaces = False
    model.normalizer_spec.escape_whitespaces = False
    kinds = dict.fromkeys((vocabulary.begin, vocabulary.end, vocabulary.padding), _CONTROL)
    kinds[vocabulary.unknown] = _UNKNOWN
    for number, (piece, score) in enumerate(zip(vocabulary.pieces, vocabulary.scores, strict=True)):
        model.pieces.add(piece=piece, score=score, type=kinds.get(number, _NORMAL))
    told: bytes = model.SerializeToString()
    return told
