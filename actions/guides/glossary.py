"""The glossary: the terms (`guides/glossary.yml`), and what they mean (`guides/<language>/glossary.yml`)."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from actions.guides.faults import Fault, Findings
from actions.guides.markdown import check_line, is_plain
from actions.guides.model import GuideText
from actions.guides.search import fold
from actions.guides.source import Listed, Mapped, read_top

TEXT_LIMIT = 320
KEY = re.compile(r"[a-z][a-z0-9_]{0,23}")
_WORD = re.compile(r"[^\W_]+")
ENDING = 3
"""Letters that a word in a message may have more than the term's, or less: endings change with grammar."""
Same = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Term:
    """One term in one language."""

    key: str
    word: str
    also: tuple[str, ...]
    avoid: tuple[str, ...]
    """Words the guides do not use for it."""
    text: str
    line: int


@dataclass(frozen=True)
class GlossaryText:
    """The glossary in one language."""

    language: str
    ask: tuple[str, ...]
    """Ways of asking; `{word}` stands for the term."""
    terms: Mapping[str, Term]
    path: str
    _names: dict[tuple[str, ...], str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        names: dict[tuple[str, ...], str] = {}
        for term in self.terms.values():
            for name in (term.word, *term.also):
                names.setdefault(words_of(name), term.key)
        names.pop((), None)
        object.__setattr__(self, "_names", names)

    def find(self, text: str) -> Term | None:
        """The term that a message names: the longest one, whole words before those with another ending."""
        said = words_of(text)
        for same in (_equal, _alike):
            found = max(self._named(said, same), default=None, key=lambda hit: hit[0])
            if found is not None:
                return self.terms[found[1]]
        return None

    def _named(self, said: tuple[str, ...], same: Same) -> Iterator[tuple[int, str]]:
        """Length in letters and key of each term in `said`."""
        for name, key in self._names.items():
            for at in range(len(said) - len(name) + 1):
                if all(same(word, wanted) for word, wanted in zip(said[at : at + len(name)], name, strict=True)):
                    yield sum(map(len, name)), key
                    break


def _equal(word: str, wanted: str) -> bool:
    return word == wanted


def _alike(word: str, wanted: str) -> bool:
    """The same word with another ending; short words have to be the same."""
    if len(wanted) < 5 or len(word) < 4:
        return word == wanted
    stem = wanted[: max(4, len(wanted) - 2)]
    return word.startswith(stem) and abs(len(word) - len(wanted)) <= ENDING


def words_of(text: str) -> tuple[str, ...]:
    """The words of `text` without case and diacritics."""
    return tuple(_WORD.findall(fold(text)))


def parse_glossary(source: str, path: str) -> tuple[dict[str, str] | None, list[Fault]]:
    """The terms with the guide that tells more; None if it can't be read."""
    found = Findings(path)
    top = read_top(source, found)
    if top is None:
        return None, found.faults
    entries = top.get("terms")
    if not isinstance(entries, Mapped):
        found.refuse(1, "there is no mapping `terms:`", "write `terms:` and one `term: guide` a line below it")
        return None, found.faults
    terms = {}
    for key, slug in entries.items():
        if KEY.fullmatch(key) is None or not isinstance(slug, str):
            found.error(entries.line_of(key), f"`{key}` is no term with its guide", "write `some_term: some-guide`")
        else:
            terms[key] = slug
    return terms, found.faults


def parse_glossary_text(source: str, language: str, path: str) -> tuple[GlossaryText | None, list[Fault]]:
    """Read one language's glossary without its broken terms; None if the file can't be read."""
    found = Findings(path)
    top = read_top(source, found)
    if top is None:
        return None, found.faults
    entries, ask = top.get("terms"), _words(top.get("ask"))
    if not isinstance(entries, Mapped):
        found.refuse(top.line_of("terms"), "there is no mapping `terms:`", "see guides/en/glossary.yml for the form")
        return None, found.faults
    for way in ask:
        if way.count("{word}") != 1:
            found.error(top.line_of("ask"), f"`{way}` has not one {{word}}", "write {word} where the term stands")
    terms = {
        key: term
        for key, fields in entries.items()
        if (term := _term(key, fields, entries.line_of(key), found)) is not None
    }
    good = tuple(way for way in ask if way.count("{word}") == 1)
    return GlossaryText(language, good, terms, path), found.faults


def _term(key: str, fields: object, line: int, found: Findings) -> Term | None:
    given = fields if isinstance(fields, Mapped) else Mapped(line)
    word, text = given.get("word"), given.get("text")
    if not isinstance(word, str) or not isinstance(text, str) or not word.strip() or not text.strip():
        found.error(line, f"`{key}` lacks `word` or `text`", "give it both, in quotes if they hold a colon")
        return None
    text = " ".join(text.split())
    before = len(found.faults)
    check_line(text, given.line_of("text"), found)
    if not is_plain(word) or not is_plain(text):
        found.error(line, f"`{key}` has Markdown signs in it", "write plain words")
    if len(text) > TEXT_LIMIT:
        found.error(given.line_of("text"), f"`{key}` has {len(text)} characters", f"keep it within {TEXT_LIMIT}")
    if len(found.faults) > before and found.faults[-1].severity == "error" and len(text) <= TEXT_LIMIT:
        return None
    return Term(key, word.strip(), _words(given.get("also")), _words(given.get("avoid")), text, line)


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(item).strip() for item in value) if isinstance(value, Listed) else ()


