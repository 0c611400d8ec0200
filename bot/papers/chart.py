"""A small picture with bars, readable on a phone: dark for now, light for the last time."""

import io
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from actions.replies import Bar
from bot.papers.fonts import BOLD, REGULAR

WIDTH = 800
MARGIN = 40
ROW, BAR, THIN = 96, 30, 12
TOP = 104
LEGEND = 56
COLOURS = 16
"""Colours in the file: the edges of letters need a few, and more would only cost bytes."""
PAPER, INK, NOW, BEFORE, EMPTY = "#ffffff", "#1b2733", "#1f6f5c", "#e0a33a", "#e6ebef"
"""Dark green and amber are told apart by people who see red and green alike, and on a printed page."""


@dataclass(frozen=True)
class ChartData:
    """What the picture shows."""

    title: str
    bars: tuple[Bar, ...]
    legend_now: str = ""
    legend_before: str = ""


def draw_chart(data: ChartData) -> bytes:
    """The picture as PNG."""
    compared = any(bar.before is not None for bar in data.bars)
    height = TOP + ROW * len(data.bars) + (LEGEND if compared else MARGIN // 2)
    image = Image.new("RGB", (WIDTH, height), PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((MARGIN, 30), data.title, font=_fitting(data.title, str(BOLD), 40, WIDTH - 2 * MARGIN), fill=INK)
    for index, bar in enumerate(data.bars):
        _draw_bar(draw, bar, TOP + ROW * index)
    if compared:
        _draw_legend(draw, data, height - LEGEND)
    file = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _draw_bar(draw: ImageDraw.ImageDraw, bar: Bar, top: int) -> None:
    """One line: its name and figures above, the bar below."""
    right = WIDTH - MARGIN
    figures = f"{bar.now}/{bar.total}"
    draw.text((MARGIN, top), bar.label, font=_fitting(bar.label, str(REGULAR), 30, right - MARGIN - 90), fill=INK)
    draw.text((right, top), figures, font=_font(str(BOLD), 30), fill=INK, anchor="ra")
    top += 40
    _draw_part(draw, top, BAR, 1.0, EMPTY)
    if bar.now:
        _draw_part(draw, top, BAR, min(1.0, bar.now / bar.total), NOW)
    if bar.before is not None:
        share = min(1.0, bar.before / bar.total)
        _draw_part(draw, top + BAR + 4, THIN, max(share, 0.01), BEFORE)


def _draw_part(draw: ImageDraw.ImageDraw, top: int, height: int, share: float, colour: str) -> None:
    right = MARGIN + (WIDTH - 2 * MARGIN) * share
    draw.rounded_rectangle((MARGIN, top, right, top + height), radius=min(8, height // 2), fill=colour)


def _draw_legend(draw: ImageDraw.ImageDraw, data: ChartData, top: int) -> None:
    left: float = MARGIN
    font = _font(str(REGULAR), 24)
    for colour, words in ((NOW, data.legend_now), (BEFORE, data.legend_before)):
        draw.rounded_rectangle((left, top + 6, left + 24, top + 30), radius=6, fill=colour)
        draw.text((left + 34, top + 4), words, font=font, fill=INK)
        left += 34 + draw.textlength(words, font=font) + 40


def _fitting(text: str, path: str, size: int, width: float) -> ImageFont.FreeTypeFont:
    """The largest size up to `size` in which `text` fits into `width`."""
    while size > 16 and _font(path, size).getlength(text) > width:
        size -= 2
    return _font(path, size)


@cache
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)
