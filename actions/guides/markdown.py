"""The Markdown that content files may use: bold, italic, https links and lists; and what they may not.

Each rule is one line of a table, so that the checker can name the place and the cure. All patterns are linear.
"""

import re

from actions.guides.faults import Findings

_FORBIDDEN = (
    (re.compile(r"<[A-Za-z/!?]"), "HTML is not shown in a chat", "use **bold**, *italic* or [text](https://...)"),
    (re.compile(r"!\["), "pictures are not allowed", "describe it in words"),
    (re.compile(r"^\s*\|"), "tables are not shown in a chat", "use a list with `- `"),
    (
        re.compile(r"^#"),
        "only `## ` headings are allowed, one for each step",
        "begin the line with `## ` or leave out `#`",
    ),
    (
        re.compile(r"^(?:>|!(?!\[))"),
        "`>` and `!` need a space after them",
        "write `> ` for a tip and `! ` for a warning",
    ),
    (re.compile(r"`"), "code marks are not allowed", "use **bold** for what one types or taps"),
    (re.compile(r"^\s*(?:[*+]|\d{1,3}[.)])\s"), "lists begin with `- `", "write `- ` at the start of the line"),
    (re.compile(r"^\s+- "), "a list inside a list is not shown in a chat", "begin the line with `- `"),
    (re.compile(r"^\s*(?:[*_=-]\s?){3,}$"), "rules are not shown in a chat", "leave an empty line"),
    (re.compile(r"(?<!\w)_[^_\n]{1,200}_(?!\w)"), "italic is written with stars", "write *word*"),
    (re.compile(r"\{\{|\}\}|\{%"), "only `{{ country.<topic> }}` alone on its line is filled in", "write it out"),
    (re.compile(r"http://"), "a link is not https", "use the https address"),
    (re.compile(r"\t"), "there is a tab", "use spaces"),
    (re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]"), "there is a control character", "delete it"),
)
_SUSPECT = re.compile(r"^[\s\d>!-]|[<|#`*+_={}\[\]\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]|://")
"""What every rule above begins with: most lines have none of it, and need no closer look."""
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\(([^()\s]{1,500})\)")
_HTTPS = re.compile(r"https://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(?:[/?#:]\S*)?")
_NOT_PLAIN = re.compile(r"[*_`\[\]<>#|{}]")


def check_line(line: str, number: int, found: Findings) -> None:
    """Note everything on one line of text that content files may not use."""
    if not _SUSPECT.search(line):
        return
    for pattern, problem, cure in _FORBIDDEN:
        if pattern.search(line):
            found.refuse(number, problem, cure)
    if "](" in _LINK.sub("", line):
        found.refuse(number, "a link is broken", "write [text](https://...) on one line")
    for match in _LINK.finditer(line):
        if not is_https(match[2]) and not match[2].startswith("http://"):
            found.refuse(number, f"the link to {match[2]} is not https", "use an https address")


def check_block(text: str, number: int, found: Findings) -> None:
    """Note stars that are never closed in a paragraph, which begins on line `number`."""
    bare = _LINK.sub(r"\1", text)
    if bare.count("**") % 2:
        found.refuse(number, "`**` is opened and never closed", "close the bold words with `**`")
    if bare.replace("**", "").count("*") % 2:
        found.refuse(number, "`*` is opened and never closed", "close the italic words with `*`, or write × for times")


def is_plain(text: str) -> bool:
    """True if `text` has no character that Markdown or a button could take for more than itself."""
    return _NOT_PLAIN.search(text) is None


def is_https(address: object) -> bool:
    """True if `address` is a whole https address."""
    return isinstance(address, str) and _HTTPS.fullmatch(address) is not None
