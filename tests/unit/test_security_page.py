"""The security page names tests that exist, for every point."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/security.md").read_text("utf-8")


def test_every_named_test_exists() -> None:
    named = re.findall(r"`([\w/]*test_\w+\.py)::(test_\w+)`", PAGE)
    missing = []
    for file, name in named:
        files = list((ROOT / "tests").rglob(file))
        if not any(re.search(rf"^(async )?def {name}\(", path.read_text("utf-8"), re.MULTILINE) for path in files):
            missing.append(f"{file}::{name}")

    assert len(named) > 45
    assert missing == []


def test_every_point_is_there() -> None:
    named = {int(number) for number in re.findall(r"\bS(\d+)\b", PAGE.split("## Rasa")[0])}

    assert named == set(range(1, 19))
