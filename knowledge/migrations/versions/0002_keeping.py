"""Metadata of editions, tenures, conflicts, golden questions, jobs; keys of texts."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add them, and fill in what the rows of the first schema imply."""
    with op.batch_alter_table("edition") as edition:
        edition.add_column(sa.Column("product", sa.String(500), nullable=False, server_default=""))
        edition.add_column(sa.Column("audience", sa.JSON, nullable=False, server_default="[]"))
        edition.add_column(sa.Column("owner", sa.String(100), nullable=False, server_default=""))
        edition.add_column(sa.Column("suspicious", sa.JSON, nullable=False, server_default="[]"))
        edition.add_column(sa.Column("effective_at", _TIME))
        edition.add_column(sa.Column("expires_at", _TIME))
        edition.add_column(sa.Column("compared", sa.Boolean, nullable=False, server_default="0"))
    with op.batch_alter_table("clause") as clause:
        clause.add_column(sa.Column("text_key", sa.String(40), nullable=False, server_default=""))
        clause.create_index("ix_clause_text_key", ["text_key"])
    with op.batch_alter_table("publication") as publication:
        publication.add_column(sa.Column("kind", sa.String(20), nullable=False, server_default="publish"))
        publication.add_column(sa.Column("moves", sa.JSON, nullable=False, server_default="[]"))
    _create()
    _fill_text_keys()
    _fill_tenures()
    _fill_moves()


def _create() -> None:
    op.create_table(
        "tenure",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("manual_id", sa.Integer, sa.ForeignKey("manual.id"), nullable=False, index=True),
        sa.Column("edition_id", sa.Integer, sa.ForeignKey("edition.id"), nullable=False, index=True),
        sa.Column("from_at", _TIME, nullable=False),
        sa.Column("until_at", _TIME),
    )
    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("manual_a_id", sa.Integer, sa.ForeignKey("manual.id"), nullable=False, index=True),
        sa.Column("text_a", sa.String(40), nullable=False, index=True),
        sa.Column("manual_b_id", sa.Integer, sa.ForeignKey("manual.id"), nullable=False, index=True),
        sa.Column("text_b", sa.String(40), nullable=False, index=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("found_at", _TIME, nullable=False),
        sa.Column("settlement", sa.String(20), nullable=False),
        sa.Column("settled", sa.JSON, nullable=False),
        sa.Column("settled_by", sa.String(100), nullable=False),
        sa.Column("settled_at", _TIME),
        sa.UniqueConstraint("manual_a_id", "text_a", "manual_b_id", "text_b", name="uq_conflict_pair"),
    )
    op.create_table(
        "golden",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("question", sa.String(2000), nullable=False, unique=True),
        sa.Column("accepted", sa.JSON, nullable=False),
        sa.Column("added_by", sa.String(100), nullable=False),
        sa.Column("added_at", _TIME, nullable=False),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("request", sa.JSON, nullable=False),
        sa.Column("state", sa.String(20), nullable=False, index=True),
        sa.Column("by", sa.String(100), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("claimed_until", _TIME),
        sa.Column("progress", sa.JSON, nullable=False),
        sa.Column("result", sa.JSON, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
    )


def _fill_text_keys() -> None:
    """As `knowledge.clauses.text_key` made them when this revision was written."""
    connection = op.get_bind()
    clause = sa.table("clause", sa.column("id"), sa.column("text"), sa.column("text_key"))
    last = 0
    while True:
        query = (
            sa.select(clause.c.id, clause.c.text).where(clause.c.id > last).order_by(clause.c.id).limit(1000)
        )
        rows = connection.execute(query).all()
        if not rows:
            return
        connection.execute(
            clause.update().where(clause.c.id == sa.bindparam("row")).values(text_key=sa.bindparam("key")),
            [
                {"row": row.id, "key": hashlib.sha256("".join(row.text.split()).encode()).hexdigest()[:40]}
                for row in rows
            ],
        )
        last = rows[-1].id


def _fill_tenures() -> None:
    """Every edition that was ever published held until the next one of its manual was."""
    connection = op.get_bind()
    edition = sa.table(
        "edition", *map(sa.column, ("id", "manual_id", "number")), sa.column("published_at", _TIME)
    )
    tenure = sa.table(
        "tenure",
        sa.column("manual_id"),
        sa.column("edition_id"),
        sa.column("from_at", _TIME),
        sa.column("until_at", _TIME),
    )
    published = connection.execute(
        sa.select(edition)
        .where(edition.c.published_at.is_not(None))
        .order_by(edition.c.manual_id, edition.c.published_at)
    ).all()
    for at, row in enumerate(published):
        later = published[at + 1] if at + 1 < len(published) else None
        until = later.published_at if later is not None and later.manual_id == row.manual_id else None
        connection.execute(
            tenure.insert().values(
                manual_id=row.manual_id, edition_id=row.id, from_at=row.published_at, until_at=until
            )
        )


def _fill_moves() -> None:
    """Every publication made its editions live at once, each in the place of its manual's edition before."""
    connection = op.get_bind()
    edition = sa.table("edition", sa.column("id"), sa.column("manual_id"))
    publication = sa.table(
        "publication", sa.column("id"), sa.column("editions", sa.JSON), sa.column("moves", sa.JSON)
    )
    manual_of = {row.id: row.manual_id for row in connection.execute(sa.select(edition))}
    live: dict[int, int] = {}
    for row in connection.execute(sa.select(publication).order_by(publication.c.id)).all():
        moves = []
        for number in row.editions:
            if number in manual_of:
                moves.append([manual_of[number], live.get(manual_of[number]), number])
                live[manual_of[number]] = number
        connection.execute(publication.update().where(publication.c.id == row.id).values(moves=moves))
