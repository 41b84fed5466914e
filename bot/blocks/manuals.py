"""What people see of the manuals: the list, and what a dropped file would change."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.blocks import parts
from bot.blocks.parts import Block, Line
from bot.blocks.references import StagedRef
from bot.blocks.wording import Words
from ingest.pipeline import Staged
from knowledge.editions import Change
from knowledge.library import ManualSummary

PUBLISH = "manuals_publish"
DISCARD = "manuals_discard"

MAX_LISTED = 30


def staged(changes: Staged, words: Words) -> list[Block]:
    """What would change, manual by manual, with Publish and Discard (only when something would)."""
    blocks = [parts.header(words("manuals.staged_title")), parts.markdown(totals(changes, words))]
    listed = [_change(change, words) for change in changes.changes[:MAX_LISTED]]
    if listed:
        blocks.append(parts.rich(parts.lines(*listed)))
    if len(changes.changes) > MAX_LISTED:
        blocks.append(parts.context(words("manuals.more", count=len(changes.changes) - MAX_LISTED)))
    blocks += _warnings(changes, words)
    if not changes.edition_ids:
        return [*blocks, parts.context(words("manuals.nothing_new"))]
    reference = StagedRef.of(changes.edition_ids).dump()
    sure = parts.confirmation(
        words("manuals.publish_sure"),
        words("manuals.publish_sure_text", count=len(changes.edition_ids)),
        words("button.publish"),
        words("button.cancel"),
    )
    publish = parts.button(PUBLISH, words("button.publish"), reference, style="primary", confirm=sure)
    return [*blocks, parts.actions(publish, parts.button(DISCARD, words("button.discard"), reference))]


def totals(changes: Staged, words: Words) -> str:
    """One sentence of counts."""
    return words(
        "manuals.totals",
        manuals=len(changes.changes),
        added=changes.total("added"),
        changed=changes.total("changed"),
        removed=changes.total("removed"),
        unchanged=changes.total("unchanged"),
    )


def _change(change: Change, words: Words) -> Line:
    counts = words(
        "manuals.counts",
        added=change.added,
        changed=change.changed,
        removed=change.removed,
        same=change.unchanged,
    )
    title = words("source.manual", title=change.title)
    edition = words("source.edition", number=change.number)
    new = f" {words('manuals.new')}" if change.is_new else ""
    owner = f" · {change.organisation}" if change.organisation else ""
    return parts.line(parts.styled(title, bold=True), parts.styled(f"{owner} · {edition}{new} · {counts}"))


def _warnings(changes: Staged, words: Words) -> list[Block]:
    sentences = [
        words("manuals.truncated", title=change.title) for change in changes.changes if change.truncated
    ]
    sentences += [f"{change.title}: {note}" for change in changes.changes for note in change.notes]
    sentences += [f"{refusal.source}: {refusal.reason}" for refusal in changes.refused]
    if not sentences:
        return []
    rows = [parts.line(parts.styled(sentence)) for sentence in sentences[:MAX_LISTED]]
    return [parts.context(words("manuals.warnings", count=len(sentences))), parts.rich(parts.lines(*rows))]


def listed(manuals: Sequence[ManualSummary], words: Words, zone: ZoneInfo) -> list[Block]:
    """The live manuals."""
    if not manuals:
        return [parts.context(words("manuals.none"))]
    rows = []
    for manual in manuals[:MAX_LISTED]:
        pieces = [
            manual.organisation,
            words("source.edition", number=manual.edition),
            words("manuals.clauses", count=manual.clauses),
            manual.published_at.astimezone(zone).strftime("%Y-%m-%d"),
            words("manuals.cut_off") if manual.truncated else "",
        ]
        title = parts.styled(words("source.manual", title=manual.title), bold=True)
        rows.append(parts.line(title, parts.styled(f" {' · '.join(p for p in pieces if p)}")))
    blocks = [parts.rich(parts.lines(*rows))]
    if len(manuals) > MAX_LISTED:
        blocks.append(parts.context(words("manuals.more", count=len(manuals) - MAX_LISTED)))
    return blocks


def ended(sentence: str, summary: str) -> list[Block]:
    """The card after Publish or Discard: what was decided, without buttons."""
    return [parts.markdown(sentence), parts.context(summary)]
