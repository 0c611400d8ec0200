"""Where the data of an installation lies, however it is run."""

from pathlib import Path

import pytest

from tools import installation
from tools.errors import WrongSettings


def test_defaults_lie_in_the_folder(tmp_path: Path) -> None:
    place = installation.find(tmp_path, {})

    assert place.database_url == f"sqlite:///{tmp_path}/var/mentor.db"
    assert place.tracker_url == f"sqlite:///{tmp_path}/var/tracker.db"
    assert place.web_url == "http://127.0.0.1:8080"


def test_bot_in_a_container_finds_its_data_though_rasa_is_elsewhere(tmp_path: Path) -> None:
    given = {
        "DATABASE_URL": "postgresql+asyncpg://mentor:p@postgres/mentor",
        "TRACKER_URL": "sqlite:////srv/tracker.db",
        "RASA_URL": "http://rasa:5005",
        "ACTIONS_URL": "http://actions:5055",
        "WEB_HOST": "0.0.0.0",  # noqa: S104
        "SECRET_KEY": "key",
    }

    place = installation.find(tmp_path, given)

    assert (place.database_url, place.tracker_url) == (
        "postgresql://mentor:p@postgres/mentor",
        "sqlite:////srv/tracker.db",
    )
    assert (place.web_url, place.key) == ("http://127.0.0.1:8080", "key")


def test_key_is_the_setting_then_what_was_made_then_the_token(tmp_path: Path) -> None:
    token = {"TELEGRAM_TOKEN": "123:x"}
    by_token = installation.find(tmp_path, token).key
    (tmp_path / "var").mkdir()
    (tmp_path / "var/secrets.env").write_text("SECRET_KEY=made\n")
    by_file = installation.find(tmp_path, token).key

    assert (by_token, by_file) == ("123:x", "made")
    assert installation.find(tmp_path, token | {"SECRET_KEY": "given"}).key == "given"


def test_without_a_key_nobody_can_be_recognised(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings, match=r"SECRET_KEY is neither set nor in var/secrets\.env"):
        _ = installation.find(tmp_path, {}).pseudonyms


@pytest.mark.parametrize("given", [{"DATABASE_URL": "nonsense"}, {"TRACKER_URL": "nonsense"}, {"WEB_PORT": "none"}])
def test_wrong_setting_is_named(tmp_path: Path, given: dict[str, str]) -> None:
    with pytest.raises(WrongSettings, match=next(iter(given))):
        installation.find(tmp_path, given)
