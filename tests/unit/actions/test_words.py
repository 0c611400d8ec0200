"""The mentor's own words, as translators change them."""

from pathlib import Path

import pytest

from actions.words import Locales

HEAD = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
ENGLISH = HEAD + 'msgid "menu.button"\nmsgstr "Menu"\n\nmsgid "talk.thanks"\nmsgstr "You are welcome."\n'


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "en.po").write_text(ENGLISH, "utf-8")
    (tmp_path / "nb.po").write_text(HEAD + 'msgid "menu.button"\nmsgstr "Meny"\n', "utf-8")
    return tmp_path


def after_change(folder: Path, name: str, text: str) -> Locales:
    """The words some seconds after a file was saved."""
    clock = Clock()
    locales = Locales(folder, clock)
    (folder / name).write_text(text, "utf-8")
    clock.now = 10.0
    return locales


def test_saved_word_is_live_within_seconds(folder: Path) -> None:
    locales = after_change(folder, "nb.po", HEAD + 'msgid "menu.button"\nmsgstr "Hovedmeny"\n')

    assert locales.words("nb").say("menu.button") == "Hovedmeny"
    assert locales.words("nb").say("talk.thanks") == "You are welcome."


def test_new_language_is_there_within_seconds(folder: Path) -> None:
    locales = after_change(folder, "fi.po", HEAD + 'msgid "menu.button"\nmsgstr "Valikko"\n')

    assert locales.words("fi").say("menu.button") == "Valikko"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nb.po", "msgid broken\n"),
        ("nb.po", HEAD + 'msgid "menu.button"\nmsgstr "M\udcff"\n'),
        ("en.po", HEAD + 'msgid "menu.button"\nmsgstr "Other"\n'),
        ("en.po", ""),
    ],
)
def test_broken_file_never_replaces_a_good_one(folder: Path, name: str, text: str) -> None:
    clock = Clock()
    locales = Locales(folder, clock)
    (folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    clock.now = 10.0

    assert locales.words("nb").say("menu.button") == "Meny"
    assert locales.words("en").say("menu.button") == "Menu"
    assert locales.words("en").say("talk.thanks") == "You are welcome."
