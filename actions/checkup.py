"""The firm check, question by question, and the plan that comes of it."""

from collections.abc import Mapping, Sequence

from actions.buttons import NEW, guide_button, menu_button
from actions.guides import AREAS, Checkup, CheckupText, Edition, answer_of, month_of
from actions.mentor import Answer, Mentor, Replies
from actions.menu import menu_text
from actions.replies import Bar, Button, Chart, CheckupAnswer, CheckupDone, Text, Understood
from actions.turn import Turn

RESTART = "restart"
STRONG_LISTED = 4


def start_checkup(turn: Turn, mentor: Mentor) -> Replies:
    """What the check is, and the way in: from the start, or on from where the person left."""
    words, checkup = mentor.words, mentor.library.checkup
    if checkup is None:
        return _missing(turn, mentor)
    number = checkup.next_open(turn.answers)
    begin = Button(words.say("checkup.start"), "checkup_question", value=RESTART)
    if turn.answers and number is not None:
        line = words.say("checkup.go_on_intro", n=number, total=len(checkup.questions))
        rows = [
            [
                Button(words.say("checkup.go_on"), "checkup_question"),
                Button(words.say("checkup.restart"), "checkup_question", value=RESTART),
            ]
        ]
    elif turn.checked is not None:
        line = words.say("checkup.again_intro", month=month_of(turn.checked.day, words.language))
        rows = [[begin]]
    else:
        line, rows = words.say("checkup.intro"), [[begin]]
    return [Text(line, [*rows, [menu_button(words)]], edit=turn.value != NEW), Understood()]


def checkup_question(turn: Turn, mentor: Mentor) -> Replies:
    """One question: the one that is named, or the first that is open."""
    checkup = mentor.library.checkup
    if checkup is None:
        return _missing(turn, mentor)
    if turn.value == RESTART:
        return [*_ask(mentor, checkup, 1), CheckupAnswer(restart=True), Understood()]
    keys = checkup.keys
    number = keys.index(turn.value) + 1 if turn.value in keys else checkup.next_open(turn.answers)
    return [*_ask(mentor, checkup, number or 1), Understood()]


def answer_checkup(turn: Turn, mentor: Mentor) -> Replies:
    """Take an answer: the next open question, or the result.

    A tap that comes when no check is under way belongs to one that is done: the plan says what came of it.
    """
    checkup = mentor.library.checkup
    if checkup is None:
        return _missing(turn, mentor)
    given = answer_of(turn.value)
    keys = checkup.keys
    if given is None or given[0] not in keys or (not turn.answers and given[0] != keys[0]):
        return show_plan(turn, mentor) if turn.plan else start_checkup(turn, mentor)
    key, reply = given
    answers = {**turn.answers, key: reply}
    number = checkup.next_open(answers)
    if number is not None:
        return [*_ask(mentor, checkup, number), CheckupAnswer(key, reply), Understood()]
    return _result(turn, mentor, checkup, answers, CheckupAnswer(key, reply))


def _ask(mentor: Mentor, checkup: Checkup, number: int) -> list[Text]:
    """Question `number`, in place of the one before."""
    words = mentor.words
    key = checkup.questions[number - 1].key
    text = mentor.library.checkup_text(words.language)
    ask = text.asks.get(key, "") if text is not None else ""
    answers = [
        Button(words.say(f"checkup.{reply}"), "answer_checkup", value=f"{key}-{reply}")
        for reply in ("yes", "no", "unknown")
    ]
    moves = [Button(words.say("checkup.later"), "menu")]
    if number > 1:
        back = checkup.questions[number - 2].key
        moves.insert(0, Button(words.say("guide.back"), "checkup_question", value=back))
    said = f"**{number}/{len(checkup.questions)}**  {ask or key}"
    return [Text(said, [answers[:2], answers[2:], moves], edit=True)]


