"""What people see of a filled-in procedure: its card with the buttons of whoever reads it, its path, lists."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.blocks import contacts, parts, views
from bot.blocks.parts import Block, Line
from bot.blocks.procedures import NOTE, asked, notes
from bot.blocks.references import RecordRef, SubjectRef
from bot.blocks.wording import Words
from tickets.procedure_acting import acts_at
from tickets.procedure_records import Act, Record, RecordState, Taken
from tickets.procedure_spec import FieldKind, FieldSpec, Procedure, StepKind, StepSpec
from tickets.procedure_values import holds

TAKE = "record_take"
SEND_BACK = "record_send_back"
REJECT = "record_reject"
CORRECT = "record_correct"
WITHDRAW = "record_withdraw"
REVOKE = "record_revoke"
DETAILS = "record_details"
SHOW = "record_show"
READ = "record_read"

DETAILS_VIEW = "record_details_view"
REVOKE_FORM = "record_revoke_form"

_CARD_TEXT = 5000
"""Characters of all fields together on a card; a message with more is refused."""
_LEAST_TEXT = 150
_NOTE = 200
_PATH = 20
_WAITING = 6


def subject(record_id: int) -> str:
    """The name under which the desk keeps the cards of a record."""
    return f"record:{record_id}"


def card(record: Record, procedure: Procedure, words: Words, zone: ZoneInfo, reader: str = "") -> list[Block]:
    """The record as it stands, with what `reader` (a user id; empty: a channel) may do with it."""
    name = procedure.name.in_language(words.language)
    filed = record.created_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    who = parts.line(
        parts.styled(words("card.filed_by")), parts.mention(record.filer_id), parts.styled(f" · {filed}")
    )
    limit = max(_LEAST_TEXT, _CARD_TEXT // max(1, len(record.fields)))
    blocks = [
        parts.header(f"{record.number} {name}"),
        parts.rich(parts.lines(who, standing(record, procedure, words)), block_id=block_id(record)),
        *_warnings(record, procedure, words),
        *(_advice(record, procedure, words) if reader in ("", *record.waiting_for) else []),
        *_fields(record, procedure, words, zone, limit),
        *path(record, procedure, words, zone),
    ]
    buttons = [*_buttons(record, procedure, words, reader), *_looks(record, words, limit)]
    return [*blocks, parts.actions(*buttons)] if buttons else blocks


def superseded(record: Record, words: Words) -> list[Block]:
    """What an older card becomes when its reader has a newer one."""
    return [parts.context(words("record.newer_card", number=record.number))]


def block_id(record: Record) -> str:
    """How a card is known again."""
    return f"record_{record.id}"


def card_text(record: Record, procedure: Procedure, words: Words) -> str:
    """The plain `text` of the card, not yet escaped."""
    name = procedure.name.in_language(words.language)
    return words("record.text", number=record.number, name=name, title=parts.clip(record.title, 200))


def standing(record: Record, procedure: Procedure, words: Words) -> Line:
    """Where it stands: the state, and whom it waits for."""
    runs = [parts.styled(words(f"record.state.{record.state.value}"), bold=True)]
    step = procedure.step(record.step)
    if record.state is RecordState.WAITING and step is not None:
        runs.append(parts.styled(f" · {step.label.in_language(words.language)} · "))
        waiting = [parts.mention(user) for user in record.waiting_for[:_WAITING]]
        for number, run in enumerate(waiting):
            runs += [parts.styled(words("list.comma")), run] if number else [run]
        if len(record.waiting_for) > _WAITING:
            runs.append(parts.styled("…"))
        if not waiting and record.waiting_role is not None:
            runs.append(parts.styled(words(f"role.{record.waiting_role.value}")))
        if record.passed_up:
            runs.append(parts.styled(f" · {words('record.passed_up')}"))
    if record.ticket_number:
        runs.append(parts.styled(f" · {words('card.ticket', number=record.ticket_number)}"))
    return parts.line(*runs)


def _warnings(record: Record, procedure: Procedure, words: Words) -> list[Block]:
    """Limits that are exceeded, and alarms that the record sets off."""
    said = [
        procedure.limits[int(number) - 1].message.in_language(words.language) for number in record.exceeded
    ]
    said += [
        alarm.message.in_language(words.language)
        for alarm in procedure.alarms
        if holds(alarm.when, record.facts)
    ]
    return [parts.context(*(f"⚠ {sentence}" for sentence in said))] if said else []


def _advice(record: Record, procedure: Procedure, words: Words) -> list[Block]:
    """What whoever acts now is told."""
    step = procedure.step(record.step)
    return [] if step is None else notes(step, record.facts, words)


# -- what it says ----------------------------------------------------------------------------------------


def _fields(record: Record, procedure: Procedure, words: Words, zone: ZoneInfo, limit: int) -> list[Block]:
    rows = [
        _row(field, record.fields[field.key], words, zone, limit)
        for field in asked(procedure.fields, record.fields)
        if record.fields.get(field.key)
    ]
    if record.has_contact:
        rows.append(parts.labelled(words("record.contact"), words("record.contact_kept")))
    return [parts.rich(parts.lines(*rows))] if rows else []


def _row(field: FieldSpec, value: str, words: Words, zone: ZoneInfo, limit: int) -> Line:
    label = parts.styled(f"{parts.clip(field.label.in_language(words.language), 100)}  ", bold=True)
    return parts.line(label, said(field, value, words, zone, limit))


def said(field: FieldSpec, value: str, words: Words, zone: ZoneInfo, limit: int = parts.MAX_QUOTE) -> Block:
    """A value as it is read: a person by name, a choice by its label, a moment in the site's time."""
    match field.kind:
        case FieldKind.PERSON:
            return parts.mention(value)
        case FieldKind.CHANNEL:
            return {"type": "channel", "channel_id": value}
        case FieldKind.YES_NO:
            return parts.styled(words(f"procedure.{'yes' if value == 'yes' else 'no'}"))
        case FieldKind.CHOICE:
            labels = {one.value: one.label.in_language(words.language) for one in field.options}
            return parts.styled(parts.clip(labels.get(value, value), limit))
        case FieldKind.MOMENT:
            return parts.styled(_moment(value, zone))
        case _:
            return parts.styled(parts.clip(value, limit))


