"""`kefu people …`: who is who, who stands in for whom, who is on shift; told on top of the people file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import batches, people_groups, people_shown, spoken, working

if TYPE_CHECKING:
    from datetime import datetime

    from bot.settings import Settings
    from tickets.desk import Desk
    from tickets.people import Person, Role

app = typer.Typer(help="Who is who, the ladder, deputies, and who is on shift.")
app.add_typer(people_groups.app, name="groups")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Who = Annotated[str, typer.Argument(help="Slack user id, or the name.", show_default=False)]


def opened() -> tuple[Settings, Desk]:
    """The settings and the desk. Raises PeopleError when the people file cannot be used."""
    from bot.settings import Settings
    from bot.wiring import open_desk, open_engine, open_people

    settings = Settings()
    return settings, open_desk(settings, open_engine(settings), open_people(settings))


def actor() -> Person:
    """Whoever may run this is an admin."""
    from tickets.people import Person, Role

    return Person(working.BY, working.BY, Role.ADMIN)


def role_named(name: str) -> Role | None:
    """The role of this name; None for an empty one. Usage error for what is none."""
    from tickets.people import Role

    if not name:
        return None
    try:
        return Role(name)
    except ValueError:
        roles = ", ".join(role.value for role in Role)
        raise typer.BadParameter(f"{name} is no role; roles are {roles}.", param_hint="--role") from None


@app.callback(invoke_without_command=True)
def list_people(context: typer.Context, json: Json = False) -> None:
    """Everybody, and who is on shift now.

    With role, team, organisation and deputy.
    """
    if context.invoked_subcommand is not None:
        return
    show_all(json=json)


@app.command("list")
def show_all(json: Json = False) -> None:
    """Everybody, and who is on shift now.

    With role, team, organisation and deputy.
    """
    settings, desk = opened()
    everybody = desk.people.everybody()
    if json:
        batches.print_json({"people": [people_shown.row(desk, one) for one in everybody]})
        return
    for one in everybody:
        typer.echo(people_shown.line(desk, one))
    if not everybody:
        typer.echo(
            f"Nobody yet: write {settings.people_file}, or kefu people set U012AB3CD --role supervisor"
        )


@app.command("show")
def show(who: Who, json: Json = False) -> None:
    """One person, and where each fact comes from.

    The file, a command or a Slack group.
    """
    settings, desk = opened()
    person = _find(desk, who)
    row = people_shown.row(desk, person) | {"sources": dict(desk.directory.source(person.id))}
    said = desk.people.snapshot.attendance.get(person.id)
    if said and said.holds(desk.directory.now()):
        row["attendance"] = {"on": said.on, "until": said.until.isoformat(), "said_by": said.said_by}
    if json:
        batches.print_json(row)
        return
    typer.echo(people_shown.line(desk, person))
    for fact, source in row["sources"].items():
        value = row[fact] if fact != "duties" else ", ".join(row[fact])
        typer.echo(f"    {fact}: {value or '(none)'}  [{source}]")
    if "attendance" in row and said:
        there = "on" if said.on else "off"
        until = said.until.astimezone(settings.zone)
        typer.echo(f"    said to be {there} shift until {until:%Y-%m-%d %H:%M} by {said.said_by}")


@app.command("set")
def set_person(
    user_id: Annotated[str, typer.Argument(metavar="USER_ID", help="Slack user id.", show_default=False)],
    name: Annotated[str | None, typer.Option(help="Display name.")] = None,
    role: Annotated[
        str, typer.Option(help="agent, leader, supervisor, manager, general_manager, admin.")
    ] = "",
    team: Annotated[str | None, typer.Option(help="Team; '' for none.")] = None,
    organisation: Annotated[str | None, typer.Option(help="Organisation; '' for none.")] = None,
    deputy: Annotated[str | None, typer.Option(help="Id of who stands in; '' for nobody.")] = None,
    duty: Annotated[
        list[str] | None, typer.Option(help="A duty, such as office_manager; again for more.")
    ] = None,
    json: Json = False,
) -> None:
    """Add somebody, or change what is said of them.

    It goes before the people file and the Slack groups.
    """
    from tickets.directory_told import Facts

    duties = None if duty is None else tuple(duty)
    facts = Facts(name, role_named(role), team, organisation, deputy, duties)
    _, desk = opened()
    if facts == Facts() and user_id in desk.people.snapshot.people:
        raise typer.BadParameter(
            "say what to change: --name, --role, --team, --organisation, --deputy, --duty."
        )
    person = desk.directory.set_person(actor(), user_id, facts)
    _told(desk, person, json=json)


@app.command("remove")
def remove(who: Who, json: Json = False) -> None:
    """Take somebody out.

    Also when the file or a Slack group lists them; they are an agent then, as anybody.
    """
    _, desk = opened()
    person = _find(desk, who)
    desk.directory.remove_person(actor(), person.id)
    if json:
        batches.print_json({"id": person.id, "name": person.name, "removed": True})
        return
    typer.echo(f"{person.name} ({person.id}) is taken out.")


@app.command("reset")
def reset(
    who: Annotated[str, typer.Argument(help="One person only.", show_default=False)] = "",
    json: Json = False,
) -> None:
    """Drop what commands say.

    Of one person, or of everybody and every group: the file and Slack count again.
    """
    _, desk = opened()
    found = desk.directory.named(who)
    count = desk.directory.reset(actor(), found[0].id if len(found) == 1 else who)
    if json:
        batches.print_json({"dropped": count})
        return
    typer.echo(f"{count} dropped." if count else "Commands said nothing.")


@app.command("on")
def on(
    who: Who, until: Annotated[str, typer.Option(help="Until when: 18:30.")] = "", json: Json = False
) -> None:
    """Say that somebody is on shift, until the end of their shift."""
    _attendance(who, until, on=True, json=json)


@app.command("off")
def off(
    who: Who, until: Annotated[str, typer.Option(help="Until when: 18:30.")] = "", json: Json = False
) -> None:
    """Say that somebody is off shift.

    Until the end of their shift; their deputy is asked meanwhile.
    """
    _attendance(who, until, on=False, json=json)


@app.command("ladder")
def ladder(
    who: Annotated[str, typer.Argument(help="Whose ladder, and who is asked.", show_default=False)] = "",
    json: Json = False,
) -> None:
    """The ladders and who stands on each rung.

    Of one person: who would be asked now.
    """
    _, desk = opened()
    people = desk.people
    if who:
        person = _find(desk, who)
        own = people.ladder_of(person)
        rungs = [(rung, people.superiors(person, rung)) for rung in own.above(person.role)]
        people_shown.ladders([(f"{person.name}", own, rungs)], json=json)
        return
    scoped = [(one.ladder, one.organisation, one.team) for one in people.snapshot.ladders]
    shown = []
    for one, organisation, team in [(people.ladder, "", ""), *scoped]:
        whose = " ".join(part for part in (organisation, team) if part) or "default"
        standing = [
            (rung, [p for p in people.with_role(rung) if people.ladder_of(p) == one]) for rung in one.rungs
        ]
        shown.append((whose, one, standing))
    people_shown.ladders(shown, json=json)


@app.command("check")
def check(
    file: Annotated[
        Path | None, typer.Argument(help="A people file to look at before it is used.", show_default=False)
    ] = None,
    json: Json = False,
) -> None:
    """Look for mistakes in the people file.

    And for what is probably not meant.

    Without FILE: the file that is used, with what commands and Slack groups say. Exit status 1 for a mistake.
    """
    from tickets.directory_checks import concerns
    from tickets.errors import PeopleError
    from tickets.people import People

    mistakes: list[str] = []
    found: list[str] = []
    try:
        if file is not None:
            found = concerns(People.load(file).snapshot)
        else:
            _, desk = opened()
            found = desk.directory.concerns()
    except PeopleError as error:
        mistakes = [str(error)]
    if json:
        batches.print_json({"mistakes": mistakes, "concerns": found})
    else:
        for sentence in [*mistakes, *found]:
            typer.echo(spoken.told(sentence))
        if not mistakes and not found:
            typer.echo("All is well.")
    if mistakes:
        raise typer.Exit(1)


def _attendance(who: str, until: str, *, on: bool, json: bool) -> None:
    settings, desk = opened()
    person = _find(desk, who)
    ends = _moment(until, desk.directory.now().astimezone(settings.zone)) if until else None
    said = desk.directory.set_attendance(actor(), person.id, on=on, until=ends)
    if json:
        batches.print_json({"id": person.id, "on": said.on, "until": said.until.isoformat()})
        return
    there = "on" if on else "off"
    typer.echo(f"{person.name} is {there} shift until {said.until.astimezone(settings.zone):%Y-%m-%d %H:%M}.")


def _moment(text: str, now: datetime) -> datetime:
    """The next time that a clock shows `text`; usage error for what is no time."""
    from datetime import datetime, time, timedelta

    try:
        moment = datetime.combine(now.date(), time.fromisoformat(text), now.tzinfo)
    except ValueError:
        raise typer.BadParameter(f"{text} is no time; write it like 18:30.", param_hint="--until") from None
    return moment if moment > now else moment + timedelta(days=1)


def _find(desk: Desk, who: str) -> Person:
    """Somebody by id or name. Usage error when nobody, or more than one, is meant."""
    found = desk.directory.named(who)
    if len(found) == 1:
        return found[0]
    meant = f"more than one is called {who}: " + ", ".join(one.id for one in found)
    raise typer.BadParameter(f"{meant}." if found else f"nobody is listed as {who}; see kefu people.")


def _told(desk: Desk, person: Person, *, json: bool) -> None:
    if json:
        batches.print_json(people_shown.row(desk, person))
    else:
        typer.echo(people_shown.line(desk, person))
