"""Filled-in procedures: from rows to values, and what is known at each point of a chain."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets.errors import NotFound
from tickets.models import ProcedureRecordRow, ProcedureVersionRow, TicketRow
from tickets.people import People
from tickets.procedure_files import digest
from tickets.procedure_people import Actors, actors
from tickets.procedure_records import Act, Record, RecordState, Taken
from tickets.procedure_spec import FieldKind, Procedure, StepKind, StepSpec, Who
from tickets.procedure_values import READ_BACK, holds
from tickets.records import Origin
from tickets.store import insert_once
from tickets.transaction import Transaction

KIND = "record"
MOST_TITLE = 200
_BRACES = re.compile(r"\{([^{}]*)\}")


def subject(record_id: int) -> str:
    """How a record is named in audit, notices and cards."""
    return f"{KIND}:{record_id}"


def find(session: Session, number_or_id: int | str) -> ProcedureRecordRow:
    """One record by its number (any case) or id; NotFound."""
    query = select(ProcedureRecordRow)
    if isinstance(number_or_id, int):
        query = query.where(ProcedureRecordRow.id == number_or_id)
    else:
        query = query.where(ProcedureRecordRow.number == number_or_id.strip().upper())
    row = session.execute(query).scalar_one_or_none()
    if row is None:
        raise NotFound(KIND, number_or_id)
    return row


class Versions:
    """What procedures said when records were filed under them. Read once each; safe between threads."""

    def __init__(self) -> None:
        self._known: dict[str, Procedure] = {}

    def of(self, session: Session, row: ProcedureRecordRow) -> Procedure:
        """The procedure as it read when the record was filed."""
        known = self._known.get(row.version)
        if known is None:
            kept = session.get_one(ProcedureVersionRow, row.version)
            known = self._known[row.version] = Procedure.model_validate(kept.content)
        return known

    def keep(self, tx: Transaction, procedure: Procedure) -> str:
        """The digest of what a procedure says now, kept for the records that are filed under it."""
        name = digest(procedure)
        if name not in self._known or tx.session.get(ProcedureVersionRow, name) is None:
            content = procedure.model_dump(mode="json")
            values = {"digest": name, "procedure": procedure.key, "content": content, "at": tx.now}
            insert_once(tx.session, ProcedureVersionRow, values)
        return name


# -- what is known -----------------------------------------------------------------------------------


def step_values(row: ProcedureRecordRow, step: str) -> Mapping[str, str]:
    """What was filled in when a step was taken last."""
    for entry in reversed(row.path):
        if entry["step"] == step and entry["fields"]:
            values: Mapping[str, str] = entry["fields"]
            return values
    return {}


def facts(spec: Procedure, row: ProcedureRecordRow) -> dict[str, str]:
    """The filer's fields and those of the steps that hold."""
    known: dict[str, str] = dict(row.fields)
    for step in spec.steps:
        if step.key in row.settled and holds(step.when, known):
            known.update(step_values(row, step.key))
    return known


def takers(row: ProcedureRecordRow) -> dict[str, str]:
    """Step that holds → who took it."""
    return {
        entry["step"]: entry["actor"] for entry in row.path if entry["step"] in row.settled and entry["actor"]
    }


def next_step(spec: Procedure, row: ProcedureRecordRow) -> StepSpec | None:
    """The first step that is due and not taken; None when the chain is done."""
    known = facts(spec, row)
    due = (step for step in spec.steps if step.key not in row.settled and holds(step.when, known))
    return next(due, None)


def barred(spec: Procedure, row: ProcedureRecordRow, step: StepSpec | None) -> set[str]:
    """Who may not act: whoever the record is about, and at an approval whoever did what is approved."""
    known = facts(spec, row)
    out = {known[field.key] for field in spec.every_field() if field.never_acts and field.key in known}
    if step is not None and step.kind is StepKind.APPROVE:
        done = [
            entry for entry in row.path if entry["act"] == Act.CARRIED_OUT and entry["step"] in row.settled
        ]
        out |= {entry["actor"] for entry in done}
    return out


def awaited(people: People, spec: Procedure, row: ProcedureRecordRow) -> Actors:
    """Who may act now; nobody unless it waits at a step."""
    step = spec.step(row.step) if row.state == RecordState.WAITING else None
    if step is None:
        return Actors()
    out = barred(spec, row, step)
    filer, known = people.get(row.filer_id), facts(spec, row)
    return actors(people, step.by, filer, known, out, row.overdue > 1, takers(row))


def asked(people: People, spec: Procedure, row: ProcedureRecordRow, who: Who) -> Actors:
    """Whom a reminder or an alarm of a record is for."""
    filer, known = people.get(row.filer_id), facts(spec, row)
    return actors(people, who, filer, known, barred(spec, row, None), takers=takers(row))


