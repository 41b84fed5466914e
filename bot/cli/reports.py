"""A publication report for a terminal: word by word as `git diff --word-diff` writes it, readable without colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from bot.keeping.publication import ChangedClause, ConflictReport, EditionReport, PublicationReport

_METADATA = {
    "title": "the title",
    "organisation": "the organisation",
    "product": "the product",
    "audience": "who may be told",
    "owner": "the owner",
    "effective_at": "from when it holds",
    "expires_at": "until when it holds",
}
_SIGNS = {"added": "+", "changed": "~", "removed": "-", "moved": "↕", "renumbered": "#"}


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: 1 manual, 2 manuals."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def show_report(report: PublicationReport, console: Console, zone: tzinfo, *, clauses: bool = True) -> None:
    """Everything that a publication would change, times in `zone`; without `clauses`, counts only."""
    console.print(overview(report.editions, zone))
    for edition in report.editions:
        if edition.renamed_from:
            console.print(
                f"renamed: 《{edition.renamed_from}》 → 《{edition.title}》", highlight=False, markup=False
            )
        if clauses and edition.clauses and not edition.is_new:
            show_clauses(edition, console)
    show_remarks(report, console)
    _show_conflicts("new conflicts with other live manuals", report.conflicts_new, console)
    _show_conflicts("conflicts that vanish", report.conflicts_gone, console)
    _show_golden(report, console)
    if report.days and any(not e.is_new and not e.is_empty for e in report.editions):
        console.print(_answered(report), highlight=False)


def _answered(report: PublicationReport) -> str:
    days = f"in the last {counted(report.days, 'day')}"
    if not report.agents:
        return f"Nobody was answered from a clause that changes or goes {days}."
    were = "was" if report.agents == 1 else "were"
    return (
        f"{counted(report.agents, 'agent')} {were} answered from a clause that changes or goes {days} "
        f"({counted(report.answers, 'answer')})."
    )


def overview(editions: Sequence[EditionReport], zone: tzinfo) -> Table:
    """One line a manual; what is the same for all of them is left out."""
    owned = any(e.organisation for e in editions)
    table = Table(box=None, pad_edge=False)
    for name in ("manual", *(["organisation"] if owned else []), "edition", "clauses", "change"):
        table.add_column(name, overflow="fold")
    for e in editions:
        edition = f"{e.number}" if e.is_empty else f"{e.number} (#{e.edition_id})"
        owner = [Text(e.organisation)] if owned else []
        table.add_row(Text(e.title), *owner, edition, str(e.total), _change(e, zone))
    return table


def _change(edition: EditionReport, zone: tzinfo) -> str:
    if edition.is_empty:
        return "same as live"
    counts = [f"{sign}{getattr(edition, kind)}" for kind, sign in _SIGNS.items() if getattr(edition, kind)]
    said = ["new"] if edition.is_new else counts
    if not said:
        said = ["metadata only" if edition.metadata_changes or edition.renamed_from else "notes only"]
    if edition.effective_at:
        said.append(f"from {moment(edition.effective_at, zone)}")
    if edition.expires_at:
        said.append(f"until {moment(edition.expires_at, zone)}")
    return " ".join(said)


def moment(at: datetime, zone: tzinfo) -> str:
    """A time to the minute, in the site's zone."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def show_clauses(edition: EditionReport, console: Console) -> None:
    """The clauses of one edition that are not as before."""
    console.print()
    console.print(Text(f"《{edition.title}》 {edition.organisation}".rstrip(), style="bold"))
    for clause in edition.clauses:
        console.print(clause_text(clause), highlight=False, soft_wrap=True)
        if clause.numbers:
            changes = ", ".join(f"{old or '—'} → {new or '—'}" for old, new in clause.numbers)
            console.print(f"    numbers: {changes}", highlight=False, markup=False, soft_wrap=True)


def clause_text(clause: ChangedClause) -> Text:
    """One change: its sign, its label, its words."""
    label = clause.new_label or clause.old_label
    if clause.old_label and clause.new_label and clause.old_label != clause.new_label:
        label = f"{clause.old_label} → {clause.new_label}"
    text = Text(f"  {_SIGNS[clause.kind]} {label or '(no label)'}: ")
    if clause.kind in ("moved", "renumbered"):
        return text.append(clause.new_text[:60] + ("…" if len(clause.new_text) > 60 else ""), style="dim")
    if clause.kind == "added":
        return text.append(clause.new_text, style="green")
    if clause.kind == "removed":
        return text.append(clause.old_text, style="red")
    for _, old, new in clause.edits:
        if old == new:
            text.append(old)
            continue
        if old:
            text.append(f"[-{old}-]", style="red")
        if new:
            text.append(f"{{+{new}+}}", style="green")
    return text


def show_remarks(report: PublicationReport, console: Console) -> None:
    """Notes of the reader, suspicious sentences, files not taken."""
    said: list[tuple[str, str]] = []
    for edition in report.editions:
        manual = f"《{edition.title}》"
        said += [("dim", f"note: {manual} {note}") for note in edition.notes]
        said += [("", f"metadata: {manual} {_METADATA.get(c, c)} changes") for c in edition.metadata_changes]
        said += [
            ("yellow", f"suspicious: {manual} tries to instruct the bot: {sentence}")
            for sentence in edition.suspicious
        ]
    for refusal in report.refused:
        reason = refusal.reason if refusal.source in refusal.reason else f"{refusal.source}: {refusal.reason}"
        said.append(("yellow", f"not taken: {reason}"))
    for style, line in said:
        console.print(line, style=style, highlight=False, markup=False, soft_wrap=True)


def conflict_lines(conflict: ConflictReport) -> list[str]:
    """The two rules of a conflict, one below the other."""
    lines = []
    for at in (0, 1):
        owner = f" ({conflict.organisations[at]})" if conflict.organisations[at] else ""
        lines.append(f"    《{conflict.manuals[at]}》{conflict.labels[at]}{owner}: {conflict.quotes[at]}")
    return lines


def _show_conflicts(title: str, conflicts: Sequence[ConflictReport], console: Console) -> None:
    if not conflicts:
        return
    console.print(f"\n{title} ({len(conflicts)}):", style="bold")
    for conflict in conflicts:
        values = " / ".join(value for value in conflict.values if value)
        console.print(f"  {conflict.kind}{f': {values}' if values else ''}", highlight=False, markup=False)
        for line in conflict_lines(conflict):
            console.print(line, highlight=False, markup=False, soft_wrap=True)


def _show_golden(report: PublicationReport, console: Console) -> None:
    if not report.golden_asked:
        return
    change = "changes" if len(report.golden) == 1 else "change"
    console.print(
        f"\ngolden questions: {len(report.golden)} of {report.golden_asked} {change} the answer",
        style="bold",
        highlight=False,
    )
    for one in report.golden:
        console.print(f"  {one.question}", highlight=False, markup=False, soft_wrap=True)
        for sign, outcome, text, sources in (
            ("-", one.before_outcome, one.before, one.before_sources),
            ("+", one.after_outcome, one.after, one.after_sources),
        ):
            where = f" ({sources[0]})" if sources else ""
            console.print(
                f"    {sign} {outcome}: {' '.join(text.split())}{where}",
                highlight=False,
                markup=False,
                soft_wrap=True,
            )
