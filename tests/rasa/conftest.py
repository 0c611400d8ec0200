"""Fixtures for the tests of everything inside Rasa; all of them carry the marker `rasa`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rasa.processes import Bot, Server, action_server, free_port, rasa_server, train

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder; the first one waits for a training, so all get time."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.rasa)
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of a handful of phrases and the real rules."""
    return train(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="session")
def actions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The action server of the tests."""
    server = action_server(tmp_path_factory.mktemp("actions") / "log", free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def rasa(model: Path, actions: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One Rasa for all tests that leave it running."""
    folder = tmp_path_factory.mktemp("rasa")
    server = rasa_server(model, folder / "log", f"sqlite:///{folder}/tracker.db", actions.port)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def bot(rasa: Server) -> Bot:
    """Talks to the one Rasa."""
    return Bot(rasa)
