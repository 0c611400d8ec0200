"""A guide at a glance: its card, all its steps, what else one can do with it, what people think of it."""

from collections.abc import Sequence

from actions.buttons import NEW, guide_button, menu_button, person_button, step_button
from actions.guides import AREAS, Edition
from actions.mentor import Answer, Mentor, Replies
from actions.menu import area_text, menu, menu_text
from actions.pages import card_country_line, fix_lines, whole_guide
from actions.replies import Button, Card, Document, Rating, Text, Understood
from actions.turn import Turn
from actions.words import Words

SECOND_TOPIC = 0.25
"""From this confidence on, the second guide of the ranking is named too: there may be two things in one message."""


def guide_card(turn: Turn, mentor: Mentor) -> Replies:
    """Answer a question with the guide its intent stands for."""
    slug = mentor.library.slug_of(turn.intent)
    edition = mentor.guide(slug)
    if edition is None:
        return gone(turn, mentor, turn.intent.removeprefix("guide_").replace("_", "-"))
    return card(turn, mentor, edition, _second_topic(turn, mentor, slug))


def show_guide(turn: Turn, mentor: Mentor) -> Replies:
    """The card of the guide whose button was tapped."""
    edition = mentor.guide(turn.guide)
    return gone(turn, mentor, turn.guide) if edition is None else card(turn, mentor, edition)


def card(turn: Turn, mentor: Mentor, edition: Edition, second: Edition | None = None) -> Replies:
    """A guide at a glance; it changes nothing in the progress of another guide."""
    words = mentor.words
    opened = mentor.open_guide(turn)
    start = step_button(words.say("guide.start"), edition.slug, 1, NEW)
    if opened is not None and opened.slug == edition.slug and turn.progress is not None and turn.progress.step > 1:
        step = edition.text.nearest(turn.progress.step).number
        start = step_button(words.say("guide.go_on_at", step=step), edition.slug, step, NEW)
    rows = [
        [start, Button(words.say("guide.all_steps"), "all_steps", guide=edition.slug)],
        [pdf_button(words, edition.slug), Button(words.say("guide.not_meant"), "not_meant", guide=edition.slug)],
    ]
    if second is not None:
        rows.append([guide_button(second, words.say("guide.also", title=second.title))])
    return [
        Card(
            guide=edition.slug,
            title=edition.title,
            short=edition.text.short,
            effort=words.count("guide.effort", edition.total, minutes=edition.guide.minutes),
            country=card_country_line(edition, mentor, turn.country),
            notice=words.say("guide.only_english") if edition.fallback else "",
            rows=rows,
        ),
        Understood(),
    ]


def gone(turn: Turn, mentor: Mentor, slug: str) -> Replies:
    """A guide that does not exist, or no longer: say so, and offer what is nearest to it."""
    line = mentor.words.say("guide.gone")
    area = slug.partition("-")[0]
    near = area_text(turn, mentor, area, line) if area in AREAS else menu_text(turn, mentor, line)
    return [near, Understood()]


def all_steps(turn: Turn, mentor: Mentor) -> Replies:
    """The whole guide to read at once; the last message leads on."""
    edition = mentor.guide(turn.guide)
    if edition is None:
        return gone(turn, mentor, turn.guide)
    words = mentor.words
    if turn.step:
        onward = step_button(words.say("guide.back_to_step"), edition.slug, turn.step, NEW)
    else:
        onward = step_button(words.say("guide.start"), edition.slug, 1, NEW)
    *pages, last = whole_guide(edition, mentor, turn.country)
    return [*(Text(page) for page in pages), Text(last, [[onward, menu_button(words, NEW)]]), Understood()]


