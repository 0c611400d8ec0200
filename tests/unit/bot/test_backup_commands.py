"""`mentor backup` and `mentor restore` as an operator types them."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.rasa.processes import free_port
from tools import backup, restore
from tools.errors import DatabaseUnusable


@pytest.fixture
def root(tmp_path: Path, newest_schema: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stopped installation with an empty database, and nothing of this machine's settings."""
    for module in (backup, restore):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    for name in ("DATABASE_URL", "TRACKER_URL", "SECRET_KEY", "TELEGRAM_TOKEN", "BACKUP_RECIPIENTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WEB_PORT", str(free_port()))
    (tmp_path / "var").mkdir()
    shutil.copyfile(newest_schema, tmp_path / "var/mentor.db")
    return tmp_path


def test_backup_gets_a_name_and_can_be_restored(root: Path) -> None:
    (root / "var/secrets.env").write_text("SECRET_KEY=some-key\n")

    made = CliRunner().invoke(backup.backup, catch_exceptions=False)
    (file,) = (root / "var/backups").iterdir()
    done = CliRunner().invoke(restore.restore, [str(file)], catch_exceptions=False)

    assert made.output.startswith(f"Backed up to {file} (")
    assert "not encrypted" in made.output
    assert done.output.splitlines()[0].startswith("Restored the backup of 20")
    assert f"{root}/var/mentor.db.before-" in done.output


def test_installation_without_a_database_is_told_so(root: Path) -> None:
    (root / "var/mentor.db").unlink()

    with pytest.raises(DatabaseUnusable, match="There is no database at"):
        CliRunner().invoke(backup.backup, catch_exceptions=False)

    assert list(root.glob("var/*")) == []
