"""What admins see of a publication before it happens: the comparison card, and all of it in a modal."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.blocks import parts
from bot.blocks.expiries import last_day
from bot.blocks.parts import Block, Line
from bot.blocks.references import StagedRef
from bot.blocks.refusals import refusal
from bot.blocks.wording import Words
from bot.keeping.publication import (
    ChangedClause,
    ConflictReport,
    EditionReport,
    GoldenReport,
    PublicationReport,
)

PUBLISH = "manuals_publish"
PUBLISH_SILENTLY = "manuals_publish_silently"
DISCARD = "manuals_discard"
DETAILS = "manuals_details"

_MANUALS = 20
_CLAUSES = 8
_CONFLICTS = 4
_GOLDEN = 4
_REMARKS = 12
_TEXT = 220
_DETAIL_BLOCKS = 95
_DETAIL_TEXT = 900


def card(report: PublicationReport, words: Words, zone: ZoneInfo) -> list[Block]:
    """The comparison with its buttons; without buttons when there is nothing to publish."""
    blocks = [parts.header(words("manuals.staged_title"))]
    if len(report.editions) != 1:  # of a single manual the line below says the same
        blocks.append(parts.markdown(totals(report, words)))
    listed = [_edition(edition, words, zone) for edition in report.editions[:_MANUALS]]
    if listed:
        blocks.append(parts.rich(parts.lines(*listed)))
    if len(report.editions) > _MANUALS:
        blocks.append(parts.context(words("manuals.more", count=len(report.editions) - _MANUALS)))
    blocks += _suspicious(report, words)
    blocks += _changes(report, words)
    blocks += _conflicts(words("publication.conflicts_new"), report.conflicts_new, words)
    blocks += _conflicts(words("publication.conflicts_gone"), report.conflicts_gone, words)
    blocks += _golden(report, words)
    blocks += _warnings(report, words)
    if not report.edition_ids:
        return [*blocks, parts.context(words("manuals.nothing_new"))]
    if report.agents:
        blocks.append(parts.markdown(told(report, words)))
    if report.confirmed:
        blocks.append(parts.markdown(words("publication.confirmed", count=report.confirmed)))
    return [*blocks, _buttons(report, words)]


def totals(report: PublicationReport, words: Words) -> str:
    """One sentence of counts."""
    return words(
        "manuals.totals",
        manuals=len(report.editions),
        added=report.total("added"),
        changed=report.total("changed"),
        removed=report.total("removed"),
        unchanged=report.total("unchanged") + report.total("moved") + report.total("renumbered"),
    )


def told(report: PublicationReport, words: Words) -> str:
    """How many people were answered from what changes."""
    return words("publication.answered", agents=report.agents, answers=report.answers, days=report.days)


def _buttons(report: PublicationReport, words: Words) -> Block:
    reference = StagedRef.of(report.edition_ids).dump()
    sure = words("manuals.publish_sure_text", count=len(report.edition_ids))
    if any(edition.effective_at for edition in report.editions):
        sure = words("manuals.publish_sure_later", count=len(report.edition_ids))
    if report.suspicious:
        sure = words("publication.suspicious_sure", count=len(report.suspicious))
    confirm = parts.confirmation(
        words("manuals.publish_sure"), sure, words("button.publish"), words("button.cancel")
    )
    elements = [parts.button(PUBLISH, words("button.publish"), reference, style="primary", confirm=confirm)]
    if report.agents:
        label = words("button.publish_silently")
        elements.append(parts.button(PUBLISH_SILENTLY, label, reference, confirm=confirm))
    if _changed(report.editions):
        elements.append(parts.button(DETAILS, words("button.details"), reference))
    elements.append(parts.button(DISCARD, words("button.discard"), reference))
    return parts.actions(*elements)


def _edition(edition: EditionReport, words: Words, zone: ZoneInfo) -> Line:
    title = words("source.manual", title=edition.title)
    pieces = [
        edition.organisation,
        words("source.edition", number=edition.number),
        words("manuals.new") if edition.is_new else "",
        words("publication.same") if edition.is_empty else _counts(edition, words),
        words("publication.effective", date=f"{edition.effective_at.astimezone(zone):%Y-%m-%d %H:%M}")
        if edition.effective_at
        else "",
        words("publication.expires", date=last_day(edition.expires_at, zone)) if edition.expires_at else "",
        words("publication.audience", audience=words("list.comma").join(edition.audience))
        if edition.audience
        else "",
    ]
    return parts.line(
        parts.styled(title, bold=True), parts.styled(f" {' · '.join(piece for piece in pieces if piece)}")
    )


def _counts(edition: EditionReport, words: Words) -> str:
    names = ("added", "changed", "removed", "moved", "renumbered")
    counted = [
        words(f"publication.{name}", count=getattr(edition, name)) for name in names if getattr(edition, name)
    ]
    return " · ".join(counted) or words("publication.metadata_only")


def _changed(editions: Sequence[EditionReport]) -> list[EditionReport]:
    """Editions of which single changes are worth showing: not those that are new as a whole."""
    return [edition for edition in editions if edition.clauses and not edition.is_new]


def _changes(report: PublicationReport, words: Words) -> list[Block]:
    blocks: list[Block] = []
    room = _CLAUSES
    for edition in _changed(report.editions):
        telling = [c for c in edition.clauses if c.kind not in ("moved", "renumbered")][:room]
        room -= len(telling)
        if telling:
            if len(report.editions) > 1:
                blocks.append(parts.context(words("source.manual", title=edition.title)))
            blocks += [parts.rich(parts.lines(*clause_lines(clause, words, _TEXT))) for clause in telling]
    shown = _CLAUSES - room
    all_of_them = sum(
        c.kind not in ("moved", "renumbered") for e in _changed(report.editions) for c in e.clauses
    )
    if all_of_them > shown:
        blocks.append(parts.context(words("publication.more_changes", count=all_of_them - shown)))
    return blocks


def clause_lines(clause: ChangedClause, words: Words, limit: int) -> list[Line]:
    """One change: what happened to which clause, the words struck out and put in, the numbers."""
    label = clause.new_label or clause.old_label
    if clause.old_label and clause.new_label and clause.old_label != clause.new_label:
        label = f"{clause.old_label} → {clause.new_label}"
    head = parts.styled(f"{words(f'publication.kind.{clause.kind}')} {label}".strip() + "  ", bold=True)
    rows = [parts.line(head, *_wording(clause, limit))]
    if clause.numbers:
        pairs = words("list.comma").join(f"{old or '—'} → {new or '—'}" for old, new in clause.numbers)
        rows.append(parts.labelled(words("publication.numbers"), pairs))
    return rows


def _wording(clause: ChangedClause, limit: int) -> list[Block]:
    if clause.kind != "changed":
        return [
            parts.styled(
                parts.clip(clause.new_text or clause.old_text, limit), struck=clause.kind == "removed"
            )
        ]
    runs: list[Block] = []
    room = limit
    for _, old, new in _around_edits(clause.edits):
        for text, struck, bold in ((old, old != new, False), (new, False, True)):
            if not text or (old == new and bold):
                continue
            if room <= 0:
                return [*runs, parts.styled("…")]
            runs.append(parts.styled(parts.clip(text, max(room, 1)), bold=bold, struck=struck))
            room -= len(text)
    return runs


def _around_edits(edits: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The edits with a little of what stands around them: long stretches that stay are cut to their ends."""
    near = 24
    kept: list[tuple[str, str, str]] = []
    for at, (op, old, new) in enumerate(edits):
        if op != "equal" or len(old) <= 2 * near:
            kept.append((op, old, new))
            continue
        first, last = at == 0, at == len(edits) - 1
        text = f"…{old[-near:]}" if first else f"{old[:near]}…" if last else f"{old[:near]}…{old[-near:]}"
        kept.append((op, text, text))
    return kept


