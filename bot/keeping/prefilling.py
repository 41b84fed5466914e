"""Filling a procedure's form as far as the bot can: from its records, from the place, from what somebody wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.assistant.redaction import mask
from bot.keeping.packets import Packets
from bot.services import Services
from tickets.people import People, Person
from tickets.procedure_spec import FieldKind, FieldSpec, Procedure

_MENTION = re.compile(r"<@([UW][A-Z0-9_]+)(?:\|[^>]*)?>")
_WRITTEN = (FieldKind.LONG_TEXT, FieldKind.TEXT)


def prefilled(
    services: Services, procedure: Procedure, text: str, person: Person, channel: str = ""
) -> tuple[dict[str, str], list[FieldSpec]]:
    """What the form shows at first, and the fields that were filled from `text` (as typed, not yet masked)."""
    values = completed(services, procedure.fields, person, channel, {})
    written = from_text(procedure.fields, text, person, services.people)
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


def from_text(fields: Sequence[FieldSpec], text: str, person: Person, people: People) -> dict[str, str]:
    """What a text says of the fields: the people that it names, and what was written as a whole, masked."""
    if not text.strip():
        return {}
    found: dict[str, str] = {}
    named = _people(text, person, people)
    wanted = [field for field in fields if field.kind is FieldKind.PERSON and not field.source]
    if len(named) == len(wanted) == 1:  # else nobody can say who is who
        found[wanted[0].key] = named[0]
    whole = next(
        (field for kind in _WRITTEN for field in fields if field.kind is kind and field.required), None
    )
    if whole is not None:
        found[whole.key] = mask(_MENTION.sub(" ", text)).strip()
    return found


def _people(text: str, person: Person, people: People) -> list[str]:
    """Ids of the colleagues that a text mentions or calls by name, each once."""
    mentioned = _MENTION.findall(text)
    called = [one.id for one in people.everybody() if one.name and one.name in text]
    return [one for one in dict.fromkeys([*mentioned, *called]) if one != person.id]


def recognised(services: Services, text: str, person: Person) -> Procedure | None:
    """The procedure that a text asks for: the longest of the phrases by which it may file one that the text has."""
    bare = "".join(text.split()).lower()
    spoken = [
        (len(phrase), procedure.key)
        for procedure in services.desk.procedures.for_person(person)
        for phrase in procedure.phrases
        if "".join(phrase.split()).lower() in bare
    ]
    return services.desk.procedures.catalogue.get(max(spoken)[1]) if spoken else None
