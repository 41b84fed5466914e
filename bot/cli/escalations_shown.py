"""Escalations on the command line: as lines, with their way, and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from bot.cli import batches

if TYPE_CHECKING:
    from bot.settings import Settings
    from tickets.desk import Desk
    from tickets.people import Person
    from tickets.records import Escalation
    from tickets.rung_records import OwedReport

NOBODY = "Say who does it: --as with the id of a person of the people file."


@dataclass(frozen=True)
class Opened:
    """The record as a command works with it."""

    settings: Settings
    desk: Desk

    def person(self, user_id: str) -> Person:
        """Who acts. Raises InvalidInput when nobody is named."""
        from tickets.errors import InvalidInput

        if not user_id.strip():
            raise InvalidInput("actor", NOBODY)
        return self.desk.people.get(user_id.strip())


def open_desk() -> Opened:
    """With the settings of the environment. Raises DeskError."""
    from bot import wiring
    from bot.settings import Settings

    settings = Settings()
    return Opened(
        settings, wiring.open_desk(settings, wiring.open_engine(settings), wiring.open_people(settings))
    )


def print_one(one: Escalation, opened: Opened, *, json: bool) -> None:
    """One escalation with its whole way and the reports owed for it."""
    reports = opened.desk.rungs.owed_reports(escalation_id=one.id)
    if json:
        batches.print_json(row(one, opened) | {"reports": [_report(report) for report in reports]})
        return
    typer.echo(line(one, opened))
    typer.echo(f"    {_path(one, opened)}")
    typer.echo("\n".join(f"    {text}" for text in one.content.report.splitlines()))
    for step in one.steps:
        who = opened.desk.people.get(step.actor_id).name if step.actor_id else "by itself"
        rungs = " → ".join(role.value for role in (step.from_role, step.to_role) if role)
        said = f": {step.note}" if step.note else ""
        against = f" (objection: {step.objection})" if step.objection else ""
        moment = step.at.astimezone(opened.settings.zone)
        typer.echo(f"    {moment:%Y-%m-%d %H:%M}  {step.kind.value:<12} {who}  {rungs}{said}{against}")
    for report in reports:
        done = f"given: {report.text}" if report.done_at else "still owed"
        typer.echo(f"    report to the {report.role.value}: {done}")


def _path(one: Escalation, opened: Opened) -> str:
    from bot.blocks.ladder_words import named
    from bot.blocks.rungs import path_line
    from bot.blocks.wording import words

    people = opened.desk.people
    filer = people.get(one.filer_id)
    return path_line(one, filer.role, named(words(opened.settings.language), people.ladder_of(filer)))


def line(one: Escalation, opened: Opened) -> str:
    """One escalation in a list."""
    late = "  overdue" if opened.desk.rungs.is_overdue(one) else ""
    ticket = f"  {one.ticket_number}" if one.ticket_number else ""
    filer = opened.desk.people.get(one.filer_id).name
    return (
        f"{one.number}  {one.state.value:<9}  {one.awaiting.value:<10}  {one.content.urgency.value:<9}  {filer}  "
        f"{one.content.summary}{ticket}{late}"
    )


def row(one: Escalation, opened: Opened) -> dict[str, Any]:
    """One escalation as JSON; times in ISO form."""
    due = opened.desk.rungs.due_at(one)
    return {
        "number": one.number,
        "state": one.state.value,
        "revision": one.revision,
        "summary": one.content.summary,
        "report": one.content.report,
        "urgency": one.content.urgency.value,
        "category": one.content.category,
        "filer": one.filer_id,
        "awaiting": one.awaiting.value,
        "passed_over": [role.value for role in one.passed_over],
        "about": list(one.content.accused),
        "created_at": one.created_at.isoformat(),
        "due_at": due.isoformat() if due else None,
        "overdue": opened.desk.rungs.is_overdue(one),
        "decided_by": one.decided_by,
        "decision_note": one.decision_note,
        "carried_out_at": one.carried_out_at.isoformat() if one.carried_out_at else None,
        "ticket": one.ticket_number,
        "path": _path(one, opened),
        "steps": [
            {
                "kind": step.kind.value,
                "actor": step.actor_id,
                "at": step.at.isoformat(),
                "from": step.from_role.value if step.from_role else None,
                "to": step.to_role.value if step.to_role else None,
                "note": step.note,
                "objection": step.objection,
                "left_out": [[left.role.value, left.grounds.value] for left in step.left_out],
                "special": step.special,
            }
            for step in one.steps
        ],
    }


def _report(report: OwedReport) -> dict[str, Any]:
    return {
        "to": report.role.value,
        "people": list(report.owed_to),
        "owed_by": report.owed_by,
        "why": report.grounds.value,
        "due_at": report.due_at.isoformat() if report.due_at else None,
        "text": report.text,
        "done_at": report.done_at.isoformat() if report.done_at else None,
        "read_by": report.read_by,
    }
