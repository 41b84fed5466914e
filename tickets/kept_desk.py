"""What Slack does not give back: answers that only their asker has read, until they are shared, kept or too old, and
which file shows which picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete

from tickets.slack_rows import KeptAnswerRow, PictureRow
from tickets.transaction import noting, posting, reading

PICTURES = timedelta(days=14)
"""How much longer than answers pictures are remembered: those of a week are not looked at much longer."""


class KeptDesk:
    """The part of the desk that keeps them. Safe between threads and processes."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        """`clock` gives aware times."""
        self._engine = engine
        self._clock = clock

    def put(self, answer_id: int, shown: Mapping[str, Any]) -> None:
        """Keep an answer of the ledger as JSON; it was made from a masked question."""
        with noting(self._engine) as session:
            session.merge(KeptAnswerRow(answer_id=answer_id, kept_at=self._clock(), shown=dict(shown)))

    def get(self, answer_id: int) -> Mapping[str, Any] | None:
        """The answer, if it is still here."""
        with reading(self._engine) as session:
            row = session.get(KeptAnswerRow, answer_id)
            return None if row is None else dict(row.shown)

    def drop(self, answer_id: int) -> None:
        """It was shared or kept: nobody needs it here any more."""
        with posting(self._engine) as session:
            session.execute(delete(KeptAnswerRow).where(KeptAnswerRow.answer_id == answer_id))

    def purge(self, older: timedelta) -> int:
        """Forget what nobody has pressed a button of for so long; how many."""
        with posting(self._engine) as session:
            old = self._clock() - older
            session.execute(delete(PictureRow).where(PictureRow.at <= old - PICTURES))
            gone = delete(KeptAnswerRow).where(KeptAnswerRow.kept_at <= old)
            return int(session.connection().execute(gone).rowcount)

    def picture(self, key: str) -> str:
        """The file that shows what `key` is the digest of; empty when there is none."""
        with reading(self._engine) as session:
            row = session.get(PictureRow, key)
            return "" if row is None else row.file_id

    def keep_picture(self, key: str, file_id: str) -> None:
        """A file shows it."""
        with noting(self._engine) as session:
            session.merge(PictureRow(key=key, file_id=file_id, at=self._clock()))
