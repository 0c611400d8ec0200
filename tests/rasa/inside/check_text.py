# ruff: noqa: PT009 - unittest, for there is no pytest in the Rasa environment
"""Texts: whatever comes, it is cleaned, never raises, and takes no time to speak of."""

import time
import unittest

from nlu.components.text import LIMIT, cleaned, folded, letters, normalised, shortened

ODD = (
    "",
    " \t\n",
    "\0",
    "\ud800",
    "\u200b\u200d\ufeff",
    "\u202e gnirts",
    "😀" * 2000,
    "1234567890",
    "a" * 1_000_000,
    "<" * 4096,
    "<b" * 2048,
    "@" * 4096,
    "a@" * 2048,
    "https://" * 512,
    "(((((" * 800,
    "ﷺ" * 500,
    "e\u0301" * 2000,
)


class Cleaned(unittest.TestCase):
    """nlu/components/text.py"""

    def test_cleaned_leaves_only_what_was_meant(self) -> None:
        told = {
            "  how\n do I  ": "how do I",
            "<b>card</b> payment": "card payment",
            "see https://example.org/a?b=1 please": "see please",
            "mail me at a.b@example.org now": "mail me at now",
            "zero\u200bwidth and \u202ertl": "zerowidth and rtl",
            "a\0b \ud83d c": "a b c",
        }

        self.assertEqual({text: cleaned(text) for text in told}, told)

    def test_shortened_keeps_both_ends_and_says_so_in_its_length(self) -> None:
        text = "a" * 1000 + "b" * 1000

        self.assertEqual(shortened(text), "a" * (LIMIT // 2) + " " + "b" * (LIMIT // 2))
        self.assertEqual(shortened("short"), "short")

    def test_folded_does_not_care_about_diacritics_in_any_language(self) -> None:
        told = {"Žiro": "ziro", "ØRE": "ore", "Łódź": "lodz", "Straße": "strasse", "ΠΛΗΡΩΜΉ": "πληρωμη", "Ő": "o"}

        self.assertEqual({text: folded(text) for text in told}, told)

    def test_normalised_compares_word_for_word(self) -> None:
        self.assertEqual(normalised("  Hvordan FÅR jeg... betalt?! "), "hvordan far jeg betalt")
        self.assertEqual(normalised("!!!"), "")

    def test_nothing_raises_and_nothing_is_slow(self) -> None:
        for text in ODD:
            with self.subTest(text[:10]):
                began = time.process_time()
                for work in (cleaned, normalised, shortened, letters):
                    work(text)
                folded(text[:4096])

                self.assertLess(time.process_time() - began, 1.0)
                self.assertLessEqual(len(cleaned(text)), LIMIT + 1)


if __name__ == "__main__":
    unittest.main()
