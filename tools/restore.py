"""`mentor restore`: an earlier day's databases take the place of the present ones, which are kept beside them."""

import asyncio
import os
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.erasure import erase_again
from bot.domain.revival import SetAside, set_aside
from bot.errors import StoreError
from bot.store import erasures
from bot.store.tables import Table
from bot.store.transfer import fill, flatten, others_connected, revision
from tools import archive, backup, installation
from tools.errors import BackupUnusable, ConsentNeeded, DatabaseUnusable, MentorRuns
from tools.installation import Installation, open_database
from tools.paths import ROOT

Erased = dict[str, datetime]


@dataclass(frozen=True)
class Wishes:
    """What the operator said."""

    identity: Path | None = None
    """The secret age key."""
    erasures_from: Path | None = None
    """A newer backup, for the list of who was erased."""
    resend: bool = False
    """Send what was still to be sent then, though it may have been sent since."""
    accept_unknown_erasures: bool = False
    """Nobody knows who was erased since, and so be it."""


@dataclass(frozen=True)
class Report:
    """What a restore did."""

    made_at: str
    aside: SetAside
    erased: int
    kept: list[Path]
    """Where the databases are that were there before."""


async def restore_all(place: Installation, file: Path, wishes: Wishes, now: datetime) -> Report:
    """Restore `file`. Until the last step, a rename or a commit, nothing of the present databases is touched.

    Raises:
        MentorRuns: it has to be stopped first.
        BackupUnusable: the file is not whole, or newer than this program.
        ConsentNeeded: nobody knows who was erased since.
        DatabaseUnusable: the place for the databases can't be written.
    """
    await installation.see_that_it_is_stopped(place)
    (place.root / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=place.root / "var") as name:
        folder = Path(name)
        manifest = archive.unpack(file, folder, wishes.identity)
        await _see_that_nobody_has(place)
        erased = await _erased_since(place, wishes, folder)
        aside, marks = await _prepare(place, folder / archive.MENTOR, erased, wishes, now)
        if archive.TRACKER in manifest.files:
            _forget(folder / archive.TRACKER, marks)
        await _see_that_nobody_has(place)
        kept = await _put_in_place(place, folder, manifest, now)
    return Report(manifest.made_at, aside, len(marks), kept)


async def _see_that_nobody_has(place: Installation) -> None:
    for url in {place.database_url, place.tracker_url}:
        database = open_database(url)
        try:
            if await others_connected(database):
                raise MentorRuns(
                    "Another program has the database open: stop the mentor and whatever else looks into it."
                )
        except StoreError:
            # Damaged, or not there at all: a reason to restore, not one against it.
            continue
        finally:
            await database.close()


async def _erased_since(place: Installation, wishes: Wishes, folder: Path) -> Erased:
    """Who was erased after the backup: the present database knows, or a newer backup.

    Raises:
        ConsentNeeded: neither can be asked.
    """
    found: Erased = {}
    asked = False
    if wishes.erasures_from is not None:
        newer = folder / "newer"
        newer.mkdir()
        archive.unpack(wishes.erasures_from, newer, wishes.identity)
        found |= await _marks(f"sqlite:///{newer / archive.MENTOR}")
        asked = True
    if backup.exists(place.database_url):
        try:
            present = await _marks(place.database_url)
            found |= {mark: max(at, found.get(mark, at)) for mark, at in present.items()}
            asked = True
        except StoreError:
            pass
    if not asked and not wishes.accept_unknown_erasures:
        raise ConsentNeeded(
            "The present database is not there or can't be read, so nobody knows who asked to be erased since the "
            "backup was made. Name a newer backup by --erasures-from, or accept it by --accept-unknown-erasures."
        )
    return found


async def _marks(url: str) -> Erased:
    """Who was erased, as a database knows it; nobody where it is older than that list.

    Raises:
        StoreError: it can't be read.
    """
    database = open_database(url)
    try:
        if await revision(database) < "0003":
            return {}
        async with database.read() as session:
            return await erasures.all_marks(session)
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise StoreError(database.explain(error)) from error
    finally:
        await database.close()


async def _prepare(
    place: Installation, file: Path, erased: Erased, wishes: Wishes, now: datetime
) -> tuple[SetAside, list[str]]:
    """Bring the copy to the newest schema, and see that nothing is done twice and nobody comes back."""
    copy = open_database(f"sqlite:///{file}")
    try:
        await copy.migrate()
        async with copy.write() as session:
            known = _newest(await erasures.all_marks(session), erased)
            marks = await erase_again(session, known, place.pseudonyms) if known else []
            for mark, at in known.items():
                await erasures.add(session, mark, at)
            aside = SetAside(0, 0, 0) if wishes.resend else await set_aside(session, now)
        await copy.scrub()
        await flatten(copy)
    except StoreError as error:
        raise BackupUnusable(f"The backup can't be used: {error}") from error
    finally:
        await copy.close()
    return aside, marks


def _newest(one: Mapping[str, datetime], other: Mapping[str, datetime]) -> Erased:
    return {mark: max(filter(None, (one.get(mark), other.get(mark)))) for mark in {*one, *other}}


