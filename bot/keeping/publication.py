"""What a publication would change, as plain values: shown in Slack and in a terminal, and carried by a job.

Everything an admin decides by is here: clause by clause, conflicts, golden questions, and who was answered from
what is about to change.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

EditOp = Literal["equal", "delete", "insert", "replace"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class ChangedClause(_Value):
    """One clause that is not the same as before."""

    kind: Literal["added", "changed", "removed", "moved", "renumbered"]
    old_label: str = ""
    new_label: str = ""
    old_text: str = ""
    new_text: str = ""
    edits: tuple[tuple[EditOp, str, str], ...] = ()
    """Of a changed clause: steps (operation, old words, new words); joined they give both texts."""
    numbers: tuple[tuple[str, str], ...] = ()
    """Of a changed clause: the numbers that are others now, as written; empty where there was or is none."""
    moved: bool = False


class EditionReport(_Value):
    """What one staged edition changes against what is live of its manual."""

    edition_id: int
    manual_id: int
    title: str
    organisation: str = ""
    number: int
    """Number of the edition within its manual."""
    is_new: bool
    renamed_from: str = ""
    added: int = 0
    changed: int = 0
    removed: int = 0
    moved: int = 0
    renumbered: int = 0
    unchanged: int = 0
    truncated: bool = False
    notes: tuple[str, ...] = ()
    suspicious: tuple[str, ...] = ()
    """Sentences of it that try to instruct the bot, quoted: published only with an explicit yes."""
    metadata_changes: tuple[str, ...] = ()
    effective_at: datetime | None = None
    expires_at: datetime | None = None
    audience: tuple[str, ...] = ()
    """Who may read it (`role:…`, `channel:…`); empty: everybody."""
    clauses: tuple[ChangedClause, ...] = ()
    """In the order of the new edition; none for a manual that is new as a whole."""

    @property
    def total(self) -> int:
        """How many clauses the edition has."""
        return self.added + self.changed + self.moved + self.renumbered + self.unchanged

    @property
    def is_empty(self) -> bool:
        """There is nothing to publish: text and metadata are those of the live edition."""
        return self.edition_id == 0


class ConflictReport(_Value):
    """Two clauses of two manuals that rule one matter differently."""

    id: int
    kind: str
    manuals: tuple[str, str]
    organisations: tuple[str, str]
    labels: tuple[str, str]
    quotes: tuple[str, str]
    values: tuple[str, str] = ("", "")
    manual_ids: tuple[int, int]
    settlement: str = ""
    """`by_organisation`, `supersedes`, `both_hold`; empty while it is open."""
    superseding: int | None = None
    """With `supersedes`, the id of the manual whose rule holds."""
    settled_by: str = ""
    settled_at: datetime | None = None


class GoldenReport(_Value):
    """A golden question whose answer changes."""

    question: str
    before_outcome: str
    before: str
    before_sources: tuple[str, ...]
    after_outcome: str
    after: str
    after_sources: tuple[str, ...]


class RefusalReport(_Value):
    """A file or a manual that was not taken, and why."""

    source: str
    reason: str


class PublicationReport(_Value):
    """All of it."""

    editions: tuple[EditionReport, ...] = ()
    refused: tuple[RefusalReport, ...] = ()
    conflicts_new: tuple[ConflictReport, ...] = ()
    conflicts_gone: tuple[ConflictReport, ...] = ()
    golden: tuple[GoldenReport, ...] = ()
    golden_asked: int = 0
    """How many golden questions were asked."""
    agents: int = 0
    """How many agents were answered from a clause that changes or goes, in the last `days`."""
    answers: int = 0
    confirmed: int = 0
    """How many confirmed answers rest on such a clause: they are not given until they are confirmed again."""
    days: int = 0

    @property
    def edition_ids(self) -> tuple[int, ...]:
        """Editions that have something to publish."""
        return tuple(edition.edition_id for edition in self.editions if not edition.is_empty)

    @property
    def suspicious(self) -> tuple[EditionReport, ...]:
        """Editions that need an explicit yes."""
        return tuple(edition for edition in self.editions if edition.suspicious)

    def total(self, count: str) -> int:
        """Sum over all manuals of one of the counts (`added`, `changed`, …)."""
        return sum(int(getattr(edition, count)) for edition in self.editions)