def _result(turn: Turn, mentor: Mentor, checkup: Checkup, answers: Mapping[str, str], last: CheckupAnswer) -> Replies:
    """Level, picture, plan, and the question whether the mentor may ask how it goes."""
    words = mentor.words
    text = mentor.library.checkup_text(words.language)
    level = checkup.level(answers)
    name, encouragement = text.levels.get(level, (level, "")) if text is not None else (level, "")
    points, total = checkup.points(answers), len(checkup.questions)
    plan = checkup.plan(answers, turn.finished, mentor.library.slugs)
    said = [words.say("checkup.result", level=name, points=points, total=total), encouragement]
    if turn.checked is not None:
        month = month_of(turn.checked.day, words.language)
        said.append(words.say("checkup.before", month=month, points=checkup.points(turn.checked.answers)))
    said.append(_strong(mentor, text, checkup, answers))
    replies: Replies = [
        Text("\n\n".join(part for part in said if part), edit=True),
        _chart(turn, mentor, checkup, answers, f"{name}: {points}/{total}"),
        _plan_text(mentor, plan, turn.finished),
    ]
    if not turn.coach:
        yes, no = Button(words.say("coach.yes"), "bot_coach_on"), Button(words.say("coach.no"), "bot_coach_off")
        replies.append(Text(words.say("coach.ask"), [[yes, no]]))
    return [*replies, last, CheckupDone(level, points, list(plan)), Understood()]


def _strong(mentor: Mentor, text: CheckupText | None, checkup: Checkup, answers: Mapping[str, str]) -> str:
    """What is strong already: at most a few lines."""
    held = [key for key in checkup.keys if answers.get(key) == "yes"]
    lines = [f"- {text.strong[key]}" for key in held if text is not None and key in text.strong][:STRONG_LISTED]
    return "\n".join([mentor.words.say("checkup.strong"), *lines]) if lines else ""


def _chart(turn: Turn, mentor: Mentor, checkup: Checkup, answers: Mapping[str, str], title: str) -> Chart:
    words = mentor.words
    bars = []
    for area in AREAS:
        now, total = checkup.share(area, answers)
        before = checkup.share(area, turn.checked.answers)[0] if turn.checked is not None else None
        bars.append(Bar(words.say(f"area.{area}"), now, max(total, 1), before))
    caption = "\n".join(f"{bar.label}: {bar.now}/{bar.total}" for bar in bars)
    return Chart(title, bars, caption, words.say("checkup.chart_now"), words.say("checkup.chart_before"))


def show_plan(turn: Turn, mentor: Mentor) -> Replies:
    """The plan with its ticks, or the way to one."""
    words = mentor.words
    if not turn.plan:
        rows = [[Button(words.say("checkup.start"), "start_checkup")], [menu_button(words)]]
        return [Text(words.say("plan.none"), rows, edit=True), Understood()]
    return [_plan_text(mentor, turn.plan, turn.finished, edit=turn.value != NEW), Understood()]


def _plan_text(mentor: Mentor, plan: Sequence[str], finished: frozenset[str], edit: bool = False) -> Text:
    """The guides of the plan with their reasons, what is done ticked off, and the next one as a button."""
    words = mentor.words
    text = mentor.library.checkup_text(words.language)
    editions = [edition for slug in plan if (edition := mentor.guide(slug)) is not None]
    left = [edition for edition in editions if edition.slug not in finished]
    said = [words.say("plan.title")]
    said += [_plan_line(number, edition, text, finished) for number, edition in enumerate(editions, 1)]
    done = len(editions) - len(left)
    if done and left:
        said.append(words.count("plan.ticked", done, total=len(editions)))
    rows = [[menu_button(words, NEW)]]
    if left:
        rows.insert(0, [guide_button(left[0], words.say("plan.next", title=left[0].title))])
    else:
        said.append(words.say("plan.all_done"))
        rows.insert(0, [Button(words.say("plan.again"), "start_checkup", value=NEW)])
    return Text("\n\n".join(said), rows, edit=edit)


def _plan_line(number: int, edition: Edition, text: CheckupText | None, finished: frozenset[str]) -> str:
    tick = "✅ " if edition.slug in finished else ""
    reason = text.reasons.get(edition.slug, "") if text is not None else ""
    # The number stands inside the bold part: as a Markdown list the items would lose the space between them.
    return f"{tick}**{number}. {edition.title}**\n{reason}".strip()


def _missing(turn: Turn, mentor: Mentor) -> Replies:
    """The questions could not be read: the menu, rather than a check that counts wrongly."""
    return [menu_text(turn, mentor), Understood()]


ANSWERS: dict[str, Answer] = {
    "start_checkup": start_checkup,
    "checkup_question": checkup_question,
    "answer_checkup": answer_checkup,
    "show_plan": show_plan,
}
