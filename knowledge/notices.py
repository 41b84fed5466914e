"""Notices of an admin: which holiday's wording runs from when to when, whatever the calendar says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from knowledge.errors import KnowledgeError
from knowledge.manuals import NoticeRow

MOST_CHARACTERS = 200


class NoticeError(KnowledgeError):
    """A notice that cannot be kept, or that does not exist."""


@dataclass(frozen=True, slots=True)
class Notice:
    """That a wording is to be used from one day to another, both included."""

    id: int
    wording: str
    """Which one, in the words of the manuals: 「春节」."""
    matter: str
    """What it is for, when not for everything that is said: 「接电话开场」."""
    from_on: date
    until_on: date
    note: str
    added_by: str

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.from_on <= day <= self.until_on


class Notices:
    """The list of notices. Safe for many threads and processes on one database."""

    def __init__(
        self,
        engine: Engine,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        reader: Engine | None = None,
    ) -> None:
        """`engine` has the schema of `knowledge.migrations`; `reader` is one for reading only."""
        self._engine = engine
        self._reader = reader or engine
        self._clock = clock

    def add(
        self, wording: str, from_on: date, until_on: date, by: str, *, matter: str = "", note: str = ""
    ) -> Notice:
        """Announce a wording. Raises NoticeError for empty or overlong words, or an end before its beginning."""
        wording, matter, note = (" ".join(text.split()) for text in (wording, matter, note))
        if not wording:
            raise NoticeError("A notice names no wording; write which one runs, for example 春节.")
        if max(map(len, (wording, matter, note))) > MOST_CHARACTERS:
            raise NoticeError(f"A notice has at most {MOST_CHARACTERS} characters in each field; shorten it.")
        if until_on < from_on:
            raise NoticeError(f"The notice would end on {until_on}, before it begins on {from_on}.")
        with Session(self._engine) as session, session.begin():
            row = NoticeRow(
                wording=wording, matter=matter, from_on=from_on, until_on=until_on, note=note,
                added_by=by, added_at=self._clock(),
            )  # fmt: skip
            session.add(row)
            session.flush()
            return _value(row)

    def remove(self, notice_id: int) -> None:
        """Take a notice back. Raises NoticeError when there is none of that number."""
        with Session(self._engine) as session, session.begin():
            row = session.get(NoticeRow, notice_id)
            if row is None:
                raise NoticeError(f"There is no notice {notice_id}; look at kefu notices list.")
            session.delete(row)

    def all(self) -> list[Notice]:
        """Every notice, by its first day."""
        with Session(self._reader) as session:
            rows = session.scalars(select(NoticeRow).order_by(NoticeRow.from_on, NoticeRow.id))
            return [_value(row) for row in rows]

    def in_force(self, day: date) -> list[Notice]:
        """The notices that hold on a day, the newest first: it speaks for the others."""
        with Session(self._reader) as session:
            rows = session.scalars(
                select(NoticeRow)
                .where(NoticeRow.from_on <= day, NoticeRow.until_on >= day)
                .order_by(NoticeRow.id.desc())
            )
            return [_value(row) for row in rows]


def _value(row: NoticeRow) -> Notice:
    return Notice(row.id, row.wording, row.matter, row.from_on, row.until_on, row.note, row.added_by)
