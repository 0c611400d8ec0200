"""A guide as a PDF to print or keep offline: A4, black on white, boxes to tick, the facts of the person's country."""

import re
from dataclasses import dataclass
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from actions.guides import Edition, Library, Note, Step, country_name, month_of
from actions.words import Words
from bot.papers.fonts import BOLD, REGULAR

FAMILY = "Fira"
MARGIN = 18.0
INDENT = 9.0
INK, GREY, SOFT = (27, 39, 51), (96, 108, 120), (226, 231, 235)
TIP, WARNING = (31, 111, 92), (192, 91, 28)
NOTES_IN_STEP = 2
_STARS = re.compile(r"(?<!\*)\*(?!\*)([^*\n]+)\*(?!\*)")


@dataclass(frozen=True)
class GuidePaper:
    """What goes on the paper."""

    edition: Edition
    library: Library
    words: Words
    country: str


def make_guide_pdf(paper: GuidePaper) -> bytes:
    """The PDF; its fonts hold only the letters that it uses."""
    pdf = _Pages(paper)
    pdf.add_page()
    _write_head(pdf, paper)
    for step in paper.edition.text.steps:
        _write_step(pdf, paper, step)
    _write_end(pdf, paper)
    return bytes(pdf.output())


class _Pages(FPDF):
    """A4 pages with the guide's name and the page number at the foot."""

    def __init__(self, paper: GuidePaper) -> None:
        super().__init__(format="A4")
        self._foot = paper.edition.title
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, MARGIN + 4)
        for style, file in (("", REGULAR), ("B", BOLD), ("I", REGULAR), ("BI", BOLD)):
            self.add_font(FAMILY, style, _checked(file))
        self.set_title(paper.edition.title)
        self.set_author("SKILLS+ Mentor")
        self.set_lang(paper.words.language)
        # The same guide gives the same bytes on the same day: nothing of the machine or the minute is in it.
        self.set_creator("SKILLS+ Mentor")

    def footer(self) -> None:
        """Name and page."""
        self.set_y(-MARGIN + 2)
        self.set_font(FAMILY, "", 8)
        self.set_text_color(*GREY)
        self.cell(0, 5, f"SKILLS+ Mentor · {self._foot}")
        self.set_x(MARGIN)
        self.cell(0, 5, f"{self.page_no()}/{{nb}}", align="R")

    def write_block(
        self, text: str, size: float = 10.5, left: float = INDENT, colour: tuple[int, int, int] = INK
    ) -> None:
        """A paragraph with bold words and links."""
        self.set_font(FAMILY, "", size)
        self.set_text_color(*colour)
        self.set_x(MARGIN + left)
        width = self.w - 2 * MARGIN - left
        self.multi_cell(
            width, size * 0.5, _markdown(text), markdown=True, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
        self.ln(1)

    def write_title(self, text: str, size: float, left: float = 0.0) -> None:
        """A heading."""
        self.set_font(FAMILY, "B", size)
        self.set_text_color(*INK)
        self.set_x(MARGIN + left)
        self.multi_cell(self.w - 2 * MARGIN - left, size * 0.48, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1)

    def write_barred(self, text: str, colour: tuple[int, int, int], size: float = 10) -> None:
        """A paragraph with a coloured bar at its side."""
        if self.will_page_break(size * 0.5 * 2):
            self.add_page()
        top, page = self.get_y(), self.page
        self.write_block(text, size, INDENT + 3)
        self.set_fill_color(*colour)
        start = top if page == self.page else self.t_margin
        self.rect(MARGIN + INDENT, start, 1.0, max(1.0, self.get_y() - start - 1), style="F")


def _write_head(pdf: _Pages, paper: GuidePaper) -> None:
    edition, words = paper.edition, paper.words
    pdf.write_title(edition.title, 20)
    pdf.write_block(words.count("guide.effort", edition.total, minutes=edition.guide.minutes), 10, 0.0, GREY)
    if edition.fallback:
        pdf.write_block(words.say("guide.only_english"), 10, 0.0, GREY)
    pdf.write_block(edition.text.short, 11.5, 0.0)
    pdf.ln(2)


def _write_step(pdf: _Pages, paper: GuidePaper, step: Step) -> None:
    """A step with a box to tick."""
    if pdf.will_page_break(30):
        pdf.add_page()
    pdf.set_draw_color(*INK)
    pdf.rect(MARGIN, pdf.get_y() + 0.8, 4.5, 4.5)
    pdf.write_title(f"{step.number}. {step.title}", 13, INDENT)
    for block in step.blocks:
        match block.kind:
            case "country":
                for note in paper.library.notes(paper.country, block.text, paper.words.language)[:NOTES_IN_STEP]:
                    pdf.write_barred(_country_line(note, paper.words), SOFT)
            case "warning":
                pdf.write_barred(paper.words.say("guide.warning", text=block.text).replace("⚠️ ", ""), WARNING)
            case "tip":
                pdf.write_barred(block.text, TIP)
            case "paragraph":
                pdf.write_block(block.text)
    if step.fixes:
        pdf.write_block(f"**{paper.words.say('guide.if_stuck')}**", 10)
        pdf.write_block("\n".join(f"• {fix.text}: {fix.cure}" for fix in step.fixes), 10, INDENT + 3)
    pdf.ln(3)


def _write_end(pdf: _Pages, paper: GuidePaper) -> None:
    """Where the facts come from, and when they were looked at."""
    words, guide = paper.words, paper.edition.guide
    month = month_of(guide.reviewed, words.language)
    pdf.write_block(f"**{words.say('guide.sources')}**\n" + "\n".join(guide.sources), 8, 0.0, GREY)
    pdf.write_block(words.say("guide.reviewed", month=month), 8, 0.0, GREY)


def _country_line(note: Note, words: Words) -> str:
    checked = words.say("guide.checked", month=month_of(note.reviewed, words.language))
    country = country_name(note.country, words.language)
    return words.say("guide.in_country", country=country, text=note.text, checked=checked)


def _markdown(text: str) -> str:
    """Our Markdown as the library reads it: it has signs of its own for italic, strike-through and underline."""
    lines = (_plain_signs(line) for line in text.split("\n"))
    return "\n".join(f"• {line[2:]}" if line.startswith("- ") else line for line in lines)


def _plain_signs(line: str) -> str:
    # A narrow no-break space has no shape in the typeface.
    return _STARS.sub(r"\1", line).replace("\u202f", "\u00a0").replace("--", "–").replace("__", "_").replace("~~", "~")


def _checked(file: Path) -> Path:
    """The font file, or a clear word about the set-up."""
    if not file.is_file():
        raise FileNotFoundError(f"The font {file.name} is missing: run `make setup`.")
    return file
