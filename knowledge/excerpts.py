"""Excerpts: what search shows of a hit: the clause with its neighbours, where a rule runs over several of them.

A short clause often cannot be read alone: a row of a table, an item of a list, the second half of a rule. Joined with
what stands around it under one heading it can, and a question for "the next one" is answered by it. Nothing stands in
two excerpts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.clauses import Clause, ClauseKind, Hit
from knowledge.views import View

ROOM = 500
"""Characters up to which neighbours are joined; a longer clause stands alone. Measured (tests/evals/ABLATION.md)."""
_REACH = 9
"""Neighbours on either side at most."""
SEARCHED = 4
"""Hits looked at for one excerpt wanted: neighbours are often hits themselves."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Consecutive clauses of one edition around a hit, in their order."""

    hit: Hit
    clauses: tuple[Clause, ...]

    @property
    def text(self) -> str:
        """Their verbatim text, one below the other; rows of one table as a table, its column names once."""
        lines: list[str] = []
        columns: list[str] = []
        for clause in self.clauses:
            row = _cells(clause)
            if not row:
                lines.append(clause.text)
                columns = []
                continue
            names = list(row)
            if not columns or not set(names) <= set(columns):
                columns = names
                lines.append(" | ".join(names))
            lines.append(" | ".join(row.get(name, "") for name in columns))
        return "\n".join(lines)


_NEXT_CELL = re.compile(r"; (?=[^;:|\n]{1,40}: )")


def _cells(clause: Clause) -> dict[str, str]:
    """The cells of a table's row by the names of their columns (see `ingest.tables.row_text`); empty for what cannot
    be taken apart."""
    if clause.kind is not ClauseKind.ROW:
        return {}
    head, _, rest = clause.text.partition("\n")
    if rest:
        names, cells = head.split(" | "), rest.split(" | ")
        return dict(zip(names, cells, strict=True)) if len({*names}) == len(names) == len(cells) else {}
    parts = [part.partition(": ") for part in _NEXT_CELL.split(head)]
    named = {name: cell for name, colon, cell in parts if colon}
    return named if len(named) == len(parts) > 1 else {}


def find_excerpts(
    view: View, question: str, k: int, context: str = "", *, room: int = ROOM, copies_last: bool = True
) -> list[Excerpt]:
    """The k excerpts that fit best, best first. `context`: see `View.search`; `room`: characters to join up to.

    `copies_last`: an excerpt that only repeats another manual's words comes behind all others.
    """
    hits = view.search(question, k * SEARCHED, context=context)
    return excerpts(view, hits, room=room, copies_last=copies_last)[:k]


def excerpts(view: View, hits: Sequence[Hit], *, room: int = ROOM, copies_last: bool = True) -> list[Excerpt]:
    """Hits of a view, best first, each with its neighbours; hits that stand in an earlier excerpt are left out."""
    around = view.around([hit.clause.id for hit in hits], _REACH)
    taken: set[int] = set()
    texts: set[str] = set()
    first: list[Excerpt] = []
    copies: list[Excerpt] = []
    for hit in hits:
        if hit.clause.id in taken:
            continue
        made = Excerpt(hit, _joined(hit.clause, *around[hit.clause.id], taken, room))
        taken.update(clause.id for clause in made.clauses)
        repeated = copies_last and hit.clause.text_key in texts
        (copies if repeated else first).append(made)
        texts.update(clause.text_key for clause in made.clauses)
    return first + copies


def _joined(
    lead: Clause, before: Sequence[Clause], after: Sequence[Clause], taken: set[int], room: int
) -> tuple[Clause, ...]:
    """The lead with neighbours, the next ones first: a rule goes on more often than it has begun before."""
    left = room - len(lead.text)
    rest = {1: list(after), -1: list(before[::-1])}
    found: dict[int, list[Clause]] = {1: [], -1: []}
    while rest[1] or rest[-1]:
        for side in (1, -1):
            if not rest[side]:
                continue
            clause = rest[side].pop(0)
            joins = clause.heading_path == lead.heading_path and clause.kind is not ClauseKind.HEADING
            if joins and clause.id not in taken and len(clause.text) <= left:
                found[side].append(clause)
                left -= len(clause.text)
            else:
                rest[side].clear()
    return (*reversed(found[-1]), lead, *found[1])
