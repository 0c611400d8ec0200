"""The papers, made for real from the real guides: small, readable, in every language's letters."""

import io
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from actions.guides import AREAS, Library, Shelf
from actions.replies import Bar
from actions.words import Locales
from bot.languages import read_roster
from bot.papers.chart import ChartData, draw_chart
from bot.papers.fonts import BOLD, REGULAR
from bot.papers.workshop import Workshop

ROOT = Path(__file__).resolve().parents[3]
CODES = [language.code for language in read_roster().languages]
CHART_LIMIT, PDF_LIMIT = 40_000, 150_000
DRAWN_OTHERWISE = set("\u202f⚠️✅◀▶👍👎")
"""Signs that the papers replace or leave out, or that stand on buttons alone."""


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf(ROOT / "guides")


@pytest.fixture(scope="module")
def library(shelf: Shelf) -> Library:
    return shelf.library()


@pytest.fixture(scope="module")
def workshop(shelf: Shelf, locales: Locales) -> Workshop:
    return Workshop(shelf, locales)


@pytest.mark.parametrize("code", CODES)
def test_chart_is_small_and_fits_the_words_of_the_language(code: str, locales: Locales) -> None:
    words = locales.words(code)
    bars = tuple(Bar(words.say(f"area.{area}"), 2, 3, 1) for area in AREAS)

    data = draw_chart(ChartData("12/12", bars, words.say("checkup.chart_now"), words.say("checkup.chart_before")))

    image = Image.open(io.BytesIO(data))
    assert (image.format, image.width) == ("PNG", 800)
    assert len(data) < CHART_LIMIT


def test_bars_have_the_length_of_their_points() -> None:
    data = draw_chart(ChartData("x", (Bar("none", 0, 4), Bar("half", 2, 4), Bar("all", 4, 4))))
    image = Image.open(io.BytesIO(data)).convert("RGB")

    def filled(row: int) -> int:
        green = [image.getpixel((x, row)) for x in range(image.width)]
        return sum(isinstance(pixel, tuple) and pixel[1] - pixel[0] > 40 for pixel in green)

    none, half, whole = (filled(104 + 96 * index + 55) for index in range(3))
    assert none == 0
    assert abs(whole - 2 * half) < 20


@pytest.mark.parametrize("code", CODES)
def test_guide_as_pdf_is_small_in_every_language(workshop: Workshop, library: Library, code: str) -> None:
    longest = max(
        library.slugs,
        key=lambda slug: sum(
            len(block.text)
            for step in library.guide(slug, code).text.steps
            for block in step.blocks  # type: ignore[union-attr]
        ),
    )
    countries = next(language.countries for language in read_roster().languages if language.code == code)

    made = workshop.guide(longest, code, countries[0] if countries else "NO")

    assert made is not None
    assert made.startswith(b"%PDF-")
    assert len(made) < PDF_LIMIT
    assert len(re.findall(rb"/Type /Page\b", made)) <= 6


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("font", [REGULAR, BOLD], ids=["regular", "bold"])
def test_typeface_has_every_letter_of_the_language(library: Library, code: str, font: Path) -> None:
    known = set(TTFont(font).getBestCmap())
    texts = [library.guide(slug, code).text for slug in library.slugs]  # type: ignore[union-attr]
    said = [part for text in texts for part in (text.title, text.short, *(step.title for step in text.steps))]
    said += [f"{block.text} {block.cure}" for text in texts for step in text.steps for block in step.blocks]

    missing = {sign for text in said for sign in text if ord(sign) > 32 and ord(sign) not in known} - DRAWN_OTHERWISE

    assert missing == set()


def test_guide_is_made_once_while_nothing_changes(workshop: Workshop) -> None:
    assert workshop.guide("shop-payments", "en", "NO") is workshop.guide("shop-payments", "en", "NO")
    assert workshop.guide("shop-nothing", "en", "NO") is None
