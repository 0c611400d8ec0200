"""What all unit tests may share because nothing changes it."""

import pytest

from actions.words import Locales


@pytest.fixture(scope="session")
def locales() -> Locales:
    """The mentor's words, read once: to read thirteen files takes longer than most tests."""
    return Locales()
