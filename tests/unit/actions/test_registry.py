"""The guide registry: one broken entry takes nothing else down."""

from datetime import date

import pytest

from actions.guides import Guide
from actions.guides.registry import parse_registry

GOOD = """\
  good:
    {area: shop, order: 1, minutes: 30, level: beginner, related: [], country_topics: [vat],
     sources: [https://example.org/a], reviewed: 2026-11-01}
"""
ENTRY = """\
  other:
    area: shop
    order: 2
    minutes: 30
    level: beginner
    related: [good]
    country_topics: []
    sources: [https://example.org/a]
    reviewed: 2026-11-01
"""


def test_registry_reads_entries() -> None:
    guides, faults = parse_registry("guides:\n" + GOOD, "guides/guides.yml")

    assert faults == []
    assert guides == {
        "good": Guide(
            slug="good",
            area="shop",
            order=1,
            minutes=30,
            level="beginner",
            related=(),
            country_topics=("vat",),
            sources=("https://example.org/a",),
            reviewed=date(2026, 11, 1),
            line=2,
        )
    }


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("area: shop", "area: shoe", "6: other: `area` is `shoe` - use one of shop, cloud, social, base"),
        ("order: 2", "order: two", "7: other: `order` is `two` - write a number from 1"),
        ("minutes: 30", "minutes: 0", "8: other: `minutes` is `0` - write a number from 1"),
        ("    minutes: 30\n", "", "5: other: `minutes` is missing - write a number from 1"),
        ("level: beginner", "level: hard", "9: other: `level` is `hard` - use one of beginner, confident"),
        ("[good]", "good", "10: other: `related` is `good` - write a list of slugs, as in [shop-start, shop-legal]"),
        ("[good]", "[other]", "10: other: the guide is related to itself - name other guides"),
        (
            "https://example.org/a",
            "http://example.org/a",
            "12: other: `sources` is `['http://example.org/a']` - list the https addresses of the pages that were read",
        ),
        ("2026-11-01", "2026-13-01", "13: other: `reviewed` is `2026-13-01` - write the day as 2026-11-23"),
        ("2026-11-01", "last May", "13: other: `reviewed` is `last May` - write the day as 2026-11-23"),
        ("  other:", "  ../other:", "5: `../other` is no slug - use small letters, digits and hyphens"),
        (
            "area: shop",
            "area: shop\n    price: 3",
            (
                "7: `price` is no field of a guide - the fields are area, order, minutes, level, related, "
                "country_topics, sources, reviewed"
            ),
        ),
    ],
)
def test_broken_entry_is_named_and_leaves_the_others(old: str, new: str, fault: str) -> None:
    guides, faults = parse_registry("guides:\n" + GOOD + ENTRY.replace(old, new, 1), "guides/guides.yml")

    assert [str(found) for found in faults] == [f"guides/guides.yml:{fault}"]
    assert guides is not None
    assert list(guides) == ["good"]


def test_file_that_is_no_registry_is_refused() -> None:
    guides, faults = parse_registry("guide: {}\n", "guides/guides.yml")

    assert guides is None
    assert [str(found) for found in faults] == [
        "guides/guides.yml:1: there is no mapping `guides:` - begin the file with `guides:` and one slug below it"
    ]
