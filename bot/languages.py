"""The roster of languages and countries: `languages.yml`, asked the way the bot needs it."""

from dataclasses import dataclass
from pathlib import Path

from actions.guides import Language, country_name, read_languages

ROSTER = Path(__file__).resolve().parent.parent / "languages.yml"
SOURCE = "en"


@dataclass(frozen=True)
class Roster:
    """All languages, in the order in which they are offered."""

    languages: tuple[Language, ...]

    def countries(self) -> list[str]:
        """All countries, each once."""
        return list(dict.fromkeys(country for language in self.languages for country in language.countries))

    def guess(self, telegram_code: str) -> Language:
        """The language for what a Telegram client says (`pt-BR`, `nn`, an empty text ...); English if unknown."""
        code = telegram_code.lower().split("-")[0]
        known = (language for language in self.languages if code in (language.code, *language.telegram))
        return next(known, None) or self._source()

    def get(self, code: str) -> Language | None:
        """The language with exactly this code of ours."""
        return next((language for language in self.languages if language.code == code), None)

    def country_name(self, country: str, language: str) -> str:
        """What `country` is called in `language`."""
        return country_name(country, language)

    def _source(self) -> Language:
        return next(language for language in self.languages if language.code == SOURCE)


def read_roster(path: Path = ROSTER) -> Roster:
    """Read `languages.yml`.

    Raises:
        Unreadable: the list is broken.
    """
    return Roster(read_languages(path))
