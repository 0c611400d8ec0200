"""`mentor audit`: known faults in the libraries of both environments, and a list of them all (SBOM)."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import click
from ruamel.yaml import YAML

from tools.errors import NotSetUp, Stop
from tools.paths import BOT_PYTHON, RASA_PYTHON, ROOT

RISKS = Path("requirements/accepted-risks.yml")
SBOMS = Path("var/sbom")
PYTHONS = {"bot": BOT_PYTHON, "rasa": RASA_PYTHON}
"""Both environments, by the name of their lock file in `requirements/`."""


class Vulnerable(Stop):
    """A library has a known fault that nobody has accepted, or has accepted for so long."""

    exit_code = 15


class NotAudited(Stop):
    """The service that knows the faults could not be asked about everything."""

    exit_code = 16


@dataclass(frozen=True)
class Fault:
    """A known fault of a library."""

    environment: str
    package: str
    version: str
    names: frozenset[str]
    """Its id and all aliases: CVE, GHSA, PYSEC."""
    fixed_in: tuple[str, ...] = ()


@dataclass(frozen=True)
class Risk:
    """A fault that was looked at and accepted for a while."""

    names: frozenset[str]
    package: str
    environment: str
    fixed_in: str
    expires: date
    why: str


@dataclass
class Audit:
    """What was found."""

    faults: list[Fault] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    """Libraries that the service did not know or did not answer about."""
    asked: int = 0


def read_risks(root: Path) -> list[Risk]:
    """The accepted risks."""
    listed = YAML(typ="safe").load((root / RISKS).read_text(encoding="utf-8"))["risks"]
    return [
        Risk(
            frozenset([item["id"], *item.get("aliases", [])]),
            item["package"],
            item["environment"],
            str(item["fixed_in"]),
            item["expires"],
            item["why"],
        )
        for item in listed
    ]


def understand(environment: str, said: str, audit: Audit) -> None:
    """Add what pip-audit said, as JSON, about an environment.

    Raises:
        NotAudited: it said nothing of the kind.
    """
    try:
        dependencies = json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        raise NotAudited(f"pip-audit said nothing usable about {environment}: {said[:200] or '(nothing)'}") from None
    for item in dependencies:
        if "skip_reason" in item:
            audit.unasked.append(item["name"])
            continue
        audit.asked += 1
        for fault in item["vulns"]:
            names = frozenset([fault["id"], *fault.get("aliases", [])])
            audit.faults.append(
                Fault(environment, item["name"], item["version"], names, tuple(fault.get("fix_versions", ())))
            )


def ask(root: Path, environment: str, service: str, audit: Audit) -> None:
    """Ask about everything in a lock file.

    Raises:
        NotAudited: the service can't be reached.
        NotSetUp: pip-audit is not installed.
    """
    line = (
        *(str(root / BOT_PYTHON), "-m", "pip_audit", "--requirement", f"requirements/{environment}.txt"),
        *("--require-hashes", "--disable-pip", "--format", "json", "--vulnerability-service", service),
        *("--progress-spinner", "off"),
    )
    done = run(root, line)
    if done.returncode not in (0, 1) or not done.stdout:
        raise NotAudited(f"{service} can't be asked about {environment}: {last_line(done.stderr)}")
    understand(environment, done.stdout, audit)


def run(root: Path, line: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a tool of the bot's environment.

    Raises:
        NotSetUp: it is not installed.
    """
    try:
        done = subprocess.run(line, cwd=root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise NotSetUp(f"{line[0]} is missing: run `make setup`.") from None
    if "No module named" in done.stderr and done.returncode:
        raise NotSetUp(f"{line[2]} is not installed: run `make setup`.")
    return done


def last_line(text: str) -> str:
    """The end of a tool's complaint, where the reason stands."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it said nothing"


def judge(audit: Audit, risks: Sequence[Risk], today: date) -> Iterator[str]:
    """A sentence for every fault that is not accepted, or no longer."""
    for fault in audit.faults:
        risk = next((risk for risk in risks if _covers(risk, fault)), None)
        named = f"{fault.package} {fault.version} ({fault.environment}): {', '.join(sorted(fault.names))}"
        if risk is None:
            remedy = f"fixed in {', '.join(fault.fixed_in)}" if fault.fixed_in else "there is no fixed version"
            yield f"{named}; {remedy}. Lift it by `make lock UPGRADE='--upgrade-package {fault.package}'`."
        elif risk.expires < today:
            yield f"{named}; accepted until {risk.expires} in {RISKS}. Look at it again."


def _covers(risk: Risk, fault: Fault) -> bool:
    return (risk.package, risk.environment) == (fault.package, fault.environment) and bool(risk.names & fault.names)


def write_sbom(root: Path, environment: str) -> Path:
    """Write the CycloneDX list of an environment; it is checked against its schema on the way.

    Raises:
        NotSetUp: the environment or the tool is not there.
        Stop: it could not be written.
    """
    target = root / SBOMS / f"{environment}.cdx.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    line = (
        *(str(root / BOT_PYTHON), "-m", "cyclonedx_py", "environment", str(root / PYTHONS[environment])),
        *("--pyproject", "pyproject.toml", "--mc-type", "application", "--output-reproducible", "--validate"),
        *("--output-format", "JSON", "--output-file", str(target)),
    )
    done = run(root, line)
    if done.returncode:
        raise Stop(f"The SBOM of {environment} could not be made: {last_line(done.stderr)}")
    return target


@click.command()
@click.option("--service", type=click.Choice(["pypi", "osv"]), default="osv", help="Who is asked about faults.")
@click.option("--sbom-only", is_flag=True, help="Only write the lists; ask nobody.")
def audit(service: str, sbom_only: bool) -> None:
    """Write the SBOMs into var/sbom, and ask for known faults in everything that is in them."""
    for environment in PYTHONS:
        click.echo(f"SBOM: {write_sbom(ROOT, environment).relative_to(ROOT)}")
    if sbom_only:
        return
    found = Audit()
    for environment in PYTHONS:
        ask(ROOT, environment, service, found)
    bad = list(judge(found, read_risks(ROOT), datetime.now(UTC).date()))
    if bad:
        raise Vulnerable("\n".join(bad))
    if found.unasked:
        raise NotAudited(
            f"{service} knew nothing about {len(found.unasked)} of {len(found.unasked) + found.asked} libraries "
            f"({', '.join(found.unasked[:5])} ...): nothing is proved. Try the other --service, or another network."
        )
    click.echo(f"{found.asked} libraries, {len(found.faults)} known faults, all of them accepted in {RISKS}.")
