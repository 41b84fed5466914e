"""Checking what is told of people before it is kept, and what of the whole an admin should look at. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tickets.directory import Snapshot
from tickets.directory_roles import Role
from tickets.directory_told import Facts, GroupRule
from tickets.errors import InvalidInput

LONGEST = 120
"""Characters of a name, a team, an organisation or a duty."""
LONGEST_ID = 64


def checked_id(person_id: str) -> str:
    """The id, when it can be one. Raises InvalidInput (`person`)."""
    if not person_id or len(person_id) > LONGEST_ID or any(char.isspace() for char in person_id):
        raise InvalidInput("person", "A person is named by a Slack user id, such as U012AB3CD.")
    return person_id


def checked_facts(person_id: str, facts: Facts) -> Facts:
    """The facts with their texts trimmed. Raises InvalidInput (`person`, or the fact that is too long)."""
    checked_id(person_id)
    duties = facts.duties
    if duties is not None:
        duties = tuple(dict.fromkeys(duty for one in duties if (duty := _line("duties", one))))
    return Facts(
        _line("name", facts.name) or None,
        facts.role,
        _line("team", facts.team),
        _line("organisation", facts.organisation),
        _line("deputy", facts.deputy),
        duties,
    )


def checked_rule(rule: GroupRule) -> GroupRule:
    """The rule with its texts trimmed. Raises InvalidInput (`handle`, `team`, `organisation`)."""
    handle = rule.handle.strip().removeprefix("@")
    if not handle or len(handle) > LONGEST_ID:
        raise InvalidInput("handle", "A Slack group is named by its handle, such as @shift-leaders.")
    if rule.role is None and not (rule.team.strip() or rule.organisation.strip() or rule.on_shift):
        raise InvalidInput(
            "handle", "Say what being in the group means: a role, a team, an organisation or being on shift."
        )
    team, organisation = _line("team", rule.team) or "", _line("organisation", rule.organisation) or ""
    return replace(rule, handle=handle, team=team, organisation=organisation)


def check_deputy(snapshot: Snapshot, person_id: str) -> None:
    """Raise InvalidInput (`deputy`) unless the person's deputy exists and the chain of deputies has an end."""
    chain = [person_id]
    while (person := snapshot.people.get(chain[-1])) and person.deputy:
        if person.deputy not in snapshot.people:
            raise InvalidInput("deputy", f"Nobody is listed under {person.deputy}.")
        if person.deputy in chain:
            circle = " → ".join([*chain, person.deputy])
            raise InvalidInput("deputy", f"The deputies would go round in a circle: {circle}.")
        chain.append(person.deputy)


def concerns(snapshot: Snapshot) -> list[str]:
    """What is allowed and yet probably not meant, one sentence each."""
    return [*_deputies(snapshot), *_rungs(snapshot), *_teams(snapshot)]


def _deputies(snapshot: Snapshot) -> Iterator[str]:
    for person in snapshot.people.values():
        deputy = snapshot.people.get(person.deputy)
        if person.deputy and deputy is None:
            yield f"Nobody is listed under {person.deputy}, the deputy of {person.name}."
        if deputy is None:
            continue
        ladder = snapshot.ladder_of(person)
        if ladder.height(deputy.role) < ladder.height(person.role):
            yield f"{deputy.name} stands lower than {person.name} and cannot decide as their deputy."
        if deputy.organisation not in ("", person.organisation):
            yield f"{deputy.name} belongs to another organisation than {person.name} and is not asked as deputy."
        try:
            check_deputy(snapshot, person.id)
        except InvalidInput as error:
            yield str(error)


def _rungs(snapshot: Snapshot) -> Iterator[str]:
    held = {person.role for person in snapshot.people.values()}
    scoped = [(one.ladder, one.organisation or one.team) for one in snapshot.ladders]
    for ladder, whose in [(snapshot.ladder, ""), *scoped]:
        missing = [ladder.name(rung) for rung in ladder.rungs if rung not in held]
        if missing:
            of = f" of {whose}" if whose else ""
            yield f"Nobody stands on these rungs of the ladder{of}: {', '.join(missing)}; reports pass over them."
    if Role.ADMIN not in held:
        yield "Nobody is an admin: what the bot asks admins reaches nobody."


def _teams(snapshot: Snapshot) -> Iterator[str]:
    teams = {person.team for person in snapshot.people.values()}
    houses = {person.organisation for person in snapshot.people.values()}
    for what, lines in (("shift", snapshot.shifts), ("ladder", snapshot.ladders)):
        for line in lines:
            if line.team and line.team not in teams:
                yield f"A {what} is of the team {line.team}, to which nobody belongs."
            if line.organisation and line.organisation not in houses:
                yield f"A {what} is of the organisation {line.organisation}, to which nobody belongs."


def _line(field: str, text: str | None) -> str | None:
    """`text` on one line; InvalidInput when it is too long."""
    line = None if text is None else " ".join(text.split())
    if line is not None and len(line) > LONGEST:
        raise InvalidInput(field, f"At most {LONGEST} characters are kept.")
    return line
