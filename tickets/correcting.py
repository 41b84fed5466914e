"""Writing corrections inside a transaction of the desk: at most one per record and publication, with its notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tickets import citing, confirming
from tickets.confirmed import ConfirmedState
from tickets.corrections import (
    Announcement,
    ChangedClause,
    CitingAnswer,
    Correction,
    ManualMove,
    PlannedCorrection,
    RecordKind,
)
from tickets.errors import NotFound
from tickets.models import (
    AnnouncementRow,
    CorrectionClauseRow,
    CorrectionRow,
    EscalationRow,
    NoticeRow,
    QuietMoveRow,
    TicketRow,
)
from tickets.people import Role
from tickets.records import UNDECIDED, Audience, NoticeKind, TicketState
from tickets.store import insert_once
from tickets.transaction import Transaction


def switch_off(tx: Transaction, actor_id: str, moves: Iterable[ManualMove]) -> None:
    """Remember that the next publication that makes these moves is to say nothing."""
    for move in moves:
        key = {"manual_id": move.manual_id, "edition_id": move.edition_id or 0}
        if insert_once(tx.session, QuietMoveRow, {**key, "actor_id": actor_id, "at": tx.now}):
            tx.record(actor_id, "corrections.switched_off", f"manual:{move.manual_id}", key)


def switch_on(tx: Transaction, actor_id: str, moves: Iterable[ManualMove]) -> None:
    """Take `switch_off` back."""
    for move in moves:
        if _consume(tx.session, move):
            details = {"manual_id": move.manual_id, "edition_id": move.edition_id or 0}
            tx.record(actor_id, "corrections.switched_on", f"manual:{move.manual_id}", details)


def quiet(session: Session, moves: Collection[ManualMove]) -> tuple[ManualMove, ...]:
    """Those of the moves for which corrections are switched off."""
    query = select(QuietMoveRow).where(QuietMoveRow.manual_id.in_({move.manual_id for move in moves}))
    off = {(row.manual_id, row.edition_id) for row in session.execute(query).scalars()}
    return tuple(move for move in moves if (move.manual_id, move.edition_id or 0) in off)


def _consume(session: Session, move: ManualMove) -> bool:
    statement = delete(QuietMoveRow).where(
        QuietMoveRow.manual_id == move.manual_id, QuietMoveRow.edition_id == (move.edition_id or 0)
    )
    return session.connection().execute(statement).rowcount > 0


def announce(tx: Transaction, actor_id: str, announcement: Announcement) -> int:
    """Write everything that follows from a publication, unless it was announced already; answers told."""
    values = {
        "generation": announcement.generation,
        "at": tx.now,
        "actor_id": actor_id,
        "quiet": [move.manual_id for move in announcement.quiet],
        "through_answer": announcement.through_answer,
    }
    if not insert_once(tx.session, AnnouncementRow, values):
        return 0
    for move in announcement.quiet:
        _consume(tx.session, move)
    return correct(tx, actor_id, announcement.generation, announcement.corrections)


def correct(
    tx: Transaction, actor_id: str, generation: int, corrections: Collection[PlannedCorrection]
) -> int:
    """Write corrections of an announced publication, each once; how many answers' askers will be told."""
    # Only one transaction writes at a time (see `audit.lock_head`), so what is not there now is written once.
    audiences = _audiences(tx.session, corrections)
    written = _written(tx.session, generation, corrections)
    new = [one for one in corrections if audiences.get(_key(one)) and _key(one) not in written]
    rows = [
        CorrectionRow(kind=one.kind.value, record_id=one.record_id, generation=generation, at=tx.now)
        for one in new
    ]
    tx.session.add_all(rows)
    tx.session.flush()
    for row, one in zip(rows, new, strict=True):
        tx.session.add_all(
            CorrectionClauseRow(
                correction_id=row.id, position=clause.position, old_clause_id=clause.old,
                new_clause_id=clause.new, told=clause.told, restored=clause.restored,
            )
            for clause in one.clauses
        )  # fmt: skip
        if one.kind is RecordKind.CONFIRMED:
            _tell_confirmer(tx, actor_id, one, row.generation, audiences[_key(one)])
        elif one.told:
            _tell(tx, actor_id, row, one, audiences[_key(one)])
    told = Counter(one.kind for one in new if one.told)
    if corrections:
        counts = {"answers": told[RecordKind.ANSWER], "records": told.total() - told[RecordKind.ANSWER]}
        details = {**counts, "looked_at": len(corrections)}
        tx.record(actor_id, "corrections.announced", f"publication:{generation}", details)
    return told[RecordKind.ANSWER]


def _key(planned: PlannedCorrection) -> tuple[RecordKind, int]:
    return planned.kind, planned.record_id


def _written(
    session: Session, generation: int, corrections: Collection[PlannedCorrection]
) -> set[tuple[RecordKind, int]]:
    """Records of these that have a correction of this publication already."""
    query = select(CorrectionRow.kind, CorrectionRow.record_id).where(CorrectionRow.generation == generation)
    there = {(RecordKind(row.kind), row.record_id) for row in session.execute(query)}
    return there & {_key(one) for one in corrections}


