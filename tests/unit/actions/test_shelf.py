"""Editors change files while people read: what is sound is taken in, what is broken is named and waits."""

import os
from datetime import date
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from actions.guides import Language, Shelf


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shelf(root: Path, languages: tuple[Language, ...], clock: Clock, today: date) -> Shelf:
    return Shelf(root, languages, clock, lambda: today)


def change(path: Path, old: str, new: str) -> None:
    """Change a file as an editor does, at least a tick later than before."""
    before = path.stat().st_mtime_ns
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    os.utime(path, ns=(before + 1_000_000, before + 1_000_000))


def title(shelf: Shelf, slug: str = "shop-payments", language: str = "en") -> str:
    edition = shelf.library().guide(slug, language)
    return edition.title if edition is not None else ""


def test_change_is_seen_at_the_next_look_and_not_before(root: Path, shelf: Shelf, clock: Clock) -> None:
    change(root / "en" / "shop-payments.md", "Take payment online", "Get paid")

    clock.now = 1.9
    assert title(shelf) == "Take payment online"
    clock.now = 2.0
    assert title(shelf) == "Get paid"


def test_broken_change_keeps_the_old_version_until_it_is_repaired(root: Path, shelf: Shelf, clock: Clock) -> None:
    path = root / "en" / "shop-payments.md"

    change(path, "title: Take payment online", "title: <b>Pay</b>")
    clock.now = 2
    with capture_logs() as logs:
        assert title(shelf) == "Take payment online"
    assert [
        (entry["action"], entry["path"], entry["line"], entry["log_level"])
        for entry in logs
        if entry["action"] == "guides_fault"
    ] == [("guides_fault", "guides/en/shop-payments.md", 2, "error")]
    assert [fault.line for fault in shelf.faults if fault.severity == "error"] == [2]

    clock.now = 4
    with capture_logs() as logs:
        assert title(shelf) == "Take payment online"
    assert logs == []

    change(path, "title: <b>Pay</b>", "title: Pay")
    clock.now = 6
    assert title(shelf) == "Pay"
    assert [fault for fault in shelf.faults if fault.severity == "error"] == []


def test_too_long_change_keeps_the_old_version(root: Path, shelf: Shelf, clock: Clock) -> None:
    change(root / "en" / "shop-payments.md", "Take payment online", "Pay " * 20)
    clock.now = 2

    assert title(shelf) == "Take payment online"


def test_broken_registry_keeps_the_old_one(root: Path, shelf: Shelf, clock: Clock) -> None:
    change(root / "guides.yml", "guides:", "guides: [")
    clock.now = 2
    assert len(shelf.library().slugs) == 3

    (root / "guides.yml").unlink()
    clock.now = 4
    assert len(shelf.library().slugs) == 3


def test_new_and_withdrawn_files_are_taken_in(root: Path, shelf: Shelf, clock: Clock) -> None:
    (root / "nb" / "shop-start.md").write_text(
        (root / "nb" / "shop-payments.md").read_text(encoding="utf-8"), encoding="utf-8"
    )
    (root / "nb" / "shop-payments.md").unlink()
    clock.now = 2

    assert title(shelf, "shop-start", "nb") == "Ta betalt på nett"
    assert title(shelf, "shop-payments", "nb") == "Take payment online"


def test_entry_taken_out_of_the_registry_withdraws_the_guide(root: Path, shelf: Shelf, clock: Clock) -> None:
    text = (root / "guides.yml").read_text(encoding="utf-8")
    change(root / "guides.yml", text[text.index("  base-security:") :], "")
    clock.now = 2

    assert shelf.library().guide("base-security", "en") is None


def test_unchanged_files_are_not_read_again(shelf: Shelf, clock: Clock) -> None:
    before = shelf.library()

    clock.now = 100

    assert shelf.library() is before
