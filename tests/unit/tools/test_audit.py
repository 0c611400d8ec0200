"""The audit: which faults count, and that silence is not taken for health."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from packaging.version import Version
from ruamel.yaml import YAML

from tools.audit import RISKS, Audit, Fault, NotAudited, Risk, judge, last_line, read_risks, understand

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 11, 25)
KERAS = Fault("rasa", "keras", "2.12.0", frozenset({"PYSEC-1", "CVE-2024-3660"}), ("2.13.1",))
RISK = Risk(frozenset({"CVE-2024-3660"}), "keras", "rasa", "2.13.1", TODAY, "why")
SAID = {
    "dependencies": [
        {"name": "aiohttp", "version": "3.14.5", "vulns": []},
        {
            "name": "keras",
            "version": "2.12.0",
            "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.13.1"], "aliases": ["CVE-2024-3660"], "description": "x"}],
        },
    ],
    "fixes": [],
}
"""What pip-audit 2.10 says."""


def test_what_pip_audit_says_is_understood() -> None:
    audit = Audit()

    understand("rasa", json.dumps(SAID), audit)

    assert (audit.faults, audit.unasked, audit.asked) == ([KERAS], [], 2)


def test_library_that_was_not_asked_about_is_not_taken_for_healthy() -> None:
    audit = Audit()

    understand("bot", '{"dependencies": [{"name": "x", "skip_reason": "could not be audited"}]}', audit)

    assert (audit.unasked, audit.asked) == (["x"], 0)


@pytest.mark.parametrize("said", ["", "No known vulnerabilities found", "[]", "{}"])
def test_nonsense_is_not_taken_for_health(said: str) -> None:
    with pytest.raises(NotAudited):
        understand("bot", said, Audit())


def test_accepted_fault_is_no_fault_until_its_day() -> None:
    audit = Audit([KERAS])

    assert list(judge(audit, [RISK], TODAY)) == []
    (late,) = judge(audit, [RISK], TODAY + timedelta(days=1))
    assert "accepted until 2026-11-25" in late


@pytest.mark.parametrize(
    "fault",
    [
        Fault("bot", "keras", "2.12.0", KERAS.names),
        Fault("rasa", "skops", "0.9.0", KERAS.names),
        Fault("rasa", "keras", "2.12.0", frozenset({"CVE-2030-1"})),
    ],
    ids=["other environment", "other library", "other fault"],
)
def test_risk_covers_one_fault_of_one_library_in_one_environment(fault: Fault) -> None:
    (said,) = judge(Audit([fault]), [RISK], TODAY)

    assert said.startswith(f"{fault.package} {fault.version} ({fault.environment}): ")


def test_reason_of_a_tool_is_its_last_line() -> None:
    assert last_line("Traceback\n  x\nConnectionError: nobody there\n\n") == "ConnectionError: nobody there"


def pins(environment: str) -> dict[str, str]:
    text = (ROOT / f"requirements/{environment}.txt").read_text()
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("risk", read_risks(ROOT), ids=lambda risk: min(risk.names))
def test_accepted_risk_is_about_what_is_installed_and_ends_within_a_year(risk: Risk) -> None:
    reviewed = YAML(typ="safe").load((ROOT / RISKS).read_text())["reviewed"]

    assert Version(pins(risk.environment)[risk.package]) < Version(risk.fixed_in)
    assert reviewed < risk.expires < reviewed + timedelta(days=366)
    assert len(risk.why) > 40
    assert risk.environment == "rasa"


@pytest.mark.parametrize("name", ["bot", "dev", "rasa", "uv"])
def test_every_library_is_pinned_by_hash_and_none_by_an_address(name: str) -> None:
    lines = (ROOT / f"requirements/{name}.txt").read_text().splitlines()
    heads = [number for number, line in enumerate(lines) if re.match(r"^[A-Za-z0-9]", line)]

    assert heads
    for number in heads:
        assert "==" in lines[number]
        assert lines[number + 1].strip().startswith("--hash=sha256:")
    assert [line for line in lines if "://" in line or line.startswith("-")] == []
