"""The manual names every setting, command and language: what is not in it does not exist for an operator."""

from pathlib import Path

import pytest
from babel import Locale

from bot.languages import read_roster
from bot.settings import Settings
from bot.telegram.commands import COMMANDS

ROOT = Path(__file__).resolve().parent.parent.parent.parent
SETTINGS_PAGE = (ROOT / "docs/settings.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_setting_is_in_the_manual(name: str) -> None:
    assert f"| `{name.upper()}` |" in SETTINGS_PAGE


@pytest.mark.parametrize("name", COMMANDS)
def test_command_is_explained_in_english(name: str) -> None:
    catalogue = (ROOT / "locales/en.po").read_text("utf-8")

    assert f'msgid "bot.command.{name}"' in catalogue


@pytest.mark.parametrize(
    "code", [language.code for language in read_roster().languages if language.level == "complete"]
)
def test_complete_language_is_in_the_readme(code: str) -> None:
    name = str(Locale.parse(code).english_name).split()[0]

    assert name in README
