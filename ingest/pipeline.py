"""From files to live editions: read, cut, stage, publish. One bad file never stops the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.errors import IngestError, Refusal
from ingest.readers import LIMIT_BYTES, find_files, read_all
from ingest.structure import split_manuals
from knowledge.clauses import ManualDraft
from knowledge.editions import Change
from knowledge.library import Library, Progress


@dataclass(frozen=True, slots=True)
class Staged:
    """What a set of files would change. Nothing is live yet."""

    changes: tuple[Change, ...]
    refused: tuple[Refusal, ...] = field(default=())

    def total(self, count: str) -> int:
        """Sum over all manuals of one of `added`, `changed`, `removed`, `unchanged`."""
        return sum(int(getattr(change, count)) for change in self.changes)

    @property
    def edition_ids(self) -> tuple[int, ...]:
        """Editions that have something to publish."""
        return tuple(change.edition_id for change in self.changes if not change.is_empty)


class Intake:
    """The door through which files become manuals."""

    def __init__(self, library: Library, *, limit_bytes: int = LIMIT_BYTES) -> None:
        """Work on `library`; files larger than `limit_bytes` are refused."""
        self._library = library
        self._limit_bytes = limit_bytes

    def stage(
        self,
        paths: Sequence[Path],
        by: str,
        *,
        progress: Progress | None = None,
        on_file: Callable[[str], None] | None = None,
    ) -> Staged:
        """Read files and folders and stage what is in them; `on_file` hears the name of each file as it is read.

        Raises:
            IngestError: a path does not exist, or none of the files can be taken.
        """
        refused: list[Refusal] = []
        drafts = self._drafts(find_files(paths), refused, on_file)
        changes = self._library.stage(drafts, by, progress)
        if not changes:
            raise IngestError(
                refused[0].reason
                if refused
                else "No readable manual was found; give .docx, .xlsx, .txt … files or a folder."
            )
        return Staged(tuple(changes), tuple(refused))

    def publish(self, staged: Staged, by: str) -> int:
        """Make what was staged live, all at once; returns the generation."""
        return self._library.publish(staged.edition_ids, by)

    def discard(self, staged: Staged) -> None:
        """Give up what was staged."""
        self._library.discard(staged.edition_ids)

    def _drafts(
        self, files: Iterable[Path], refused: list[Refusal], on_file: Callable[[str], None] | None
    ) -> Iterator[ManualDraft]:
        """The manuals of all files, read as they are asked for; why a file gives none is added to `refused`."""
        for file in files:
            if on_file is not None:
                on_file(file.name)
            try:
                reading = read_all(file, limit_bytes=self._limit_bytes)
            except IngestError as error:
                refused.append(Refusal(file.name, str(error)))
                continue
            refused.extend(reading.refused)
            for document in reading.documents:
                yield from split_manuals(document)
