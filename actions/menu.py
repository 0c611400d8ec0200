"""The menu and the areas: the screens every other one leads back to."""

from actions.buttons import NEW, area_buttons, guide_button, menu_button, person_button, step_button
from actions.guides import AREAS
from actions.mentor import Answer, Mentor, Replies
from actions.replies import Button, Text, Understood
from actions.turn import Turn

MAX_LISTED = 14
"""Guides in one list: a keyboard takes 16 rows, and the way back is one of them."""


def menu_rows(turn: Turn, mentor: Mentor) -> list[list[Button]]:
    """The way on in the guide that is open, the areas, and a person."""
    check = Button(mentor.words.say("menu.check"), "start_checkup")
    plan = Button(mentor.words.say("menu.plan"), "show_plan")
    rows = [*area_buttons(mentor.words), [plan if turn.plan else check, person_button(mentor.words)]]
    edition = mentor.open_guide(turn)
    if edition is not None and turn.progress is not None:
        label = mentor.words.say("menu.go_on", title=edition.title)
        rows.insert(0, [step_button(label, edition.slug, turn.progress.step, NEW)])
    return rows


def menu_text(turn: Turn, mentor: Mentor, line: str = "", edit: bool = False) -> Text:
    """The menu, after one more `line` if there is something to say first."""
    words = mentor.words
    said = [line, words.say("menu.title"), words.say("menu.or_write")]
    return Text("\n\n".join(part for part in said if part), menu_rows(turn, mentor), edit=edit)


def menu(turn: Turn, mentor: Mentor) -> Replies:
    """What the mentor can help with."""
    return [menu_text(turn, mentor, edit=turn.value != NEW), Understood()]


def show_area(turn: Turn, mentor: Mentor) -> Replies:
    """The guides of one area, one a row, those that are done marked."""
    if turn.value not in AREAS:
        return menu(turn, mentor)
    return [area_text(turn, mentor, turn.value, edit=True), Understood()]


def area_text(turn: Turn, mentor: Mentor, area: str, line: str = "", edit: bool = False) -> Text:
    """The list of an area, after one more `line` if there is something to say first."""
    words = mentor.words
    editions = mentor.library.area(area, words.language)[:MAX_LISTED]
    if not editions:
        return menu_text(turn, mentor, words.say("area.empty"), edit)
    rows = [
        [guide_button(edition, words.say("area.done", title=edition.title) if edition.slug in turn.finished else "")]
        for edition in editions
    ]
    said = [line, f"**{words.say(f'area.{area}')}**", words.say("area.choose")]
    return Text("\n\n".join(part for part in said if part), [*rows, [menu_button(words)]], edit=edit)


ANSWERS: dict[str, Answer] = {"menu": menu, "show_area": show_area}
