"""`kefu people groups …`: what being in a Slack user group means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import batches

if TYPE_CHECKING:
    from datetime import tzinfo

    from tickets.directory_told import GroupState

app = typer.Typer(help="What being in a Slack user group means.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Handle = Annotated[
    str, typer.Argument(help="The group's handle in Slack: @shift-leaders.", show_default=False)
]


@app.callback(invoke_without_command=True)
def list_groups(context: typer.Context, json: Json = False) -> None:
    """The Slack groups that say something of people, and who was in them when last read."""
    if context.invoked_subcommand is not None:
        return
    from bot.cli.people import opened

    settings, desk = opened()
    states = desk.directory.groups()
    if json:
        batches.print_json({"groups": [row(state) for state in states]})
        return
    for state in states:
        typer.echo(line(state, settings.zone))
    if not states:
        typer.echo("None yet: kefu people groups add @shift-leaders --role leader --team 早班")


@app.command("add")
def add(
    handle: Handle,
    role: Annotated[
        str, typer.Option(help="agent, leader, supervisor, manager, general_manager, admin.")
    ] = "",
    team: Annotated[str, typer.Option(help="The team they belong to.")] = "",
    organisation: Annotated[str, typer.Option(help="The organisation they belong to.")] = "",
    on_shift: Annotated[
        bool, typer.Option("--on-shift", help="The group holds those who are on shift now.")
    ] = False,
    json: Json = False,
) -> None:
    """Say what being in a group means.

    The running bot reads it within seconds.

    A role, team or organisation from the people file or a command goes before that of a group.
    """
    from bot.cli.people import actor, opened, role_named
    from tickets.directory_told import GroupRule

    _, desk = opened()
    rule = GroupRule(handle, role_named(role), team, organisation, on_shift)
    desk.directory.set_group(actor(), rule)
    if json:
        kept = next(one for one in desk.directory.groups() if one.rule.handle == handle.removeprefix("@"))
        batches.print_json(row(kept))
        return
    typer.echo(f"@{handle.removeprefix('@')}: {_meaning(rule)}.")


@app.command("remove")
def remove(handle: Handle, json: Json = False) -> None:
    """Being in a group means nothing any more, also when the file says so."""
    from bot.cli.people import actor, opened

    _, desk = opened()
    desk.directory.remove_group(actor(), handle)
    if json:
        batches.print_json({"handle": handle.removeprefix("@"), "removed": True})
        return
    typer.echo(f"@{handle.removeprefix('@')} means nothing any more.")


def line(state: GroupState, zone: tzinfo) -> str:
    """One group for a terminal."""
    seen = "not read yet"
    if state.read_at:
        seen = f"{len(state.members)} members, read {state.read_at.astimezone(zone):%Y-%m-%d %H:%M}"
    fault = f"; cannot be read now: {state.fault}" if state.fault else ""
    return f"@{state.rule.handle}  {_meaning(state.rule)}  [{state.rule.source}; {seen}{fault}]"


def row(state: GroupState) -> dict[str, Any]:
    """One group as JSON."""
    rule = state.rule
    return {
        "handle": rule.handle,
        "role": rule.role.value if rule.role else "",
        "team": rule.team,
        "organisation": rule.organisation,
        "on_shift": rule.on_shift,
        "source": rule.source,
        "members": dict(state.members),
        "read_at": state.read_at.isoformat() if state.read_at else None,
        "fault": state.fault,
    }


def _meaning(rule: Any) -> str:
    parts = [rule.role.value if rule.role else "", rule.team, rule.organisation]
    return " · ".join([part for part in parts if part] + (["on shift now"] if rule.on_shift else []))
