"""Reading files nobody vouches for: size, encoding, YAML."""

from datetime import date
from pathlib import Path
from time import process_time

import pytest

from actions.guides import Unreadable
from actions.guides.source import MAX_BYTES, read_source, read_yaml

ALIAS_BOMB = "a: &a [x, x]\n" + "".join(
    f"{new}: &{new} [*{old}, *{old}, *{old}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


def test_source_is_utf8_with_unix_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"\xef\xbb\xbfBl\xc3\xa5\r\nto\rtre\n")

    assert read_source(path) == "Blå\nto\ntre\n"


def test_latin_1_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes("En\nto blå\n".encode("latin-1"))

    with pytest.raises(Unreadable) as caught:
        read_source(path)

    assert str(caught.value) == "2: a character is not UTF-8 (Latin-1?) - save the file as UTF-8"


def test_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    with path.open("wb") as file:
        file.truncate(100 * MAX_BYTES)

    begun = process_time()
    with pytest.raises(Unreadable) as caught:
        read_source(path)

    assert str(caught.value) == "1: the file has 100,000,000 bytes - keep it under 1,000,000 bytes"
    assert process_time() - begun < 1


def test_yaml_values_have_their_types_and_lines() -> None:
    value = read_yaml("country: NO\nn: 3\nday: 2026-11-23\nlist:\n- a\n- 'b'\nyes: true\nnone:\n")

    assert dict(value) == {
        "country": "NO",
        "n": 3,
        "day": date(2026, 11, 23),
        "list": ["a", "b"],
        "yes": True,
        "none": None,
    }
    assert value.lines == {"country": 1, "n": 2, "day": 3, "list": 4, "yes": 7, "none": 8}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: !!python/object/apply:os.system ['true']", "1: tags (!) are not allowed"),
        ("a: !mine b", "1: tags (!) are not allowed"),
        (ALIAS_BOMB, "1: anchors (&) and aliases (*) are not allowed"),
        ("a: 1\nb:\n  c: 1\n  c: 2", "4: `c` stands here twice"),
        ("? [a]\n: b", "1: a key must be a plain word"),
        ("[" * 5000, "1: the YAML is nested too deeply"),
        ("a: " + "[" * 20 + "]" * 20, "1: the YAML is nested too deeply"),
        ("- " * 2000, "1: the YAML is nested too deeply"),
        ("\n".join(" " * n + "a:" for n in range(900)), "14: the YAML is nested too deeply"),
        ("a: " + "!" * 900_000, "1: the line has 900,003 characters"),
        ("".join(f"k{n}: v\n" for n in range(80_000)), "6000: there are 80,001 lines of YAML"),
        ("a: \x07", "1: a character is not allowed in YAML"),
        ("a: 1\n\tb: 2", "2: there is a tab"),
        ("- a\n- b", "1: there are no `key: value` lines"),
        ("", "1: there are no `key: value` lines"),
        ("a: 1\n---\nb: 2", "2: a second document begins here"),
    ],
    ids=[
        "python",
        "tag",
        "bomb",
        "twice",
        "key",
        "open",
        "deep",
        "dashes",
        "indents",
        "long line",
        "many lines",
        "control",
        "tab",
        "list",
        "empty",
        "documents",
    ],
)
def test_yaml_that_may_not_be_is_refused_at_once(text: str, fault: str) -> None:
    begun = process_time()

    with pytest.raises(Unreadable) as caught:
        read_yaml(text)

    assert str(caught.value).startswith(fault)
    assert process_time() - begun < 1
