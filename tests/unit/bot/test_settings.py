"""Settings: read once, with one sentence per mistake."""

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings, read_settings

TOKEN = "123456:" + "A" * 35


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def mistakes(**values: object) -> str:
    with pytest.raises(SettingsError) as caught:
        read_settings(None, **values)
    return str(caught.value)


def test_token_alone_is_enough() -> None:
    settings = read_settings(None, telegram_token=TOKEN)

    assert (settings.bot_id, settings.telegram_mode, settings.web_port) == (123456, "polling", 8080)
    assert settings.rasa_urls == ("http://127.0.0.1:5005",)


def test_settings_come_from_the_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"TELEGRAM_TOKEN={TOKEN}\nRASA_URL=http://a:1, http://b:2/\nWEB_PORT=\n")

    settings = read_settings(tmp_path / ".env")

    assert (settings.rasa_urls, settings.web_port) == (("http://a:1", "http://b:2"), 8080)


def test_missing_token_says_what_to_do() -> None:
    assert mistakes() == ("TELEGRAM_TOKEN is missing: put it into the environment or into .env (see docs/settings.md).")


def test_wrong_token_is_not_shown() -> None:
    said = mistakes(telegram_token="my-secret-but-wrong")

    assert said.startswith("TELEGRAM_TOKEN is not a bot token")
    assert "my-secret" not in said


def test_every_mistake_has_its_line() -> None:
    said = mistakes(telegram_token=TOKEN, web_port=99999, log_level="loud", rasa_url="localhost", webhook_secret="é")

    assert [line.split(" ")[0] for line in said.splitlines()] == ["WEBHOOK_SECRET", "RASA_URL", "WEB_PORT", "LOG_LEVEL"]


@pytest.mark.parametrize(
    ("values", "missing"), [({}, "PUBLIC_URL"), ({"public_url": "https://x.example"}, "WEBHOOK_SECRET")]
)
def test_webhook_mode_needs_address_and_secret(values: dict[str, str], missing: str) -> None:
    assert mistakes(telegram_token=TOKEN, telegram_mode="webhook", **values).startswith(f"{missing} is missing")


def test_secrets_are_not_in_the_representation() -> None:
    settings = read_settings(None, telegram_token=TOKEN, secret_key="s3cret-key-value")

    assert TOKEN not in repr(settings)
    assert "s3cret" not in repr(settings)
