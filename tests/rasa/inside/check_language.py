# ruff: noqa: PT009 - unittest, for there is no pytest in the Rasa environment
"""The language of a message: learned from phrases, told only when it is sure."""

import tempfile
import unittest
from pathlib import Path

from nlu.components.language_model import LanguageModel, fit_languages
from nlu.importer import carried, language_of, read_phrases

ROOT = Path(__file__).resolve().parents[3]
SURE = 0.9


def learned() -> LanguageModel:
    """The model of four languages, from the phrases that are there."""
    phrases = {}
    for code in ("en", "nb", "hr", "bg"):
        messages = [message for path in sorted((ROOT / "nlu" / code).glob("*.yml")) for message in read_phrases(path)]
        assert all(language_of(message) == code and carried(message) is None for message in messages)
        phrases[code] = [message.get("text") for message in messages]
    return fit_languages(phrases)


class Languages(unittest.TestCase):
    """nlu/components/language_model.py"""

    model: LanguageModel

    @classmethod
    def setUpClass(cls) -> None:
        cls.model = learned()

    def test_language_is_told_of_a_sentence(self) -> None:
        for text, code in (
            ("Where can I find somebody who repairs the roof of my barn?", "en"),
            ("hvor finner jeg noen som kan reparere taket på låven min", "nb"),
            ("gdje mogu naci nekoga tko ce popraviti krov moje staje", "hr"),
            ("Къде мога да намеря някой да поправи покрива на обора ми?", "bg"),
        ):
            told, chance = self.model.language_of(text)
            self.assertEqual(told, code, text)
            self.assertGreaterEqual(chance, SURE, text)

    def test_short_texts_have_no_language(self) -> None:
        for text in ("ok", "hei", "facebook", "Google Business Profile"[:14], "ja takk", "", "123 456 789 000 000 000"):
            self.assertEqual(self.model.language_of(text), ("", 0.0), text)

    def test_a_language_that_was_never_learned_is_not_told(self) -> None:
        for text in (
            "Où puis-je vendre mes fromages sur internet ?",
            "我想在网上卖我的奶酪 怎么 开始 呢 我 不 知道",
        ):
            self.assertLess(self.model.language_of(text)[1], SURE, text)

    def test_english_words_do_not_make_a_sentence_english(self) -> None:
        told, _ = self.model.language_of("jeg trenger en webshop og litt online marketing til bedriften min")

        self.assertEqual(told, "nb")

    def test_model_is_the_same_after_saving_and_loading(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            self.model.save(Path(name))
            loaded = LanguageModel.load(Path(name))

        text = "kako da prodajem sir preko interneta"
        self.assertEqual(self.model.language_of(text), loaded.language_of(text))


if __name__ == "__main__":
    unittest.main()
