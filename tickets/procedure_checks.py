"""What can be wrong in a procedure file, beyond its shape: fields that do not exist, steps by nobody, and so on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain

from tickets.people import Role
from tickets.procedure_shape import Fault
from tickets.procedure_spec import Condition, FieldKind, FieldSpec, Procedure, StepKind, Who

COMPUTED_SOURCES = frozenset(
    {"open_tickets", "promises_due", "manual_changes", "unusual_events", "day_counts", "week_counts"}
)
DEFAULT_SOURCES: Mapping[str, Collection[FieldKind]] = {
    "today": (FieldKind.DATE,),
    "now": (FieldKind.MOMENT, FieldKind.TIME),
    "filer": (FieldKind.PERSON,),
    "channel": (FieldKind.CHANNEL,),
}
_MEASURED = frozenset(
    {
        FieldKind.NUMBER, FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.DATE, FieldKind.MOMENT,
        FieldKind.COMPUTED,
    }
)  # fmt: skip
_BRACES = re.compile(r"\{([^{}]*)\}")
_CHANNEL = "channel"


def faults_of(procedure: Procedure) -> list[Fault]:
    """Everything in one procedure that does not make sense."""
    parts = (
        _prefix, _doubles, _fields, _field_conditions, _steps, _step_conditions, _limits, _told_parts, _swapped,
        _templates,
    )  # fmt: skip
    return list(chain.from_iterable(part(procedure) for part in parts))


def across(procedures: Mapping[str, Procedure], own: Collection[str]) -> Iterator[tuple[str, Fault]]:
    """What does not go together: two with one prefix, a successor that does not exist. The organisation's own file
    (`own`) is the one at fault."""
    by_prefix: dict[str, list[str]] = {}
    for key in sorted(procedures, key=lambda one: one in own):  # ours first
        by_prefix.setdefault(procedures[key].prefix, []).append(key)
    for keys in by_prefix.values():
        for key in keys[1:]:
            message = (
                f"The procedure {keys[0]} has the prefix {procedures[key].prefix} already: choose another."
            )
            yield key, Fault("prefix", message)
    for key, procedure in procedures.items():
        starts = procedure.effect.starts
        if starts and starts not in procedures and key in own:
            yield key, Fault("effect.starts", f"There is no procedure {starts}: name one that exists.")


def _prefix(procedure: Procedure) -> Iterator[Fault]:
    if procedure.prefix == "T" or (procedure.prefix == "E" and procedure.machine != "escalations"):
        what = "tickets" if procedure.prefix == "T" else "escalations"
        yield Fault("prefix", f"{procedure.prefix} numbers the {what}: choose another prefix.")
    if procedure.machine and procedure.steps:
        yield Fault("steps", f"The {procedure.machine} decide this one by themselves: take the steps out.")


def _doubles(procedure: Procedure) -> Iterator[Fault]:
    for what, keys in (
        ("fields", [field.key for field in procedure.every_field()]),
        ("steps", [step.key for step in procedure.steps]),
    ):
        for key in _twice(keys):
            yield Fault(f"{what}.{key}", f"The key {key} is there twice: rename one.")
    for key in _twice([role.value for role in procedure.filed_by]):
        yield Fault("filed_by", f"The role {key} is there twice: take one out.")


def _twice(keys: Sequence[str]) -> list[str]:
    return [key for key, count in Counter(keys).items() if count > 1]


def _placed(procedure: Procedure) -> Iterator[tuple[str, FieldSpec]]:
    for field in procedure.fields:
        yield f"fields.{field.key}", field
    for step in procedure.steps:
        for field in step.fields:
            yield f"steps.{step.key}.fields.{field.key}", field


def _fields(procedure: Procedure) -> Iterator[Fault]:
    for place, field in _placed(procedure):
        yield from _options(place, field)
        yield from _measures(place, field)
        yield from _sources(place, field)
        if (field.kind is FieldKind.CONTACT) != bool(field.part):
            yield Fault(f"{place}.part", _PART[field.kind is FieldKind.CONTACT])
        if field.never_acts and field.kind is not FieldKind.PERSON:
            yield Fault(f"{place}.never_acts", "Only a person can be kept from acting: make the kind person.")


_PART = {
    True: "A contact field asks for one part of the contact: set part to name, phone, address or other.",
    False: "Only a contact field has a part: take it out.",
}


def _options(place: str, field: FieldSpec) -> Iterator[Fault]:
    if field.kind is FieldKind.CHOICE and len(field.options) < 2:
        yield Fault(f"{place}.options", "A choice needs at least two options: add them.")
    if field.kind is not FieldKind.CHOICE and field.options:
        yield Fault(f"{place}.options", f"A field of kind {field.kind} has no options: make it a choice.")
    for value in _twice([option.value for option in field.options]):
        yield Fault(f"{place}.options", f"The option {value} is there twice: take one out.")


def _measures(place: str, field: FieldSpec) -> Iterator[Fault]:
    if (field.least is not None or field.most is not None) and field.kind not in _MEASURED:
        yield Fault(place, f"A field of kind {field.kind} has no least and most: take them out.")
    if field.least is not None and field.most is not None and field.least > field.most:
        yield Fault(place, "The least is more than the most: exchange them.")
    if field.whole and field.kind is not FieldKind.NUMBER:
        yield Fault(f"{place}.whole", "Only a number can be whole: take it out.")


def _sources(place: str, field: FieldSpec) -> Iterator[Fault]:
    if field.kind is FieldKind.COMPUTED and field.source not in COMPUTED_SOURCES:
        known = ", ".join(sorted(COMPUTED_SOURCES))
        yield Fault(f"{place}.source", f"A computed field needs a source: write one of {known}.")
    if field.kind is not FieldKind.COMPUTED and field.source:
        if field.source in COMPUTED_SOURCES:
            yield Fault(
                f"{place}.source", f"{field.source} fills computed fields only: make the kind computed."
            )
        elif field.kind not in DEFAULT_SOURCES.get(field.source, ()):
            known = ", ".join(f"{name} ({'/'.join(kinds)})" for name, kinds in DEFAULT_SOURCES.items())
            message = f"{field.source!r} is no default for a field of kind {field.kind}: use one of {known}."
            yield Fault(f"{place}.source", message)


# -- conditions --------------------------------------------------------------------------------------


def _field_conditions(procedure: Procedure) -> Iterator[Fault]:
    before: list[FieldSpec] = []
    for place, field in _placed(procedure):
        yield from _condition(procedure, f"{place}.when", field.when, before)
        before.append(field)


def _step_conditions(procedure: Procedure) -> Iterator[Fault]:
    before = list(procedure.fields)
    for step in procedure.steps:
        yield from _condition(procedure, f"steps.{step.key}.when", step.when, before)
        before += step.fields
        for number, note in enumerate(step.notes, start=1):
            yield from _condition(procedure, f"steps.{step.key}.notes.[{number}].when", note.when, before)
    everything = procedure.every_field()
    for number, alarm in enumerate(procedure.alarms, start=1):
        yield from _condition(procedure, f"alarms.[{number}].when", alarm.when, everything)
    for number, limit in enumerate(procedure.limits, start=1):
        yield from _condition(procedure, f"limits.[{number}].when", limit.when, procedure.fields)


def _condition(
    procedure: Procedure, place: str, condition: Condition | None, before: Sequence[FieldSpec]
) -> Iterator[Fault]:
    if condition is None:
        return
    field = next((one for one in before if one.key == condition.field), None)
    if field is None:
        later = procedure.field(condition.field) is not None
        what = "is asked only later" if later else "does not exist"
        yield Fault(place, f"The field {condition.field} {what}: name one that is asked before.")
        return
    said = (condition.equals, condition.not_equals, condition.at_least, condition.at_most)
    if all(part in ((), None) for part in said):
        message = "The condition compares with nothing: add equals, not_equals, at_least or at_most."
        yield Fault(place, message)
    if field.kind is FieldKind.CONTACT:
        yield Fault(place, f"The contact {field.key} is not in the record: name another field.")
    if field.kind is not FieldKind.NUMBER and (condition.at_least, condition.at_most) != (None, None):
        yield Fault(place, f"{field.key} is no number: compare it with equals or not_equals.")
    possible = _values(field)
    for value in (*condition.equals, *condition.not_equals):
        if possible and value not in possible:
            message = f"{field.key} is never {value!r}: write one of {', '.join(possible)}."
            yield Fault(place, message)


def _values(field: FieldSpec) -> tuple[str, ...]:
    if field.kind is FieldKind.YES_NO:
        return ("yes", "no")
    return tuple(option.value for option in field.options)


# -- steps, limits and the rest ----------------------------------------------------------------------


def _steps(procedure: Procedure) -> Iterator[Fault]:
    before = list(procedure.fields)
    for step in procedure.steps:
        place = f"steps.{step.key}"
        yield from _who(f"{place}.by", step.by, before)
        yield from _taker(f"{place}.by.taker", step.by, procedure)
        if step.by.filer and step.kind in (StepKind.APPROVE, StepKind.ACCEPT):
            message = f"Nobody may {step.kind} their own: name somebody else than the filer."
            yield Fault(f"{place}.by", message)
        if step.fields and step.kind is StepKind.SIGN:
            yield Fault(
                f"{place}.fields", "A signature asks nothing: make the kind do, or take the fields out."
            )
        if step.pass_up and step.within_hours is None:
            yield Fault(f"{place}.pass_up", "Passing up needs a time: add within_hours.")
        if step.takes_ticket and procedure.effect.ticket is None:
            yield Fault(f"{place}.takes_ticket", "There is no ticket to take: set effect.ticket.")
        before += step.fields


def _who(place: str, who: Who, before: Sequence[FieldSpec]) -> Iterator[Fault]:
    if who.tellings != 1:
        how = "no way" if not who.tellings else "several ways"
        message = f"It says in {how} who acts: set exactly one of role, next_rung, filer, field, duty, taker."
        yield Fault(place, message)
    if who.role is Role.AGENT:
        yield Fault(place, "Agents stand on no rung: name a person by a field, or a higher role.")
    if who.field is not None:
        field = next((one for one in before if one.key == who.field), None)
        if field is None:
            yield Fault(
                place, f"The field {who.field} is not asked before this: name a person field that is."
            )
        elif field.kind is not FieldKind.PERSON:
            yield Fault(place, f"{who.field} is no person: name a field of kind person.")
        elif field.never_acts:
            yield Fault(place, f"{who.field} never acts: name another field.")
    if who.in_person and who.field is None:
        yield Fault(f"{place}.in_person", "Only who is named by a field acts in person: take it out.")
    if who.or_above and who.role is None and not who.next_rung:
        yield Fault(f"{place}.or_above", "Only a rung has others above it: use it with role or next_rung.")


def _taker(place: str, who: Who, procedure: Procedure) -> Iterator[Fault]:
    if who.taker is None:
        return
    keys = [step.key for step in procedure.steps]
    here = next((number for number, step in enumerate(procedure.steps) if step.by is who), len(keys))
    if who.taker not in keys[:here]:
        yield Fault(place, f"There is no step {who.taker} before this one: name an earlier step.")


def _limits(procedure: Procedure) -> Iterator[Fault]:
    own = {field.key: field for field in procedure.fields}
    for number, limit in enumerate(procedure.limits, start=1):
        for name, key, kind in (
            ("by", limit.by, None),
            ("amount", limit.amount, FieldKind.NUMBER),
            ("on", limit.on, FieldKind.DATE),
            ("also", limit.also, FieldKind.PERSON),
        ):
            place = f"limits.[{number}].{name}"
            if key is not None and key not in own:
                yield Fault(place, f"The filer is not asked for {key}: name one of {', '.join(own)}.")
            elif key is not None and kind is not None and own[key].kind is not kind:
                yield Fault(place, f"{key} is no {kind}: name a field of kind {kind}.")


def _told_parts(procedure: Procedure) -> Iterator[Fault]:
    everything = procedure.every_field()
    for number, reminder in enumerate(procedure.reminders, start=1):
        place = f"reminders.[{number}]"
        field = procedure.field(reminder.field)
        if field is None or field.kind is not FieldKind.MOMENT:
            yield Fault(f"{place}.field", f"{reminder.field} is no moment: name a field of kind moment.")
        yield from _who(f"{place}.who", reminder.who, everything)
        yield from _taker(f"{place}.who.taker", reminder.who, procedure)
    recurrence = procedure.recurrence
    if recurrence is not None and recurrence.weekday is not None and not recurrence.at:
        yield Fault("recurrence.at", "A weekly duty needs a time of day: add at.")
    if recurrence is not None and recurrence.at > "23:59":
        yield Fault("recurrence.at", f"{recurrence.at} is no time of day: write one like 17:00.")


def _swapped(procedure: Procedure) -> Iterator[Fault]:
    swap = procedure.effect.swap
    if swap is None:
        return
    own = {field.key: field for field in procedure.fields}
    for name, key, kind in (
        ("day", swap.day, FieldKind.DATE),
        ("partner", swap.partner, FieldKind.PERSON),
        ("back", swap.back, FieldKind.DATE),
    ):
        place = f"effect.swap.{name}"
        if key is not None and key not in own:
            yield Fault(place, f"The filer is not asked for {key}: name one of {', '.join(own)}.")
        elif key is not None and own[key].kind is not kind:
            yield Fault(place, f"{key} is no {kind}: name a field of kind {kind}.")
    accepting = (step.by.field for step in procedure.steps if step.kind is StepKind.ACCEPT)
    if swap.partner in own and swap.partner not in accepting:
        message = f"Nobody's shift is changed unasked: add a step of kind accept by the field {swap.partner}."
        yield Fault("effect.swap", message)


def _templates(procedure: Procedure) -> Iterator[Fault]:
    known = {field.key for field in procedure.every_field() if field.kind is not FieldKind.CONTACT}
    for name, template in (("title", procedure.effect.title), ("broadcast", procedure.effect.broadcast)):
        for key in _BRACES.findall(template):
            if key not in known:
                message = f"{{{key}}} is no field that is kept: use one of {', '.join(sorted(known))}."
                yield Fault(f"effect.{name}", message)
    channel = procedure.field(_CHANNEL)
    if procedure.effect.broadcast and (channel is None or channel.kind is not FieldKind.CHANNEL):
        message = "A broadcast goes to the channel in the field channel: add that field, of kind channel."
        yield Fault("effect.broadcast", message)
    if procedure.effect.acknowledge and not procedure.effect.broadcast:
        yield Fault("effect.acknowledge", "Only a broadcast can be acknowledged: set effect.broadcast.")
