"""The guide library, read-only. Knows nothing of Rasa or Telegram, so that every part can use it."""

from actions.guides.checkup import Checkup, CheckupText, answer_of
from actions.guides.faults import Fault, Unreadable
from actions.guides.glossary import Term
from actions.guides.languages import Language, read_languages
from actions.guides.library import Library
from actions.guides.model import AREAS, TOPICS, Block, Edition, Guide, GuideText, Note, Step, intent_of
from actions.guides.names import country_name, day_of, month_of
from actions.guides.search import Hit
from actions.guides.shelf import Shelf

__all__ = [
    "AREAS",
    "TOPICS",
    "Block",
    "Checkup",
    "CheckupText",
    "Edition",
    "Fault",
    "Guide",
    "GuideText",
    "Hit",
    "Language",
    "Library",
    "Note",
    "Shelf",
    "Step",
    "Term",
    "Unreadable",
    "answer_of",
    "country_name",
    "day_of",
    "intent_of",
    "month_of",
    "read_languages",
]
