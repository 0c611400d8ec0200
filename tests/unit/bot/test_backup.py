"""Backup and restore: whole or not at all, nothing said twice, and nobody brought back who asked to be forgotten."""

import asyncio
import io
import os
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import pytest

from bot.domain.intake import accept
from bot.domain.worker import Worker
from bot.messages import InboxState, OutboxState
from bot.store import inbox, outbox, reminders
from bot.store.database import Database
from bot.store.tables import ReminderRow
from bot.store.transfer import snapshot
from tests.rasa.processes import free_port
from tools import backup, restore, run
from tools.errors import BackupUnusable, ConsentNeeded, MentorRuns, WrongSettings
from tools.installation import Installation
from tools.restore import Report, Wishes

from .conftest import KARI, OLA, Talk, message_update, only_sqlite

KEY = "a secret for pseudonyms"


@pytest.fixture
def place(tmp_path: Path, database_url: str) -> Installation:
    """The installation to which the test's database belongs; Rasa has remembered both persons."""
    (tmp_path / "var").mkdir(exist_ok=True)
    tracker = tmp_path / "var/tracker.db"
    place = Installation(tmp_path, database_url, f"sqlite:///{tracker}", f"http://127.0.0.1:{free_port()}", KEY, {})
    with closing(sqlite3.connect(tracker)) as connection:
        connection.execute("CREATE TABLE mentor_conversations (sender VARCHAR(128) PRIMARY KEY, events TEXT)")
        rows = [(place.pseudonyms(who["id"]), f"memory of {who['first_name']}") for who in (KARI, OLA)]
        connection.executemany("INSERT INTO mentor_conversations VALUES (?, ?)", rows)
        connection.commit()
    return place


@pytest.fixture
def keyed(talk: Talk, place: Installation) -> Talk:
    """The bot with the installation's own pseudonyms."""
    talk.house = replace(talk.house, pseudonym=place.pseudonyms)
    talk.worker = Worker(talk.house, lambda: None)
    return talk


async def backs_up(place: Installation, talk: Talk, *keys: str, name: str = "backup.tar.gz") -> Path:
    file = place.root / name
    await asyncio.to_thread(backup.make, place, file, talk.clock.at, keys)
    return file


async def restores(place: Installation, talk: Talk, file: Path, **wishes: object) -> Report:
    """Restore with the bot stopped."""
    await talk.house.db.close()
    return await restore.restore_all(place, file, Wishes(**wishes), talk.clock.at)  # type: ignore[arg-type]


async def still_to_do(talk: Talk) -> tuple[list[str], list[str], int]:
    """What a bot that starts now would do: updates to answer, calls to send, reminders that are due."""
    async with talk.house.db.read() as session:
        updates = await inbox.next_due(session, talk.clock.at, busy_lanes=(), limit=100)
        calls = await outbox.next_due(session, talk.clock.at, busy_lanes=(), limit=100)
        overdue = await reminders.due(session, talk.clock.at, 100)
    return [row.lane for row in updates], [row.method for row in calls], len(overdue)


async def leaves_work(talk: Talk) -> None:
    """One person waits for an answer, and is to be reminded of two things."""
    await talk.settles(OLA)
    await accept(talk.house, [message_update(900, OLA, "still waiting")])
    chat = await talk.chat(OLA)
    assert chat is not None
    async with talk.house.db.write() as session:
        for kind in (reminders.COACH, reminders.GUIDE):
            due = talk.clock.at + timedelta(hours=2)
            row = ReminderRow(chat_row_id=chat.id, kind=kind, guide="shop-payments", due_at=due)
            row.created_at = talk.clock.at
            session.add(row)


async def test_72_restored_backup_says_nothing_a_second_time(keyed: Talk, place: Installation) -> None:
    await leaves_work(keyed)
    file = await backs_up(place, keyed)
    keyed.clock.move(days=1)
    before = await still_to_do(keyed)

    report = await restores(place, keyed, file)

    assert before == (["12"], ["sendMessage", "answerCallbackQuery"], 2)
    assert await still_to_do(keyed) == ([], [], 0)
    assert (report.aside.updates, report.aside.reminders) == (1, 2)
    calls = await keyed.calls(OLA["id"])
    assert {row.state for row in calls} == {OutboxState.EXPIRED}
    assert len(calls) == report.aside.calls
    assert (await keyed.inbox())[-1].state == InboxState.DEAD


async def test_72_weekly_questions_go_on_a_week_later(keyed: Talk, place: Installation) -> None:
    await leaves_work(keyed)
    file = await backs_up(place, keyed)
    keyed.clock.move(days=1)
    await restores(place, keyed, file)

    keyed.clock.move(days=10)
    assert (await still_to_do(keyed))[2] == 1


async def test_72_with_consent_what_was_unsent_is_sent(keyed: Talk, place: Installation) -> None:
    await leaves_work(keyed)
    file = await backs_up(place, keyed)
    keyed.clock.move(days=1)
    before = await still_to_do(keyed)

    await restores(place, keyed, file, resend=True)

    assert await still_to_do(keyed) == before != ([], [], 0)


