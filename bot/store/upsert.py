"""INSERT with a clause for rows that are there already, which SQLAlchemy has per database."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import Table


def insert_into(session: AsyncSession, table: type[Table]) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT for the database of `session`, with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    name = session.get_bind().dialect.name
    return postgresql.insert(table) if name == "postgresql" else sqlite.insert(table)
