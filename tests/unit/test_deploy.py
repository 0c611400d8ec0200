"""What is in deploy/ passes the validators there are, and names what exists."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
MANIFESTS = sorted(path for path in (DEPLOY / "kubernetes").glob("*.yaml") if path.name != "kustomization.yaml")
OTHERS = {"RASA_TOKEN", "TRACKER_URL", "BACKUP_RECIPIENTS", "POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB"}
"""Variables that are not settings of the bot."""
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
needs_kubectl = pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not here")


def documents(path: Path) -> list[Any]:
    return list(YAML(typ="safe").load_all(path.read_text("utf-8")))


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units as they stand once installed, with this repository as /opt/mentor."""
    for path in (DEPLOY / "systemd").glob("mentor-*"):
        (tmp_path / path.name).write_text(path.read_text("utf-8").replace("/opt/mentor", str(ROOT)))
    return tmp_path


@needs_systemd
@pytest.mark.parametrize("name", [*(path.name for path in UNITS), "mentor-backup.timer"])
def test_unit_is_what_systemd_reads(installed: Path, name: str) -> None:
    line = ["systemd-analyze", "verify", "--recursive-errors=no", "--man=no", str(installed / name)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize(
    ("name", "most"),
    [("mentor-rasa", 15), ("mentor-actions", 15), ("mentor-bot", 16), ("mentor-backup", 30)],
)
def test_unit_exposes_little(installed: Path, name: str, most: int) -> None:
    """`most` is systemd's own measure of exposure, times ten: 100 is an ordinary service."""
    line = [
        "systemd-analyze",
        "security",
        "--offline=true",
        f"--threshold={most}",
        "--no-pager",
        str(installed / f"{name}.service"),
    ]
    done = subprocess.run(line, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-600:] + done.stderr


def test_rasa_can_reach_nobody_and_knows_two_secrets_only() -> None:
    text = (DEPLOY / "systemd/mentor-rasa.service").read_text()

    assert {"IPAddressDeny=any", "IPAddressAllow=localhost", "ReadOnlyPaths=/opt/mentor"} <= set(text.splitlines())
    assert re.findall(r"^EnvironmentFile=(.*)$", text, re.MULTILINE) == ["/etc/mentor/rasa.env"]
    assert "User=mentor-rasa" in text


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_unit_starts_a_module_that_exists(path: Path) -> None:
    (module,) = re.findall(r"^ExecStart=/opt/mentor/\.venv/bin/python -m (\w+)", path.read_text(), re.MULTILINE)

    assert (ROOT / module / "__main__.py").is_file()


def test_compose_file_fits_the_specification() -> None:
    line = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*line, str(DEPLOY / "container/compose.yml")], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_compose_keeps_rasa_and_the_database_inside() -> None:
    (compose,) = documents(DEPLOY / "container/compose.yml")
    services = compose["services"]

    assert compose["networks"]["inside"] == {"internal": True}
    assert {name: service["networks"] for name, service in services.items()} == {
        "bot": ["inside", "outside"],
        "actions": ["inside"],
        "rasa": ["inside"],
        "postgres": ["inside"],
    }
    assert [name for name, service in services.items() if "ports" in service] == ["bot"]
    assert all(port.startswith("127.0.0.1:") for port in services["bot"]["ports"])
    ours = [service for name, service in services.items() if name != "postgres"]
    assert all(service["read_only"] and service["cap_drop"] == ["ALL"] for service in ours)
    assert set(services["rasa"]["environment"]) == {"RASA_TOKEN", "MENTOR_CHANNEL_SECRET", "TRACKER_URL", "ACTIONS_URL"}


def test_compose_and_kubernetes_name_settings_that_exist() -> None:
    (compose,) = documents(DEPLOY / "container/compose.yml")
    (config,) = documents(DEPLOY / "kubernetes/config.yaml")
    (secret,) = documents(DEPLOY / "kubernetes/secret.example.yaml")
    example = re.findall(r"^(\w+)=", (DEPLOY / "container/env.example").read_text(), re.MULTILINE)
    known = {name.upper() for name in Settings.model_fields} | OTHERS
    named = {name for service in compose["services"].values() for name in service.get("environment", {})}

    assert named | set(config["data"]) | set(secret["stringData"]) | set(example) <= known
    assert set(re.findall(r"\$\{(\w+)", (DEPLOY / "container/compose.yml").read_text())) <= known


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_manifest_fits_the_schema_of_kubernetes(path: Path) -> None:
    # Imported here: it takes seconds, which every process that collects tests would spend.
    import kubernetes_validate

    for document in documents(path):
        kubernetes_validate.validate(document, "1.34", strict=True)


@needs_kubectl
def test_kustomization_builds() -> None:
    line = ["kubectl", "kustomize", str(DEPLOY / "kubernetes")]
    done = subprocess.run(line, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    kinds = re.findall(r"^kind: (\w+)", done.stdout, re.MULTILINE)
    assert sorted(set(kinds)) == ["ConfigMap", "Deployment", "NetworkPolicy", "Service"]


def containers() -> list[Any]:
    return [
        pytest.param(document["spec"]["template"]["spec"], container, id=container["name"])
        for path in MANIFESTS
        for document in documents(path)
        if document["kind"] == "Deployment"
        for container in document["spec"]["template"]["spec"]["containers"]
    ]


@pytest.mark.parametrize(("pod", "container"), containers())
def test_pod_is_of_the_restricted_kind(pod: dict[str, Any], container: dict[str, Any]) -> None:
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert "memory" in container["resources"]["limits"]
    assert {"startupProbe", "livenessProbe", "readinessProbe"} <= set(container)


def test_image_takes_what_exists_and_leaves_out_what_is_private() -> None:
    text = (DEPLOY / "container/Dockerfile").read_text()
    wanted = {
        word.rstrip("/") for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.M) for word in line.split()
    }
    allowed = set(re.findall(r"^!(\S+)$", (DEPLOY / "container/Dockerfile.dockerignore").read_text(), re.MULTILINE))

    assert wanted == allowed
    assert [name for name in wanted - {"models"} if not (ROOT / name).exists()] == []
    assert not {".env", "var", ".git"} & allowed
    assert "**\n" in (DEPLOY / "container/Dockerfile.dockerignore").read_text()