async def test_98_erased_person_does_not_come_back(keyed: Talk, place: Installation) -> None:
    for who in (KARI, OLA):
        await keyed.settles(who)
    await keyed.says(KARI, "merket-xyzzy")
    await keyed.says(OLA, "merket-plugh")
    file = await backs_up(place, keyed)
    keyed.clock.move(hours=1)
    await keyed.says(KARI, "/delete")
    await keyed.taps(KARI, "Ja, slett alt")

    report = await restores(place, keyed, file)
    await keyed.house.db.check()

    assert report.erased == 1
    assert await keyed.chat(KARI) is None
    assert await keyed.chat(OLA) is not None
    everything = await content(keyed.house.db, place)
    assert b"xyzzy" not in everything
    assert b"memory of Kari" not in everything
    assert b"plugh" in everything
    assert b"memory of Ola" in everything


async def content(db: Database, place: Installation) -> bytes:
    """Every byte of what serves now: the files as they lie, or a dump of the server."""
    if not db.is_sqlite:
        await snapshot(db, place.root / "dump.db")
    files = ("var/mentor.db", "var/mentor.db-wal", "var/tracker.db", "dump.db")
    return read_all(*(place.root / name for name in files))


def read_all(*files: Path) -> bytes:
    return b"".join(file.read_bytes() for file in files if file.is_file())


async def test_98_erasure_is_remembered_by_the_next_backup(keyed: Talk, place: Installation) -> None:
    await keyed.settles(KARI)
    old = await backs_up(place, keyed, name="old.tar.gz")
    keyed.clock.move(hours=1)
    await keyed.says(KARI, "/delete")
    await keyed.taps(KARI, "Ja, slett alt")
    newer = await backs_up(place, keyed, name="newer.tar.gz")
    elsewhere = replace(place, root=place.root / "other", database_url=f"sqlite:///{place.root}/other/var/mentor.db")
    await keyed.house.db.close()

    refused = await asyncio.to_thread(refusal, elsewhere, old, Wishes())
    report = await restore.restore_all(elsewhere, old, Wishes(erasures_from=newer), keyed.clock.at)

    assert refused is ConsentNeeded
    assert report.erased == 1


def refusal(place: Installation, file: Path, wishes: Wishes) -> type[Exception] | None:
    """Why a restore is refused."""
    place.root.mkdir(exist_ok=True)
    try:
        asyncio.run(restore.restore_all(place, file, wishes, datetime.now(UTC)))
    except Exception as error:
        return type(error)
    return None


async def test_98_who_came_back_after_the_erasure_stays(keyed: Talk, place: Installation) -> None:
    await keyed.settles(KARI)
    await keyed.says(KARI, "/delete")
    await keyed.taps(KARI, "Ja, slett alt")
    keyed.clock.move(hours=1)
    await keyed.settles(KARI)
    file = await backs_up(place, keyed)

    report = await restores(place, keyed, file)

    assert report.erased == 0
    assert await keyed.chat(KARI) is not None


@only_sqlite
async def test_old_files_are_kept_beside_the_new_ones(keyed: Talk, place: Installation) -> None:
    await keyed.settles(KARI)
    file = await backs_up(place, keyed)
    await keyed.settles(OLA)

    report = await restores(place, keyed, file)

    assert [path.name for path in report.kept] == [
        "mentor.db.before-20261124-090000",
        "tracker.db.before-20261124-090000",
    ]
    assert await keyed.chat(OLA) is None
    kept = Database(f"sqlite:///{report.kept[0]}")
    keyed.house = replace(keyed.house, db=kept)
    assert await keyed.chat(OLA) is not None
    await kept.close()


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_old_content_of_a_server_is_kept_as_a_backup(keyed: Talk, place: Installation) -> None:
    await keyed.settles(KARI)
    file = await backs_up(place, keyed)
    await keyed.settles(OLA)

    first = await restores(place, keyed, file)
    gone = await keyed.chat(OLA)
    keyed.clock.move(minutes=1)
    await restores(place, keyed, first.kept[0])

    assert gone is None
    assert await keyed.chat(OLA) is not None


async def test_database_in_use_is_not_replaced(keyed: Talk, place: Installation) -> None:
    await keyed.settles(KARI)
    file = await backs_up(place, keyed)
    await keyed.settles(OLA)

    with pytest.raises(MentorRuns, match="has the database open"):
        await restore.restore_all(place, file, Wishes(), keyed.clock.at)

    assert await keyed.chat(OLA) is not None


