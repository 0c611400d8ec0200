"""The words the actions use are there, in every language that has a catalogue, with the same placeholders."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[3]
CATALOGUES = sorted((ROOT / "locales").glob("*.po"))
AREAS = ("area.", "menu.", "talk.", "fallback.", "checkup.", "guide.")
BUTTONS = {
    "area.shop",
    "area.cloud",
    "area.social",
    "area.base",
    "menu.button",
    "menu.person",
    "fallback.something_else",
    "guide.start",
    "guide.go_on",
    "guide.start_over",
    "guide.all_steps",
    "guide.not_meant",
    "guide.back",
    "guide.done",
    "guide.done_last",
    "guide.im_stuck",
    "guide.more",
    "guide.back_to_step",
    "guide.thumb_up",
    "guide.thumb_down",
}


def catalogue(path: Path) -> dict[str, tuple[str, ...]]:
    """The wordings of each of our keys; several where there are plural forms."""
    with path.open("rb") as source:
        messages = read_po(source, locale=path.stem)
    wordings = {}
    for message in messages:
        key = message.id[0] if isinstance(message.id, tuple) else message.id
        if str(key).startswith(AREAS):
            wordings[str(key)] = message.string if isinstance(message.string, tuple) else (str(message.string),)
    return wordings


def used() -> Iterator[str]:
    """Every key that stands as text in the actions; for an f-string its beginning."""
    for path in (ROOT / "actions").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if re.fullmatch(r"[a-z]+\.[a-z_]+", text) and text.startswith(AREAS):
                yield text


def placeholders(wordings: tuple[str, ...]) -> set[str]:
    return {name for wording in wordings for name in re.findall(r"\{(\w+)\}", wording)}


def test_english_has_exactly_the_keys_that_are_used() -> None:
    areas = {f"area.{name}" for name in ("shop", "cloud", "social", "base")}

    assert sorted(catalogue(ROOT / "locales" / "en.po")) == sorted(set(used()) | areas)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_catalogue_has_every_key_with_the_same_placeholders(path: Path) -> None:
    source, own = catalogue(ROOT / "locales" / "en.po"), catalogue(path)

    assert sorted(own) == sorted(source)
    assert [key for key in own if not all(own[key])] == []
    assert {key: placeholders(own[key]) for key in own} == {key: placeholders(source[key]) for key in source}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_button_labels_are_short(path: Path) -> None:
    own = catalogue(path)

    assert [key for key in sorted(BUTTONS) if len(own[key][0]) > 30] == []
