"""Keeping the manuals as a person: every door that knows who asks goes through here, and here it is refused.

`Publisher` does what it is told by the machinery (a date that came, a job of whoever may use the data folder).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.errors import EditionStateError
from tickets.errors import NotFound
from tickets.rules import Action, require

if TYPE_CHECKING:
    from bot.keeping.publication import PublicationReport
    from bot.keeping.publishing import Progress, Publisher
    from knowledge.history import PublicationRecord
    from knowledge.library import Library, ManualSummary
    from tickets.people import Person


class Keeper:
    """What an admin does with manuals, and an owner with theirs. Raises NotAllowed before anything is read."""

    def __init__(self, publisher: Publisher, library: Library) -> None:
        self._publisher = publisher
        self._library = library

    def stage(
        self,
        actor: Person,
        paths: Sequence[Path],
        *,
        metadata: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> PublicationReport:
        """Read files and say what publishing them would change. Raises NotAllowed, IngestError."""
        require(actor, Action.MANAGE_MANUALS)
        return self._publisher.stage(paths, actor.id, metadata=metadata, progress=progress)

    def report(self, actor: Person, edition_ids: Sequence[int]) -> PublicationReport:
        """What publishing staged editions would change. Raises NotAllowed, EditionStateError."""
        require(actor, Action.MANAGE_MANUALS)
        return self._publisher.report(edition_ids)

    def changes(self, actor: Person, edition_ids: Sequence[int]) -> PublicationReport:
        """Only the comparison of `report`. Raises NotAllowed, EditionStateError."""
        require(actor, Action.MANAGE_MANUALS)
        return self._publisher.changes(edition_ids)

    def publish(self, actor: Person, edition_ids: Sequence[int], *, tell: bool = True) -> PublicationRecord:
        """Make staged editions live, all at once. Raises NotAllowed, EditionStateError."""
        require(actor, Action.MANAGE_MANUALS)
        return self._publisher.publish(edition_ids, actor.id, tell=tell)

    def discard(self, actor: Person, edition_ids: Sequence[int]) -> None:
        """Give staged editions up. Raises NotAllowed, EditionStateError."""
        require(actor, Action.MANAGE_MANUALS)
        self._publisher.discard(edition_ids)

    def to_extend(self, actor: Person, manual_id: int) -> ManualSummary:
        """The live manual whose end this person may move: an admin any, an owner theirs. NotAllowed, NotFound."""
        manual = next((one for one in self._library.manuals() if one.manual_id == manual_id), None)
        owner = manual.owner if manual is not None else self._last_owner(manual_id)
        if owner != actor.id:
            require(actor, Action.MANAGE_MANUALS)
        if manual is None:
            raise NotFound("manual", manual_id)
        return manual

    def _last_owner(self, manual_id: int) -> str:
        """Who kept a manual that is not live any more: they are told so, others are refused."""
        try:
            return self._library.history(manual_id)[0].metadata.owner
        except EditionStateError:  # there never was such a manual
            return ""

    def extend(self, actor: Person, manual_id: int, until: datetime | None) -> PublicationRecord:
        """Let a manual hold until another moment; None: for good. Raises NotAllowed, NotFound, EditionStateError."""
        manual = self.to_extend(actor, manual_id)
        return self._library.extend(manual.manual_id, until, actor.id)
