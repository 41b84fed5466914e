"""The rules, without a database: who may do what, which states follow. Which rung comes next: `tickets.rungs`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from tickets.errors import NotAllowed, Refusal
from tickets.people import Ladder, People, Person, Role
from tickets.records import EscalationState


class Action(StrEnum):
    """What people do at the desk."""

    FILE_ESCALATION = "file_escalation"
    EDIT_ESCALATION = "edit_escalation"
    DECIDE_ESCALATION = "decide_escalation"
    LOG_TICKET = "log_ticket"
    GIVE_FEEDBACK = "give_feedback"
    SEE_AUDIT = "see_audit"
    MANAGE_MANUALS = "manage_manuals"
    CONFIRM_ANSWER = "confirm_answer"
    WITHDRAW_CONFIRMED = "withdraw_confirmed"
    SET_CHANNEL = "set_channel"
    SEE_CONTACT = "see_contact"
    ERASE_CONTACTS = "erase_contacts"
    FILE_PROCEDURE = "file_procedure"
    CHANGE_PROCEDURE = "change_procedure"
    ACT_ON_PROCEDURE = "act_on_procedure"
    MANAGE_PEOPLE = "manage_people"
    SET_ATTENDANCE = "set_attendance"
    EXPORT_TICKETS = "export_tickets"


_EVERYBODY = frozenset(Role)
_DECIDERS = frozenset({Role.LEADER, Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER})

PERMISSIONS: Mapping[Action, frozenset[Role]] = MappingProxyType(
    {
        # The general manager has no rung above to report to.
        Action.FILE_ESCALATION: _EVERYBODY - {Role.GENERAL_MANAGER},
        Action.EDIT_ESCALATION: _EVERYBODY,  # and then only the filer or who may decide it
        Action.DECIDE_ESCALATION: _DECIDERS,  # and then only from the awaited rung upwards, never one's own
        Action.LOG_TICKET: _EVERYBODY,
        Action.GIVE_FEEDBACK: _EVERYBODY,
        Action.SEE_AUDIT: frozenset({Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER, Role.ADMIN}),
        Action.MANAGE_MANUALS: frozenset({Role.ADMIN}),
        # One voice for everybody: whoever leads several teams. No four eyes: they stand by it with their name.
        Action.CONFIRM_ANSWER: frozenset({Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER}),
        Action.WITHDRAW_CONFIRMED: _DECIDERS - {Role.LEADER} | {Role.ADMIN},
        Action.SEE_CONTACT: _EVERYBODY,  # and then only whose it is, and who leads them; each look is recorded
        Action.ERASE_CONTACTS: frozenset({Role.MANAGER, Role.GENERAL_MANAGER, Role.ADMIN}),
        # It decides for everybody in the channel whose rules come first, and who reads the answers.
        Action.SET_CHANNEL: _DECIDERS | {Role.ADMIN},
        Action.FILE_PROCEDURE: _EVERYBODY,  # and then only the roles that the procedure names
        Action.CHANGE_PROCEDURE: _EVERYBODY,  # and then only the filer
        Action.ACT_ON_PROCEDURE: _EVERYBODY,  # and then only whoever its step waits for
        Action.MANAGE_PEOPLE: frozenset({Role.ADMIN}),
        # Of somebody else, and then only of their team; one's own attendance is everybody's to say.
        Action.SET_ATTENDANCE: frozenset({Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER, Role.ADMIN}),
        Action.EXPORT_TICKETS: _DECIDERS | {Role.ADMIN},  # and then only what they may see
    }
)

_TRANSITIONS: Mapping[EscalationState, frozenset[EscalationState]] = MappingProxyType(
    {
        EscalationState.SUBMITTED: frozenset(EscalationState),  # edited, moved up, asked back, or ended
        EscalationState.RETURNED: frozenset(
            EscalationState
        ),  # answered (or by word of mouth), edited, or ended
        EscalationState.APPROVED: frozenset(),
        EscalationState.REJECTED: frozenset(),
        EscalationState.WITHDRAWN: frozenset(),
    }
)


def allowed(role: Role, action: Action) -> bool:
    """Whether a role may do something at all (the bot hides buttons by this; the desk refuses by it)."""
    return role in PERMISSIONS[action]


def require(actor: Person, action: Action) -> None:
    """Raise NotAllowed unless the actor's role may do this."""
    if not allowed(actor.role, action):
        raise NotAllowed(action, actor.role)


def may_change(state: EscalationState, to: EscalationState) -> bool:
    """Whether an escalation in `state` may go to `to` (`submitted` to `submitted` is an edit)."""
    return to in _TRANSITIONS[state]


def require_decider(actor: Person, filer_id: str, awaiting: Role, ladder: Ladder) -> None:
    """Raise NotAllowed unless the actor stands on the awaited rung or above and did not file it."""
    require(actor, Action.DECIDE_ESCALATION)
    if actor.id == filer_id:
        raise NotAllowed(Action.DECIDE_ESCALATION, actor.role, Refusal.OWN_WORK)
    if ladder.height(actor.role) < max(ladder.height(awaiting), 1):
        raise NotAllowed(Action.DECIDE_ESCALATION, actor.role, Refusal.TOO_LOW)


def leads(people: People, actor: Person, other: Person) -> bool:
    """Whether one stands above the other on the ladder, in the same team and organisation as far as they have one."""
    if actor.role not in people.ladder_of(other).above(other.role):
        return False
    apart = (actor.team and other.team and actor.team != other.team) or (
        actor.organisation and other.organisation and actor.organisation != other.organisation
    )
    return not apart


def require_attendance(actor: Person, person: Person, ladder: Ladder) -> None:
    """Raise NotAllowed unless the actor may say whether the person is on shift: everybody of themselves, admins of
    all, supervisors and above of their team (without a team, of their organisation) up to their own rung."""
    if actor.id == person.id:
        return
    require(actor, Action.SET_ATTENDANCE)
    if actor.role is Role.ADMIN:
        return
    theirs = actor.team in ("", person.team) and actor.organisation in ("", person.organisation)
    if not theirs or ladder.height(person.role) > ladder.height(actor.role):
        raise NotAllowed(Action.SET_ATTENDANCE, actor.role, Refusal.NOT_YOUR_TEAM)
