# ruff: noqa: PT009, PT027 - unittest, for there is no pytest in the Rasa environment
"""The pipeline's components one by one, on Rasa's own messages."""

import tempfile
import unittest
from pathlib import Path
from typing import Any, ClassVar

from rasa.shared.nlu.training_data.message import Message

from nlu.components.classifier import LIKENESS
from nlu.components.decision import Decision
from nlu.components.exact import ExactPhrases, table_of
from nlu.importer import PhraseFileInvalid, language_of, read_phrases


def phrase(text: str, intent: str, language: str) -> Message:
    """A training phrase."""
    return Message({"text": text, "intent": intent, "metadata": {"example": {"language": language}}})


def decided(ranking: "list[tuple[str, float]]", found: float, thresholds: dict[str, float]) -> "list[str]":
    """The names in the order that the decision gives them."""
    message = Message({"text": "x"})
    listed = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    message.set("intent_ranking", listed)
    message.set("intent", listed[0] if listed else {"name": None, "confidence": 0.0})
    message.set(LIKENESS, found)
    Decision({**Decision.get_default_config(), **thresholds}).process([message])
    assert message.get("intent") == message.get("intent_ranking")[0]
    return [item["name"] for item in message.get("intent_ranking")]


class Deciding(unittest.TestCase):
    """nlu/components/decision.py"""

    thresholds: ClassVar[dict[str, float]] = {"answer": 0.5, "talk": 0.2, "out_of_scope": 0.6, "likeness": 0.3}

    def outcome(self, ranking: "list[tuple[str, float]]", likeness: float = 0.9) -> "list[str]":
        return decided(ranking, likeness, self.thresholds)

    def test_decision_answers_when_sure(self) -> None:
        self.assertEqual(self.outcome([("guide_a", 0.5), ("guide_b", 0.3)]), ["guide_a", "guide_b"])

    def test_decision_offers_when_in_doubt(self) -> None:
        self.assertEqual(self.outcome([("guide_a", 0.49), ("guide_b", 0.3)]), ["nlu_fallback", "guide_a", "guide_b"])

    def test_decision_needs_less_to_act_on_what_is_no_guide(self) -> None:
        self.assertEqual(self.outcome([("ask_human", 0.2), ("guide_a", 0.19)])[0], "ask_human")
        self.assertEqual(self.outcome([("ask_human", 0.19), ("guide_a", 0.18)])[0], "nlu_fallback")

    def test_decision_says_out_of_scope_when_sure_of_it(self) -> None:
        self.assertEqual(self.outcome([("out_of_scope", 0.6), ("guide_a", 0.3)])[0], "out_of_scope")
        self.assertEqual(self.outcome([("out_of_scope", 0.59), ("guide_a", 0.3)])[0], "nlu_fallback")

    def test_decision_offers_when_the_message_resembles_nothing(self) -> None:
        self.assertEqual(self.outcome([("guide_a", 0.99)], likeness=0.29)[0], "nlu_fallback")

    def test_decision_offers_when_there_is_nothing_to_rank(self) -> None:
        self.assertEqual(self.outcome([]), ["nlu_fallback"])

    def test_decision_leaves_certain_messages_alone(self) -> None:
        found = {"name": "menu", "confidence": 1.0}
        message = Message({"text": "menu", "intent": found, "intent_ranking": [found]})

        Decision(Decision.get_default_config()).process([message])

        self.assertEqual(message.get("intent_ranking"), [found])


class Exact(unittest.TestCase):
    """nlu/components/exact.py"""

    def component(self) -> ExactPhrases:
        made = ExactPhrases({}, None, None)  # type: ignore[arg-type]  # nothing is stored
        made._table = table_of(
            [
                phrase("Menu", "menu", "en"),
                phrase("ne", "deny", "hr"),
                phrase("ne", "affirm", "xx"),
                phrase("neste", "next_step", "nb"),
                phrase("card", "guide_a", "en"),
                phrase("card!", "guide_b", "en"),
                phrase("!!!", "guide_b", "en"),
            ]
        )
        return made

    def meant(self, text: str, language: str | None = None) -> str | None:
        return self.component().intent_of(text, language)

    def test_exact_knows_phrases_whatever_their_dress(self) -> None:
        self.assertEqual([self.meant(text) for text in ("menu", " MENÜ! ", "menu please")], ["menu", "menu", None])

    def test_exact_lets_the_language_decide(self) -> None:
        told = [self.meant("ne", language) for language in ("hr", "xx", None, "en")]

        self.assertEqual(told, ["deny", "affirm", None, None])

    def test_exact_knows_other_languages_too_when_they_mean_one_thing(self) -> None:
        self.assertEqual([self.meant("neste", "en"), self.meant("neste", "de")], ["next_step", "next_step"])

    def test_exact_is_silent_when_a_phrase_stands_twice_or_is_nothing(self) -> None:
        self.assertEqual([self.meant("card", "en"), self.meant("!!!", "en"), self.meant("")], [None, None, None])

    def test_exact_takes_any_metadata(self) -> None:
        for metadata in (None, {}, {"language": None}, {"language": 3}, {"language": ["en"]}):
            message = Message({"text": "menu", "metadata": metadata})
            self.component().process([message])
            self.assertEqual(message.get("intent"), {"name": "menu", "confidence": 1.0})


class Importing(unittest.TestCase):
    """nlu/importer.py"""

    def read(self, content: str) -> Any:
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "nb" / "shop.yml"
            path.parent.mkdir()
            path.write_text(content, encoding="utf-8")
            return read_phrases(path)

    def test_importer_reads_phrases_with_their_language(self) -> None:
        (found,) = self.read("nlu:\n  - intent: menu\n    examples: |\n      - vis [menyen] - takk\n")

        told = (found.get("text"), found.get("intent"), language_of(found))
        self.assertEqual(told, ("vis [menyen] - takk", "menu", "nb"))

    def test_importer_says_what_is_wrong(self) -> None:
        broken = {
            "nlu:\n  - intent: menu\n": "lacks `intent` or `examples: |`",
            "nlu:\n  - intent: menu\n    examples: |\n      vis\n": "start every example with `- `",
            "nlu: [": "this is not YAML",
            "just text": "begin the file with",
        }
        for content, sentence in broken.items():
            with self.subTest(sentence), self.assertRaisesRegex(PhraseFileInvalid, sentence):
                self.read(content)


if __name__ == "__main__":
    unittest.main()
