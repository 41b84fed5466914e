"""Confirming answers inside a transaction of the desk: one per question, every revision kept, audited."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tickets import acknowledging, citing, rules
from tickets.audit import FINGERPRINT, fingerprint
from tickets.confirmed import ConfirmedAnswer, ConfirmedContent, ConfirmedRevision, ConfirmedState
from tickets.corrections import RecordKind
from tickets.errors import InvalidInput, NotFound, StaleRevision
from tickets.models import AnnouncementRow, ConfirmedRevisionRow, ConfirmedRow
from tickets.people import Person
from tickets.rows import storable
from tickets.transaction import Transaction

MAX_QUESTION = 500
MAX_TEXT = 8_000
MAX_CLAUSES = 20


def subject(confirmed_id: int) -> str:
    """How a confirmed answer is named in audit, notices and cards."""
    return f"{RecordKind.CONFIRMED.value}:{confirmed_id}"


def question_key(content: ConfirmedContent) -> str:
    """Identity of a question in its scope: equal however it is spaced, punctuated or capitalised."""
    plain = "".join(c for c in content.question.casefold() if c.isalnum())
    return hashlib.sha256("\n".join([plain, content.organisation, content.product]).encode()).hexdigest()


def confirm(tx: Transaction, actor: Person, content: ConfirmedContent, generation: int) -> ConfirmedAnswer:
    """Stand by an answer. Said of a question that has a confirmed answer, it is that one's next revision; the same
    said again changes nothing."""
    content = _checked(tx, actor, content, generation)
    row = _same_question(tx.session, content)
    if row is None:
        row = ConfirmedRow(revision=0)
        tx.session.add(row)
        return _write(tx, row, actor, "confirmed", content, generation)
    now = value(tx.session, row)
    if now.state is ConfirmedState.ACTIVE and now.content == replace(
        content, found_ids=now.content.found_ids
    ):
        return now
    return _write(tx, row, actor, "confirmed", content, generation)


def revise(
    tx: Transaction,
    actor: Person,
    confirmed_id: int,
    revision: int,
    content: ConfirmedContent,
    generation: int,
) -> ConfirmedAnswer:
    """Correct a confirmed answer, or confirm it on other clauses."""
    row = _current(tx.session, confirmed_id, revision)
    content = _checked(tx, actor, content, generation)
    other = _same_question(tx.session, content)
    if other is not None and other.id != row.id:
        raise InvalidInput("question", f"There is another confirmed answer to this question: #{other.id}.")
    action = "reconfirmed" if content.text == row.content["text"] else "corrected"
    return _write(tx, row, actor, action, content, generation)


def withdraw(tx: Transaction, actor: Person, confirmed_id: int, revision: int | None) -> ConfirmedAnswer:
    """Stand by it no more; withdrawing again changes nothing."""
    rules.require(actor, rules.Action.WITHDRAW_CONFIRMED)
    row = _row(tx.session, confirmed_id)
    if row.withdrawn:
        return value(tx.session, row)
    row = _current(tx.session, confirmed_id, row.revision if revision is None else revision)
    row.withdrawn = True
    content = _content(row.content)
    return _write(tx, row, actor, "withdrawn", content, row.generation)


def get(session: Session, confirmed_id: int) -> ConfirmedAnswer:
    """One confirmed answer; NotFound."""
    return value(session, _row(session, confirmed_id))


def listed(session: Session, *, withdrawn: bool) -> list[ConfirmedAnswer]:
    """All confirmed answers, newest change first; `withdrawn`: those too."""
    query = select(ConfirmedRow).order_by(ConfirmedRow.updated_at.desc(), ConfirmedRow.id.desc())
    if not withdrawn:
        query = query.where(ConfirmedRow.withdrawn.is_(False))
    rows = session.execute(query).scalars().all()
    told = citing.histories(session, RecordKind.CONFIRMED, [row.id for row in rows]) if rows else {}
    return [_value(row, told.get(row.id, ())) for row in rows]


def history(session: Session, confirmed_id: int) -> list[ConfirmedRevision]:
    """What it said at each revision, oldest first; NotFound."""
    _row(session, confirmed_id)
    query = select(ConfirmedRevisionRow).where(ConfirmedRevisionRow.confirmed_id == confirmed_id)
    rows = session.execute(query.order_by(ConfirmedRevisionRow.revision)).scalars()
    return [
        ConfirmedRevision(row.revision, row.action, _content(row.content), row.changed_by, row.at)
        for row in rows
    ]


def content_at(session: Session, confirmed_id: int, revision: int) -> ConfirmedContent:
    """What it said at a revision; NotFound."""
    row = session.get(ConfirmedRevisionRow, (confirmed_id, revision))
    if row is None:
        raise NotFound(RecordKind.CONFIRMED.value, confirmed_id)
    return _content(row.content)


def value(session: Session, row: ConfirmedRow) -> ConfirmedAnswer:
    """The value of a row, with what publications did to its clauses."""
    return _value(row, citing.histories(session, RecordKind.CONFIRMED, [row.id]).get(row.id, ()))


def _value(row: ConfirmedRow, told: citing.History) -> ConfirmedAnswer:
    content = _content(row.content)
    since = citing.since(row.generation, told)
    newest = {clause.position: clause for _, clause in since}
    stale = any(not clause.restored for clause in newest.values())
    state = ConfirmedState.STALE if stale else ConfirmedState.ACTIVE
    return ConfirmedAnswer(
        id=row.id,
        state=ConfirmedState.WITHDRAWN if row.withdrawn else state,
        revision=row.revision,
        content=content,
        confirmed_by=row.confirmed_by,
        confirmed_at=row.confirmed_at,
        changed_by=row.changed_by,
        updated_at=row.updated_at,
        generation=row.generation,
        clauses=citing.fold(dict(enumerate(content.clause_ids)), since),
        asked_at_generation=max((made.generation for made, clause in since if clause.told), default=0),
    )


def _checked(tx: Transaction, actor: Person, content: ConfirmedContent, generation: int) -> ConfirmedContent:
    """The content as it can be stored. Raises NotAllowed, InvalidInput."""
    rules.require(actor, rules.Action.CONFIRM_ANSWER)
    question, text = storable(content.question).strip(), storable(content.text).strip()
    for name, given, longest in (("question", question, MAX_QUESTION), ("text", text, MAX_TEXT)):
        if not given or len(given) > longest:
            raise InvalidInput(name, f"The {name} has 1 to {longest} characters.")
    if not content.clause_ids or len(content.clause_ids) > MAX_CLAUSES:
        raise InvalidInput("sources", f"A confirmed answer rests on 1 to {MAX_CLAUSES} clauses.")
    if (tx.session.scalar(select(func.max(AnnouncementRow.generation))) or 0) > generation:
        raise InvalidInput("generation", "The manuals were changed just now: look at the clauses again.")
    return replace(content, question=question, text=text)


def _same_question(session: Session, content: ConfirmedContent) -> ConfirmedRow | None:
    query = select(ConfirmedRow).where(ConfirmedRow.question_key == question_key(content))
    return session.execute(query).scalar_one_or_none()


def _row(session: Session, confirmed_id: int) -> ConfirmedRow:
    row = session.get(ConfirmedRow, confirmed_id)
    if row is None:
        raise NotFound(RecordKind.CONFIRMED.value, confirmed_id)
    return row


def _current(session: Session, confirmed_id: int, revision: int) -> ConfirmedRow:
    row = _row(session, confirmed_id)
    if row.revision == revision and not row.withdrawn:
        return row
    raise StaleRevision(
        row.number,
        state=ConfirmedState.WITHDRAWN.value if row.withdrawn else ConfirmedState.ACTIVE.value,
        revision=row.revision,
        changed_by=row.changed_by,
    )


def _write(
    tx: Transaction, row: ConfirmedRow, actor: Person, action: str, content: ConfirmedContent, generation: int
) -> ConfirmedAnswer:
    """The next revision with its audit entry; what was sent to be read is ended when it says something else now."""
    before = dict(row.content or {})
    row.revision += 1
    row.withdrawn = action == "withdrawn"
    row.content, row.question_key, row.generation = _stored(content), question_key(content), generation
    row.changed_by, row.updated_at = actor.id, tx.now
    if not row.withdrawn:
        row.confirmed_by, row.confirmed_at = actor.id, tx.now
    tx.session.flush()
    tx.session.add(
        ConfirmedRevisionRow(
            confirmed_id=row.id, revision=row.revision, action=action, content=row.content,
            changed_by=actor.id, at=tx.now,
        )
    )  # fmt: skip
    tx.session.flush()
    details = {
        "revision": row.revision,
        "clauses": list(content.clause_ids),
        "generation": generation,
        FINGERPRINT: fingerprint(row),
    }
    tx.record(actor.id, f"confirmed.{action}", subject(row.id), details)
    if row.withdrawn or _says(before) != _says(row.content):
        acknowledging.end(tx, actor.id, row.id)
    return value(tx.session, row)


def _says(content: Mapping[str, Any]) -> tuple[Any, Any]:
    """What people read of it: clauses may be others without its saying anything else."""
    return content.get("question"), content.get("text")


def _stored(content: ConfirmedContent) -> dict[str, Any]:
    plain = asdict(content)
    return {**plain, "clause_ids": list(content.clause_ids), "found_ids": list(content.found_ids)}


def _content(stored: Mapping[str, Any]) -> ConfirmedContent:
    lists: dict[str, Sequence[int]] = {name: stored[name] for name in ("clause_ids", "found_ids")}
    return ConfirmedContent(**{**stored, **{name: tuple(ids) for name, ids in lists.items()}})


def holders(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Confirmed answer that is not withdrawn → whoever confirmed it."""
    query = select(ConfirmedRow.id, ConfirmedRow.confirmed_by).where(
        ConfirmedRow.id.in_(ids), ConfirmedRow.withdrawn.is_(False)
    )
    return {row.id: row.confirmed_by for row in session.execute(query)}
