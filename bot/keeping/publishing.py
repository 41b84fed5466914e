"""Publisher: the one way from files to live manuals for every door — read, compare, publish, correct, take back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.keeping.publication import (
    ChangedClause,
    ConflictReport,
    EditionReport,
    GoldenReport,
    PublicationReport,
    RefusalReport,
)
from bot.observing import metrics
from ingest.errors import IngestError
from knowledge.comparison import ChangeKind, ClauseChange, Comparison
from knowledge.history import Move
from knowledge.orders import SUSPICION

if TYPE_CHECKING:
    from bot.keeping.corrections import Corrections
    from bot.keeping.golden import GoldenRun, GoldenRunner
    from ingest.pipeline import Intake, Staged
    from knowledge.conflict_records import Conflict
    from knowledge.editions import Change
    from knowledge.history import PublicationRecord
    from knowledge.library import Library
    from knowledge.lineage import Lineage

Progress = Callable[[str, int, int], None]
"""Called with (what is being done: `reading`, `embedding`, `comparing`; done; total, 0 when not known)."""

LOSS = 0.5
"""An edition that loses more than this share of its clauses is refused: most likely a broken export."""


class Publisher:
    """See the module. What it is asked to do is allowed: whoever calls has checked who asks."""

    def __init__(
        self,
        library: Library,
        intake: Intake,
        golden: GoldenRunner,
        corrections: Corrections,
        lineage: Lineage,
        days: int,
    ) -> None:
        """`days`: how far back answers are counted and corrected."""
        self._library = library
        self._intake = intake
        self.golden = golden
        self.corrections = corrections
        self.lineage = lineage
        self._days = days

    # -- before ----------------------------------------------------------------------------------------------

    def stage(
        self,
        paths: Sequence[Path],
        by: str,
        *,
        metadata: Mapping[str, str] | None = None,
        accept_loss: bool = False,
        progress: Progress | None = None,
    ) -> PublicationReport:
        """Read files and folders and say what publishing them would change; nothing live is touched.

        Raises:
            IngestError: a path does not exist, or none of the files can be taken.
        """
        say = progress or (lambda *_: None)
        read = 0

        def on_file(name: str) -> None:
            nonlocal read
            read += 1
            say("reading", read, 0)

        staged = self._intake.stage(
            paths,
            by,
            metadata=metadata,
            progress=lambda done, total: say("embedding", done, total),
            on_file=on_file,
        )
        say("comparing", 0, 0)
        refused = [RefusalReport(source=r.source, reason=r.reason) for r in staged.refused]
        kept, lost = self._without_losses(staged, accept_loss=accept_loss)
        if lost and not kept:
            raise IngestError(lost[0].reason)
        return self._report(kept, (*refused, *lost))

    def _without_losses(
        self, staged: Staged, *, accept_loss: bool
    ) -> tuple[list[Change], list[RefusalReport]]:
        """The changes to go on with, and the refusals of editions that lost most of their clauses."""
        kept, lost = [], []
        for change in staged.changes:
            before = change.unchanged + change.changed + change.moved + change.renumbered + change.removed
            if accept_loss or change.is_new or change.is_empty or change.removed <= LOSS * before:
                kept.append(change)
                continue
            self._library.discard([change.edition_id])
            lost.append(
                RefusalReport(
                    source=change.title,
                    reason=f"《{change.title}》 would lose {change.removed} of its {before} clauses; check that the file is "
                    "whole, or give --accept-loss if the manual really became that short.",
                )
            )
        return kept, lost

    def report(self, edition_ids: Sequence[int]) -> PublicationReport:
        """What publishing these staged editions would change. Raises EditionStateError for one that is not staged."""
        return self._report(self._library.staged_changes(edition_ids), ())

    def changes(self, edition_ids: Sequence[int]) -> PublicationReport:
        """Only the comparison of `report`: quick enough for a click. Raises EditionStateError."""
        changes = self._library.staged_changes(edition_ids)
        return PublicationReport(editions=tuple(self._edition(change) for change in changes))

    def _report(self, changes: Sequence[Change], refused: Sequence[RefusalReport]) -> PublicationReport:
        ids = [change.edition_id for change in changes if not change.is_empty]
        editions = tuple(self._edition(change) for change in changes)
        if not ids:
            return PublicationReport(editions=editions, refused=tuple(refused))
        now = {c.id: c for c in self._library.conflicts()}
        then = {c.id: c for c in self._library.conflicts(staged=ids)}
        runs = self.golden.preview(ids)
        plan = self.corrections.plan(self.lineage.moves_of(ids))
        return PublicationReport(
            editions=editions,
            refused=tuple(refused),
            conflicts_new=tuple(conflict_report(c) for key, c in then.items() if key not in now),
            conflicts_gone=tuple(conflict_report(c) for key, c in now.items() if key not in then),
            golden=tuple(_golden(run) for run in runs if run.is_changed),
            golden_asked=len(runs),
            agents=plan.agents,
            answers=plan.answers,
            confirmed=plan.confirmed,
            days=self._days,
        )

    # -- deciding --------------------------------------------------------------------------------------------

    def publish(
        self, edition_ids: Sequence[int], by: str, *, tell: bool = True, force: bool = False
    ) -> PublicationRecord:
        """Make staged editions live, all at once; whoever was answered from what changes is told unless not `tell`.

        Raises EditionStateError: one is not staged any more, or (unless `force`) older than what is live by now.
        """
        with self.corrections.publishing(self.lineage.moves_of(edition_ids), by, tell=tell):
            generation = self._library.publish(edition_ids, by, force=force)
        self.corrections.catch_up()
        metrics.PUBLICATIONS.inc()
        return self._library.publication(generation)

    def discard(self, edition_ids: Sequence[int]) -> None:
        """Give staged or scheduled editions up. Raises EditionStateError for any other."""
        self._library.discard(edition_ids)

    def rollback(
        self, manual_id: int, by: str, *, to: int | None = None, tell: bool = True
    ) -> PublicationRecord:
        """Make an earlier edition live again: the one before, or number `to`. Raises EditionStateError."""
        move = Move(manual_id, None, self._library.rollback_target(manual_id, to))
        with self.corrections.publishing([move], by, tell=tell):
            record = self._library.rollback(manual_id, by, to)
        self.corrections.catch_up()
        return record

    def withdraw(self, manual_id: int, by: str, *, tell: bool = True) -> PublicationRecord:
        """Take a manual out: it answers no more. Raises EditionStateError when it is not live."""
        move = Move(manual_id, None, None)
        with self.corrections.publishing([move], by, tell=tell):
            record = self._library.withdraw(manual_id, by)
        self.corrections.catch_up()
        return record

    def _edition(self, change: Change) -> EditionReport:
        comparison = Comparison(()) if change.is_empty else self._library.compare(change.edition_id)
        return EditionReport(
            edition_id=0 if change.is_empty else change.edition_id,
            manual_id=change.manual_id,
            title=change.title,
            organisation=change.organisation,
            number=change.number,
            is_new=change.is_new,
            renamed_from=change.renamed_from,
            added=change.added,
            changed=change.changed,
            removed=change.removed,
            moved=change.moved,
            renumbered=change.renumbered,
            unchanged=change.unchanged,
            truncated=change.truncated,
            notes=tuple(note for note in change.notes if not note.startswith(SUSPICION)),
            suspicious=change.suspicious,
            metadata_changes=change.changed_metadata,
            effective_at=change.effective_at,
            expires_at=change.expires_at,
            audience=change.audience,
            clauses=() if change.is_new else changed_clauses(comparison),
        )


def changed_clauses(comparison: Comparison) -> tuple[ChangedClause, ...]:
    """The clauses of a comparison that are not the same."""
    return tuple(_clause(change) for change in comparison.changes if change.kind is not ChangeKind.UNCHANGED)


def _clause(change: ClauseChange) -> ChangedClause:
    old, new = change.old, change.new
    return ChangedClause(
        kind=change.kind.value,
        old_label=old.label if old else "",
        new_label=new.label if new else "",
        old_text=old.text if old else "",
        new_text=new.text if new else "",
        edits=tuple((edit.op, edit.old, edit.new) for edit in change.edits),
        numbers=tuple((number.old, number.new) for number in change.numbers),
        moved=change.moved,
    )


def conflict_report(conflict: Conflict) -> ConflictReport:
    """A conflict as plain values."""
    a, b = conflict.a, conflict.b
    return ConflictReport(
        id=conflict.id,
        kind=conflict.point.kind.value,
        manuals=(a.manual, b.manual),
        organisations=(a.organisation, b.organisation),
        labels=(a.label, b.label),
        quotes=(conflict.point.quote_a, conflict.point.quote_b),
        values=(conflict.point.value_a, conflict.point.value_b),
        manual_ids=(a.manual_id, b.manual_id),
        settlement=conflict.settlement or "",
        superseding=conflict.superseding,
        settled_by=conflict.settled_by,
        settled_at=conflict.settled_at,
    )


def _golden(run: GoldenRun) -> GoldenReport:
    before = run.before
    return GoldenReport(
        question=run.question.question,
        before_outcome=before.outcome if before else "",
        before=before.text if before else "",
        before_sources=before.sources if before else (),
        after_outcome=run.after.outcome,
        after=run.after.text,
        after_sources=run.after.sources,
    )
