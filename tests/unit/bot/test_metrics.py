"""`/metrics`: what is in it, and that the alerts and the dashboard ask for nothing else."""

import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from bot.desk.health import Part
from bot.desk.metrics import metrics_routes
from bot.domain.intake import accept
from bot.domain.vitals import Vitals, Waiting, look
from bot.logs import configure_logs
from bot.metrics import Metrics

from .conftest import KARI, Talk, message_update
from .test_log_actions import actions_in_the_code
from .test_logs import logging_as_before  # noqa: F401 - a fixture

ROOT = Path(__file__).resolve().parents[3]
MONITORING = ROOT / "deploy/monitoring"
BUILD = {"schema": "2", "version": "1"}


async def fine() -> dict[str, Any]:
    return {"ok": True}


async def down() -> dict[str, Any]:
    raise ConnectionError("postgresql://user:password@host")


async def some_vitals() -> Vitals:
    return Vitals(Waiting(3, 1.5), Waiting(2, 0.5), Waiting(1, 60.0), 4)


async def scrape(metrics: Metrics, vitals: Callable[[], Awaitable[Vitals]] = some_vitals) -> str:
    app = web.Application()
    parts = [Part("database", fine), Part("rasa", down)]
    app.add_routes(metrics_routes(metrics, parts, vitals, lambda: 7e9, BUILD))
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/metrics")
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        return await answer.text()


def samples(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    """Value by name and label values."""
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_state_of_parts_and_queues_is_told() -> None:
    told = samples(await scrape(Metrics()))

    assert told["mentor_part_up", ("database",)] == 1
    assert told["mentor_part_up", ("rasa",)] == 0
    assert told["mentor_inbox_waiting", ()] == 3
    assert told["mentor_inbox_oldest_seconds", ()] == 1.5
    assert told["mentor_outbox_waiting", ()] == 2
    assert told["mentor_tickets_oldest_seconds", ()] == 60
    assert told["mentor_dead_letters", ()] == 4
    assert told["mentor_disk_free_bytes", ()] == 7e9
    assert told["mentor_build_info", ("2", "1")] == 1


async def test_what_can_not_be_looked_up_is_not_told_from_memory() -> None:
    metrics = Metrics()
    before = await scrape(metrics)

    async def locked() -> Vitals:
        raise OSError("database is locked")

    after = await scrape(metrics, locked)

    assert "mentor_inbox_waiting" in before
    assert "mentor_inbox_waiting" not in after
    assert "password" not in after


async def test_vitals_are_those_of_the_database(talk: Talk) -> None:
    await talk.settles(KARI)
    await accept(talk.house, [message_update(900, KARI, "waits")])
    talk.clock.move(seconds=30)

    vitals = await look(talk.house.db, talk.clock())

    assert vitals.inbox == Waiting(1, 30.0)
    assert vitals.outbox.number == len(await talk.calls(KARI["id"])) > 0
    assert (vitals.tickets, vitals.dead_letters) == (Waiting(0, 0.0), 0)


@pytest.mark.parametrize("level", ["INFO", "ERROR"])
async def test_log_lines_are_counted_by_action_whatever_is_shown(
    level: str, capsys: pytest.CaptureFixture[str]
) -> None:
    metrics = Metrics()
    configure_logs(level, metrics=metrics)

    structlog.get_logger().info("sent", action="sender.sent", seconds=0.3)
    structlog.get_logger().info("sent", action="sender.sent", seconds=2)
    structlog.get_logger().error("broken", action="worker.gave_up")

    told = samples(await scrape(metrics))
    assert told["mentor_events_total", ("sender.sent",)] == 2
    assert told["mentor_events_total", ("worker.gave_up",)] == 1
    assert told["mentor_event_seconds_bucket", ("sender.sent", "0.4")] == 1
    assert told["mentor_event_seconds_sum", ("sender.sent",)] == 2.3
    assert told["mentor_log_lines_total", ("error",)] == 1
    shown = [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()]
    assert shown == (["sent", "sent", "broken"] if level == "INFO" else ["broken"])


def expressions() -> Iterator[tuple[str, str]]:
    """Every question the alerts and the dashboard ask, with the name of who asks."""
    for group in YAML(typ="safe").load(MONITORING / "alerts.yml")["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]
    for panel in json.loads((MONITORING / "dashboard.json").read_text())["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"].replace("$__rate_interval", "5m")


def selectors(node: Any) -> Iterator[Any]:
    """The vector selectors in a parsed expression."""
    if isinstance(node, promql_parser.VectorSelector):
        yield node
        return
    for name in ("expr", "lhs", "rhs", "vector_selector", "param"):
        child = getattr(node, name, None)
        if child is not None:
            yield from selectors(child)
    args = getattr(node, "args", None)
    for child in args or []:
        yield from selectors(child)


ASKED = list(expressions())


@pytest.mark.parametrize(("who", "expression"), ASKED, ids=[who for who, _ in ASKED])
async def test_alert_or_panel_asks_for_what_there_is(who: str, expression: str) -> None:
    metrics = Metrics()
    for action in actions_in_the_code():
        metrics.count(None, "info", {"level": "info", "action": action, "seconds": 1.0})
    there = {name for name, _ in samples(await scrape(metrics))} | {"up"}

    found = list(selectors(promql_parser.parse(expression)))

    assert found
    assert [one.name for one in found if one.name not in there] == []
    wanted = {
        action
        for one in found
        for matcher in one.matchers.matchers
        if matcher.name == "action"
        for action in matcher.value.split("|")
    }
    assert wanted - actions_in_the_code() == set()


def test_alerts_say_what_people_notice_and_what_to_do() -> None:
    rules = [rule for group in YAML(typ="safe").load(MONITORING / "alerts.yml")["groups"] for rule in group["rules"]]

    assert len({rule["alert"] for rule in rules}) == len(rules) > 10
    for rule in rules:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert set(rule["annotations"]) == {"summary", "action"}
        assert rule["labels"]["severity"] in ("page", "ticket")


def test_dashboard_is_what_grafana_reads() -> None:
    board = json.loads((MONITORING / "dashboard.json").read_text())

    assert {"uid", "title", "schemaVersion", "panels", "templating", "time"} <= set(board)
    places = [panel["gridPos"] for panel in board["panels"]]
    taken = [(x, y) for p in places for x in range(p["x"], p["x"] + p["w"]) for y in range(p["y"], p["y"] + p["h"])]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    assert {panel["datasource"]["uid"] for panel in board["panels"]} == {"${source}"}
    assert [variable["name"] for variable in board["templating"]["list"]] == ["source"]
