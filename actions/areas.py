"""Every answer the mentor can give, by the name of its action. A new area is one more line here."""

from actions import checkup, fallback, glossary, guide, handoff, menu, step, talk
from actions.mentor import Answer

ANSWERS: dict[str, Answer] = {
    **talk.ANSWERS,
    **menu.ANSWERS,
    **fallback.ANSWERS,
    **guide.ANSWERS,
    **step.ANSWERS,
    **handoff.ANSWERS,
    **checkup.ANSWERS,
    **glossary.ANSWERS,
}
