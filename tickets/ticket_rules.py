"""Who may do what with a ticket: the table, without a database.

An agent works on their own tickets and those of their team; leaders and above on all of their ladder; admins on all.
Who is asked first is responsible until somebody accepts a hand-over, so only the owner, and who stands above them,
hands a ticket over, and only supervisors take one.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from tickets.errors import NotAllowed, Refusal
from tickets.people import People, Person, Role
from tickets.records import TicketState


class Standing(StrEnum):
    """What somebody is to a ticket."""

    OWNER = "owner"
    INVOLVED = "involved"
    """Was asked first, logged it, or is asked to take it over."""
    TEAM = "team"
    """Of the owner's team."""
    LEADS = "leads"
    """A leader on the owner's ladder."""
    SUPERVISES = "supervises"
    """Above the leaders there."""
    ADMIN = "admin"


class Act(StrEnum):
    """What people do with a ticket."""

    SEE = "see_ticket"
    COMMENT = "comment_ticket"
    CHANGE = "change_ticket"
    CLOSE = "close_ticket"
    REOPEN = "reopen_ticket"
    MERGE = "merge_ticket"
    HAND_OVER = "hand_over_ticket"
    TAKE_OVER = "take_over_ticket"


_ABOVE = frozenset({Standing.LEADS, Standing.SUPERVISES, Standing.ADMIN})
_AT_WORK = _ABOVE | {Standing.OWNER, Standing.TEAM}

TABLE: Mapping[Act, frozenset[Standing]] = MappingProxyType(
    {
        Act.SEE: frozenset(Standing),
        Act.COMMENT: frozenset(Standing),
        Act.CHANGE: _AT_WORK,
        Act.CLOSE: _AT_WORK,
        # Whoever was asked first is the one to whom the customer comes back.
        Act.REOPEN: _AT_WORK | {Standing.INVOLVED},
        Act.MERGE: _AT_WORK,
        Act.HAND_OVER: _ABOVE | {Standing.OWNER},
        Act.TAKE_OVER: frozenset({Standing.SUPERVISES, Standing.ADMIN}),
    }
)

TRANSITIONS: Mapping[TicketState, frozenset[TicketState]] = MappingProxyType(
    {state: frozenset(TicketState) - {state} if state.active else frozenset() for state in TicketState}
    | {
        TicketState.CLOSED: frozenset({TicketState.OPEN, TicketState.MERGED}),
        # Back to where it stood.
        TicketState.MERGED: frozenset(TicketState) - {TicketState.MERGED},
    }
)
"""Which state may follow which."""


class Held(Protocol):
    """What the rules need to know of a ticket."""

    @property
    def owner_id(self) -> str:
        """Who is responsible."""

    @property
    def first_responder_id(self) -> str:
        """Who was asked first."""

    @property
    def logged_by(self) -> str:
        """Who wrote it down."""


def standings(people: People, actor: Person, ticket: Held, offered_to: str = "") -> frozenset[Standing]:
    """Everything that a person is to a ticket."""
    found = set(towards(people, actor, people.get(ticket.owner_id)))
    if actor.id in (ticket.first_responder_id, ticket.logged_by, offered_to):
        found.add(Standing.INVOLVED)
    return frozenset(found)


def towards(people: People, actor: Person, owner: Person) -> frozenset[Standing]:
    """Everything that a person is to the tickets of an owner."""
    found: set[Standing] = set()
    if actor.id == owner.id:
        found.add(Standing.OWNER)
    if actor.role is Role.ADMIN:
        found.add(Standing.ADMIN)
    if (actor.organisation, actor.team) == (owner.organisation, owner.team) and (
        actor.team or actor.role is owner.role  # where nobody has a team, agents are one
    ):
        found.add(Standing.TEAM)
    ladder = people.ladder_of(owner)
    if actor.role in ladder.rungs and _same_ladder(people, actor, owner):
        found.add(Standing.LEADS if actor.role is Role.LEADER else Standing.SUPERVISES)
    return frozenset(found)


def _same_ladder(people: People, actor: Person, owner: Person) -> bool:
    """Whether somebody stands on the ladder that an owner reports up. Without an organisation, on that of all."""
    return actor.organisation in ("", owner.organisation) and people.ladder_of(actor) == people.ladder_of(
        owner
    )


def may(people: People, actor: Person, act: Act, ticket: Held, offered_to: str = "") -> bool:
    """Whether a person may do this with a ticket."""
    return bool(TABLE[act] & standings(people, actor, ticket, offered_to))


def require(people: People, actor: Person, act: Act, ticket: Held, offered_to: str = "") -> None:
    """Raise NotAllowed unless the person may do this with the ticket."""
    if not may(people, actor, act, ticket, offered_to):
        raise NotAllowed(act, actor.role, Refusal.NOT_YOUR_TICKET)


def sees_all_of(people: People, actor: Person, owner: Person) -> bool:
    """Whether a person sees every ticket of an owner."""
    return bool(TABLE[Act.SEE] & towards(people, actor, owner))
