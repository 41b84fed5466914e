"""Filling a procedure's form as far as the bot can: from its records, from the place, from what somebody wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.assistant.drafts import Route
from bot.assistant.extracting import Kind, Wanted, extract
from bot.assistant.procedure_signals import procedure as procedure_of
from bot.assistant.redaction import mask
from bot.assistant.redaction_contacts import contacts
from bot.assistant.signals import read
from bot.blocks.parts import clip
from bot.keeping.packets import Packets
from bot.services import Services
from tickets.people import People, Person
from tickets.procedure_spec import FieldKind, FieldSpec, Procedure
from tickets.procedure_values import MOST_LONG_TEXT, MOST_TEXT

_MENTION = re.compile(r"<@([UW][A-Z0-9_]+)(?:\|[^>]*)?>")
_FIRST = re.compile(r"[^，,。；;！!？?\n]+")
_IN_BRACES = re.compile(r"\{([^{}]*)\}")
_SHORT = 60
"""Characters of a text that stand for it in a title."""
_KINDS: Mapping[FieldKind, Kind] = {
    FieldKind.TEXT: Kind.TEXT,
    FieldKind.LONG_TEXT: Kind.LONG_TEXT,
    FieldKind.NUMBER: Kind.NUMBER,
    FieldKind.DATE: Kind.DATE,
    FieldKind.TIME: Kind.TIME,
    FieldKind.MOMENT: Kind.DATETIME,
    FieldKind.CHOICE: Kind.CHOICE,
    FieldKind.YES_NO: Kind.YES_NO,
    FieldKind.PERSON: Kind.PERSON,
}


def prefilled(
    services: Services, procedure: Procedure, text: str, person: Person, channel: str = ""
) -> tuple[dict[str, str], list[FieldSpec]]:
    """What the form shows at first, and the fields that were filled from `text` (as typed, not yet masked).

    Among the values are those of contact fields: they are for the form of whoever wrote the text and nothing else.
    """
    values = completed(services, procedure.fields, person, channel, {})
    now, zone = services.library.now(), services.settings.zone
    written = from_text(procedure, text, person, services.people, now, zone)
    found = [field for field in procedure.fields if written.get(field.key)]
    return {**values, **written}, found


def completed(
    services: Services, fields: Sequence[FieldSpec], person: Person, channel: str, known: Mapping[str, str]
) -> dict[str, str]:
    """What the bot fills in by itself of the fields that are not `known`: its records, the day, the place."""
    now, zone = services.library.now(), services.settings.zone
    packets = Packets(services, person, now)
    values: dict[str, str] = {}
    for field in fields:
        if field.key in known or not field.source:
            continue
        if field.kind is FieldKind.COMPUTED:
            values[field.key] = packets.text(field.source)
        else:
            values[field.key] = default(field, person, channel, now, zone)
    return values


def default(field: FieldSpec, person: Person, channel: str, now: datetime, zone: ZoneInfo) -> str:
    """The value of a field that nobody has filled in; empty when its source says nothing here."""
    local = now.astimezone(zone)
    match (field.source, field.kind):
        case ("today", FieldKind.DATE):
            return local.date().isoformat()
        case ("now", FieldKind.TIME):
            return f"{local:%H:%M}"
        case ("now", FieldKind.MOMENT):
            return local.isoformat(timespec="minutes")
        case ("filer", FieldKind.PERSON):
            return person.id
        case ("channel", FieldKind.CHANNEL):
            return "" if channel.startswith("D") else channel
        case _:
            return ""


def from_text(
    procedure: Procedure, text: str, person: Person, people: People, now: datetime, zone: ZoneInfo
) -> dict[str, str]:
    """What a text says of the fields, masked; of contact fields, how to reach the customer, as written."""
    if not text.strip():
        return {}
    masked = mask(_MENTION.sub(" ", text)).strip()
    asked = [field for field in procedure.fields if field.kind in _KINDS]
    wanted, needed = (
        map(_wanted, asked),
        (_wanted(field) for field in asked if field.required and not field.source),
    )
    # The one day in a text is that of the one day that is needed, whatever else might be filled in.
    told = {**_told(masked, needed, now, zone), **_told(masked, wanted, now, zone)}
    named = _persons(procedure.fields, told, text, person, people)
    persons = {field.key for field in procedure.fields if field.kind is FieldKind.PERSON}
    found = {key: value for key, value in told.items() if key not in persons} | named
    return {**_as_a_whole(procedure, masked), **found, **_contacts(procedure.fields, text)}


def _told(masked: str, wanted: Iterable[Wanted], now: datetime, zone: ZoneInfo) -> dict[str, str]:
    return extract(masked, list(wanted), now=now, zone=zone)


def _wanted(field: FieldSpec) -> Wanted:
    scored = field.whole and (field.least, field.most) == (1, 10)
    labels = (field.label.zh, field.label.en, *field.names)
    choices = tuple((one.value, (one.label.zh, one.label.en, *one.names)) for one in field.options)
    return Wanted(field.key, Kind.SCORE if scored else _KINDS[field.kind], labels, choices)


def _as_a_whole(procedure: Procedure, masked: str) -> dict[str, str]:
    """The text itself as the story, and its beginning as what the record is called."""
    required = [field for field in procedure.fields if field.required and field.when is None]
    titled = set(_IN_BRACES.findall(procedure.effect.title))
    kinds = ((FieldKind.LONG_TEXT, MOST_LONG_TEXT), (FieldKind.TEXT, MOST_TEXT))
    story = next(((one, most) for kind, most in kinds for one in required if one.kind is kind), None)
    found: dict[str, str] = {}
    for field in required:
        beginning = _FIRST.search(masked)
        if field.kind is FieldKind.TEXT and field.key in titled and beginning is not None:
            found[field.key] = clip(beginning[0].strip(), int(min(field.most or _SHORT, _SHORT)))
    if story is not None:
        field, most = story
        found[field.key] = clip(masked, int(min(field.most or most, most)))
    return found


def _contacts(fields: Sequence[FieldSpec], text: str) -> dict[str, str]:
    asked = [field for field in fields if field.kind is FieldKind.CONTACT]
    if not asked:
        return {}
    told = contacts(text)
    parts = {
        "name": told.name,
        "phone": next(iter(told.phones), ""),
        "address": told.address,
        "other": next(iter((*told.emails, *told.others)), ""),
    }
    return {field.key: parts[field.part] for field in asked if field.part and parts[field.part]}


def _persons(
    fields: Sequence[FieldSpec], told: Mapping[str, str], text: str, person: Person, people: People
) -> dict[str, str]:
    """Colleagues by their user ids: those whom the text names for a field, else the only one for the only field."""
    asked = [field for field in fields if field.kind is FieldKind.PERSON and not field.source]
    named = {field.key: _people(told.get(field.key, ""), person, people) for field in asked}
    found = {key: ids[0] for key, ids in named.items() if len(ids) == 1}
    everybody, needed = _people(text, person, people), [field for field in asked if field.required]
    if not found and len(needed) == len(everybody) == 1:
        found[needed[0].key] = everybody[0]
    return found


def _people(text: str, person: Person, people: People) -> list[str]:
    """Ids of the colleagues that a text mentions or calls by name, each once."""
    mentioned = _MENTION.findall(text)
    called = [one.id for one in people.everybody() if one.name and one.name in text]
    return [one for one in dict.fromkeys([*mentioned, *called]) if one != person.id]


def begun_instead(services: Services, key: str, person: Person) -> Procedure | None:
    """The procedure of this key when this person may file it: what a text is offered that came as something else."""
    offered = services.desk.procedures.for_person(person)
    return next((procedure for procedure in offered if procedure.key == key), None)


def recognised(services: Services, masked: str, person: Person) -> Procedure | None:
    """The procedure that a text asks for or brings, when this person may file it; none for a question about rules."""
    return begun_instead(services, procedure_of(read(masked), Route.ANSWER), person)
