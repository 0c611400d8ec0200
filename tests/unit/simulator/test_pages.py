"""The chat page as files: its policy and its languages. What it does is tested in a browser (tests/integration)."""

import re
from pathlib import Path

import aiohttp

from simulator.app import Site


async def test_page_has_a_strict_policy_and_no_inline_code(site: Site) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{site.url}/") as answer:
        policy, text = answer.headers["Content-Security-Policy"], await answer.text()

    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]*\ssrc=)", text)


def test_languages_of_the_phone_are_those_of_the_mentor() -> None:
    root = Path(__file__).parents[3]
    page = (root / "simulator/page/main.js").read_text(encoding="utf-8")
    listed = re.findall(r"^  - \{code: (\w\w),", (root / "languages.yml").read_text(encoding="utf-8"), re.MULTILINE)

    offered = re.findall(r"^  (\w\w): \[\"", page, re.MULTILINE)

    assert sorted(offered) == sorted(listed)
