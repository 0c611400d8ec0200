"""INSERT with a clause for rows that are there already, which SQLAlchemy has per database."""

from sqlalchemy.dialects import postgresql, sqlite

from bot.store.tables import Table


def insert_into(dialect: str, table: type[Table]) -> "sqlite.Insert | postgresql.Insert":
    """An INSERT for the database of that name, with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