def _conflicts(title: str, conflicts: Sequence[ConflictReport], words: Words) -> list[Block]:
    if not conflicts:
        return []
    rows: list[Line] = [parts.line(parts.styled(f"{title} ({len(conflicts)})", bold=True))]
    for number, conflict in enumerate(conflicts[:_CONFLICTS]):
        if number:
            rows.append(parts.line(parts.styled(" ")))
        rows += [parts.line(parts.styled(_rule(conflict, at, words))) for at in (0, 1)]
    if len(conflicts) > _CONFLICTS:
        rows.append(parts.line(parts.styled(words("publication.more", count=len(conflicts) - _CONFLICTS))))
    return [parts.rich(parts.lines(*rows))]


def _rule(conflict: ConflictReport, at: int, words: Words) -> str:
    title = words("source.manual", title=conflict.manuals[at])
    owner = (
        words("publication.of", organisation=conflict.organisations[at]) if conflict.organisations[at] else ""
    )
    said = words(
        "publication.says",
        place=f"{title}{conflict.labels[at]}{owner}",
        quote=parts.clip(conflict.quotes[at], _TEXT),
    )
    return words("publication.against", rule=said) if at else said


def _golden(report: PublicationReport, words: Words) -> list[Block]:
    if not report.golden_asked:
        return []
    title = words("publication.golden", changed=len(report.golden), asked=report.golden_asked)
    rows = [parts.line(parts.styled(title, bold=True))]
    for one in report.golden[:_GOLDEN]:
        rows += _golden_lines(one, words)
    if len(report.golden) > _GOLDEN:
        rows.append(parts.line(parts.styled(words("publication.more", count=len(report.golden) - _GOLDEN))))
    return [parts.rich(parts.lines(*rows))]