async def test_running_mentor_is_not_pulled_from_under(
    keyed: Talk, place: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await backs_up(place, keyed)
    monkeypatch.setattr("tools.installation.running_pid", lambda root: run.os.getpid())

    with pytest.raises(MentorRuns, match="kill"):
        await restores(place, keyed, file)


def flip_a_byte(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)


def cut_in_half(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def make_it_a_letter(file: Path) -> None:
    file.write_text("Dear operator,")


def slip_something_in(file: Path) -> None:
    with tarfile.open(file, "w:gz") as tar:
        entry = tarfile.TarInfo("../../.ssh/authorized_keys")
        tar.addfile(entry, io.BytesIO(b""))


def put_a_wrong_sum(file: Path) -> None:
    """Another database under the name and the checksum of the old one."""
    with tarfile.open(file) as tar:
        manifest = tar.extractfile("manifest.json")
        assert manifest is not None
        said = manifest.read()
    with tarfile.open(file, "w:gz") as tar:
        for name, data in (("manifest.json", said), ("mentor.db", b"other"), ("tracker.db", b"other")):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))


def make_it_from_the_future(file: Path) -> None:
    with tarfile.open(file, "w:gz") as tar:
        data = b'{"format": 99}'
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(data)
        tar.addfile(entry, io.BytesIO(data))


@only_sqlite
@pytest.mark.parametrize(
    "harm",
    [
        flip_a_byte,
        cut_in_half,
        make_it_a_letter,
        slip_something_in,
        put_a_wrong_sum,
        make_it_from_the_future,
        Path.unlink,
    ],
)
async def test_backup_that_is_not_whole_changes_nothing(
    keyed: Talk, place: Installation, harm: Callable[[Path], None]
) -> None:
    file = await backs_up(place, keyed)
    await keyed.settles(OLA)
    harm(file)

    with pytest.raises(BackupUnusable, match=str(file)):
        await restores(place, keyed, file)

    assert await keyed.chat(OLA) is not None
    assert leftovers(place.root) == []


def leftovers(root: Path) -> list[Path]:
    """Working folders that should be gone, and what a restore would have left beside the databases."""
    return [*root.glob("var/restore-*"), *root.glob("var/backup-*"), *root.glob("var/*.before-*")]


@only_sqlite
async def test_backup_of_a_newer_program_is_refused(keyed: Talk, place: Installation) -> None:
    async with keyed.house.db.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    file = await backs_up(place, keyed)

    with pytest.raises(BackupUnusable, match="newer version of the mentor"):
        await restores(place, keyed, file)


@only_sqlite
async def test_backup_of_an_older_program_is_brought_up(keyed: Talk, place: Installation) -> None:
    await keyed.settles(KARI)
    async with keyed.house.db.engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE dead_letters")
        await connection.exec_driver_sql("DROP TABLE erasures")
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")
    file = await backs_up(place, keyed)

    await restores(place, keyed, file)

    assert await keyed.chat(KARI) is not None
    await keyed.house.db.migrate()


@only_sqlite
async def test_damaged_database_can_be_replaced_with_consent(keyed: Talk, place: Installation) -> None:
    await keyed.settles(KARI)
    file = await backs_up(place, keyed)
    await keyed.house.db.close()
    make_it_a_letter(place.root / "var/mentor.db")

    with pytest.raises(ConsentNeeded, match="--accept-unknown-erasures"):
        await restores(place, keyed, file)
    await restores(place, keyed, file, accept_unknown_erasures=True)

    assert await keyed.chat(KARI) is not None


@only_sqlite
async def test_encrypted_backup_needs_its_key(keyed: Talk, place: Installation) -> None:
    await keyed.settles(KARI)
    await keyed.says(KARI, "merket-xyzzy")
    pair, stranger = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    for name, identity in (("key", pair), ("other", stranger)):
        (place.root / name).write_text(f"# comment\n{identity}\n")
    file = await backs_up(place, keyed, str(pair.to_public()))

    with pytest.raises(BackupUnusable, match="--identity"):
        await restores(place, keyed, file)
    with pytest.raises(BackupUnusable, match="can't be decrypted"):
        await restores(place, keyed, file, identity=place.root / "other")
    await restores(place, keyed, file, identity=place.root / "key")

    assert read_all(file).startswith(b"age-encryption.org/")
    assert await keyed.chat(KARI) is not None


@only_sqlite
async def test_wrong_public_key_is_named(keyed: Talk, place: Installation) -> None:
    with pytest.raises(WrongSettings, match="BACKUP_RECIPIENTS"):
        await backs_up(place, keyed, "age1nonsense")

    assert not names(place.root, "backup*")


def names(folder: Path, pattern: str) -> list[str]:
    return sorted(path.name for path in folder.glob(pattern))


@only_sqlite
async def test_backup_is_readable_by_its_owner_only(keyed: Talk, place: Installation) -> None:
    file = await backs_up(place, keyed)

    assert mode(file) == 0o600
    await restores(place, keyed, file)
    assert mode(place.root / "var/mentor.db") == 0o600


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


@only_sqlite
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can restore for another user")
async def test_restored_file_belongs_to_whom_the_old_one_did(keyed: Talk, place: Installation) -> None:
    file = await backs_up(place, keyed)
    os.chown(place.root / "var/mentor.db", 12345, 12346)

    await restores(place, keyed, file)

    there = status(place.root / "var/mentor.db")
    assert (there.st_uid, there.st_gid) == (12345, 12346)


def status(file: Path) -> os.stat_result:
    return file.stat()
