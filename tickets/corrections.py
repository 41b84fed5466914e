"""Values of corrections: who relies on which clause, what they last heard of it, what they are told now.

A record (an answer, an open escalation, an open ticket) cites clauses. Of every citation the desk keeps two
things: what the person last **heard** (the clause cited, or the new clause of the newest correction told), and
what last **stood** in its place (the same, with the changes that were passed over in silence counted too).
A clause is a number here: texts belong to the manuals, and whoever joins the two compares them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tickets.records import Origin


class RecordKind(StrEnum):
    """What can cite clauses."""

    ANSWER = "answer"
    ESCALATION = "escalation"
    TICKET = "ticket"
    CONFIRMED = "confirmed"
    """An answer that a supervisor stands by: it is not given while a clause of it is changed."""


@dataclass(frozen=True, slots=True)
class CitedClause:
    """One citation of a record; None means: no longer in the manual."""

    position: int
    """Its place among the citations of the record, from 0."""
    cited: int
    heard: int | None
    stands: int | None
    known: int
    """The newest clause that ever stood in its place: `stands` unless that is None."""


@dataclass(frozen=True, slots=True)
class CitingAnswer:
    """An answer of the ledger with its citations."""

    answer_id: int
    asker_id: str
    question: str
    at: datetime
    """When it was recorded."""
    asked_at: datetime
    generation: int | None
    """The publication that it was answered from; None for answers older than this column."""
    origin: Origin
    clauses: tuple[CitedClause, ...]


@dataclass(frozen=True, slots=True)
class CitingRecord:
    """An open escalation or ticket with the clauses of its policy basis, or a confirmed answer."""

    kind: RecordKind
    record_id: int
    created_at: datetime
    clauses: tuple[CitedClause, ...]
    generation: int | None = None
    """The publication that the clauses were read from, where that is known."""


@dataclass(frozen=True, slots=True)
class ChangedClause:
    """What a publication did to one citation. `old` is what they last heard, `new` what holds now."""

    position: int
    old: int | None
    new: int | None
    told: bool
    """False: noted in silence, because corrections were off or because it is what they last heard."""
    restored: bool = False
    """What holds now is what was cited first."""


@dataclass(frozen=True, slots=True)
class PlannedCorrection:
    """What one record's people are to be told of one publication."""

    kind: RecordKind
    record_id: int
    clauses: tuple[ChangedClause, ...]

    @property
    def told(self) -> bool:
        """Whether there is anything to say."""
        return any(clause.told for clause in self.clauses)


@dataclass(frozen=True, slots=True)
class ManualMove:
    """A pointer of a manual that a publication moves; `edition_id` None: the manual goes out."""

    manual_id: int
    edition_id: int | None


@dataclass(frozen=True, slots=True)
class Announcement:
    """Everything that follows from one publication for the people of the desk."""

    generation: int
    through_answer: int
    """The newest answer that was looked at; later ones may still have been given from an older publication."""
    corrections: tuple[PlannedCorrection, ...] = ()
    quiet: tuple[ManualMove, ...] = ()
    """Moves whose corrections were switched off for this publication."""


@dataclass(frozen=True, slots=True)
class Announced:
    """A publication that was announced."""

    quiet: frozenset[int]
    """Manuals for which corrections were switched off."""
    through_answer: int
    """See `Announcement`."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction to deliver, with what the people have really received so far."""

    id: int
    kind: RecordKind
    record_id: int
    generation: int
    clauses: tuple[ChangedClause, ...]
    superseded: bool
    """A newer one about the same answer says it all."""
    waits: bool
    """An older one about the same answer may just be on its way: whether it arrives decides what this one says."""
    answer: CitingAnswer | None
    """The answer that is corrected; None for flags."""