def _golden_lines(one: GoldenReport, words: Words) -> list[Line]:
    return [
        parts.line(parts.styled(one.question, bold=True)),
        parts.labelled(words("publication.before"), parts.clip(" ".join(one.before.split()), _TEXT)),
        parts.labelled(words("publication.after"), parts.clip(" ".join(one.after.split()), _TEXT)),
    ]


def _suspicious(report: PublicationReport, words: Words) -> list[Block]:
    """What tries to instruct the bot, quoted, before everything else: it asks for an explicit yes."""
    sentences = [
        words("publication.suspicious", title=edition.title, sentence=sentence)
        for edition in report.editions
        for sentence in edition.suspicious
    ]
    if not sentences:
        return []
    rows = [parts.line(parts.styled(parts.clip(sentence, 300))) for sentence in sentences[:_REMARKS]]
    if len(sentences) > _REMARKS:
        rows.append(parts.line(parts.styled(words("publication.more", count=len(sentences) - _REMARKS))))
    title = parts.line(parts.styled(words("publication.attention"), bold=True))
    return [parts.rich(parts.lines(title, *rows))]


def _warnings(report: PublicationReport, words: Words) -> list[Block]:
    sentences = [words("manuals.truncated", title=e.title) for e in report.editions if e.truncated]
    for edition in report.editions:
        names = [words.get(f"publication.metadata.{name}") or name for name in edition.metadata_changes]
        changed = words("publication.metadata_changed", names=words("list.comma").join(names))
        sentences += [f"{edition.title}: {text}" for text in ([changed] if names else [])]
        sentences += [f"{edition.title}: {text}" for text in edition.notes]
    for refused in report.refused:
        reason = refusal(refused.reason, words.language)
        sentences.append(reason if refused.source in reason else f"{refused.source}: {reason}")
    if not sentences:
        return []
    rows = [parts.line(parts.styled(parts.clip(sentence, 300))) for sentence in sentences[:_REMARKS]]
    return [parts.context(words("manuals.warnings", count=len(sentences))), parts.rich(parts.lines(*rows))]


def details(report: PublicationReport, words: Words) -> Block:
    """A modal with every change, as far as a modal reaches."""
    blocks: list[Block] = []
    left = 0
    for edition in _changed(report.editions):
        blocks.append(parts.header(parts.clip(words("source.manual", title=edition.title), 140)))
        for clause in edition.clauses:
            if len(blocks) >= _DETAIL_BLOCKS:
                left += 1
                continue
            blocks.append(parts.rich(parts.lines(*clause_lines(clause, words, _DETAIL_TEXT))))
    if left:
        blocks.append(parts.context(words("publication.more_changes_cli", count=left)))
    return {
        "type": "modal",
        "title": parts.plain(words("publication.details_title"), 24),
        "close": parts.plain(words("button.close"), 24),
        "blocks": blocks[:100] or [parts.context(words("manuals.nothing_new"))],
    }