def more(turn: Turn, mentor: Mentor) -> Replies:
    """What else one can do in the middle of a guide."""
    edition = mentor.guide(turn.guide)
    if edition is None:
        return gone(turn, mentor, turn.guide)
    words = mentor.words
    step = edition.text.nearest(turn.step)
    rows = [
        [
            Button(words.say("guide.all_steps"), "all_steps", guide=edition.slug, step=step.number),
            Button(words.say("guide.start_over"), "start_over", guide=edition.slug),
        ],
        [
            pdf_button(words, edition.slug),
            Button(words.say("guide.remind"), "bot_remind", guide=edition.slug, step=step.number),
        ],
        [step_button(words.say("guide.back_to_step"), edition.slug, step.number), menu_button(words)],
    ]
    where = words.say("guide.where", step=step.number, total=edition.total, title=edition.title)
    return [Text(where, rows, edit=True), Understood()]


def stuck(turn: Turn, mentor: Mentor) -> Replies:
    """The likely problems of a step with their cures, then a person."""
    edition = mentor.guide(turn.guide)
    if edition is None:
        return gone(turn, mentor, turn.guide)
    words = mentor.words
    step = edition.text.nearest(turn.step)
    fixes = fix_lines(step.fixes, words)
    said = [f"**{step.title}**", words.say("guide.stuck"), fixes, words.say("guide.stuck_else")]
    if not fixes:
        said = [f"**{step.title}**", words.say("guide.stuck_unknown")]
    rows = [
        [person_button(words, edition.slug, step.number)],
        [step_button(words.say("guide.back_to_step"), edition.slug, step.number)],
    ]
    return [Text("\n\n".join(said), rows, edit=True), Understood()]


def guide_pdf(turn: Turn, mentor: Mentor) -> Replies:
    """The whole guide as a file, with the facts of the person's country."""
    edition = mentor.guide(turn.guide)
    if edition is None:
        return gone(turn, mentor, turn.guide)
    caption = mentor.words.say("guide.pdf_caption", title=edition.title)
    return [Document(edition.slug, mentor.words.language, turn.country, caption), Understood()]


def pdf_button(words: Words, guide: str) -> Button:
    """Asks for the guide as a file."""
    return Button(words.say("guide.pdf"), "guide_pdf", guide=guide)


def rate_guide(turn: Turn, mentor: Mentor) -> Replies:
    """Thank for a thumb; the screen it stood on keeps its ways on."""
    edition = mentor.guide(turn.guide)
    if edition is None:
        return gone(turn, mentor, turn.guide)
    words = mentor.words
    rows = onward_rows(turn, mentor, edition)
    if turn.value == "up":
        return [Text(words.say("guide.rated_up"), rows, edit=True), Rating(edition.slug, "up"), Understood()]
    if turn.value == "down":
        rows.insert(0, [person_button(words, edition.slug)])
        return [Text(words.say("guide.rated_down"), rows, edit=True), Rating(edition.slug, "down"), Understood()]
    return menu(turn, mentor)


def onward_rows(turn: Turn, mentor: Mentor, edition: Edition) -> list[list[Button]]:
    """Two guides that go well with this one, those not yet done first, and the menu."""
    related = mentor.library.related(edition.slug, mentor.words.language)
    chosen = sorted(related, key=lambda other: other.slug in turn.finished)[:2]
    return [*guide_rows(chosen), [menu_button(mentor.words, NEW)]]


def guide_rows(editions: Sequence[Edition]) -> list[list[Button]]:
    """One guide a row."""
    return [[guide_button(edition)] for edition in editions]


def _second_topic(turn: Turn, mentor: Mentor, first: str) -> Edition | None:
    """The other guide a message with two questions may be about."""
    for intent, confidence in turn.ranking:
        slug = mentor.library.slug_of(intent)
        if slug and slug != first:
            return mentor.guide(slug) if confidence >= SECOND_TOPIC else None
    return None


ANSWERS: dict[str, Answer] = {
    "guide_card": guide_card,
    "show_guide": show_guide,
    "all_steps": all_steps,
    "more": more,
    "guide_pdf": guide_pdf,
    "stuck": stuck,
    "rate_guide": rate_guide,
}
