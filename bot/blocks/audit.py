"""The audit trail of a ticket or an escalation: who did what, when."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.blocks import parts
from bot.blocks.parts import Block, Line
from bot.blocks.wording import Words
from tickets.records import AuditEntry

MAX_ENTRIES = 40


def trail(
    subject: str, entries: Sequence[AuditEntry], intact: bool, words: Words, zone: ZoneInfo
) -> list[Block]:
    """The last entries, oldest first, and whether the chain of hashes is whole."""
    shown = entries[-MAX_ENTRIES:]
    rows = [_entry(entry, words, zone) for entry in shown]
    blocks = [parts.header(words("audit.title", subject=subject))]
    blocks.append(parts.rich(parts.lines(*rows)) if rows else parts.context(words("audit.none")))
    if len(entries) > len(shown):
        blocks.append(parts.context(words("audit.left_out", count=len(entries) - len(shown))))
    blocks.append(parts.context(words("audit.intact" if intact else "audit.broken")))
    return blocks


def _entry(entry: AuditEntry, words: Words, zone: ZoneInfo) -> Line:
    moment = entry.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    done = words.get(f"audit_action.{entry.action}") or entry.action
    # What happens because time passed is nobody's doing.
    who = parts.mention(entry.actor_id) if entry.actor_id else parts.styled(words("rung.by_itself"))
    return parts.line(parts.styled(f"{moment}  "), who, parts.styled(f"  {done}", bold=True))
