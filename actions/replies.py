"""The reply vocabulary: the few things an action can answer, and their JSON form.

Actions put these into the ``custom`` field of a Rasa response, the channel passes them on, and the bot turns
them into Telegram messages and into changes of its own state. Two kinds travel together in one list:

- **replies** a person sees: :class:`Text`, :class:`Card`, :class:`Step`, :class:`Chart`, :class:`Document`;
- **directives** to the bot: :class:`Progress`, :class:`Screen`, :class:`Handoff`, :class:`Rating`,
  :class:`CheckupAnswer`, :class:`CheckupDone`, :class:`Missed`, :class:`Understood`; and :class:`End`, which says that
  the answer is whole.

Every string that a person sees is final: localised, and Markdown unless a field says otherwise.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

SLUG = r"^[a-z0-9][a-z0-9-]{0,63}$"
INTENT = r"^[a-z][a-z0-9_]{0,63}$"

Slug = Annotated[str, Field(pattern=SLUG)]
Intent = Annotated[str, Field(pattern=INTENT)]
Said = Annotated[str, Field(min_length=1)]
Positive = Annotated[int, Field(ge=1)]

_strict = ConfigDict(extra="forbid")


class ReplyError(ValueError):
    """A reply that is not of this vocabulary; the text says which one and why."""


@dataclass(frozen=True, config=_strict)
class Button:
    """A tap that says an intent, so that the person need not write it."""

    label: Annotated[str, Field(min_length=1, max_length=64)]
    """What the person reads; editors are held to 30 characters by `mentor check`."""
    intent: Intent
    """The intent the tap stands for."""
    guide: str = Field(default="", max_length=64)
    """Slug of the guide the tap is about, or empty."""
    step: int = Field(default=0, ge=0, le=99)
    """Number of the step the tap is about, from 1, or 0."""
    value: str = Field(default="", max_length=24, pattern=r"^[A-Za-z0-9_-]*$")
    """Any other short argument, such as an area; never a role, a name or anything secret."""


Rows = Annotated[list[list[Button]], Field(max_length=16)]


@dataclass(frozen=True, config=_strict)
class Text:
    """A plain message."""

    text: Said
    rows: Rows = Field(default_factory=list)
    edit: bool = False
    """True if the message may take the place of the one whose button was tapped."""
    type: Literal["text"] = "text"


@dataclass(frozen=True, config=_strict)
class Card:
    """A guide at a glance: always a new message, so that it can be found again."""

    guide: Slug
    title: Said
    short: Said
    """The short answer, which helps alone."""
    effort: str = ""
    """Steps and minutes, as in "7 steps, about 40 minutes"."""
    country: str = ""
    """The line for the person's country, with the month it was checked, or empty."""
    notice: str = ""
    """A sentence to read first, for instance that the text is only there in English."""
    rows: Rows = Field(default_factory=list)
    type: Literal["card"] = "card"


@dataclass(frozen=True, config=_strict)
class Step:
    """One step of a guide; edited in place while the person moves on."""

    guide: Slug
    number: Positive
    total: Positive
    title: Said
    body: str = ""
    country: str = ""
    notice: str = ""
    rows: Rows = Field(default_factory=list)
    edit: bool = True
    type: Literal["step"] = "step"


@dataclass(frozen=True, config=_strict)
class Bar:
    """One line of a chart: how much there is now, out of how much, and how much there was the last time."""

    label: Annotated[str, Field(min_length=1, max_length=40)]
    now: Annotated[int, Field(ge=0, le=99)]
    total: Annotated[int, Field(ge=1, le=99)]
    before: Annotated[int, Field(ge=0, le=99)] | None = None


@dataclass(frozen=True, config=_strict)
class Chart:
    """A small picture with bars; the bot draws it."""

    title: Annotated[str, Field(min_length=1, max_length=80)]
    bars: Annotated[list[Bar], Field(min_length=1, max_length=8)]
    caption: str = Field(default="", max_length=900)
    """Markdown under the picture; it says the same as the picture, for those who can't see it."""
    legend_now: str = Field(default="", max_length=40)
    legend_before: str = Field(default="", max_length=40)
    type: Literal["chart"] = "chart"


