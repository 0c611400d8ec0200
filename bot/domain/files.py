"""Files that are made when a call leaves: the outbox holds what to make, not the bytes.

So a database stays small, a guide is printed as it is now, and nothing has to be erased twice.
"""

import asyncio
from typing import Any

from actions.replies import Bar, Chart, Document
from bot.domain.export import export_json
from bot.domain.ports import House
from bot.errors import FileFailed
from bot.messages import File, Outbound

MADE = "made"


def chart_call(chart: Chart) -> dict[str, Any]:
    """What to make of a chart."""
    bars = [[bar.label, bar.now, bar.total, bar.before] for bar in chart.bars]
    return {MADE: "chart", "title": chart.title, "bars": bars, "legend": [chart.legend_now, chart.legend_before]}


def guide_call(document: Document) -> dict[str, Any]:
    """What to make of a guide to print."""
    return {
        MADE: "guide",
        "guide": document.guide,
        "language": document.language,
        "country": document.country,
    }


def export_call(chat_id: int, caption: str) -> Outbound:
    """Everything about a person, as a file."""
    params = {"chat_id": chat_id, "caption": caption, "document": {MADE: "export", "chat_id": chat_id}}
    return Outbound("sendDocument", params, chat_id)


async def fill_in(house: House, params: dict[str, Any]) -> dict[str, Any]:
    """`params` with every file made.

    Raises:
        FileFailed: one can't be made.
    """
    return {
        name: await _make(house, value) if isinstance(value, dict) and MADE in value else value
        for name, value in params.items()
    }


async def _make(house: House, wanted: dict[str, Any]) -> File:
    try:
        match wanted[MADE]:
            case "chart":
                bars = [Bar(*bar) for bar in wanted["bars"]]
                data = await asyncio.to_thread(house.papers.chart, wanted["title"], bars, *wanted["legend"])
                return File("chart.png", data)
            case "guide":
                slug, language = wanted["guide"], wanted["language"]
                made = await asyncio.to_thread(house.papers.guide, slug, language, wanted["country"])
                if made is None:
                    raise FileFailed(f"there is no guide {slug} any more")
                return File(f"{slug}-{language}.pdf", made)
            case "export":
                return File("skills-mentor-data.json", await export_json(house, wanted["chat_id"]))
    except FileFailed:
        raise
    except Exception as error:
        # The text of the error may hold what is in the file.
        raise FileFailed(f"{wanted[MADE]} could not be made: {type(error).__name__}") from error
    raise FileFailed(f"nobody knows how to make {wanted[MADE]!r}")
