"""Fixtures for tests of every room."""

pytest_plugins = ["tests.postgres"]