@dataclass(frozen=True, config=_strict)
class Document:
    """A guide as a file to print or keep; the bot makes it."""

    guide: Slug
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
    country: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    caption: str = Field(default="", max_length=900)
    type: Literal["document"] = "document"


@dataclass(frozen=True, config=_strict)
class Progress:
    """Where the person is in a guide now; the bot keeps it."""

    guide: Slug
    step: Annotated[int, Field(ge=0)]
    """The step in view, from 1; 0 when only the card was shown."""
    total: Positive
    done: int = Field(default=0, ge=0)
    """The step that was just ticked off, or 0."""
    finished: bool = False
    type: Literal["progress"] = "progress"


@dataclass(frozen=True, config=_strict)
class Screen:
    """Asks the bot to show one of its own screens."""

    name: Literal["language", "country", "privacy", "delete", "stop"]
    type: Literal["screen"] = "screen"


@dataclass(frozen=True, config=_strict)
class Handoff:
    """The person wants a human; the bot asks for the need and for consent."""

    guide: str = Field(default="", max_length=64)
    step: int = Field(default=0, ge=0)
    type: Literal["handoff"] = "handoff"


@dataclass(frozen=True, config=_strict)
class Rating:
    """What the person thought of a guide."""

    guide: Slug
    value: Literal["up", "down"]
    type: Literal["rating"] = "rating"


@dataclass(frozen=True, config=_strict)
class CheckupAnswer:
    """An answer in the firm check; the bot keeps it."""

    question: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]{0,23})?$")] = ""
    answer: Literal["yes", "no", "unknown"] = "unknown"
    restart: bool = False
    """The answers given so far are let go of first; without a question nothing else happens."""
    type: Literal["checkup_answer"] = "checkup_answer"


@dataclass(frozen=True, config=_strict)
class CheckupDone:
    """The last question is answered: what came of it."""

    level: Annotated[str, Field(pattern=r"^[a-z_]{1,16}$")]
    points: Annotated[int, Field(ge=0, le=99)]
    plan: Annotated[list[Slug], Field(max_length=10)]
    """The guides that help most, best first."""
    type: Literal["checkup_done"] = "checkup_done"


@dataclass(frozen=True, config=_strict)
class Missed:
    """The mentor did not understand; the bot keeps the message for the editors and counts it."""

    reason: Literal["unsure", "unknown", "not_meant"]
    guides: list[str] = Field(default_factory=list, max_length=5)
    """What was offered instead, best first."""
    type: Literal["missed"] = "missed"


@dataclass(frozen=True, config=_strict)
class Understood:
    """The mentor understood: the count of misses in a row starts anew."""

    type: Literal["understood"] = "understood"


@dataclass(frozen=True, config=_strict)
class End:
    """The last word of every answer. Without it the answer is not whole: an action died on the way."""

    type: Literal["end"] = "end"


Visible = Text | Card | Step | Chart | Document
Directive = Progress | Screen | Handoff | Rating | CheckupAnswer | CheckupDone | Missed | Understood | End
Reply = Annotated[
    Text
    | Card
    | Step
    | Chart
    | Document
    | Progress
    | Screen
    | Handoff
    | Rating
    | CheckupAnswer
    | CheckupDone
    | Missed
    | Understood
    | End,
    Field(discriminator="type"),
]

_one: TypeAdapter[Visible | Directive] = TypeAdapter(Reply)


def to_json(reply: Visible | Directive) -> dict[str, Any]:
    """The JSON object that stands for `reply`."""
    data: dict[str, Any] = _one.dump_python(reply, mode="json")
    return data


def from_json(data: object) -> Visible | Directive:
    """Read one reply.

    Raises:
        ReplyError: `data` is not of this vocabulary; the text says where and why.
    """
    try:
        return _one.validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "reply"
        raise ReplyError(f"{where}: {first['msg']}") from error


def read_all(items: Sequence[object]) -> tuple[list[Visible | Directive], list[str]]:
    """Read what can be read of `items`; for each of the rest, say why it can't."""
    good: list[Visible | Directive] = []
    bad: list[str] = []
    for item in items:
        try:
            good.append(from_json(item))
        except ReplyError as error:
            bad.append(str(error))
    return good, bad
