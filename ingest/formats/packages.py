"""Zip files opened with care, and the XML parts of an Office file in one.

Nothing is ever written to disk; what a file declares is checked before anything is unpacked.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib

from lxml import etree

from ingest.errors import IngestError

_MEGABYTE = 1024 * 1024
_MOST_MEMBERS = 5000
_LARGEST_TOTAL = 300 * _MEGABYTE
"""Unpacked size of a whole zip file."""
_LARGEST_PART = 48 * _MEGABYTE
"""Unpacked size of one XML part: a document of some million characters."""
_LARGEST_XML = 96 * _MEGABYTE
"""Unpacked size of all XML parts of a file."""
_HIGHEST_RATIO = 200
"""Unpacked by packed size, above which a large file is one made to burst. Tables of real files reach about 100."""
_RATIO_COUNTS_FROM = 16 * _MEGABYTE
_PROLOGUE = 16 * 1024
Element = etree._Element

RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# ISO "strict" files name everything differently; they are read as if they were the usual kind.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", RELATIONSHIPS.encode()),
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
)


def open_zip(data: bytes, name: str) -> zipfile.ZipFile:
    """The zip file in `data`; `name` is used in sentences only.

    Raises IngestError when it is broken or would unpack to more than it is safe to hold.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError, EOFError) as error:
        raise IngestError(
            f"{name} is broken or was cut off on its way; copy it again from the original."
        ) from error
    total = sum(member.file_size for member in members)
    too_dense = total > _RATIO_COUNTS_FROM and total > _HIGHEST_RATIO * len(data)
    if len(members) > _MOST_MEMBERS or total > _LARGEST_TOTAL or too_dense:
        raise IngestError(
            f"{name} would unpack to {total // _MEGABYTE} MB in {len(members)} files, more than is safe; "
            "split it into smaller files."
        )
    return archive


def unpack(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, *, most: int = _LARGEST_TOTAL
) -> bytes:
    """The first `most` bytes of one member; never more than it declares. Raises IngestError when it is locked or broken."""
    if member.flag_bits & 0x1:
        raise IngestError(f"{name} is protected with a password; save it without one and ingest that.")
    try:
        with archive.open(member) as stream:
            return stream.read(min(member.file_size, most))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise IngestError(
            f"{name} is broken or was cut off on its way; copy it again from the original."
        ) from error
    except (NotImplementedError, RuntimeError) as error:
        raise IngestError(
            f"{name} is packed in a way that cannot be read; pack it as an ordinary zip file."
        ) from error


class Package:
    """The parts of an Office file (docx, xlsx, pptx)."""

    def __init__(self, data: bytes, name: str) -> None:
        """Open the file in `data`. Raises IngestError (broken, bomb, locked, XML with declarations)."""
        self._archive = open_zip(data, name)
        self._name = name
        self._members = {member.filename.lstrip("/"): member for member in self._archive.infolist()}
        written = {part: member for part, member in self._members.items() if part.endswith((".xml", ".rels"))}
        for part, member in written.items():
            self._check(part, member)
        total = sum(member.file_size for member in written.values())
        if total > _LARGEST_XML:
            raise IngestError(f"{name} holds {total // _MEGABYTE} MB of text; split it into smaller files.")

    def __contains__(self, part: object) -> bool:
        return part in self._members

    def _check(self, part: str, member: zipfile.ZipInfo) -> None:
        """Office files declare no document types; one that does means to have entities expanded."""
        if member.file_size > _LARGEST_PART:
            raise IngestError(
                f"{self._name} holds a part of {member.file_size // _MEGABYTE} MB; split it into smaller files."
            )
        if member.flag_bits & 0x1:
            raise IngestError(
                f"{self._name} is protected with a password; save it without one and ingest that."
            )
        head = unpack(self._archive, member, self._name, most=_PROLOGUE).replace(b"\0", b"")
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise IngestError(
                f"{self._name} declares XML entities in {part}, which no Office file does; save it anew."
            )

    def xml(self, part: str) -> Element | None:
        """The root of an XML part; None when the file has no such part. Raises IngestError when it is no XML."""
        member = self._members.get(part)
        if member is None:
            return None
        data = unpack(self._archive, member, self._name)
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
        try:
            return etree.fromstring(
                data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            )
        except (etree.XMLSyntaxError, ValueError) as error:
            raise IngestError(
                f"{self._name} is broken in {part}; open it in its program and save it again."
            ) from error

    def related(self, part: str, kind: str = "") -> dict[str, str]:
        """Parts that `part` (`""`: the file itself) refers to: id → name. `kind`: the last word of the type."""
        folder, base = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: dict[str, str] = {}
        for relation in root.iter(_PACKAGE_RELATIONSHIPS) if root is not None else ():
            if relation.get("TargetMode") == "External" or not relation.get("Type", "").endswith(
                f"/{kind}" if kind else ""
            ):
                continue
            target = relation.get("Target", "")
            path = (
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.normpath(posixpath.join(folder, target))
            )
            found[relation.get("Id", "")] = path
        return found

    def first(self, part: str, kind: str) -> str:
        """The one part of `kind` that `part` refers to; empty when there is none."""
        return next(iter(self.related(part, kind).values()), "")

    def title(self) -> str:
        """The title in the file's properties, empty when none is stated."""
        try:
            root = self.xml(self.first("", "core-properties") or "docProps/core.xml")
        except IngestError:
            return ""
        found = root.find("{http://purl.org/dc/elements/1.1/}title") if root is not None else None
        return (found.text or "").strip() if found is not None else ""
