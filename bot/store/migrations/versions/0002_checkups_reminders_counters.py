"""The firm check, messages of the mentor's own accord, and counters."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("chats", schema=None) as batch_op:
        batch_op.add_column(sa.Column("declined", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("coach", sa.String(length=8), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("coach_silent", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "checkups",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("chat_row_id", _ID, nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["chat_row_id"], ["chats.id"], name=op.f("fk_checkups_chat_row_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkups")),
    )
    op.create_index("ix_checkups_chat_row_id", "checkups", ["chat_row_id"], unique=False)
    op.create_table(
        "reminders",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("chat_row_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("guide", sa.String(length=64), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_row_id"], ["chats.id"], name=op.f("fk_reminders_chat_row_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
    )
    op.create_index("ix_reminders_chat_row_id", "reminders", ["chat_row_id"], unique=False)
    op.create_index(
        "ix_reminders_open",
        "reminders",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "day", name=op.f("pk_counters")),
    )


def downgrade() -> None:
    op.drop_table("counters")
    op.drop_table("reminders")
    op.drop_table("checkups")
    with op.batch_alter_table("chats", schema=None) as batch_op:
        batch_op.drop_column("coach_silent")
        batch_op.drop_column("coach")
        batch_op.drop_column("declined")
