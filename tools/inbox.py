"""`mentor inbox`: updates that were given up, to look at and to try again."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import StoreError
from bot.store import dead_letters
from bot.store.tables import DeadLetterRow, InboxRow
from tools import installation
from tools.errors import DatabaseUnusable, Stop
from tools.paths import ROOT

ERASED = "{}"
Letters = list[tuple[DeadLetterRow, InboxRow]]
Result = TypeVar("Result")


def within(work: Callable[[AsyncSession], Awaitable[Result]]) -> Result:
    """Do `work` in one transaction of the mentor's database, which may be running.

    Raises:
        DatabaseUnusable: it can't be opened, or its schema is not this program's.
    """

    async def run() -> Result:
        database = installation.open_database(installation.find(ROOT).database_url)
        try:
            await installation.see_that_it_fits(database)
            async with database.write() as session:
                return await work(session)
        except StoreError as error:
            raise DatabaseUnusable(str(error)) from error
        except (SQLAlchemyError, OSError) as error:
            raise DatabaseUnusable(database.explain(error)) from error
        finally:
            await database.close()

    return asyncio.run(run())


def kind(row: InboxRow) -> str:
    """What sort of update it is: the name of its field, in Telegram's words."""
    update = json.loads(row.payload)
    return next((name for name in update if name != "update_id"), "erased")


def moment(at: datetime) -> str:
    """A moment as the terminal shows it."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def chosen(letters: Letters, numbers: Sequence[int]) -> Letters:
    """See that all that were named are there.

    Raises:
        Stop: with the numbers that are not.
    """
    missing = sorted(set(numbers) - {letter.id for letter, _ in letters})
    if missing:
        raise Stop(
            f"There is no dead letter {', '.join(map(str, missing))}: `mentor inbox list` shows those there are."
        )
    return letters


def ask_for_some(numbers: Sequence[int], chat: str | None, every: bool) -> None:
    """See that it was said which are meant, and in one way only.

    Raises:
        UsageError: nothing was, or two things at once.
    """
    if sum((bool(numbers), chat is not None, every)) != 1:
        raise click.UsageError("Name some numbers, or a chat by --chat, or --all.")


def which(command: Callable[..., None]) -> Callable[..., None]:
    """The ways to say which are meant; `ask_for_some` sees that it is one of them."""
    command = click.option("--all", "every", is_flag=True, help="All there are.")(command)
    command = click.option("--chat", help="All of one chat.")(command)
    return click.argument("numbers", type=int, nargs=-1)(command)


@click.group()
def inbox() -> None:
    """Look at updates that were given up, and try them again."""


@inbox.command("list")
def list_letters() -> None:
    """Show all of them, the oldest first."""
    letters = within(dead_letters.with_updates)
    table = Table("number", "received", "chat", "kind", "tries", "reason", box=None, pad_edge=False)
    for letter, row in letters:
        table.add_row(str(letter.id), moment(row.received_at), row.lane, kind(row), str(letter.attempts), letter.reason)
    if letters:
        # Whole lines, wherever they go: reasons are there to be searched for.
        Console(width=None if sys.stdout.isatty() else 200).print(table, markup=False)
    click.echo(f"{len(letters)} updates were given up.")


@inbox.command()
@click.argument("number", type=int)
@click.option("--text", is_flag=True, help="Also what the person wrote: personal data, on your screen.")
def show(number: int, text: bool) -> None:
    """Show one of them; what the person wrote only if asked for."""
    ((letter, row),) = chosen(within(lambda session: dead_letters.with_updates(session, [number])), [number])
    facts = {
        "number": letter.id,
        "chat": row.lane,
        "update": row.update_id,
        "kind": kind(row),
        "received": moment(row.received_at),
        "given up": moment(letter.died_at),
        "tries": letter.attempts,
        "reason": letter.reason,
    }
    for name, value in facts.items():
        click.echo(f"{name + ':':<10} {value}")
    if text:
        click.echo(json.dumps(json.loads(row.payload), indent=2, ensure_ascii=False))


@inbox.command()
@which
def replay(numbers: tuple[int, ...], chat: str | None, every: bool) -> None:
    """Let the mentor handle them again, each chat in its order. It may run meanwhile."""
    ask_for_some(numbers, chat, every)

    async def work(session: AsyncSession) -> tuple[int, int]:
        letters = chosen(await dead_letters.with_updates(session, numbers or None, chat), numbers)
        whole = [row.id for _, row in letters if row.payload != ERASED]
        await dead_letters.replay(session, whole)
        return len(whole), len(letters) - len(whole)

    done, erased = within(work)
    click.echo(f"{done} updates are tried again." + (f" {erased} were erased and can't be." if erased else ""))


@inbox.command()
@which
def drop(numbers: tuple[int, ...], chat: str | None, every: bool) -> None:
    """Forget them, and erase what they say."""
    ask_for_some(numbers, chat, every)

    async def work(session: AsyncSession) -> int:
        letters = chosen(await dead_letters.with_updates(session, numbers or None, chat), numbers)
        await dead_letters.drop(session, [row.id for _, row in letters])
        return len(letters)

    click.echo(f"{within(work)} updates were dropped.")
