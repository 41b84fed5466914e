"""The rules of the way up, without a database: which rung gets an escalation, who decides there, when it is late."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tickets.errors import InvalidInput, NotAllowed, Refusal
from tickets.people import People, Person, Role
from tickets.records import UNDECIDED, Escalation, EscalationContent, EscalationState, Urgency
from tickets.rules import Action, allowed, leads, require, require_decider
from tickets.rung_records import GIVEN, Deadlines, Grounds, LeftOut, Mark, Step, StepKind, Stop

NOBODY_LEFT = (
    "Everybody who could decide this is somebody whom it is about: name fewer people, or report it outside."
)


@dataclass(frozen=True, slots=True)
class Addressed:
    """The rung that an escalation goes to, and the rungs that were left out on the way, lowest first."""

    role: Role
    left_out: tuple[LeftOut, ...] = ()


def staffed(people: People, filer: Person, accused: Collection[str] = ()) -> tuple[Role, ...]:
    """The rungs above the filer with somebody who may decide for them, nearest first.

    Where nobody is listed on any rung, all of them: an organisation without a people file still has its ladder.
    """
    above = people.ladder_of(filer).above(filer.role)
    found = tuple(rung for rung in above if people.superiors(filer, rung, accused))
    if found or any(people.superiors(filer, rung) for rung in above):
        return found
    return above


def next_above(people: People, filer: Person, accused: Collection[str], rung: Role) -> Role | None:
    """The nearest rung above `rung` with somebody who may decide; None when there is none."""
    ladder = people.ladder_of(filer)
    found = (role for role in staffed(people, filer, accused) if ladder.height(role) > ladder.height(rung))
    return next(found, None)


def address(people: People, filer: Person, content: EscalationContent) -> Addressed:
    """The rung that an escalation goes to: the nearest one with somebody whom it is not about, and not below them.

    A rung that the filer wants instead must lie above them; leaving out rungs that could decide needs an urgent or
    special reason, in words (no skipping of levels but in urgent or special cases). A wanted rung without anybody
    gives way to the nearest one above. Raises InvalidInput (`next_role`, `next_reason`, `grounds`, `accused`), and
    NotAllowed at the top of the ladder.
    """
    ladder = people.ladder_of(filer)
    above = ladder.above(filer.role)
    if not above:
        raise NotAllowed(Action.FILE_ESCALATION, filer.role)
    if content.next_role is not None and content.next_role not in above:
        wanted = ladder.name(content.next_role)
        raise InvalidInput("next_role", f"{wanted} is not above {ladder.name(filer.role)}.")
    free = staffed(people, filer, content.accused)
    about = max((ladder.height(people.get(one).role) for one in content.accused), default=0)
    lowest = max(ladder.height(content.next_role or above[0]), about)
    # Nobody left from there on: whoever is left below decides, rather than those whom it is about.
    target = next((rung for rung in free if ladder.height(rung) >= lowest), free[-1] if free else None)
    if target is None:
        raise InvalidInput("accused", NOBODY_LEFT)
    passed = above[: above.index(target)]
    skipped = [rung for rung in passed if rung in free and ladder.height(rung) >= about]
    grounds = _grounds(content) if skipped else Grounds.SPECIAL
    return Addressed(
        target,
        tuple(
            LeftOut(rung, grounds if rung in skipped else _absence(people, filer, rung)) for rung in passed
        ),
    )


def readdress(people: People, filer: Person, content: EscalationContent, awaiting: Role) -> Addressed | None:
    """Where an escalation goes that waits on a rung and is addressed anew; None: it stays.

    It never goes down again: who had it may not get it twice. Raises as `address` does.
    """
    ladder = people.ladder_of(filer)
    anew = address(people, filer, content)
    if ladder.height(anew.role) > ladder.height(awaiting):
        left_out = (one for one in anew.left_out if ladder.height(one.role) >= ladder.height(awaiting))
        return Addressed(anew.role, tuple(left_out))
    if anew.role is awaiting or awaiting in staffed(people, filer, content.accused):
        return None
    above = next_above(people, filer, content.accused, awaiting)
    return Addressed(above or anew.role, (LeftOut(awaiting, Grounds.ACCUSED),))


def _absence(people: People, filer: Person, rung: Role) -> Grounds:
    """Why a rung that nobody skipped is left out: it is about them or their superior, or nobody is there."""
    return Grounds.ACCUSED if people.superiors(filer, rung) else Grounds.EMPTY


def _grounds(content: EscalationContent) -> Grounds:
    """Why rungs that could decide are left out."""
    if not (content.skip_reason.strip() or content.next_reason.strip()):
        raise InvalidInput("next_reason", "Passing over a rung needs a reason.")
    if content.grounds is not None:
        if content.grounds not in GIVEN:
            raise InvalidInput("grounds", f"{content.grounds.value} is no reason that can be given.")
        return content.grounds
    if content.urgency is Urgency.NORMAL:
        sentence = "A rung may be passed over only in an urgent or special case: say which it is."
        raise InvalidInput("grounds", sentence)
    return Grounds.URGENT if content.urgency is Urgency.URGENT else Grounds.SPECIAL


def owing(people: People, filer: Person, left_out: Sequence[LeftOut], *, always: bool) -> tuple[LeftOut, ...]:
    """Those who were passed over and must be told afterwards.

    That is whoever was skipped for an urgent or special reason. Who cannot be reached is told by the next superior,
    as the rules say of the lowest rung; above it they say nothing, so there the filer reports too. `always`: the
    draft promised a report to whoever could not be reached.
    """
    lowest = people.ladder_of(filer).rungs[0]

    def owed(one: LeftOut) -> bool:
        if one.grounds is Grounds.UNREACHABLE:
            return always or one.role is not lowest
        return one.grounds in (Grounds.URGENT, Grounds.SPECIAL)

    return tuple(one for one in left_out if owed(one))


def is_responsible(
    people: People, actor: Person, filer: Person, awaiting: Role, accused: Collection[str]
) -> bool:
    """Whether it goes to this person: on the awaited rung or above, also in somebody's place, and not about them.

    Whoever leads the filer may decide off shift, too: the card came to them while they were there.
    """
    if actor.id == filer.id or actor.id in accused:
        return False
    ladder = people.ladder_of(filer)
    rungs = ladder.rungs[max(ladder.height(awaiting) - 1, 0) :]
    if any(actor.id == one.id for rung in rungs for one in people.superiors(filer, rung, accused)):
        return True
    return (
        actor.role in rungs and allowed(actor.role, Action.DECIDE_ESCALATION) and leads(people, actor, filer)
    )


def require_reviewer(
    people: People, actor: Person, filer: Person, awaiting: Role, accused: Collection[str]
) -> None:
    """Raise NotAllowed unless this escalation goes to the actor: four eyes, the awaited rung or above, not about them."""
    if is_responsible(people, actor, filer, awaiting, accused):
        return
    if actor.id not in accused:
        require_decider(actor, filer.id, awaiting, people.ladder_of(filer))
    require(actor, Action.DECIDE_ESCALATION)
    raise NotAllowed(Action.DECIDE_ESCALATION, actor.role, Refusal.NOT_RESPONSIBLE)


def may_review(people: People, actor: Person, escalation: Escalation) -> bool:
    """Whether an escalation goes to the actor."""
    filer = people.get(escalation.filer_id)
    return is_responsible(people, actor, filer, escalation.awaiting, escalation.content.accused)


def require_editor(
    people: People, actor: Person, filer: Person, awaiting: Role, accused: Collection[str]
) -> None:
    """Raise NotAllowed unless the actor filed it or it goes to them."""
    if actor.id != filer.id and not is_responsible(people, actor, filer, awaiting, accused):
        raise NotAllowed(Action.EDIT_ESCALATION, actor.role, Refusal.NOT_YOURS)


def may_see(people: People, reader: Person, escalation: Escalation) -> bool:
    """Whether somebody may read it: who filed it, whoever stands above them, and who may read the audit trail;
    never those whom it is about."""
    if reader.id == escalation.filer_id:
        return True
    if reader.id in escalation.content.accused:
        return False
    filer = people.get(escalation.filer_id)
    above = people.ladder_of(filer).above(filer.role)
    lowest = above[0] if above else escalation.awaiting
    responsible = is_responsible(people, reader, filer, lowest, escalation.content.accused)
    return responsible or allowed(reader.role, Action.SEE_AUDIT)


def patience(urgency: Urgency, deadlines: Deadlines) -> timedelta:
    """How long an escalation may wait on one rung; zero: for ever."""
    by_urgency = {
        Urgency.URGENT: deadlines.urgent,
        Urgency.IMPORTANT: deadlines.important,
        Urgency.NORMAL: deadlines.normal,
    }
    return by_urgency[urgency]


def due_at(people: People, escalation: Escalation, deadlines: Deadlines, owner_id: str) -> datetime | None:
    """Until when whoever it waits for should have done something; None when there is no such time. `owner_id`: who has
    the ticket, and with it the instruction to carry out."""
    waiting = escalation.state in UNDECIDED
    if not waiting and not escalation.to_carry_out:
        return None
    urgency, since = escalation.content.urgency, escalation.waiting_since or escalation.created_at
    limit = patience(urgency, deadlines) if waiting else deadlines.instruction
    if not limit:
        return None
    held_by = "" if escalation.state is EscalationState.SUBMITTED else owner_id or escalation.filer_id
    whom = waits_for(people, escalation.filer_id, held_by, escalation.awaiting, escalation.content.accused)
    return people.later(since, limit, whom, urgent=urgency is Urgency.URGENT)


def waits_for(
    people: People, filer_id: str, held_by: str, awaiting: Role, accused: Collection[str]
) -> list[Person]:
    """Whose shifts a deadline counts: the one person who has to do something (`held_by`), else the rung."""
    if held_by:
        return [people.get(held_by)]
    return people.responsible(people.get(filer_id), awaiting, accused)


def path(escalation: Escalation, filer_role: Role) -> tuple[Stop, ...]:
    """The rungs that an escalation came by, from the filer's to the one that it waits, or waited, for."""
    stops: list[Stop] = [Stop(filer_role)]
    for step in escalation.steps:
        stops += [Stop(one.role, Mark(one.grounds.value)) for one in step.left_out]
        mark = _MOVES.get(step.kind)
        if mark is not None and step.from_role is not None:
            stops.append(Stop(step.from_role, mark))
    if not escalation.steps:
        stops += [Stop(role) for role in escalation.passed_over]
    return (*stops, Stop(escalation.awaiting))


_MOVES = {
    StepKind.UNREACHABLE: Mark.UNREACHABLE,
    StepKind.PASSED_UP: Mark.PASSED_UP,
    StepKind.OVERDUE: Mark.OVERDUE,
}


def missed_role(escalation: Escalation, person: Person) -> Role | None:
    """The rung on which somebody could not be reached: their own, or the one in whose place they stand."""
    missed = [step.from_role for step in unreached(escalation)] + [
        one.role for step in escalation.steps for one in step.left_out if one.grounds is Grounds.UNREACHABLE
    ]
    return person.role if person.role in missed else next((role for role in missed if role), None)


def unreached(escalation: Escalation) -> tuple[Step, ...]:
    """The steps by which a rung was left because nobody there could be reached."""
    return tuple(step for step in escalation.steps if step.kind is StepKind.UNREACHABLE)