def _tell(
    tx: Transaction,
    actor_id: str,
    row: CorrectionRow,
    planned: PlannedCorrection,
    audiences: Iterable[Audience],
) -> None:
    of_answer = planned.kind is RecordKind.ANSWER
    told = [[clause.position, clause.old, clause.new] for clause in planned.clauses if clause.told]
    details = {"generation": row.generation, "clauses": told}
    subject = f"{planned.kind.value}:{planned.record_id}"
    tx.record(actor_id, "answer.corrected" if of_answer else "basis.changed", subject, details)
    kind = NoticeKind.CORRECTION if of_answer else NoticeKind.BASIS_CHANGED
    for audience in audiences:
        tx.tell(kind, f"correction:{row.id}", row.id, audience, actor_id)


def _tell_confirmer(
    tx: Transaction, actor_id: str, planned: PlannedCorrection, generation: int, audiences: Iterable[Audience]
) -> None:
    """A confirmed answer is stale, or active again: then only what was sent to be read is redrawn."""
    clauses = [[clause.position, clause.old, clause.new] for clause in planned.clauses]
    subject = confirming.subject(planned.record_id)
    stale = confirming.get(tx.session, planned.record_id).state is ConfirmedState.STALE
    details = {"generation": generation, "clauses": clauses}
    tx.record(actor_id, "confirmed.stale" if stale else "confirmed.restored", subject, details)
    for audience in audiences:
        tx.tell(NoticeKind.CONFIRMED_CHANGED, subject, planned.record_id, audience, actor_id)


def _audiences(
    session: Session, corrections: Collection[PlannedCorrection]
) -> dict[tuple[RecordKind, int], tuple[Audience, ...]]:
    """Who holds each record; records that are not open any more are left out."""
    ids = {kind: {one.record_id for one in corrections if one.kind is kind} for kind in RecordKind}
    found: dict[tuple[RecordKind, int], tuple[Audience, ...]] = {}
    for answer, asker in citing.askers(session, ids[RecordKind.ANSWER]).items():
        found[RecordKind.ANSWER, answer] = (Audience(user_id=asker),)
    for number in ids[RecordKind.ESCALATION]:
        row = session.get(EscalationRow, number)
        if row is not None and row.state in UNDECIDED:
            holders = (Audience(user_id=row.filer_id), Audience(role=Role(row.awaiting)))
            found[RecordKind.ESCALATION, number] = holders
    for number in ids[RecordKind.TICKET]:
        ticket = session.get(TicketRow, number)
        if ticket is not None and TicketState(ticket.state).active:
            found[RecordKind.TICKET, number] = (Audience(user_id=ticket.owner_id),)
    for number, confirmer in confirming.holders(session, ids[RecordKind.CONFIRMED]).items():
        found[RecordKind.CONFIRMED, number] = (Audience(user_id=confirmer),)
    return found


def get(session: Session, correction_id: int) -> Correction:
    """A correction as it is to be delivered now; NotFound.

    Of an answer: what its asker has not received of this and earlier corrections together, so that what comes
    late still ends with what holds.
    """
    row = session.get(CorrectionRow, correction_id)
    if row is None:
        raise NotFound("correction", correction_id)
    kind = RecordKind(row.kind)
    history = citing.histories(session, kind, [row.record_id]).get(row.record_id, ())
    if kind is not RecordKind.ANSWER:
        own = tuple(_clause(clause) for made, clause in history if made.id == row.id and clause.told)
        return Correction(row.id, kind, row.record_id, row.generation, own, False, False, None)
    told = [(made, clause) for made, clause in history if clause.told]
    later = any(made.generation > row.generation for made, _ in told)
    answer = citing.get_answer(session, row.record_id)
    if answer is None:
        raise NotFound("answer", row.record_id)
    until = [pair for pair in told if pair[0].generation <= row.generation]
    notices = _notices(session, {made.id for made, _ in until})
    clauses = _not_received(answer, until, {number for number, one in notices.items() if one.delivered_at})
    waits = any(
        one.delivered_at is None and one.given_up_at is None
        for number, one in notices.items()
        if number != row.id
    )
    return Correction(row.id, kind, row.record_id, row.generation, clauses, later, waits, answer)


def _notices(session: Session, correction_ids: Collection[int]) -> dict[int, NoticeRow]:
    query = select(NoticeRow).where(
        NoticeRow.kind == NoticeKind.CORRECTION, NoticeRow.subject_id.in_(correction_ids)
    )
    return {row.subject_id: row for row in session.execute(query).scalars()}


def _not_received(
    answer: CitingAnswer, told: citing.History, arrived: Collection[int]
) -> tuple[ChangedClause, ...]:
    """What is new to the asker, who received the corrections `arrived` only."""
    received: dict[int, int | None] = {clause.position: clause.cited for clause in answer.clauses}
    waiting: dict[int, ChangedClause] = {}
    for made, clause in told:
        if made.id in arrived:
            received[clause.position] = clause.new_clause_id
            waiting.pop(clause.position, None)
        else:
            waiting[clause.position] = _clause(clause)
    return tuple(replace(waiting[position], old=received[position]) for position in sorted(waiting))


def _clause(row: CorrectionClauseRow) -> ChangedClause:
    return ChangedClause(row.position, row.old_clause_id, row.new_clause_id, row.told, row.restored)