def check_glossary(
    terms: Mapping[str, str],
    glossaries: Mapping[str, GlossaryText],
    texts: Iterable[GuideText],
    guides: Collection[str],
    complete: Collection[str],
    root: str,
) -> list[Fault]:
    """Faults between the glossary, its languages and the guides; the guides are held to its words."""
    found = Findings(f"{root}/glossary.yml")
    for key, slug in terms.items():
        if slug not in guides:
            found.error(1, f"{key}: there is no guide `{slug}`", "name the guide that tells more")
    faults = found.faults
    for language in complete if terms else ():
        if language not in glossaries:
            path = f"{root}/{language}/glossary.yml"
            faults.append(Fault(path, 1, "the glossary is missing", "translate guides/en/glossary.yml"))
    for glossary in glossaries.values():
        faults += _against(terms, glossary)
    by_language: dict[str, list[GuideText]] = {}
    for text in texts:
        by_language.setdefault(text.language, []).append(text)
    for language, glossary in glossaries.items():
        faults += _held_to(glossary, by_language.get(language, []))
    return faults


def _against(terms: Mapping[str, str], glossary: GlossaryText) -> list[Fault]:
    found = Findings(glossary.path)
    for key in sorted(set(terms) - set(glossary.terms)):
        found.error(1, f"the term `{key}` is missing", "write it")
    for key in sorted(set(glossary.terms) - set(terms)):
        found.error(glossary.terms[key].line, f"`{key}` is no term", "remove it, or add it to guides/glossary.yml")
    names: dict[tuple[str, ...], str] = {}
    for term in glossary.terms.values():
        for name in (term.word, *term.also):
            other = names.setdefault(words_of(name), term.key)
            if other != term.key:
                found.error(term.line, f"`{name}` is a word for {term.key} and for {other}", "leave it to one of them")
    return found.faults


def _held_to(glossary: GlossaryText, texts: Iterable[GuideText]) -> list[Fault]:
    """Guides that use a word for which the glossary has another."""
    avoided = {avoid: term.word for term in glossary.terms.values() for avoid in term.avoid}
    if not avoided:
        return []
    pattern = re.compile(r"\b(" + "|".join(re.escape(word) for word in avoided) + ")", re.IGNORECASE)
    folded = {word.casefold(): right for word, right in avoided.items()}
    faults = []
    for text in texts:
        places = [(1, text.title), (1, text.short)]
        places += [(step.line, step.title) for step in text.steps]
        places += [
            (block.line, f"{block.text} {block.cure}") for step in text.steps for block in step.blocks
            if block.kind != "country"
        ]  # fmt: skip
        # Nearly all guides are clean, and to look for plain pieces of text is many times quicker than the pattern.
        whole = " ".join(said for _, said in places).casefold()
        if not any(word in whole for word in folded):
            continue
        for line, said in places:
            for hit in pattern.finditer(said):
                right = folded[hit[1].casefold()]
                faults.append(
                    Fault(text.path, line, f"`{hit[1]}` is not our word", f"write {right}, as the glossary says")
                )
    return faults
