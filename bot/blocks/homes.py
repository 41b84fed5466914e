"""The App Home, the suggested prompts and the help: what each role finds when it comes to the bot."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.blocks import gaps as gap_blocks
from bot.blocks import manuals as manual_blocks
from bot.blocks import parts, preferences, views
from bot.blocks import tickets as ticket_blocks
from bot.blocks.gaps import Listed
from bot.blocks.parts import Block
from bot.blocks.wording import Words
from knowledge.library import ManualSummary
from tickets.people import Person, Role
from tickets.preferences import NOTHING_TOLD, Preference
from tickets.records import Escalation, Ticket
from tickets.rules import Action, allowed

MAX_PROMPTS = 4
MAX_WAITING = 20


def prompts(role: Role, words: Words) -> list[dict[str, str]]:
    """Suggested prompts when the messages tab opens; Slack takes four."""
    group = prompt_group(role)
    pairs = [(f"prompt.{group}.{n}.title", f"prompt.{group}.{n}.message") for n in range(1, MAX_PROMPTS + 1)]
    return [{"title": words(title), "message": words(message)} for title, message in pairs]


def prompt_group(role: Role) -> str:
    """`agent`, `reviewer` or `admin`."""
    if role is Role.ADMIN:
        return "admin"
    return "agent" if role is Role.AGENT else "reviewer"


def greeting(person: Person, words: Words, told: Preference) -> list[Block]:
    """Who they are to the bot, and what it knows of them."""
    return [
        parts.header(words("home.title")),
        parts.context(words("home.who", name=person.name, role=words(f"role.{person.role.value}"))),
        *preferences.home_row(told, words),
    ]


def agent(
    person: Person,
    escalations: Sequence[Escalation],
    tickets: Sequence[Ticket],
    words: Words,
    zone: ZoneInfo,
    told: Preference = NOTHING_TOLD,
) -> Block:
    """An agent's home: my escalations, my tickets."""
    return views.home(
        [
            *greeting(person, words, told),
            parts.header(words("home.my_escalations")),
            *listed(escalations, words, zone),
            parts.header(words("home.my_tickets")),
            *ticket_blocks.listed(tickets, words, zone),
            parts.divider(),
            *usage(words, person.role),
        ]
    )


def reviewer(
    person: Person,
    waiting: Sequence[Escalation],
    tickets: Sequence[Ticket],
    words: Words,
    zone: ZoneInfo,
    told: Preference = NOTHING_TOLD,
) -> Block:
    """A reviewer's home: what waits for me, then the newest tickets."""
    return views.home(
        [
            *greeting(person, words, told),
            parts.header(words("home.waiting", count=len(waiting))),
            *listed(waiting[:MAX_WAITING], words, zone),
            parts.header(words("home.tickets")),
            *ticket_blocks.listed(tickets, words, zone),
            parts.divider(),
            *usage(words, person.role),
        ]
    )


def admin(
    person: Person,
    manuals: Sequence[ManualSummary],
    words: Words,
    zone: ZoneInfo,
    gaps: Sequence[Listed] = (),
    all_gaps: int = 0,
    told: Preference = NOTHING_TOLD,
    to_decide: Sequence[Block] = (),
) -> Block:
    """An admin's home: what waits for them, what the manuals lack (`gaps` of `all_gaps`), and the live manuals."""
    return views.home(
        [
            *greeting(person, words, told),
            *to_decide,
            *gap_blocks.section(gaps, all_gaps, words, zone),
            parts.header(words("home.manuals", count=len(manuals))),
            *manual_blocks.listed(manuals, words, zone),
            parts.context(words("home.drop_hint")),
            parts.divider(),
            *usage(words, person.role),
        ]
    )


def extended(home: Block, blocks: Sequence[Block]) -> Block:
    """A home with more sections, above how it is used."""
    own = list(home["blocks"])
    usage_from = max((n for n, block in enumerate(own) if block["type"] == "divider"), default=len(own))
    return views.home([*own[:usage_from], *blocks, *own[usage_from:]])


def listed(escalations: Sequence[Escalation], words: Words, zone: ZoneInfo) -> list[Block]:
    """Escalations, one line each."""
    if not escalations:
        return [parts.context(words("escalation.none"))]
    rows = []
    for escalation in escalations:
        filed = escalation.created_at.astimezone(zone).strftime("%m-%d %H:%M")
        state = words(f"state.{escalation.state.value}")
        ticket = f" · {escalation.ticket_number}" if escalation.ticket_number else ""
        summary = parts.clip(escalation.content.summary, 80)
        rows.append(
            parts.line(
                parts.styled(escalation.number, bold=True),
                parts.styled(f"  {filed} · {state}{ticket} · {summary}"),
            )
        )
    return [parts.rich(parts.lines(*rows))]


def usage(words: Words, role: Role = Role.AGENT, *, commands: bool = False) -> list[Block]:
    """How to use it: what everybody does, and what a role does besides. For `/kefu help` with all `commands`; the home
    only says where those are found."""
    sections = ["help.text", "help.commands" if commands else "help.where"]
    sections += ["help.reviewer"] if allowed(role, Action.SET_CHANNEL) else []
    sections += ["help.audit"] if allowed(role, Action.SEE_AUDIT) else []
    sections += ["help.admin"] if allowed(role, Action.MANAGE_MANUALS) else []
    rows = [parts.line(parts.styled(row)) for key in sections for row in words(key).splitlines()]
    return [
        parts.rich(parts.lines(parts.line(parts.styled(words("help.how"), bold=True))), parts.bullets(*rows))
    ]