def may_revoke(people: People, spec: Procedure, row: ProcedureRecordRow) -> tuple[str, ...]:
    """Who may take an approved swap of shifts back: the rung that approved it and those above, never one of the two."""
    swap = spec.effect.swap
    if swap is None or row.state != RecordState.DONE:
        return ()
    approvals = [step.by for step in spec.steps if step.kind is StepKind.APPROVE]
    who = next((by for by in reversed(approvals) if by.role is not None or by.next_rung), Who(next_rung=True))
    out = barred(spec, row, None) | {row.fields.get(swap.partner, "")}
    return actors(people, who.model_copy(update={"or_above": True}), people.get(row.filer_id), {}, out).may


# -- texts -------------------------------------------------------------------------------------------


def about(spec: Procedure, row: ProcedureRecordRow) -> tuple[str, ...]:
    """Ids of those whom it is about: named in fields of people who never act."""
    known = facts(spec, row)
    named = (known.get(one.key, "") for one in spec.every_field() if one.never_acts)
    return tuple(one for one in named if one)


def fill(template: str, known: Mapping[str, str], spec: Procedure, people: People) -> str:
    """A template with the fields' values as people read them; what was not filled in leaves nothing behind."""

    def value(found: re.Match[str]) -> str:
        return readable(spec, found[1], known.get(found[1], ""), people)

    return _BRACES.sub(value, template).strip()


def readable(spec: Procedure, key: str, value: str, people: People, language: str = "zh") -> str:
    """A value as people read it: the label of an option, the name of a person."""
    field = spec.field(key)
    if field is None or not value:
        return value
    if field.kind is FieldKind.PERSON:
        return people.get(value).name
    if field.kind is FieldKind.YES_NO:
        return {"zh": {"yes": "是", "no": "否"}}.get(language, {}).get(value, value)
    if field.kind is FieldKind.MOMENT:
        return datetime.fromisoformat(value).strftime("%Y-%m-%d %H:%M")
    labels = {option.value: option.label.in_language(language) for option in field.options}
    return labels.get(value, value)


def title_of(spec: Procedure, row: ProcedureRecordRow, people: People) -> str:
    """What a record is called in lists."""
    title = fill(spec.effect.title, row.fields, spec, people) if spec.effect.title else ""
    return (" ".join(title.split()) or spec.name.zh)[:MOST_TITLE]


def words_of(spec: Procedure, row: ProcedureRecordRow, people: People) -> str:
    """What a search looks into."""
    known = facts(spec, row)
    values = [
        readable(spec, key, value, people) for key, value in known.items() if not key.endswith(READ_BACK)
    ]
    return "\n".join((row.number, row.title, *values)).lower()


# -- values ------------------------------------------------------------------------------------------


def value(session: Session, people: People, spec: Procedure, row: ProcedureRecordRow) -> Record:
    """A record as it stands now; who it waits for is asked of the people file anew."""
    waiting = awaited(people, spec, row)
    ticket = session.get(TicketRow, row.ticket_id) if row.ticket_id is not None else None
    return Record(
        id=row.id,
        number=row.number,
        procedure=row.procedure,
        state=RecordState(row.state),
        revision=row.revision,
        title=row.title,
        fields=dict(row.fields),
        filer_id=row.filer_id,
        step=row.step,
        waiting_for=waiting.may,
        waiting_role=waiting.role,
        path=_path(row.path),
        origin=Origin(row.channel, row.thread_ts, row.message_ts, row.team_id),
        created_at=row.created_at,
        updated_at=row.updated_at,
        due_at=row.due_at,
        exceeded=tuple(str(number) for number in row.exceeded),
        has_contact=row.has_contact,
        ticket_id=row.ticket_id,
        ticket_number=ticket.number if ticket is not None else None,
        version=row.version,
        facts=facts(spec, row),
        due_day=date.fromisoformat(row.due_day) if row.due_day else None,
        changed_by=row.changed_by,
        passed_up=row.overdue > 1,
        may_revoke=may_revoke(people, spec, row),
    )


def _path(entries: Sequence[Mapping[str, Any]]) -> tuple[Taken, ...]:
    return tuple(
        Taken(
            Act(entry["act"]), entry["step"], entry["actor"], datetime.fromisoformat(entry["at"]), entry["note"],
            dict(entry["fields"]),
        )
        for entry in entries
    )  # fmt: skip


def add_to_path(
    row: ProcedureRecordRow,
    at: datetime,
    act: Act,
    actor_id: str,
    step: str = "",
    note: str = "",
    fields: Mapping[str, str] | None = None,
) -> None:
    """Add what happened at the end."""
    entry = {
        "act": act.value, "step": step, "actor": actor_id, "at": at.isoformat(), "note": note,
        "fields": dict(fields or {}),
    }  # fmt: skip
    row.path = [*row.path, entry]
