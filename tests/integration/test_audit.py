"""The list of libraries that an installation can show (SBOM), made by the real tool."""

import json
import re
from pathlib import Path

import pytest

from tools import audit
from tools.paths import ROOT


@pytest.mark.timeout(300)
@pytest.mark.parametrize("environment", ["bot", "rasa"])
def test_sbom_names_every_library(environment: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(audit, "SBOMS", tmp_path)

    listed = json.loads(audit.write_sbom(ROOT, environment).read_text())

    assert (listed["bomFormat"], listed["metadata"]["component"]["name"]) == ("CycloneDX", "skills-mentor")
    there = {(plain(item["name"]), item["version"]) for item in listed["components"]}
    text = (ROOT / f"requirements/{environment}.txt").read_text()
    pinned = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+) \\$", text, flags=re.MULTILINE)
    assert len(pinned) > 30
    assert {(plain(name), version) for name, version in pinned} - there == set()


def plain(name: str) -> str:
    """A library's name as the index spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()
