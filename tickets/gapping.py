"""Gaps inside a transaction of the desk: which answers belong to one, what became of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from tickets import ticketing
from tickets.errors import InvalidInput, NotFound
from tickets.gaps import Gap, GapQuestion, GapState
from tickets.models import AnswerClauseRow, AnswerRow, FeedbackRow, GapQuestionRow, GapRow, TicketRow
from tickets.people import Person
from tickets.records import Audience, NoticeKind, Origin, TicketContent, TicketState, Verdict
from tickets.rows import origin_value, storable
from tickets.transaction import Transaction

MAX_REASON = 1_000
_NEVER_GAPS = ("refused", "not_found")
"""Outcomes whose answers a thumbs-down does not make a gap: a refusal is meant, and of what was not found the
one who answered knows whether it should have been."""
_COUNTED = or_(GapQuestionRow.not_found.is_(True), GapQuestionRow.unhelpful.is_(True))


def subject(gap_id: int) -> str:
    """How a gap is named in audit and notices."""
    return f"gap:{gap_id}"


def not_found(session: Session, answer: AnswerRow, near: Sequence[int]) -> None:
    """Note that an answer just recorded shows a gap."""
    row = _new(answer, near)
    row.not_found = True
    session.add(row)


def rated(session: Session, answer: AnswerRow) -> None:
    """Bring a question into line with what people think of its answer now."""
    unhelpful = (FeedbackRow.answer_id == answer.id, FeedbackRow.verdict == Verdict.UNHELPFUL.value)
    is_unhelpful = session.scalar(select(func.count()).select_from(FeedbackRow).where(*unhelpful)) != 0
    row = session.get(GapQuestionRow, answer.id)
    if row is None:
        if not is_unhelpful or answer.outcome in _NEVER_GAPS:
            return
        row = _new(answer, ())
        session.add(row)
    row.unhelpful = is_unhelpful


def _new(answer: AnswerRow, near: Sequence[int]) -> GapQuestionRow:
    return GapQuestionRow(answer_id=answer.id, not_found=False, unhelpful=False, near=list(near), model="")


# -- reading ---------------------------------------------------------------------------------------


def waiting(session: Session, limit: int) -> list[GapQuestion]:
    """Questions that nobody has grouped yet, oldest first."""
    query = select(GapQuestionRow, AnswerRow).join(AnswerRow, AnswerRow.id == GapQuestionRow.answer_id)
    query = query.where(GapQuestionRow.gap_id.is_(None), _COUNTED).order_by(GapQuestionRow.answer_id)
    return _questions(session, [(row, answer) for row, answer in session.execute(query.limit(limit))])


def gaps(session: Session, *chosen: ColumnElement[bool]) -> list[Gap]:
    """Gaps, oldest first; those whose every question was taken back are left out."""
    rows = session.execute(select(GapRow).where(*chosen).order_by(GapRow.id)).scalars().all()
    of: defaultdict[int, list[GapQuestion]] = defaultdict(list)
    joined = (
        select(GapQuestionRow, AnswerRow)
        .join(AnswerRow, AnswerRow.id == GapQuestionRow.answer_id)
        .join(GapRow, GapRow.id == GapQuestionRow.gap_id)
        .where(*chosen, _COUNTED)
        .order_by(AnswerRow.id)
    )
    for question in _questions(session, [(row, answer) for row, answer in session.execute(joined)]):
        of[question.gap_id or 0].append(question)
    numbers = _ticket_numbers(session, [row.ticket_id for row in rows if row.ticket_id is not None])
    return [_value(row, of[row.id], numbers) for row in rows if of[row.id]]


def in_states(*states: GapState) -> ColumnElement[bool]:
    """The condition that a gap is in one of these states."""
    return GapRow.state.in_(states)


def unlooked(generation: int) -> ColumnElement[bool]:
    """The condition that a gap was not asked again after this publication."""
    return GapRow.looked_at < generation


def get(session: Session, gap_id: int) -> Gap:
    """One gap; NotFound."""
    found = gaps(session, GapRow.id == gap_id)
    if not found:
        raise NotFound("gap", gap_id)
    return found[0]


def newest(session: Session) -> int:
    """Id of the newest gap; 0 when there is none."""
    return session.scalar(select(func.max(GapRow.id))) or 0


def asker(session: Session, answer_id: int) -> str:
    """Who got an answer."""
    return session.get_one(AnswerRow, answer_id).asker_id


def _ticket_numbers(session: Session, ids: Collection[int]) -> dict[int, str]:
    query = select(TicketRow.id, TicketRow.number).where(TicketRow.id.in_(ids))
    return {row.id: row.number for row in session.execute(query)}


def _value(row: GapRow, questions: Sequence[GapQuestion], numbers: dict[int, str]) -> Gap:
    return Gap(
        row.id, GapState(row.state), row.founded_at, row.changed_at, row.changed_by, row.reason,
        tuple(row.answering), row.looked_at, row.ticket_id, numbers.get(row.ticket_id or 0, ""), tuple(questions),
    )  # fmt: skip


def _questions(session: Session, pairs: Sequence[tuple[GapQuestionRow, AnswerRow]]) -> list[GapQuestion]:
    cited: defaultdict[int, list[int]] = defaultdict(list)
    for start in range(0, len(pairs), 500):  # SQLite takes 32,766 parameters
        ids = [row.answer_id for row, _ in pairs[start : start + 500]]
        query = select(AnswerClauseRow).where(AnswerClauseRow.answer_id.in_(ids))
        for clause in session.execute(query.order_by(AnswerClauseRow.position)).scalars():
            cited[clause.answer_id].append(clause.clause_id)
    return [
        GapQuestion(
            row.answer_id, row.gap_id, answer.asker_id, answer.question,
            tuple((str(role), str(text)) for role, text in answer.context or ()), answer.at, answer.generation,
            origin_value(answer), row.not_found, row.unhelpful, tuple(row.near), tuple(cited[row.answer_id]),
            row.vector, row.model, row.told_answer_id,
        )
        for row, answer in pairs
    ]  # fmt: skip


# -- writing ---------------------------------------------------------------------------------------


def group(
    tx: Transaction, answer_id: int, gap_id: int | None, vector: bytes, model: str, seen: int
) -> int | None:
    """See `GapDesk.group`."""
    row = tx.session.get(GapQuestionRow, answer_id)
    answer = tx.session.get(AnswerRow, answer_id)
    if row is None or answer is None:
        raise NotFound("question", answer_id)
    if row.gap_id is not None:
        return row.gap_id
    gap = None if gap_id is None else _row(tx.session, gap_id)
    if newest(tx.session) != seen or (gap is not None and gap.state == GapState.ANSWERED):
        return None
    generation = answer.generation or 0
    if gap is None:
        gap = GapRow(
            state=GapState.OPEN, founded_at=tx.now, changed_at=tx.now, changed_by="", reason="", answering=[],
            looked_at=generation,
        )  # fmt: skip
        tx.session.add(gap)
        tx.session.flush()
        tx.record("", "gap.founded", subject(gap.id), {"answer": answer_id})
    else:
        gap.looked_at = min(gap.looked_at, generation)
        tx.record("", "gap.joined", subject(gap.id), {"answer": answer_id})
    row.gap_id, row.vector, row.model = gap.id, vector, model
    return gap.id


def _row(session: Session, gap_id: int) -> GapRow:
    row = session.get(GapRow, gap_id)
    if row is None:
        raise NotFound("gap", gap_id)
    return row


def looked(tx: Transaction, gap_ids: Collection[int], generation: int) -> None:
    """Note that gaps were asked again and are as they were."""
    for gap_id in sorted(gap_ids):
        row = _row(tx.session, gap_id)
        row.looked_at = max(row.looked_at, generation)


def answer(
    tx: Transaction, actor_id: str, seen: Gap, generation: int, answering: Sequence[int], tell: Iterable[int]
) -> bool:
    """See `GapDesk.answered`."""
    row = _row(tx.session, seen.id)
    if (row.state, row.looked_at) != (seen.state, seen.looked_at):
        return False
    row.looked_at = generation
    row.answering = list(answering)
    if row.state == GapState.ANSWERED:  # another clause holds the answer now
        return True
    row.state, row.changed_at, row.changed_by = GapState.ANSWERED, tx.now, actor_id
    details = {"clauses": list(answering), "generation": generation}
    tx.record(actor_id, "gap.answered", subject(row.id), details)
    _settle_ticket(tx, actor_id, row, TicketState.CLOSED)
    for answer_id in tell:
        question, asked = tx.session.get(GapQuestionRow, answer_id), tx.session.get(AnswerRow, answer_id)
        if question is not None and asked is not None and question.told_answer_id is None:
            audience = Audience(user_id=asked.asker_id)
            tx.tell(NoticeKind.GAP_ANSWERED, subject(row.id), answer_id, audience, actor_id)
    return True


def reopen(tx: Transaction, actor_id: str, seen: Gap, generation: int) -> bool:
    """See `GapDesk.reopened`."""
    row = _row(tx.session, seen.id)
    if (row.state, row.looked_at) != (seen.state, seen.looked_at):
        return False
    row.state, row.answering, row.looked_at = GapState.OPEN, [], generation
    row.changed_at, row.changed_by = tx.now, actor_id
    tx.record(actor_id, "gap.reopened", subject(row.id), {"generation": generation})
    _settle_ticket(tx, actor_id, row, TicketState.OPEN)
    return True


def _settle_ticket(tx: Transaction, actor_id: str, row: GapRow, state: TicketState) -> None:
    ticket = None if row.ticket_id is None else tx.session.get(TicketRow, row.ticket_id)
    if ticket is not None:
        ticketing.settle(tx, actor_id, ticket, state, {"gap": row.id})


def dismiss(tx: Transaction, actor: Person, gap_id: int, why: str) -> None:
    """See `GapDesk.dismiss`."""
    why = storable(why).strip()
    if not why:
        raise InvalidInput("reason", "A gap is dismissed with a reason.")
    if len(why) > MAX_REASON:
        raise InvalidInput("reason", f"The reason is longer than {MAX_REASON} characters.")
    row = _row(tx.session, gap_id)
    if row.state == GapState.ANSWERED:
        raise InvalidInput("gap", f"Gap {gap_id} is answered by the manuals; there is nothing to dismiss.")
    row.state, row.reason, row.changed_at, row.changed_by = GapState.DISMISSED, why, tx.now, actor.id
    tx.record(actor.id, "gap.dismissed", subject(gap_id), {"reason": why})


def make_ticket(tx: Transaction, actor: Person, gap_id: int, content: TicketContent) -> TicketRow:
    """See `GapDesk.make_ticket`."""
    row = _row(tx.session, gap_id)
    if row.ticket_id is not None:
        return tx.session.get_one(TicketRow, row.ticket_id)
    if row.state != GapState.OPEN:
        raise InvalidInput("gap", f"Gap {gap_id} is {row.state}; only an open one becomes a ticket.")
    ticket = ticketing.insert(tx, actor.id, actor.id, content, Origin(), subject(gap_id))
    row.ticket_id = ticket.id
    tx.record(actor.id, "gap.ticketed", subject(gap_id), {"ticket": ticket.number})
    return ticket
