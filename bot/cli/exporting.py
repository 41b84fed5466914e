"""A manual written out as Markdown, to be read and checked by people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.clauses import Clause
    from knowledge.history import EditionRecord


def as_markdown(edition: EditionRecord, clauses: Sequence[Clause]) -> str:
    """Front matter, headings by depth, and each clause led by its label in bold: what a person checks against."""
    data = edition.metadata
    said = {
        "title": edition.title,
        "organisation": edition.organisation,
        "product": data.product,
        "audience": ", ".join(data.audience),
        "owner": data.owner,
    }
    # On one line each: a title must not write a line of its own (`owner: …`).
    lines = ["---", *(f"{name}: {' '.join(value.split())}" for name, value in said.items() if value)]
    if data.effective_at:
        lines.append(f"effective: {data.effective_at.isoformat()}")
    if data.expires_at:
        lines.append(f"expires: {data.expires_at.isoformat()}")
    lines += ["---", "", f"# {edition.title}"]
    above: tuple[str, ...] = ()
    for clause in clauses:
        common = 0
        while (
            common < min(len(above), len(clause.heading_path))
            and above[common] == clause.heading_path[common]
        ):
            common += 1
        for depth in range(common, len(clause.heading_path)):
            lines += ["", f"{'#' * min(depth + 2, 6)} {clause.heading_path[depth]}"]
        above = clause.heading_path
        lines += ["", f"**{clause.label}** {clause.text}" if clause.label else clause.text]
    return "\n".join(lines)
