"""Why updates were given up."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "dead_letters",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("inbox_id", _ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("died_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_dead_letters_inbox_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letters")),
        sa.UniqueConstraint("inbox_id", name=op.f("uq_dead_letters_inbox_id")),
    )
    # Those that were given up before there was this table.
    op.execute(
        "INSERT INTO dead_letters (inbox_id, reason, attempts, died_at) "
        "SELECT id, CASE error WHEN '' THEN 'unknown' ELSE error END, attempts, COALESCE(done_at, received_at) "
        "FROM inbox WHERE state = 'dead'"
    )


def downgrade() -> None:
    op.drop_table("dead_letters")
