"""The settings, read once from the environment and `.env`, checked at start."""

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError

TOKEN = re.compile(r"^\d+:[\w-]{30,}$")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class Settings(BaseSettings):
    """Every setting of the bot; the manual is `docs/settings.md`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True)

    telegram_token: SecretStr
    """The bot's token, from @BotFather."""
    telegram_api_url: str = "https://api.telegram.org"
    """Address of the Bot API server; any server that speaks the Bot API will do."""
    telegram_mode: Literal["polling", "webhook"] = "polling"
    public_url: str = ""
    """Webhook mode: the https address under which Telegram reaches our web server."""
    webhook_secret: SecretStr = SecretStr("")
    """Webhook mode: 1 to 256 characters of A-Z a-z 0-9 _ - that Telegram sends with each update."""
    database_url: str = "sqlite+aiosqlite:///var/mentor.db"
    rasa_url: str = "http://127.0.0.1:5005"
    """One address, or several with commas between."""
    actions_url: str = "http://127.0.0.1:5055"
    mentor_channel_secret: SecretStr = SecretStr("")
    """Shared with our Rasa channel, so that nobody else on the machine can talk to it."""
    secret_key: SecretStr = SecretStr("")
    """Signs buttons and makes pseudonyms. Keep it: with another one, old buttons are no longer ours."""
    advisors_chat_id: int = 0
    """The Telegram group of the advisors; 0 means that nobody can take over."""
    operator_name: str = ""
    """Who runs this mentor, as owners should read it."""
    operator_language: str = "en"
    """The language of the cards in the advisors' group."""
    privacy_url: str = ""
    """https address of the operator's full privacy notice."""
    retention_days: int = Field(default=90, ge=2, le=3650)
    """Messages older than this are deleted."""
    dialogue_deadline_seconds: float = Field(default=7.0, gt=0, le=60)
    """How long a person waits for the dialogue engine before a kind sentence."""
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8080, ge=0, le=65535)
    log_level: str = "INFO"

    @field_validator("telegram_token")
    @classmethod
    def _token_looks_right(cls, value: SecretStr) -> SecretStr:
        if not TOKEN.match(value.get_secret_value()):
            raise ValueError("is not a bot token: it looks like 123456:ABC-DEF..., and @BotFather gives you one")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _secret_is_allowed(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", value.get_secret_value()):
            raise ValueError("may have 1 to 256 characters, only A-Z a-z 0-9 _ and -")
        return value

    @field_validator("telegram_api_url", "rasa_url", "actions_url", "public_url", "privacy_url")
    @classmethod
    def _addresses(cls, value: str) -> str:
        for part in filter(None, (part.strip() for part in value.split(","))):
            if not re.match(r"^https?://[^\s/]+", part):
                raise ValueError(f"is not an address: {part!r} should begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in LEVELS:
            raise ValueError(f"is {value!r}; it can be {', '.join(LEVELS)}")
        return value.upper()

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> "Settings":
        if self.telegram_mode == "webhook":
            if not self.public_url:
                raise ValueError("PUBLIC_URL is missing: webhook mode needs the address under which Telegram finds us")
            if not self.webhook_secret.get_secret_value():
                raise ValueError("WEBHOOK_SECRET is missing: webhook mode needs it to know Telegram from a stranger")
        return self

    @property
    def rasa_urls(self) -> tuple[str, ...]:
        """The addresses of Rasa, in order of preference."""
        return tuple(part.strip().rstrip("/") for part in self.rasa_url.split(",") if part.strip())

    @property
    def signing_secret(self) -> str:
        """What signs buttons and makes pseudonyms."""
        return self.secret_key.get_secret_value() or self.telegram_token.get_secret_value()

    @property
    def bot_id(self) -> int:
        """The bot's own Telegram id, which is the first half of its token."""
        return int(self.telegram_token.get_secret_value().split(":", 1)[0])


def read_settings(env_file: Path | None = Path(".env"), **overrides: object) -> Settings:
    """Read and check the settings.

    Raises:
        SettingsError: one line per mistake, each naming the setting and saying what to do.
    """
    try:
        return Settings(_env_file=env_file, **overrides)  # type: ignore[call-arg,arg-type]
    except ValidationError as error:
        mistakes = [_sentence(item["loc"], item["type"], item["msg"]) for item in error.errors()]
        raise SettingsError("\n".join(mistakes)) from None


def _sentence(location: tuple[int | str, ...], kind: str, message: str) -> str:
    """One mistake in plain words; never with the value of a secret."""
    name = "_".join(str(part) for part in location).upper()
    text = message.removeprefix("Value error, ")
    if kind == "missing":
        return f"{name} is missing: put it into the environment or into .env (see docs/settings.md)."
    return f"{name} {text[0].lower()}{text[1:]}." if name else f"{text}."
