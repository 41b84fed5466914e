"""From files to staged editions: read, cut, stage. One bad file never stops the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ingest.cleaning import clean_characters
from ingest.documents import Document
from ingest.errors import IngestError, Refusal
from ingest.frontmatter import split_front_matter
from ingest.metadata import Stated, described, known, recognised
from ingest.readers import LIMIT_BYTES, find_files, name_of, read_all
from ingest.sidecars import is_sidecar, stated_beside, strays
from ingest.structure import split_manuals
from knowledge.clauses import ManualDraft
from knowledge.editions import Change
from knowledge.library import Library, Progress


@dataclass(frozen=True, slots=True)
class Staged:
    """What a set of files would change. Nothing is live yet."""

    changes: tuple[Change, ...]
    refused: tuple[Refusal, ...] = field(default=())

    @property
    def edition_ids(self) -> tuple[int, ...]:
        """Editions that have something to publish."""
        return tuple(change.edition_id for change in self.changes if not change.is_empty)


class Intake:
    """The door through which files become manuals."""

    def __init__(
        self,
        library: Library,
        *,
        limit_bytes: int = LIMIT_BYTES,
        zone: tzinfo = ZoneInfo("Asia/Shanghai"),  # noqa: B008 - immutable
        roles: Collection[str] = (),
    ) -> None:
        """Work on `library`; files larger than `limit_bytes` are refused. `zone`: the site's, in which the dates of
        metadata are meant. `roles`: those that an audience may name; none: any."""
        self._library = library
        self._limit_bytes = limit_bytes
        self._zone = zone
        self._roles = roles

    def stage(
        self,
        paths: Sequence[Path],
        by: str,
        *,
        progress: Progress | None = None,
        on_file: Callable[[str], None] | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> Staged:
        """Read files and folders and stage what is in them; `on_file` hears the name of each file as it is read.

        `metadata`: what is said about all of them (see `ingest.metadata.NAMES`); it goes before what a file's
        sidecar says, which goes before its front matter.

        Raises:
            IngestError: a path does not exist, the metadata cannot be read, or none of the files can be taken.
        """
        options = known(metadata or {}, "The metadata given")
        refused = [Refusal(*stray) for stray in strays(paths)]
        files = (file for file in find_files(paths) if not is_sidecar(file))
        changes = self._library.stage(self._drafts(files, options, refused, on_file), by, progress)
        if not changes:
            raise IngestError(
                refused[0].reason
                if refused
                else "No readable manual was found; give .docx, .xlsx, .txt … files or a folder."
            )
        return Staged(tuple(changes), tuple(refused))

    def _drafts(
        self,
        files: Iterable[Path],
        options: Stated,
        refused: list[Refusal],
        on_file: Callable[[str], None] | None,
    ) -> Iterator[ManualDraft]:
        """The manuals of all files, read as they are asked for; why a file gives none is added to `refused`."""
        for file in files:
            if on_file is not None:
                on_file(name_of(file))
            try:
                said = {**stated_beside(file), **options}
                reading = read_all(file, limit_bytes=self._limit_bytes)
            except IngestError as error:
                refused.append(Refusal(name_of(file), str(error)))
                continue
            refused.extend(reading.refused)
            for document in reading.documents:
                try:
                    drafts = self._described(document, said)
                except IngestError as error:
                    refused.append(Refusal(document.source, str(error)))
                else:
                    yield from drafts

    def _described(self, document: Document, said: Stated) -> list[ManualDraft]:
        """The manuals of a document with what its front matter and `said` tell of them."""
        settings, rest = ({}, "") if document.blocks else split_front_matter(clean_characters(document.text))
        if settings and not document.source.lower().endswith((".md", ".markdown")):
            document = replace(document, text=rest)  # a plain text keeps its own structure below the block
        drafts = split_manuals(document)
        if len(drafts) > 1 and said.get("title"):
            raise IngestError(
                f"{document.source} holds {len(drafts)} manuals; one title cannot be given to all of them."
            )
        stated = {**recognised(settings), **said}
        if len(drafts) > 1:
            stated.pop("title", None)
        now = self._library.now()
        return [described(draft, stated, document.source, self._zone, now, self._roles) for draft in drafts]
