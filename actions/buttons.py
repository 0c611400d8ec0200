"""The buttons that several areas share."""

from actions.guides import AREAS, Edition
from actions.replies import Button
from actions.words import Words

LABEL_LIMIT = 64
NEW = "new"
"""Value of a button whose answer is a new message: the one it stands under is worth keeping."""


def fit(label: str, limit: int = LABEL_LIMIT) -> str:
    """`label`, cut at a word where it is longer than a button can be."""
    if len(label) <= limit:
        return label
    return label[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "\u2026"


def menu_button(words: Words, value: str = "") -> Button:
    """The way out of every screen."""
    return Button(words.say("menu.button"), "menu", value=value)


def person_button(words: Words, guide: str = "", step: int = 0) -> Button:
    """The way to a human, with what the talk was about."""
    return Button(words.say("menu.person"), "ask_human", guide=guide, step=step)


def area_buttons(words: Words) -> list[list[Button]]:
    """The four areas, two a row."""
    buttons = [Button(words.say(f"area.{area}"), "show_area", value=area) for area in AREAS]
    return [buttons[:2], buttons[2:]]


def guide_button(edition: Edition, label: str = "") -> Button:
    """Opens the card of a guide; the label is its title if nothing else is said."""
    return Button(fit(label or edition.title), "show_guide", guide=edition.slug)


def step_button(label: str, guide: str, step: int, value: str = "") -> Button:
    """Shows a step of a guide."""
    return Button(fit(label), "show_step", guide=guide, step=step, value=value)
