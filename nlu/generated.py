"""Phrases that nobody writes by hand: asking for a term of the glossary, the bare name of a language or a country.

There are thousands of them, so they do not become training examples one by one: a few examples of each language
are learned like any other, and the first of them carries the rest in its metadata, for
:class:`~nlu.components.exact.ExactPhrases` to know by heart. Only languages that have hand-written phrases get any.
"""

import itertools
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, Iterator, List, Set, Text

import yaml
from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_EXAMPLE, TEXT
from rasa.shared.nlu.training_data.message import Message

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
CARRIED = "also"
"""Key under which the metadata of an example holds further phrases of its intent."""
LEARNED = 16
"""Requests for a term that the classifier learns per language: as a guide has, so that no guide suffers."""
EXPLAIN, CHANGE_LANGUAGE, CHANGE_COUNTRY = "explain_term", "change_language", "change_country"
_SHORTEST_QUESTION = 2
"""Words that a question has besides the term to be learned: `hosting?` alone could be any wish."""


def generated(guides: Path, languages: Path, spoken: Set[Text], intents: Set[Text]) -> List[Message]:
    """The phrases for the languages in `spoken`, of those intents of ours that are in `intents`."""
    makers: Dict[Text, Callable[[Text], List[Text]]] = {}
    listed = _read(languages).get("languages") or []
    codes = {str(one["code"]): str(one["name"]) for one in listed if isinstance(one, dict)}
    countries = sorted({code for one in listed if isinstance(one, dict) for code in one.get("countries") or ()})
    makers[CHANGE_LANGUAGE] = lambda language: list(_language_names(language, codes))
    makers[CHANGE_COUNTRY] = lambda language: _without(
        _country_names(language, countries), _language_names(language, codes)
    )
    found = []
    for language in sorted(spoken & set(codes)):
        if EXPLAIN in intents:
            found += _terms(_read(guides / language / "glossary.yml"), language)
        for intent in sorted(intents & set(makers)):
            names = makers[intent](language)
            found += [_example(names[0], intent, language, names[1:])] if names else []
    return found


def _terms(glossary: Dict[Text, Any], language: Text) -> List[Message]:
    """All ways of asking for all terms of one language."""
    ways = [str(way) for way in glossary.get("ask") or ()]
    words = [
        [str(term["word"]), *map(str, term.get("also") or ())]
        for term in (glossary.get("terms") or {}).values()
        if isinstance(term, dict) and term.get("word")
    ]
    if not ways or not words:
        return []
    known = [way.replace("{word}", word) for word in itertools.chain(*words) for way in ("{word}", *ways)]
    asking = [way for way in ways if len(way.split()) > _SHORTEST_QUESTION] or ways
    step = max(1, len(words) // LEARNED)
    few = [
        asking[place % len(asking)].replace("{word}", term[place % len(term)])
        for place, term in enumerate(words[::step][:LEARNED])
    ]
    return [_example(few[0], EXPLAIN, language, known), *(_example(one, EXPLAIN, language, ()) for one in few[1:])]


def _language_names(language: Text, codes: Dict[Text, Text]) -> Iterator[Text]:
    """Each of our languages in its own words, and as `language` calls it."""
    for code, name in codes.items():
        yield name
        called = _in_words(language, "languages", code)
        if called:
            yield called
        if code == "nb":  # nobody says bokmål
            yield from filter(None, [_in_words(language, "languages", "no")])


def _country_names(language: Text, countries: Iterable[Text]) -> Iterator[Text]:
    """Each of our countries as `language` calls it; its own language names it in its own words."""
    for country in countries:
        called = _in_words(language, "territories", country)
        if called:
            yield called
            if country == "CZ":  # both are said everywhere
                yield from filter(None, [_in_words(language, "territories", "CZ-alt-variant")])


def _without(names: Iterable[Text], others: Iterable[Text]) -> List[Text]:
    """A name that a language and a country share (Finnish has many) is the language's: it stands on a button."""
    taken = {name.casefold() for name in others}
    return [name for name in names if name.casefold() not in taken]


def _in_words(language: Text, kind: Text, code: Text) -> Text:
    """What the Unicode CLDR calls `code` (of `languages` or `territories`) in `language`; "" without Babel."""
    try:
        from babel import Locale
    except ImportError:
        return ""
    return str(getattr(Locale(language), kind).get(code) or "")


def _example(text: Text, intent: Text, language: Text, also: Iterable[Text]) -> Message:
    told = {"language": language, CARRIED: list(also)}
    return Message({TEXT: text, INTENT: intent, METADATA: {METADATA_EXAMPLE: told}})


def _read(path: Path) -> Dict[Text, Any]:
    """The content of a file, empty if there is none; what is wrong with it `mentor check` tells."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader, in C
    except (OSError, yaml.YAMLError, UnicodeDecodeError):
        return {}
    return content if isinstance(content, dict) else {}
