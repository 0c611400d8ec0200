"""Reading training phrases with their lines, and their form: valid Rasa YAML, known intents."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from actions.guides.faults import Fault, Findings, Unreadable
from actions.guides.source import Listed, Mapped, read_source, read_yaml
from tools.check.intents import FROM_GLOSSARY

if TYPE_CHECKING:
    from tools.check.content import Content

FORM = "write `- intent: NAME`, then `examples: |` and one `- phrase` a line below it"


@dataclass(frozen=True)
class Phrase:
    """One phrase at its place."""

    text: str
    intent: str
    language: str
    path: str
    line: int


@dataclass
class Phrases:
    """All phrases of a tree, and what kept others from being read."""

    all: list[Phrase] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    intents: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    """(language, intent) -> path and line of its first block."""

    def of(self, language: str) -> list[Phrase]:
        """The phrases of one language."""
        return [phrase for phrase in self.all if phrase.language == language]


def read_phrases(root: Path, tree: str, languages: Iterable[str]) -> Phrases:
    """Read `<tree>/<language>/<area>.yml` for all languages."""
    phrases = Phrases()
    for language in languages:
        for path in sorted((root / tree / language).glob("*.yml")):
            found = Findings(path.relative_to(root).as_posix())
            try:
                source = read_source(path)
                for intent, line, lines in _blocks(read_yaml(source), source.split("\n"), found):
                    phrases.intents.setdefault((language, intent), (found.path, line))
                    phrases.all += [Phrase(text, intent, language, found.path, at) for at, text in lines]
            except Unreadable as fault:
                found.unreadable(fault)
            phrases.faults += found.faults
    return phrases


def _blocks(top: Mapped, source: list[str], found: Findings) -> Iterator[tuple[str, int, list[tuple[int, str]]]]:
    """Each intent of a file with its line and its phrases."""
    for key in sorted(set(top) - {"version", "nlu"}):
        found.error(top.line_of(key), f"`{key}` does not belong into phrases", "keep `version` and `nlu` only")
    if top.get("version") != "3.1":
        found.error(top.line_of("version"), "the version is missing or not 3.1", 'begin with `version: "3.1"`')
    listed = top.get("nlu")
    if not isinstance(listed, Listed):
        found.error(top.line_of("nlu"), "there is no list `nlu:`", FORM)
        return
    for item, line in zip(listed, listed.lines, strict=True):
        if not isinstance(item, Mapped) or set(item) != {"intent", "examples"} or not isinstance(item["intent"], str):
            found.error(line, "this is not an intent with examples", FORM)
            continue
        at = item.line_of("examples")
        if not isinstance(item["examples"], str) or not source[at - 1].rstrip().endswith(("|", "|-")):
            found.error(at, f"the examples of {item['intent']} are no block of lines", FORM)
            continue
        yield item["intent"], line, list(_lines(item["examples"], at, found))


def _lines(block: str, before: int, found: Findings) -> Iterator[tuple[int, str]]:
    """The phrases of a block that begins on the line after `before`."""
    for line, text in enumerate(block.split("\n"), before + 1):
        if text.startswith("- ") and text[2:].strip():
            yield line, text[2:].strip()
        elif text.strip():
            found.error(
                line, f"`{text.strip()[:40]}` is not a phrase", "begin each phrase with `- ` on a line of its own"
            )


def check_form(content: "Content") -> list[Fault]:
    """Every file can be read, and every intent in it is one of ours."""
    faults = [*content.phrases.faults, *content.held_out.faults]
    known = {*content.trained_intents, *FROM_GLOSSARY}
    for phrases in (content.phrases, content.held_out):
        for (_, intent), (path, line) in phrases.intents.items():
            if content.registry and intent not in known:
                cure = "use the intent of a guide in guides/guides.yml or one of the talk intents (docs/editors.md)"
                faults.append(Fault(path, line, f"the intent `{intent}` is not known", cure))
    return faults
