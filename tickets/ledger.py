"""The ledger of answers: who asked what, from which clauses it was answered, what they thought of it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets import gapping, usage
from tickets.errors import InvalidInput, NotFound
from tickets.models import AnswerClauseRow, AnswerRow, FeedbackRow
from tickets.people import Person
from tickets.records import AnswerRecord, Verdict
from tickets.rows import origin_value, storable
from tickets.transaction import Transaction

MAX_QUESTION = 20_000
MAX_REASON = 3_000


def record_answer(tx: Transaction, asker_id: str, record: AnswerRecord) -> int:
    """Write an answer with its clauses; its id."""
    origin = record.origin
    row = AnswerRow(
        asker_id=asker_id,
        question=storable(record.question)[:MAX_QUESTION],
        outcome=record.outcome,
        language=record.language,
        model=record.model,
        latency_ms=record.latency_ms,
        at=tx.now,
        generation=record.generation,
        context=[[role, storable(text)] for role, text in record.context] or None,
        channel=origin.channel,
        thread_ts=origin.thread_ts,
        message_ts=origin.message_ts,
        team_id=origin.team_id,
    )
    tx.session.add(row)
    tx.session.flush()
    for position, clause_id in enumerate(record.clause_ids):
        tx.session.add(AnswerClauseRow(answer_id=row.id, position=position, clause_id=clause_id))
    if record.usage is not None:
        usage.record(tx, asker_id, record.usage, row.id)
    details = {"outcome": str(record.outcome), "clauses": list(record.clause_ids)}
    tx.record(asker_id, "answer.given", f"answer:{row.id}", details)
    if record.absent:
        gapping.not_found(tx.session, row, record.near)
    return row.id


def record_feedback(
    tx: Transaction, actor: Person, answer_id: int, verdict: Verdict, reason: str, kind: str = ""
) -> None:
    """What a person thinks of an answer; replaces what they said before. NotFound, InvalidInput."""
    answer = tx.session.get(AnswerRow, answer_id)
    if answer is None:
        raise NotFound("answer", answer_id)
    reason = storable(reason).strip()
    if len(reason) > MAX_REASON:
        raise InvalidInput("reason", f"The reason is longer than {MAX_REASON} characters.")
    row = tx.session.get(FeedbackRow, (answer_id, actor.id))
    if row is not None and (row.verdict, row.reason, row.kind) == (verdict.value, reason, kind):
        return
    said = FeedbackRow(
        answer_id=answer_id, person_id=actor.id, verdict=verdict, reason=reason, kind=kind, at=tx.now
    )
    tx.session.merge(said)
    tx.record(actor.id, "answer.rated", f"answer:{answer_id}", {"verdict": verdict.value})
    tx.session.flush()
    gapping.rated(tx.session, answer)


def get(session: Session, answer_id: int) -> AnswerRecord:
    """One answer of the ledger; NotFound."""
    row = session.get(AnswerRow, answer_id)
    if row is None:
        raise NotFound("answer", answer_id)
    clauses = session.execute(
        select(AnswerClauseRow.clause_id)
        .where(AnswerClauseRow.answer_id == answer_id)
        .order_by(AnswerClauseRow.position)
    ).scalars()
    return AnswerRecord(
        question=row.question,
        outcome=row.outcome,
        clause_ids=tuple(clauses),
        language=row.language,
        model=row.model,
        latency_ms=row.latency_ms,
        origin=origin_value(row),
        generation=row.generation,
        context=tuple((str(role), str(text)) for role, text in row.context or ()),
        usage=usage.of_answer(session, answer_id),
    )
