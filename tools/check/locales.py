"""Locale files: the same keys as English, the same placeholders, the plural forms of the language, short buttons."""

import re
import string
from collections.abc import Iterator
from typing import TYPE_CHECKING

from babel.messages.plurals import get_plural

from actions.guides.faults import Fault, Severity
from actions.guides.model import SOURCE
from tools.check.catalogue import Catalogue, Entry

if TYPE_CHECKING:
    from tools.check.content import Content

BUTTON = re.compile(r"(^|\.)buttons?(\.|$)")
"""Keys that are read on a button; so are those whose comment in en.po begins with "Button"."""
LONGEST_BUTTON = 30
"""Characters that fit on half of a small phone's width."""
ALSO_RIGHT = {"hu": (1, 2)}
"""Plural forms in use beside Babel's: nouns do not change after a number, so one form and two are both common."""


def check_locales(content: "Content") -> list[Fault]:
    """All locale files against the English one."""
    english = content.catalogues.get(SOURCE)
    if english is None:
        return [
            Fault(content.source_file, 1, "the English words are missing", "every other language falls back on them")
        ]
    faults = []
    for language in content.languages:
        catalogue = content.catalogues.get(language.code)
        complete = language.level == "complete"
        if catalogue is None:
            if complete:
                path = f"locales/{language.code}.po"
                faults.append(Fault(path, 1, f"the words of {language.name} are missing", "translate locales/en.po"))
            continue
        faults += catalogue.found.faults
        faults += _missing(english, catalogue, "error" if complete else "warning")
        faults += _plural_header(language.code, catalogue)
        for entry in catalogue.entries.values():
            source = english.entries.get(entry.key)
            faults += _entry(catalogue.path, entry, source, catalogue.plural_forms)
    return faults


def _missing(english: Catalogue, catalogue: Catalogue, severity: Severity) -> Iterator[Fault]:
    """Keys without a wording."""
    if catalogue.found.faults and not catalogue.entries:
        return  # The file could not be read: that is told already.
    for key, source in english.entries.items():
        entry = catalogue.entries.get(key)
        if entry is None:
            where = f"it stands in {english.path}:{source.line}"
            yield Fault(catalogue.path, 1, f"`{key}` is missing", f"add it ({where})", severity)
        elif entry.fuzzy:
            yield Fault(
                catalogue.path, entry.line, f"`{key}` is marked fuzzy", "check it and take the mark away", severity
            )
        elif not entry.complete:
            yield Fault(catalogue.path, entry.line, f"`{key}` has no wording", "write one", severity)


def _plural_header(code: str, catalogue: Catalogue) -> Iterator[Fault]:
    """The header names the plural forms of the language."""
    right = get_plural(code)
    allowed = ALSO_RIGHT.get(code, (right.num_plurals,))
    if catalogue.entries and catalogue.plural_forms not in allowed:
        said = f"{catalogue.plural_forms} plural forms" if catalogue.plural_forms else "no plural forms"
        cure = f'write "Plural-Forms: {right}\\n"'
        yield Fault(catalogue.path, 1, f"the header says {said}", cure)


def _entry(path: str, entry: Entry, source: Entry | None, plural_forms: int) -> Iterator[Fault]:
    """One key against its English twin."""
    if source is None:
        yield Fault(path, entry.line, f"`{entry.key}` is not in English", "remove it, or add it to en.po")
        return
    if entry.plural != source.plural:
        cure = "write msgid_plural and one msgstr[] a form" if source.plural else "write a single msgstr"
        yield Fault(path, entry.line, f"`{entry.key}` has not the same kind of plural as in English", cure)
    elif entry.plural and plural_forms and len(entry.forms) != plural_forms:
        problem = f"`{entry.key}` has {len(entry.forms)} plural forms instead of {plural_forms}"
        yield Fault(path, entry.line, problem, "write one msgstr[] for each form of the header")
    wanted = placeholders(source.forms[-1])
    for form in filter(None, entry.forms):
        yield from _placeholders(path, entry, form, wanted)
        length = len(re.sub(r"\{\w*\}", "", form))
        if (source.button or BUTTON.search(entry.key)) and length > LONGEST_BUTTON:
            problem = f"the button `{form}` has {length} characters"
            yield Fault(path, entry.line, problem, f"say it in {LONGEST_BUTTON}")


def placeholders(text: str) -> set[str] | None:
    """The names in braces, or None if a brace is left open."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return None


def _placeholders(path: str, entry: Entry, form: str, wanted: set[str] | None) -> Iterator[Fault]:
    """The same placeholders as in English; a plural form may do without its number."""
    names = placeholders(form)
    if names is None:
        yield Fault(path, entry.line, f"a brace of `{entry.key}` is not closed", "write {name}, or {{ for a brace")
    elif wanted is not None:
        free = {"n"} if entry.plural else set()
        for name in sorted(names - wanted - free):
            known = ", ".join(f"{{{each}}}" for each in sorted(wanted)) or "none"
            yield Fault(path, entry.line, f"`{entry.key}` has {{{name}}}, English has {known}", "use the English names")
        for name in sorted(wanted - names - free):
            yield Fault(path, entry.line, f"`{entry.key}` lacks {{{name}}}", "put it where it belongs in the sentence")
