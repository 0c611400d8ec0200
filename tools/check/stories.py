"""Stories and domain: every intent can happen and is answered, rules agree, and every action exists."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from actions.guides.faults import Fault, Unreadable
from actions.guides.source import Listed, Mapped, read_source, read_yaml
from tools.check.intents import BUILT_IN, FROM_GLOSSARY, TALK, TAPPED

if TYPE_CHECKING:
    from tools.check.content import Content

RASA_ACTIONS = ("action_listen", "action_restart", "action_session_start", "action_default_fallback", "action_back")


@dataclass(frozen=True)
class Used:
    """A name at its place."""

    name: str
    path: str
    line: int


@dataclass
class Rule:
    """One rule or story."""

    title: str
    path: str
    line: int
    conditional: bool
    """True if it holds only under conditions."""
    steps: list[tuple[str, str, int]] = field(default_factory=list)
    """("intent" or "action", name, line); an intent carries its entities in its name."""


class Talk:
    """Everything under `stories/`."""

    def __init__(self, root: Path) -> None:
        self.faults: list[Fault] = []
        self.intents: list[Used] = []
        self.actions: list[Used] = []
        self.rules: list[Rule] = []
        for path in sorted((root / "stories").rglob("*.yml")):
            shown = path.relative_to(root).as_posix()
            try:
                top = read_yaml(read_source(path))
            except Unreadable as fault:
                self.faults.append(Fault(shown, fault.line, fault.problem, fault.cure))
                continue
            self.intents += _names(top.get("intents"), shown)
            self.actions += _names(top.get("actions"), shown)
            for kind in ("rules", "stories"):
                self.rules += _rules(top.get(kind), shown)

    @cached_property
    def known_intents(self) -> set[str]:
        """The domain's intents."""
        return {used.name for used in self.intents}

    @cached_property
    def known_actions(self) -> set[str]:
        """The domain's actions."""
        return {used.name for used in self.actions}


def _names(listed: object, path: str) -> Iterator[Used]:
    """The names in a list of the domain; an entry may be a mapping with one key (`greet: {use_entities: []}`)."""
    if isinstance(listed, Listed):
        for item, line in zip(listed, listed.lines, strict=True):
            name = next(iter(item), "") if isinstance(item, Mapped) else str(item)
            yield Used(name, path, line)


def _rules(listed: object, path: str) -> Iterator[Rule]:
    """The rules or stories of a file."""
    if not isinstance(listed, Listed):
        return
    for item, line in zip(listed, listed.lines, strict=True):
        if not isinstance(item, Mapped):
            continue
        title = str(item.get("rule") or item.get("story") or "")
        rule = Rule(title, path, line, conditional="condition" in item)
        steps = item.get("steps")
        if isinstance(steps, Listed):
            for step, at in zip(steps, steps.lines, strict=True):
                rule.steps += _step(step, at)
        yield rule


def _step(step: object, line: int) -> list[tuple[str, str, int]]:
    """One step; alternatives (`or:`) become several."""
    if not isinstance(step, Mapped):
        return []
    if isinstance(step.get("or"), Listed):
        return [each for item in step["or"] for each in _step(item, line)]  # type: ignore[attr-defined]
    if isinstance(step.get("intent"), str):
        entities = step.get("entities")
        suffix = f" {sorted(map(str, entities))}" if isinstance(entities, Listed) else ""
        return [("intent", f"{step['intent']}{suffix}", line)]
    return [("action", str(step["action"]), line)] if isinstance(step.get("action"), str) else []


def check_stories(content: "Content") -> list[Fault]:
    """Stories and domain together."""
    talk = Talk(content.root)
    return [
        *talk.faults,
        *_check_steps(talk),
        *_check_domain_intents(content, talk),
        *_check_rules_agree(talk),
        *_check_actions(content, talk),
    ]


def _check_steps(talk: Talk) -> Iterator[Fault]:
    """Every intent and action of a story is in the domain."""
    for rule in talk.rules:
        for kind, name, line in rule.steps:
            bare = name.split(" ")[0]
            known = talk.known_intents | set(BUILT_IN) if kind == "intent" else talk.known_actions | set(RASA_ACTIONS)
            if bare not in known:
                problem = f"the {kind} `{bare}` is not in the domain"
                yield Fault(rule.path, line, problem, "add it under stories/domain/, or correct the name")


def _check_domain_intents(content: "Content", talk: Talk) -> Iterator[Fault]:
    """The domain has every trained intent, none that cannot happen, and an answer to each."""
    answered = {name.split(" ")[0] for rule in talk.rules for kind, name, _ in rule.steps if kind == "intent"}
    trained = {intent for _, intent in content.phrases.intents}
    for used in talk.intents:
        if used.name not in (*trained, *FROM_GLOSSARY, *TAPPED, *BUILT_IN):
            problem = f"the intent `{used.name}` has no phrases and is no tap"
            yield Fault(used.path, used.line, problem, "write phrases in nlu/, or name it in tools/check/intents.py")
        if used.name not in answered:
            problem = f"nothing answers the intent `{used.name}`"
            yield Fault(used.path, used.line, problem, "write a rule under stories/", "warning")
    for intent in (*content.guide_intents, *TALK, *FROM_GLOSSARY, *TAPPED):
        if talk.intents and intent not in talk.known_intents:
            path = talk.intents[0].path
            yield Fault(path, 1, f"the intent `{intent}` is missing in the domain", "add it under stories/domain/")


def _check_rules_agree(talk: Talk) -> Iterator[Fault]:
    """One intent alone leads to one answer: two rules that begin alike must go on alike."""
    seen: dict[str, tuple[Rule, list[str]]] = {}
    for rule in talk.rules:
        intents = [name for kind, name, _ in rule.steps if kind == "intent"]
        answer = [name for kind, name, _ in rule.steps if kind == "action"]
        if rule.conditional or len(set(intents)) != 1:
            continue
        first, known = seen.setdefault(intents[0], (rule, answer))
        if known != answer:
            problem = f"`{rule.title}` answers {intents[0]} otherwise than {first.path}:{first.line} does"
            yield Fault(rule.path, rule.line, problem, "keep one, or give one a condition")


def _check_actions(content: "Content", talk: Talk) -> Iterator[Fault]:
    """Every action of the domain exists in the code."""
    for used in talk.actions:
        if used.name not in content.actions:
            cure = "write it, or correct the name"
            yield Fault(used.path, used.line, f"the action `{used.name}` is not in actions/", cure)
