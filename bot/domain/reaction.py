"""What a handler answers to an update."""

from dataclasses import dataclass, field
from typing import Any

from actions.replies import Visible
from bot.messages import InboxState, Outbound


@dataclass(frozen=True)
class Ask:
    """The update goes on to the dialogue engine: as text, or as the tap in `payload`."""

    text: str = ""
    payload: dict[str, Any] | None = None


@dataclass(frozen=True)
class Reaction:
    """What follows from an update; the worker writes all of it in one transaction."""

    replies: list[Visible] = field(default_factory=list)
    """For the person, in order."""
    calls: list[Outbound] = field(default_factory=list)
    """Other calls, such as those to the advisors' group; they are written after the replies."""
    ask: Ask | None = None
    """The rest of the answer comes from the dialogue engine."""
    toast: str = ""
    """A short notice at the tapped button."""
    alert: bool = False
    """The notice has to be closed by hand."""
    state: InboxState = InboxState.DONE
    forget: bool = False
    """The update's content is not kept."""
