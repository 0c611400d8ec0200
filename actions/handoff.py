"""The way to a person."""

from actions.mentor import Answer, Mentor, Replies
from actions.replies import Handoff, Understood
from actions.turn import Turn


def ask_human(turn: Turn, mentor: Mentor) -> Replies:
    """The bot asks for the need and for consent; a tap from a guide brings the guide and the step along."""
    if mentor.guide(turn.guide) is None:
        return [Handoff(), Understood()]
    return [Handoff(turn.guide, turn.step), Understood()]


ANSWERS: dict[str, Answer] = {"ask_human": ask_human}
