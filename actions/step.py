"""Walking through a guide: forwards, backwards, from where one stopped, to the end."""

from actions.buttons import NEW, menu_button, step_button
from actions.guide import gone, onward_rows
from actions.guides import Edition
from actions.mentor import Answer, Mentor, Replies
from actions.menu import menu_text
from actions.pages import step_body
from actions.replies import Button, Progress, Step, Text, Understood
from actions.turn import Turn


def show_step(turn: Turn, mentor: Mentor) -> Replies:
    """The step whose button was tapped, or the nearest there is; without a number the one the person is at."""
    edition = mentor.guide(turn.guide)
    if edition is None:
        return gone(turn, mentor, turn.guide)
    place = turn.progress
    number = turn.step
    if not number and place is not None and place.guide == edition.slug:
        number = place.step
    return step(turn, mentor, edition, number, edit=turn.value != NEW)


def step(turn: Turn, mentor: Mentor, edition: Edition, number: int, done: int = 0, edit: bool = True) -> Replies:
    """Step `number` of a guide and the note where the person is now; `done` is the step just ticked off."""
    shown = edition.text.nearest(number)
    return [
        Step(
            guide=edition.slug,
            number=shown.number,
            total=edition.total,
            title=shown.title,
            body=step_body(shown, mentor, turn.country),
            rows=_step_rows(mentor, edition, shown.number),
            edit=edit,
        ),
        Progress(edition.slug, shown.number, edition.total, done),
        Understood(),
    ]


def step_done(turn: Turn, mentor: Mentor) -> Replies:
    """Tick off a step and show the next one; after the last one, the end.

    A tap names its step, a word means the step the person is at. If the guide has become shorter since the button
    was made, the nearest step is shown and nothing is ticked off.
    """
    if not (turn.guide and turn.step):
        return next_step(turn, mentor)
    edition = mentor.guide(turn.guide)
    if edition is None:
        return gone(turn, mentor, turn.guide)
    if turn.step > edition.total:
        return step(turn, mentor, edition, edition.total)
    return _after(turn, mentor, edition, turn.step)


def next_step(turn: Turn, mentor: Mentor) -> Replies:
    """On from the step the person is at, which counts as done."""
    edition = mentor.open_guide(turn)
    if edition is None or turn.progress is None:
        return no_guide_open(turn, mentor)
    return _after(turn, mentor, edition, edition.text.nearest(turn.progress.step).number)


def previous_step(turn: Turn, mentor: Mentor) -> Replies:
    """Back from the step the person is at; the first step stays."""
    edition = mentor.open_guide(turn)
    if edition is None or turn.progress is None:
        return no_guide_open(turn, mentor)
    return step(turn, mentor, edition, edition.text.nearest(turn.progress.step).number - 1)


def continue_guide(turn: Turn, mentor: Mentor) -> Replies:
    """Remind the person where they were, and let them choose."""
    edition = mentor.open_guide(turn)
    if edition is None:
        return no_guide_open(turn, mentor)
    return [resume_text(turn, mentor, edition), Understood()]


def resume_text(turn: Turn, mentor: Mentor, edition: Edition, line: str = "") -> Text:
    """ "You were at step 3 of 7 of ...", after one more `line` if there is something to say first."""
    words = mentor.words
    number = edition.text.nearest(turn.progress.step if turn.progress is not None else 1).number
    where = words.say("guide.were_at", step=number, total=edition.total, title=edition.title)
    rows = [
        [
            step_button(words.say("guide.go_on"), edition.slug, number),
            Button(words.say("guide.start_over"), "start_over", guide=edition.slug),
        ],
        [menu_button(words)],
    ]
    return Text("\n\n".join(part for part in (line, where) if part), rows, edit=True)


def start_over(turn: Turn, mentor: Mentor) -> Replies:
    """The first step of the guide that was tapped, or of the last one the person was in."""
    slug = turn.guide or (turn.progress.guide if turn.progress is not None else "")
    if not slug:
        return no_guide_open(turn, mentor)
    edition = mentor.guide(slug)
    return gone(turn, mentor, slug) if edition is None else step(turn, mentor, edition, 1)


def no_guide_open(turn: Turn, mentor: Mentor) -> Replies:
    """There is no guide to move in: one that was withdrawn is named as such, else the menu helps to choose."""
    place = turn.progress
    if place is not None and not place.finished and mentor.guide(place.guide) is None:
        return gone(turn, mentor, place.guide)
    return [menu_text(turn, mentor, mentor.words.say("guide.none_open")), Understood()]


def _after(turn: Turn, mentor: Mentor, edition: Edition, number: int) -> Replies:
    """What follows step `number`."""
    if number < edition.total:
        return step(turn, mentor, edition, number + 1, done=number)
    words = mentor.words
    slug = edition.slug
    thumbs = [
        Button(words.say("guide.thumb_up"), "rate_guide", guide=slug, value="up"),
        Button(words.say("guide.thumb_down"), "rate_guide", guide=slug, value="down"),
    ]
    rows = [thumbs, *onward_rows(turn, mentor, edition)]
    return [
        Text(words.say("guide.finished", title=edition.title), rows, edit=True),
        Progress(slug, number, edition.total, number, finished=True),
        Understood(),
    ]


def _step_rows(mentor: Mentor, edition: Edition, number: int) -> list[list[Button]]:
    words, slug = mentor.words, edition.slug
    last = number == edition.total
    moves = [Button(words.say("guide.done_last" if last else "guide.done"), "step_done", guide=slug, step=number)]
    if number > 1:
        moves.insert(0, step_button(words.say("guide.back"), slug, number - 1))
    helps = [
        Button(words.say("guide.im_stuck"), "stuck", guide=slug, step=number),
        Button(words.say("guide.more"), "more", guide=slug, step=number),
    ]
    return [moves, helps]


ANSWERS: dict[str, Answer] = {
    "show_step": show_step,
    "step_done": step_done,
    "next_step": next_step,
    "previous_step": previous_step,
    "continue_guide": continue_guide,
    "start_over": start_over,
}
