"""Queries of the notes."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import NoteRow


async def get(session: AsyncSession, name: str) -> str:
    """What was noted under `name`, or an empty text."""
    row = await session.get(NoteRow, name)
    return row.value if row else ""


async def put(session: AsyncSession, name: str, value: str) -> None:
    """Note `value` under `name`."""
    await session.merge(NoteRow(name=name, value=value))
