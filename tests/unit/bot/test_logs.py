"""Logs: one JSON line an event, never a token or a secret."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import Redactor, configure_logs

TOKEN = "123456789:" + "Ab-_" * 9
SECRET = "a-very-secret-value"


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def test_redactor_takes_out_tokens_and_secrets() -> None:
    said = Redactor([SECRET]).clean(f"POST https://api.example/bot{TOKEN}/sendMessage {SECRET}")

    assert said == "POST https://api.example/bot[token]/sendMessage [secret]"


def test_no_way_of_logging_lets_a_token_through(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("DEBUG", [SECRET])

    structlog.get_logger().info("hello", action="test", where=f"bot{TOKEN}")
    logging.getLogger("some.library").warning("calling %s with %s", f"https://x/bot{TOKEN}/getMe", SECRET)
    try:
        raise ValueError(f"https://x/bot{TOKEN}/getMe")
    except ValueError:
        structlog.get_logger().exception("it broke", action="test")
        logging.getLogger("other").exception("it broke too")

    said = capsys.readouterr().out
    assert TOKEN not in said
    assert SECRET not in said
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["event"] for line in lines][0::2] == ["hello", "it broke"]
    assert lines[0]["action"] == "test"


def test_libraries_that_log_addresses_are_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("DEBUG")

    logging.getLogger("httpx").info("HTTP Request: POST https://x")

    assert capsys.readouterr().out == ""


def test_level_keeps_quieter_lines_out_of_sight(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("WARNING")

    structlog.get_logger().info("hidden", action="test")
    structlog.get_logger().warning("shown", action="test")
    logging.getLogger("library").info("hidden too")

    assert [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()] == ["shown"]