def _moment(value: str, zone: ZoneInfo) -> str:
    try:
        return datetime.fromisoformat(value).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return value


def path(record: Record, procedure: Procedure, words: Words, zone: ZoneInfo) -> list[Block]:
    """What happened, in order, with what was said and filled in; then the steps that are still to come."""
    left_out = max(0, len(record.path) - _PATH)
    rows = [_taken(taken, procedure, words, zone) for taken in record.path[left_out:]]
    if left_out:
        rows.insert(0, parts.line(parts.styled(words("record.earlier", count=left_out))))
    coming = _coming(record, procedure)
    if coming:
        names = " → ".join(step.label.in_language(words.language) for step in coming)
        rows.append(parts.line(parts.styled(words("record.then", steps=names))))
    return [parts.rich(parts.bullets(*rows))] if rows else []


def _coming(record: Record, procedure: Procedure) -> list[StepSpec]:
    """The steps after the one that it waits at, as things stand."""
    keys = [step.key for step in procedure.steps]
    if record.state is not RecordState.WAITING or record.step not in keys:
        return []
    following = procedure.steps[keys.index(record.step) + 1 :]
    return [step for step in following if holds(step.when, record.facts)]


def _taken(taken: Taken, procedure: Procedure, words: Words, zone: ZoneInfo) -> Line:
    step = procedure.step(taken.step)
    runs = [parts.styled(f"{taken.at.astimezone(zone).strftime('%m-%d %H:%M')} ")]
    if taken.actor_id:
        runs += [parts.mention(taken.actor_id), parts.styled(" ")]
    runs.append(parts.styled(words(f"record.act.{taken.act.value}"), bold=True))
    if step is not None:
        runs.append(parts.styled(f" · {step.label.in_language(words.language)}"))
    if taken.note:
        runs.append(parts.styled(f" · {parts.clip(taken.note, _NOTE)}"))
    for field in step.fields if step is not None else ():
        value = taken.fields.get(field.key, "")
        if value:
            label = field.label.in_language(words.language)
            runs += [parts.styled(f" · {label} "), said(field, value, words, zone, _NOTE)]
    return parts.line(*runs)