def _forget(tracker: Path, marks: list[str]) -> None:
    """Erase conversations from a copy of Rasa's memory, where the erased are known by the same marks."""
    with closing(sqlite3.connect(tracker, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            columns = {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')}
            if "sender" in columns:
                # The name comes from the database's own list of tables.
                erase = f'DELETE FROM "{table}" WHERE sender = ?'  # noqa: S608
                connection.executemany(erase, [(mark,) for mark in marks])


async def _put_in_place(place: Installation, folder: Path, manifest: archive.Manifest, now: datetime) -> list[Path]:
    """The last step: by rename for files, in one transaction for PostgreSQL; returns where the old ones are."""
    kept = []
    urls = {archive.MENTOR: place.database_url, archive.TRACKER: place.tracker_url}
    servers = {name: url for name, url in urls.items() if name in manifest.files and not url.startswith("sqlite")}
    if servers:
        kept += await _keep_server(place, now)
    for name in manifest.files:
        if name in servers:
            await _fill_server(urls[name], folder / name)
        else:
            kept += _swap_file(folder / name, Path(urls[name].removeprefix("sqlite:///")), now)
    return kept


def _swap_file(fresh: Path, target: Path, now: datetime) -> list[Path]:
    """Give `fresh` the name of the present file, which gets a second name first: at no moment is there none."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sync(fresh)
        kept = target.with_name(f"{target.name}.before-{now:%Y%m%d-%H%M%S}")
        there = target.is_file()
        if there:
            os.link(target, kept)
        # What a damaged database left beside it belongs to the old file.
        for tail in ("-wal", "-shm"):
            beside = target.with_name(target.name + tail)
            if beside.is_file():
                beside.replace(kept.with_name(kept.name + tail))
        fresh.chmod(0o600)
        _give_to_owner(fresh, target if there else target.parent)
        fresh.replace(target)
        archive.sync_folder(target.parent)
    except OSError as error:
        raise DatabaseUnusable(f"{target} can't be replaced: {error.strerror or error}.") from error
    return [kept] if there else []


def _give_to_owner(fresh: Path, model: Path) -> None:
    """Whoever restores as root, for a bot that is somebody else, leaves it a file that it can open."""
    if os.geteuid() == 0:
        owner = model.stat()
        os.chown(fresh, owner.st_uid, owner.st_gid)


def _sync(file: Path) -> None:
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


async def _keep_server(place: Installation, now: datetime) -> list[Path]:
    """The present content of a PostgreSQL database as a backup of its own, if there is any."""
    database = open_database(place.database_url)
    try:
        await database.migrate()
    except StoreError as error:
        raise DatabaseUnusable(str(error)) from error
    finally:
        await database.close()
    keys = backup.recipients(place)
    file = backup.default_file(place.root, now, sealed=bool(keys))
    file = file.with_name(f"before-restore-{file.name}")
    await asyncio.to_thread(backup.make, place, file, now, keys)
    return [file]


async def _fill_server(url: str, file: Path) -> None:
    """Put the content of a copy into a PostgreSQL database: all of it or nothing."""
    source, target = open_database(f"sqlite:///{file}"), open_database(url)
    try:
        tables = Table.metadata.sorted_tables if file.name == archive.MENTOR else await backup.other_tables(source)
        async with source.engine.connect() as old, target.engine.begin() as new:
            await fill(old, new, tables)
    except (SQLAlchemyError, OSError) as error:
        raise DatabaseUnusable(target.explain(error)) from error
    finally:
        await source.close()
        await target.close()


def told(report: Report, wishes: Wishes) -> list[str]:
    """The report in sentences."""
    aside = report.aside
    lines = [f"Restored the backup of {report.made_at}."]
    lines += [f"What was there before is kept at {path}." for path in report.kept]
    if report.erased:
        lines.append(f"{report.erased} persons who had asked to be erased since were erased again.")
    if wishes.resend:
        lines.append("What was still to be sent then will be sent, as you said.")
    elif aside.calls or aside.updates or aside.reminders:
        lines.append(
            f"Not done again, because it may have been done since: {aside.calls} messages to send, "
            f"{aside.updates} updates to answer, {aside.reminders} reminders. `mentor inbox` shows the updates."
        )
    return lines


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--identity", type=click.Path(path_type=Path, dir_okay=False), help="File with the secret age key.")
@click.option("--erasures-from", type=click.Path(path_type=Path), help="A newer backup: who was erased since.")
@click.option("--accept-unknown-erasures", is_flag=True, help="Go on though nobody knows who was erased since.")
@click.option("--resend", is_flag=True, help="Send what was unsent then, though it may have been sent since.")
def restore(
    file: Path, identity: Path | None, erasures_from: Path | None, accept_unknown_erasures: bool, resend: bool
) -> None:
    """Put the databases of a backup in the place of the present ones. The mentor has to be stopped."""
    wishes = Wishes(identity, erasures_from, resend, accept_unknown_erasures)
    report = asyncio.run(restore_all(installation.find(ROOT), file, wishes, datetime.now(UTC)))
    for line in told(report, wishes):
        click.echo(line)
