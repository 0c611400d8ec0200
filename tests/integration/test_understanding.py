"""The exam: phrases written apart from the training data, asked of the real model in the real Rasa.

The rates are gates against getting worse, not goals; `make bench-nlu` prints the figures of today.
"""

from collections.abc import Iterator

import pytest

from actions.guides import read_languages
from bench.nlu import ROOT, Server, examine, trained_server

pytestmark = pytest.mark.rasa
COMPLETE = [language.code for language in read_languages(ROOT / "languages.yml") if language.level == "complete"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = trained_server(tmp_path_factory.mktemp("exam"))
    server.start()
    yield server
    server.stop()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("language", COMPLETE)
def test_exam_is_passed(server: Server, language: str) -> None:
    rates = examine(server, language).rates()

    assert rates["top1"] >= 0.82
    assert rates["served"] >= 0.90
    assert rates["misled"] <= 0.06
    assert rates["scope_with_guide"] <= 0.10
    assert rates["human"] >= 0.70


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "🙂",
        "12345",
        "x" * 10_000,
        "\u200b\u202e",
        "<script>alert(1)</script>",
        "https://x.example/a?b=c",
        "a@b.c",
    ],
)
def test_odd_text_is_never_a_confident_guide(server: Server, text: str) -> None:
    import httpx

    from tests.rasa.processes import TOKEN

    url = f"http://127.0.0.1:{server.port}/model/parse"
    answer = httpx.post(url, params={"token": TOKEN}, json={"text": text}, timeout=30).json()

    assert not str((answer.get("intent") or {}).get("name") or "").startswith("guide_")