# -- what can be done ------------------------------------------------------------------------------------


def _buttons(record: Record, procedure: Procedure, words: Words, reader: str) -> list[Block]:
    seen = RecordRef(record_id=record.id, revision=record.revision).dump()
    found: list[Block] = []
    step = procedure.step(record.step)
    if record.state is RecordState.WAITING and step is not None and reader in ("", *record.waiting_for):
        found.append(parts.button(TAKE, words(f"record.button.{step.kind.value}"), seen, style="primary"))
        if Act.RETURNED in acts_at(step):
            found.append(parts.button(SEND_BACK, words("record.button.send_back"), seen))
        if Act.REJECTED in acts_at(step):
            label = words("record.button.decline" if step.kind is StepKind.ACCEPT else "button.reject")
            found.append(parts.button(REJECT, label, seen, style="danger"))
    if reader == record.filer_id and record.state in (RecordState.WAITING, RecordState.RETURNED):
        found.append(parts.button(CORRECT, words("record.button.correct"), seen))
        sure = parts.confirmation(
            words("record.withdraw_sure"),
            words("record.withdraw_text", number=record.number),
            words("record.button.withdraw"),
            words("button.cancel"),
        )
        found.append(parts.button(WITHDRAW, words("record.button.withdraw"), seen, confirm=sure))
    if reader in record.may_revoke:
        found.append(parts.button(REVOKE, words("record.button.revoke"), seen))
    return found


def revoke_form(record: Record, metadata: str, words: Words) -> Block:
    """Why an approved swap is taken back."""
    return views.modal(
        REVOKE_FORM,
        words("record.button.revoke"),
        [
            parts.context(
                words("record.revoke_text", number=record.number, title=parts.clip(record.title, 200))
            ),
            views.text_field(NOTE, words("record.reason")),
        ],
        close=words("button.cancel"),
        submit=words("record.button.revoke"),
        private_metadata=metadata,
    )


def _looks(record: Record, words: Words, limit: int) -> list[Block]:
    """Buttons that change nothing: how to reach the customer, and the whole text where the card is cut."""
    seen = RecordRef(record_id=record.id, revision=record.revision).dump()
    found = (
        [
            parts.button(
                contacts.LOOK, words("record.button.contact"), SubjectRef(subject=subject(record.id)).dump()
            )
        ]
        if record.has_contact
        else []
    )
    if any(len(value) > limit for value in record.fields.values()):
        found.append(parts.button(DETAILS, words("record.button.details"), seen))
    return found


def details(record: Record, procedure: Procedure, words: Words, zone: ZoneInfo) -> Block:
    """Everything that a record says, uncut."""
    blocks: list[Block] = []
    for field in asked(procedure.fields, record.fields):
        value = record.fields.get(field.key)
        if value:
            label = parts.line(parts.styled(field.label.in_language(words.language), bold=True))
            whole = said(field, value, words, zone, 1 << 20)
            whole = (
                {"type": "text", "text": value} if whole["type"] == "text" and len(value) > 2000 else whole
            )
            blocks.append(parts.rich(parts.lines(label, parts.line(whole))))
    blocks += path(record, procedure, words, zone)
    return views.modal(DETAILS_VIEW, record.number, blocks, close=words("button.close"))


def told(record: Record, procedure: Procedure, words: Words) -> str:
    """One sentence for the filer: what happened last."""
    name = procedure.name.in_language(words.language)
    last = record.path[-1] if record.path else None
    step = procedure.step(last.step) if last is not None else None
    act = words(f"record.act.{last.act.value}") if last is not None else ""
    where = f" · {step.label.in_language(words.language)}" if step is not None else ""
    state = words(f"record.state.{record.state.value}")
    return words("record.told", number=record.number, name=name, act=f"{act}{where}", state=state)
