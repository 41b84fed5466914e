"""`kefu procedures file|records|record|act|…`: filled-in procedures from the command line, for a named person."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import batches

if TYPE_CHECKING:
    from bot.settings import Settings
    from tickets.desk import Desk
    from tickets.people import Person
    from tickets.procedure_records import Act, Record, Taken
    from tickets.procedure_spec import Procedure

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
As = Annotated[str, typer.Option("--as", help="Who does it: Slack user id, or the name.", show_default=False)]
Whose = Annotated[str, typer.Option("--as", help="Whose: Slack user id, or the name.", show_default=False)]
Number = Annotated[
    str, typer.Argument(help="Number of the record, like SS-20261130-0001.", show_default=False)
]
Fields = Annotated[
    list[str] | None, typer.Argument(help="field=value …; see kefu procedures show.", show_default=False)
]
Note = Annotated[str, typer.Option("--note", help="A note; the reason when returning or rejecting.")]
_ACTS = {
    "approve": "approved",
    "accept": "accepted",
    "sign": "signed",
    "do": "carried_out",
    "return": "returned",
    "reject": "rejected",
}


def _open() -> tuple[Settings, Desk]:
    from bot.settings import Settings
    from bot.wiring import open_desk, open_engine, open_people

    settings = Settings()
    return settings, open_desk(settings, open_engine(settings), open_people(settings))


def _person(desk: Desk, who: str) -> Person:
    """The person of this id, or of this name; usage error when the name is nobody's or several people's."""
    named = [one for one in desk.people.everybody() if who in (one.id, one.name)]
    if len(named) == 1:
        return named[0]
    if not named and who.isascii() and who.isupper():  # a Slack id: whoever is not listed is an agent
        return desk.people.get(who)
    fault = "several people have this name; give the Slack user id" if named else "nobody has this name"
    raise typer.BadParameter(f"{who}: {fault}.", param_hint="--as")


def _values(given: Sequence[str] | None, procedure: Procedure) -> dict[str, str]:
    """`field=value` as a mapping, with what belongs to a customer masked in free texts."""
    from bot.assistant.redaction import mask
    from tickets.procedure_spec import FieldKind

    free = {one.key for one in procedure.every_field() if one.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT)}
    values = {}
    for one in given or ():
        key, sign, value = one.partition("=")
        if not sign:
            raise typer.BadParameter(f"{one} is not field=value.", param_hint="FIELD=VALUE")
        values[key.strip()] = mask(value) if key.strip() in free else value
    return values


def _masked(note: str) -> str:
    from bot.assistant.redaction import mask

    return mask(note)


# -- filing and acting -------------------------------------------------------------------------------


def file(
    key: Annotated[str, typer.Argument(help="Key, name or phrase of the procedure.", show_default=False)],
    who: As,
    fields: Fields = None,
    json: Json = False,
) -> None:
    """File a record. What the bot fills by itself in Slack (open tickets, counts) is empty unless you give it."""
    from tickets.records import Origin

    settings, desk = _open()
    catalogue = desk.procedures.catalogue
    procedure = catalogue.named(key) or catalogue.get(key)
    values = _values(fields, procedure)
    filed = desk.procedures.file(
        _person(desk, who), procedure.key, values, Origin(), f"cli:{secrets.token_hex(8)}"
    )
    _show(settings, desk, filed, json=json)


def act(
    number: Number,
    what: Annotated[str, typer.Argument(help="|".join(_ACTS), show_default=False)],
    who: As,
    fields: Fields = None,
    note: Note = "",
    json: Json = False,
) -> None:
    """Take the step that a record waits at.

    Or send it back or reject it, with a reason.
    """
    from tickets.procedure_records import Act

    if what not in _ACTS:
        raise typer.BadParameter(f"{what} is none of {', '.join(_ACTS)}.", param_hint="WHAT")
    settings, desk = _open()
    seen = desk.procedures.get(number)
    values = _values(fields, desk.procedures.spec_of(seen))
    kind: Act = Act(_ACTS[what])
    acted = desk.procedures.act(_person(desk, who), seen.id, seen.revision, kind, _masked(note), values)
    _show(settings, desk, acted, json=json)


def edit(number: Number, who: As, fields: Fields = None, note: Note = "", json: Json = False) -> None:
    """Change what was filed, or file it again.

    After it was sent back, that is. Fields that are not given stay.

    An empty value (field=) takes one out.
    """
    settings, desk = _open()
    seen = desk.procedures.get(number)
    values = {**seen.fields, **_values(fields, desk.procedures.spec_of(seen))}
    edited = desk.procedures.edit(_person(desk, who), seen.id, seen.revision, values, _masked(note))
    _show(settings, desk, edited, json=json)


def withdraw(number: Number, who: As, note: Note = "", json: Json = False) -> None:
    """Take a record back."""
    settings, desk = _open()
    seen = desk.procedures.get(number)
    taken = desk.procedures.withdraw(_person(desk, who), seen.id, seen.revision, _masked(note))
    _show(settings, desk, taken, json=json)


def revoke(number: Number, who: As, note: Note = "", json: Json = False) -> None:
    """Take an approved swap of shifts back.

    With a reason (--note), by the rung that approves it or one above. The shifts are as they were.
    """
    settings, desk = _open()
    seen = desk.procedures.get(number)
    taken = desk.procedures.revoke(_person(desk, who), seen.id, seen.revision, _masked(note))
    _show(settings, desk, taken, json=json)


# -- looking -----------------------------------------------------------------------------------------


def record(number: Number, json: Json = False) -> None:
    """One record with everything that happened to it."""
    settings, desk = _open()
    _show(settings, desk, desk.procedures.get(number), json=json)


def records(
    procedure: Annotated[str, typer.Option("--procedure", help="Key of a procedure.")] = "",
    state: Annotated[str, typer.Option("--state", help="waiting|returned|done|rejected|withdrawn")] = "",
    filer: Annotated[str, typer.Option("--filer", help="Who filed it: Slack user id, or the name.")] = "",
    find: Annotated[str, typer.Option("--find", help="Words of it.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many, the newest first.")] = 50,
    json: Json = False,
) -> None:
    """The newest records."""
    from tickets.procedure_finding import Search
    from tickets.procedure_records import RecordState

    if state and state not in list(RecordState):
        raise typer.BadParameter(f"{state} is none of {', '.join(RecordState)}.", param_hint="--state")
    _, desk = _open()
    filer_id = _person(desk, filer).id if filer else ""
    search = Search(procedure, RecordState(state) if state else None, filer_id, text=find)
    _list(desk, desk.procedures.list(search, limit), json=json)


def waiting(who: Whose, json: Json = False) -> None:
    """What waits for somebody."""
    _, desk = _open()
    _list(desk, desk.procedures.waiting_for(_person(desk, who)), json=json)


def owed(who: Whose, json: Json = False) -> None:
    """What somebody still has to file for duties that come round."""
    settings, desk = _open()
    found = desk.procedures.owed(_person(desk, who))
    if json:
        rows = [
            {"procedure": one.procedure, "day": one.day.isoformat(), "due_at": one.due_at.isoformat()}
            for one in found
        ]
        batches.print_json({"owed": rows})
        return
    for one in found:
        due = one.due_at.astimezone(settings.zone)
        typer.echo(f"{due:%Y-%m-%d %H:%M}  {one.procedure}")
    if not found:
        typer.echo("Nothing.")


# -- showing -----------------------------------------------------------------------------------------


def _list(desk: Desk, found: Sequence[Record], *, json: bool) -> None:
    if json:
        batches.print_json({"records": [_row(one) for one in found]})
        return
    for one in found:
        filer = desk.people.get(one.filer_id).name
        typer.echo(f"{one.number}  {one.state.value:<9} {filer}  {one.title}{_waits(desk, one)}")
    if not found:
        typer.echo("No records.")


def _waits(desk: Desk, one: Record) -> str:
    names = ", ".join(desk.people.get(who).name for who in one.waiting_for)
    return f"  → {one.step}: {names or (one.waiting_role or '')}" if one.step else ""


def _show(settings: Settings, desk: Desk, one: Record, *, json: bool) -> None:
    from tickets import procedure_rows

    if json:
        batches.print_json(_row(one))
        return
    _list(desk, [one], json=False)
    procedure = desk.procedures.spec_of(one)
    for key, value in one.facts.items():
        field = procedure.field(key)
        if field is not None:  # ticks of what was read back need no line
            said = procedure_rows.readable(procedure, key, value, desk.people)
            typer.echo(f"    {field.label.zh} / {field.label.en}: {said}")
    for taken in one.path:
        at = taken.at.astimezone(settings.zone)
        name = desk.people.get(taken.actor_id).name if taken.actor_id else "Kefu Desk"
        note = f"  “{taken.note}”" if taken.note else ""
        typer.echo(f"    {at:%Y-%m-%d %H:%M}  {taken.act.value} {taken.step} {name}{note}")


def _row(one: Record) -> dict[str, Any]:
    return {
        "number": one.number,
        "procedure": one.procedure,
        "state": one.state.value,
        "revision": one.revision,
        "title": one.title,
        "filer": one.filer_id,
        "facts": dict(one.facts),
        "step": one.step,
        "waiting_for": list(one.waiting_for),
        "waiting_role": one.waiting_role.value if one.waiting_role else None,
        "due_at": one.due_at.isoformat() if one.due_at else None,
        "exceeded": list(one.exceeded),
        "ticket": one.ticket_number,
        "has_contact": one.has_contact,
        "created_at": one.created_at.isoformat(),
        "updated_at": one.updated_at.isoformat(),
        "path": [_taken(taken) for taken in one.path],
    }


def _taken(taken: Taken) -> Mapping[str, Any]:
    return {
        "act": taken.act.value,
        "step": taken.step,
        "actor": taken.actor_id,
        "at": taken.at.isoformat(),
        "note": taken.note,
        "fields": dict(taken.fields),
    }
