"""The firm check and the plan: announced, not there yet, and said so."""

from actions.mentor import Answer, Mentor, Replies
from actions.menu import menu_text
from actions.replies import Understood
from actions.turn import Turn


def start_checkup(turn: Turn, mentor: Mentor) -> Replies:
    """The check is still to come."""
    return [menu_text(turn, mentor, mentor.words.say("checkup.later")), Understood()]


def show_plan(turn: Turn, mentor: Mentor) -> Replies:
    """The plan comes with the check."""
    return [menu_text(turn, mentor, mentor.words.say("checkup.plan_later")), Understood()]


ANSWERS: dict[str, Answer] = {"start_checkup": start_checkup, "show_plan": show_plan}
