"""A publication report for a terminal: word by word as `git diff --word-diff` writes it, readable without colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from bot.publication import ChangedClause, ConflictReport, EditionReport, PublicationReport

_SIGNS = {"added": "+", "changed": "~", "removed": "-", "moved": "↕", "renumbered": "#"}


def show_report(report: PublicationReport, console: Console, *, clauses: bool = True) -> None:
    """Everything that a publication would change; without `clauses`, counts only."""
    console.print(overview(report.editions))
    for edition in report.editions:
        if clauses and edition.clauses and not edition.is_new:
            show_clauses(edition, console)
    show_remarks(report, console)
    _show_conflicts("new conflicts with other live manuals", report.conflicts_new, console)
    _show_conflicts("conflicts that vanish", report.conflicts_gone, console)
    _show_golden(report, console)
    if report.days:
        console.print(
            f"{report.agents} agents ({report.answers} answers) of the last {report.days} days were answered "
            "from a clause that changes or goes.",
            highlight=False,
        )


def overview(editions: Sequence[EditionReport]) -> Table:
    """One line a manual."""
    table = Table("manual", "organisation", "edition", "clauses", "change", box=None, pad_edge=False)
    for e in editions:
        edition = f"{e.number}" if e.is_empty else f"{e.number} (#{e.edition_id})"
        table.add_row(e.title, e.organisation, edition, str(e.total), _change(e))
    return table


def _change(edition: EditionReport) -> str:
    if edition.is_empty:
        return "same as live"
    if edition.is_new:
        return "new"
    counts = [f"{sign}{getattr(edition, kind)}" for kind, sign in _SIGNS.items() if getattr(edition, kind)]
    counts += [f"from {edition.effective_at:%Y-%m-%d %H:%M}"] if edition.effective_at else []
    return " ".join(counts) or "metadata only"


def show_clauses(edition: EditionReport, console: Console) -> None:
    """The clauses of one edition that are not as before."""
    console.print()
    console.print(Text(f"《{edition.title}》 {edition.organisation}".rstrip(), style="bold"))
    for clause in edition.clauses:
        console.print(clause_text(clause), highlight=False)
        if clause.numbers:
            changes = ", ".join(f"{old or '—'} → {new or '—'}" for old, new in clause.numbers)
            console.print(f"    numbers: {changes}", highlight=False)


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
    for edition in report.editions:
        for note in edition.notes:
            console.print(f"note: 《{edition.title}》 {note}", style="dim", highlight=False)
        for change in edition.metadata_changes:
            console.print(f"metadata: 《{edition.title}》 {change}", highlight=False)
        for sentence in edition.suspicious:
            console.print(
                f"suspicious: 《{edition.title}》 tries to instruct the bot: {sentence}",
                style="yellow",
                highlight=False,
                markup=False,
            )
    for refusal in report.refused:
        console.print(f"not taken: {refusal.source}: {refusal.reason}", style="yellow", markup=False)


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
            console.print(line, highlight=False, markup=False)


def _show_golden(report: PublicationReport, console: Console) -> None:
    if not report.golden_asked:
        return
    console.print(
        f"\ngolden questions: {len(report.golden)} of {report.golden_asked} change their answer", style="bold"
    )
    for one in report.golden:
        console.print(f"  {one.question}", highlight=False, markup=False)
        for sign, outcome, text, sources in (
            ("-", one.before_outcome, one.before, one.before_sources),
            ("+", one.after_outcome, one.after, one.after_sources),
        ):
            where = f" ({sources[0]})" if sources else ""
            console.print(
                f"    {sign} {outcome}: {' '.join(text.split())}{where}", highlight=False, markup=False
            )
