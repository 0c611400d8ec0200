"""Draws which intents are taken for which."""

from collections import Counter
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bot.papers.fonts import REGULAR

CELL, MARGIN, SIZE = 22, 190, 13
WHITE, INK, GRID = (255, 255, 255), (40, 40, 40), (225, 225, 225)
RIGHT, WRONG = (46, 125, 50), (198, 40, 40)
REST = "(talk)"
"""All intents that are neither guides nor named here."""
NAMED = ("ask_human", "explain_term", "out_of_scope")


def draw(taken: Counter[tuple[str, str]], file: Path) -> None:
    """Write a picture: rows are what was meant, columns what was thought; darker is more often, green is right."""
    counts: Counter[tuple[str, str]] = Counter()
    for (meant, thought), count in taken.items():
        counts[_shown(meant), _shown(thought)] += count
    names = sorted({name for pair in counts for name in pair}, key=lambda name: (name in (*NAMED, REST), name))
    picture = Image.new("RGB", (MARGIN + CELL * len(names) + 10, MARGIN + CELL * len(names) + 10), WHITE)
    pen, font = ImageDraw.Draw(picture), ImageFont.truetype(str(REGULAR), SIZE)
    for place, name in enumerate(names):
        start = MARGIN + CELL * place
        pen.text((MARGIN - 6, start + CELL / 2), name, INK, font, anchor="rm")
        _upright(picture, name, font, start)
        total = sum(counts[name, other] for other in names)
        for column, other in enumerate(names):
            _cell(pen, (MARGIN + CELL * column, start), counts[name, other] / max(1, total), name == other)
    picture.quantize(64).save(file, optimize=True)


def _shown(intent: str) -> str:
    return intent.removeprefix("guide_") if intent.startswith("guide_") or intent in NAMED else REST


def _cell(pen: ImageDraw.ImageDraw, corner: tuple[int, int], share: float, right: bool) -> None:
    strength = share**0.5
    colour = tuple(round(255 + (tone - 255) * strength) for tone in (RIGHT if right else WRONG))
    pen.rectangle((*corner, corner[0] + CELL, corner[1] + CELL), colour, GRID)


def _upright(picture: Image.Image, name: str, font: ImageFont.FreeTypeFont, start: int) -> None:
    """A name above its column, read from below."""
    line = Image.new("RGB", (MARGIN - 6, CELL), WHITE)
    ImageDraw.Draw(line).text((0, CELL / 2), name, INK, font, anchor="lm")
    picture.paste(line.rotate(90, expand=True), (start, 6))
