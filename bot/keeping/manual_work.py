"""Work on the manuals as a request and a result that can travel through the database (see `bot.keeping.handover`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from bot.keeping.handover import Show
from bot.keeping.publication import PublicationReport

if TYPE_CHECKING:
    from bot.keeping.publishing import Progress, Publisher
    from knowledge.history import PublicationRecord
    from knowledge.library import Library


class _Request(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class IngestRequest(_Request):
    """Read files and compare; publish unless it is only to be staged."""

    paths: tuple[str, ...]
    """Absolute: whoever does the work may stand in another folder."""
    metadata: dict[str, str] = {}
    publish: bool = True
    accept_loss: bool = False
    accept_suspicious: bool = False
    tell: bool = True


class ReportRequest(_Request):
    """Say what staged editions would change."""

    edition_ids: tuple[int, ...]


class PublishRequest(_Request):
    """Make staged editions live."""

    edition_ids: tuple[int, ...]
    tell: bool = True
    force: bool = False


class RollbackRequest(_Request):
    """Make an earlier edition live again."""

    manual_id: int
    to: int | None = None
    tell: bool = True


class WithdrawRequest(_Request):
    """Take a manual out."""

    manual_id: int
    tell: bool = True


class ExtendRequest(_Request):
    """Let a manual hold until another moment; None: for good."""

    manual_id: int
    until: datetime | None


class SweepRequest(_Request):
    """Delete vectors that no edition needs."""


class FindConflictsRequest(_Request):
    """Compare every manual with every other."""


class FindConflictsResult(BaseModel):
    """How many conflicts were not known before."""

    found: int


class IngestResult(BaseModel):
    """What came of an `IngestRequest`."""

    report: PublicationReport
    published: tuple[int, ...] = ()
    """Editions made live or scheduled."""
    scheduled: tuple[int, ...] = ()
    """Those of them that wait for their day."""
    held: tuple[int, ...] = ()
    """Editions that wait for an explicit yes: they try to instruct the bot."""


class MoveResult(BaseModel):
    """What a publication, roll back or withdrawal did."""

    generation: int
    moved: int
    """Manuals whose live edition is another one now; fewer than asked for: the rest waits for its day."""


class SweepResult(BaseModel):
    """What a sweep did."""

    removed: int
    kept: int


class ManualWork:
    """Does requests. Errors are those of `Publisher` and `Library`."""

    def __init__(self, publisher: Publisher, library: Library) -> None:
        self.publisher = publisher
        self._library = library

    def ingest(self, request: IngestRequest, by: str, progress: Progress | None = None) -> IngestResult:
        """Read, compare, publish. What tries to instruct the bot stays staged unless it was accepted."""
        report = self.publisher.stage(
            [Path(path) for path in request.paths],
            by,
            metadata=request.metadata,
            accept_loss=request.accept_loss,
            progress=progress,
        )
        held = (
            ()
            if request.accept_suspicious
            else tuple(e.edition_id for e in report.suspicious if e.edition_id)
        )
        ready = tuple(i for i in report.edition_ids if i not in held)
        if not request.publish or not ready:
            return IngestResult(report=report, held=held)
        record = self.publisher.publish(ready, by, tell=request.tell)
        moved = {move.manual_id for move in record.moves}
        scheduled = tuple(
            e.edition_id for e in report.editions if e.edition_id in ready and e.manual_id not in moved
        )
        return IngestResult(report=report, published=ready, scheduled=scheduled, held=held)

    def publish(self, request: PublishRequest, by: str) -> MoveResult:
        """Publish."""
        return _moved(self.publisher.publish(request.edition_ids, by, tell=request.tell, force=request.force))

    def rollback(self, request: RollbackRequest, by: str) -> MoveResult:
        """Roll back."""
        return _moved(self.publisher.rollback(request.manual_id, by, to=request.to, tell=request.tell))

    def withdraw(self, request: WithdrawRequest, by: str) -> MoveResult:
        """Withdraw."""
        return _moved(self.publisher.withdraw(request.manual_id, by, tell=request.tell))

    def extend(self, request: ExtendRequest, by: str) -> MoveResult:
        """Extend."""
        return _moved(self._library.extend(request.manual_id, request.until, by))

    def report(self, request: ReportRequest) -> PublicationReport:
        """Compare."""
        return self.publisher.report(request.edition_ids)

    def sweep(self) -> SweepResult:
        """Sweep."""
        swept = self._library.sweep()
        return SweepResult(removed=swept.removed, kept=swept.kept)

    def do(self, kind: str, request: Mapping[str, Any], by: str, show: Show) -> Mapping[str, Any]:
        """Do what a job asks for, or a command of this process. Raises KeyError for a kind that is not known."""

        def progress(doing: str, done: int, total: int) -> None:
            show({"doing": doing, "done": done, "total": total})

        kinds: Mapping[str, Callable[[], BaseModel]] = {
            "ingest": lambda: self.ingest(IngestRequest.model_validate(request), by, progress),
            "report": lambda: self.report(ReportRequest.model_validate(request)),
            "publish": lambda: self.publish(PublishRequest.model_validate(request), by),
            "rollback": lambda: self.rollback(RollbackRequest.model_validate(request), by),
            "withdraw": lambda: self.withdraw(WithdrawRequest.model_validate(request), by),
            "extend": lambda: self.extend(ExtendRequest.model_validate(request), by),
            "sweep": self.sweep,
            "find_conflicts": lambda: FindConflictsResult(found=self._library.find_conflicts()),
        }
        return kinds[kind]().model_dump(mode="json")


def _moved(record: PublicationRecord) -> MoveResult:
    return MoveResult(generation=record.generation, moved=len(record.moves))
