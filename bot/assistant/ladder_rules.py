"""Which rung a report goes to, and whether passing rungs over is allowed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.assistant.signals import Matter, Reading
from tickets.people import Ladder, Role
from tickets.records import Urgency

ENGLISH_NAMES = {
    Role.AGENT: "agent",
    Role.LEADER: "shift leader",
    Role.SUPERVISOR: "floor supervisor",
    Role.MANAGER: "manager",
    Role.GENERAL_MANAGER: "general manager",
    Role.ADMIN: "admin",
}
_URGENT = frozenset({Matter.POLITICAL, Matter.LEAK, Matter.SAFETY})
_URGENT_WHEN_MANY = frozenset({Matter.OUTAGE, Matter.MAJOR_ERROR})
_IMPORTANT = frozenset(
    {Matter.OUTAGE, Matter.MAJOR_ERROR, Matter.MISCONDUCT, Matter.HARASSMENT, Matter.COMPLAINT, Matter.DEMAND}
)


@dataclass(frozen=True, slots=True)
class Step:
    """The next rung and why; `passed_over` are the rungs between, lowest first."""

    role: Role
    passed_over: tuple[Role, ...]
    reason: str
    skip_allowed: bool
    skip_reason: str
    report_afterwards: bool
    """Somebody who was passed over must be told afterwards."""


def urgency(reading: Reading) -> Urgency:
    """How urgent a matter is: by what it is, never by how loudly it is told."""
    matters = reading.matters
    if matters & _URGENT or (matters & _URGENT_WHEN_MANY and reading.many):
        return Urgency.URGENT
    accused = reading.standing.accused
    if (
        Matter.GRIEVANCE in matters
        and not reading.about_customer
        and not matters & {Matter.MISCONDUCT, Matter.HARASSMENT}
    ):
        return Urgency.NORMAL
    if accused and not reading.about_customer:
        return Urgency.IMPORTANT if matters & {Matter.MISCONDUCT, Matter.HARASSMENT} else Urgency.NORMAL
    return Urgency.IMPORTANT if matters & _IMPORTANT else Urgency.NORMAL


def sender_role(given: str) -> Role:
    """The role of the writer by its value or its display name; an agent when it is neither."""
    names = {
        "班长": Role.LEADER,
        "组长": Role.LEADER,
        "主管": Role.SUPERVISOR,
        "现场主管": Role.SUPERVISOR,
        "经理": Role.MANAGER,
        "总经理": Role.GENERAL_MANAGER,
    }
    given = given.strip().lower().replace(" ", "_")
    return Role(given) if given in set(Role) else names.get(given, Role.AGENT)


def next_step(reading: Reading, sender: Role, ladder: Ladder) -> Step:
    """The rung that a report goes to.

    The nearest rung above the writer, except: who is complained about never gets it, nor does anybody
    below them; who was asked already and could not help is done with, as is everybody below; who cannot
    be reached gives way to the next one.
    """
    above = ladder.above(sender) or ladder.rungs[-1:]
    standing = reading.standing
    done = [rung for rung in above if rung in standing.accused | standing.exhausted]
    start = above.index(done[-1]) + 1 if done else 0
    free = [rung for rung in above[start:] if rung not in standing.unreachable]
    # At the top of the ladder there is nobody left: then whoever is not complained about.
    fallback = [rung for rung in reversed(above) if rung not in standing.accused] or list(above[:1])
    role = free[0] if free else fallback[0]
    passed_over = above[: above.index(role)]
    missed = tuple(rung for rung in passed_over if rung in standing.unreachable)
    allowed, why = _skip(reading, passed_over, missed, ladder)
    return Step(
        role,
        passed_over,
        _reason(reading, role, passed_over, missed, ladder),
        allowed,
        why,
        bool(missed) or (allowed and bool(passed_over)),
    )


def _named(roles: Sequence[Role], reading: Reading, ladder: Ladder) -> str:
    if reading.language == "en":
        return " and ".join(ENGLISH_NAMES[role] for role in roles)
    return "、".join(ladder.name(role) for role in roles)


def _reason(
    reading: Reading, role: Role, passed_over: tuple[Role, ...], missed: tuple[Role, ...], ladder: Ladder
) -> str:
    standing, english = reading.standing, reading.language == "en"
    target = _named([role], reading, ladder)
    parts = []
    accused = [rung for rung in ladder.rungs if rung in standing.accused]
    asked = [rung for rung in passed_over if rung in standing.exhausted and rung not in standing.accused]
    if accused:
        who = _named(accused, reading, ladder)
        parts.append(
            f"the {who} is the one complained about" if english else f"{who}是被反映的对象，不交本人处理"
        )
    if asked:
        who = _named(asked, reading, ladder)
        parts.append(f"the {who} was asked already" if english else f"已请示{who}，未能解决")
    if missed:
        who = _named(missed, reading, ladder)
        parts.append(f"the {who} cannot be reached" if english else f"{who}联系不上")
    if not parts:
        return f"The {target} is the next rung." if english else f"按逐级上报，{target}是上一级。"
    text = ("; " if english else "；").join(parts)
    return f"{text[0].upper()}{text[1:]}: next is the {target}." if english else f"{text}，因此请示{target}。"


def _skip(
    reading: Reading, passed_over: tuple[Role, ...], missed: tuple[Role, ...], ladder: Ladder
) -> tuple[bool, str]:
    english = reading.language == "en"
    if urgency(reading) is Urgency.URGENT:
        return True, (
            "Urgent matter: rungs may be passed over when they cannot be reached or are involved; report to them afterwards."
            if english
            else "属紧急、重大情况，上一级联系不上或涉及其本人时可以越级，事后须及时补报。"
        )
    special = [rung for rung in missed if rung is not Role.LEADER]
    if special:
        who = _named(special, reading, ladder)
        return True, (
            f"The {who} cannot be reached, which is a special case (inferred, the rules do not name it); report to them afterwards."
            if english
            else f"{who}联系不上，按特殊情况处理（制度未逐字写明，为推定），事后须及时补报。"
        )
    if reading.standing.accused & set(passed_over) - {Role.LEADER}:
        return True, (
            "The person complained about must not handle it, which is a special case."
            if english
            else "被反映人应回避，按特殊情况处理。"
        )
    wanted = reading.standing.wanted
    if wanted and wanted not in (Role.LEADER, *passed_over[-1:]):
        who = _named([wanted], reading, ladder)
        return False, (
            f"Thank you for speaking up. Going straight to the {who} needs an urgent or special reason, which this text does not give, so it goes up rung by rung."
            if english
            else f"理解您的心情。直接找{who}需要紧急或特殊理由，目前的内容里没有，先逐级上报，材料会如实转达。"
        )
    return False, (
        "No urgent or special reason; it goes up rung by rung."
        if english
        else "不属于紧急或特殊情况，逐级上报。"
    )
