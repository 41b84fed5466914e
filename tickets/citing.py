"""Who relies on which clause: the ledger of answers and the open records, read with what was told since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from tickets.corrections import CitedClause, CitingAnswer, CitingRecord, RecordKind
from tickets.models import (
    AnswerClauseRow,
    AnswerRow,
    ConfirmedRow,
    CorrectionClauseRow,
    CorrectionRow,
    EscalationRow,
    TicketRow,
)
from tickets.records import UNDECIDED, TicketState
from tickets.rows import origin_value

QUOTED = ("answered", "conflict")
"""Outcomes of answers that gave rules: others quote nothing that could change."""
_ACTIVE = [state.value for state in TicketState if state.active]
_AT_ONCE = 500
"""Ids in one query: SQLite takes 32,766 parameters."""

History = Sequence[tuple[CorrectionRow, CorrectionClauseRow]]
"""What was told or passed over about one record, oldest publication first."""


def cited_since(session: Session, since: datetime) -> dict[int, bool]:
    """Clauses cited by answers given since then → whether an answer that cites it was corrected before."""
    recent = (AnswerRow.at >= since, AnswerRow.outcome.in_(QUOTED))
    cited = select(AnswerClauseRow.clause_id).join(AnswerRow).where(*recent).distinct()
    corrected = cited.join(
        CorrectionRow,
        (CorrectionRow.record_id == AnswerRow.id) & (CorrectionRow.kind == RecordKind.ANSWER),
    )
    found = dict.fromkeys(session.execute(cited).scalars(), False)
    found.update(dict.fromkeys(session.execute(corrected).scalars(), True))
    return found


def answers_citing(session: Session, clause_ids: Collection[int], since: datetime) -> list[CitingAnswer]:
    """Answers given since then that cite one of the clauses, oldest first, with what their askers heard since."""
    ids: set[int] = set()
    for chunk in _chunks(clause_ids):
        query = select(AnswerClauseRow.answer_id).where(AnswerClauseRow.clause_id.in_(chunk))
        ids.update(session.execute(query).scalars())
    return _answers(session, ids, AnswerRow.at >= since)


def late_answers(session: Session, after: int, below: int, since: datetime) -> list[CitingAnswer]:
    """Answers recorded after answer `after` that were given from an older publication than `below`."""
    late = (AnswerRow.id > after, AnswerRow.generation < below, AnswerRow.at >= since)
    ids = session.execute(select(AnswerRow.id).where(*late)).scalars()
    return _answers(session, list(ids), AnswerRow.at >= since)


def askers(session: Session, answer_ids: Collection[int]) -> dict[int, str]:
    """Answer → who asked."""
    found: dict[int, str] = {}
    for chunk in _chunks(answer_ids):
        query = select(AnswerRow.id, AnswerRow.asker_id).where(AnswerRow.id.in_(chunk))
        found.update({row.id: row.asker_id for row in session.execute(query)})
    return found


def get_answer(session: Session, answer_id: int) -> CitingAnswer | None:
    """One answer with its citations, whatever its outcome; None when there is none."""
    row = session.get(AnswerRow, answer_id)
    return None if row is None else _values(session, [row])[0]


def _answers(session: Session, ids: Collection[int], recent: ColumnElement[bool]) -> list[CitingAnswer]:
    found: list[CitingAnswer] = []
    for chunk in _chunks(ids):
        query = select(AnswerRow).where(AnswerRow.id.in_(chunk), AnswerRow.outcome.in_(QUOTED), recent)
        found += _values(session, session.execute(query).scalars().all())
    return found


def _values(session: Session, rows: Sequence[AnswerRow]) -> list[CitingAnswer]:
    ids = [row.id for row in rows]
    cited: defaultdict[int, dict[int, int]] = defaultdict(dict)
    query = select(AnswerClauseRow).where(AnswerClauseRow.answer_id.in_(ids))
    for clause in session.execute(query.order_by(AnswerClauseRow.position)).scalars():
        cited[clause.answer_id][clause.position] = clause.clause_id
    told = histories(session, RecordKind.ANSWER, ids)
    return [
        CitingAnswer(
            row.id, row.asker_id, row.question, row.at, row.at - timedelta(milliseconds=row.latency_ms),
            row.generation, origin_value(row), fold(cited[row.id], told.get(row.id, ())),
        )
        for row in rows
    ]  # fmt: skip


def open_records(session: Session) -> list[CitingRecord]:
    """Undecided escalations, open tickets and confirmed answers that rest on clauses.

    A ticket made of an escalation goes on from what was said of the escalation.
    """
    escalations = session.execute(select(EscalationRow).where(EscalationRow.state.in_(UNDECIDED))).scalars()
    tickets = session.execute(select(TicketRow).where(TicketRow.state.in_(_ACTIVE))).scalars()
    found = []
    for row in (*escalations, *tickets):
        cited = _basis(row.content)
        if cited:
            kind = RecordKind.ESCALATION if isinstance(row, EscalationRow) else RecordKind.TICKET
            clauses = fold(cited, history_of(session, row))
            found.append(CitingRecord(kind, row.id, row.created_at, clauses))
    return [*found, *_confirmed(session)]


def _confirmed(session: Session) -> Iterator[CitingRecord]:
    """Confirmed answers that are not withdrawn, with what happened since they were last confirmed."""
    query = select(ConfirmedRow).where(ConfirmedRow.withdrawn.is_(False)).order_by(ConfirmedRow.id)
    rows = session.execute(query).scalars().all()
    told = histories(session, RecordKind.CONFIRMED, [row.id for row in rows]) if rows else {}
    for row in rows:
        cited = dict(enumerate(row.content["clause_ids"]))
        clauses = fold(cited, since(row.generation, told.get(row.id, ())))
        yield CitingRecord(RecordKind.CONFIRMED, row.id, row.confirmed_at, clauses, row.generation)


def since(generation: int, history: History) -> History:
    """What was told or passed over after a publication."""
    return [pair for pair in history if pair[0].generation > generation]


def changed_basis(session: Session, row: EscalationRow | TicketRow) -> tuple[int, ...]:
    """Places in the policy basis whose clause no longer reads as it is quoted there."""
    if not row.content.get("policy_basis"):
        return ()
    newest = {clause.position: clause for _, clause in history_of(session, row)}
    return tuple(sorted(position for position, clause in newest.items() if not clause.restored))


def history_of(session: Session, row: EscalationRow | TicketRow) -> History:
    """What was told of a record's basis; of a ticket made of an escalation, that one's too."""
    if isinstance(row, EscalationRow):
        return histories(session, RecordKind.ESCALATION, [row.id]).get(row.id, ())
    own = histories(session, RecordKind.TICKET, [row.id]).get(row.id, ())
    if row.escalation_id is None:
        return own
    before = histories(session, RecordKind.ESCALATION, [row.escalation_id]).get(row.escalation_id, ())
    return sorted((*before, *own), key=lambda pair: pair[0].generation)


def histories(session: Session, kind: RecordKind, ids: Collection[int]) -> dict[int, History]:
    """Record → its corrections, oldest publication first."""
    found: defaultdict[int, list[tuple[CorrectionRow, CorrectionClauseRow]]] = defaultdict(list)
    query = (
        select(CorrectionRow, CorrectionClauseRow)
        .join(CorrectionClauseRow, CorrectionClauseRow.correction_id == CorrectionRow.id)
        .where(CorrectionRow.kind == kind, CorrectionRow.record_id.in_(ids))
        .order_by(CorrectionRow.generation, CorrectionClauseRow.position)
    )
    for correction, clause in session.execute(query):
        found[correction.record_id].append((correction, clause))
    return dict(found)


def fold(cited: Mapping[int, int], history: History) -> tuple[CitedClause, ...]:
    """The citations of a record after everything that was told or passed over."""
    heard: dict[int, int | None] = dict(cited)
    stands: dict[int, int | None] = dict(cited)
    known = dict(cited)
    for _, clause in history:
        stands[clause.position] = clause.new_clause_id
        if clause.new_clause_id is not None:
            known[clause.position] = clause.new_clause_id
        if clause.told:
            heard[clause.position] = clause.new_clause_id
    return tuple(CitedClause(n, cited[n], heard[n], stands[n], known[n]) for n in sorted(cited))


def _basis(content: Mapping[str, Any]) -> dict[int, int]:
    return {n: int(basis["clause_id"]) for n, basis in enumerate(content.get("policy_basis") or ())}


def _chunks(ids: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]
