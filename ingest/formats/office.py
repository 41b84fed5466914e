"""Zip files that are one document: which program's, told by what is inside."""

from __future__ import annotations

import io

from ingest.documents import Contents
from ingest.errors import IngestError
from ingest.formats.docx import read_docx
from ingest.formats.packages import Package, open_zip

_KINDS = {"word": "docx", "xl": "xlsx", "ppt": "pptx"}
_OTHERS = (
    ("mimetype", "is an OpenDocument or e-book file; save it as .docx, .xlsx or .pptx and ingest that."),
    (
        "Index/Document.iwa",
        "is a Pages, Numbers or Keynote file; export it as .docx, .xlsx or .pptx and ingest that.",
    ),
    ("AndroidManifest.xml", "is a program, not a manual; leave it out."),
    ("META-INF/MANIFEST.MF", "is a program, not a manual; leave it out."),
)


def office_kind(data: bytes, name: str) -> str:
    """`docx`, `xlsx`, `pptx`, or empty for a zip file of files.

    Raises IngestError when the zip file is broken or one that no reader takes (OpenDocument, Pages, xlsb).
    """
    parts = {member.filename.lstrip("/") for member in open_zip(data, name).infolist()}
    if "[Content_Types].xml" in parts:
        if any(part.endswith("workbook.bin") for part in parts):
            raise IngestError(f"{name} is a binary Excel file (.xlsb); save it as .xlsx and ingest that.")
        for folder, kind in _KINDS.items():
            if any(part.startswith(f"{folder}/") for part in parts):
                return kind
        raise IngestError(f"{name} is no Word, Excel or PowerPoint file; save it as .docx, .xlsx or .pptx.")
    for part, sentence in _OTHERS:
        if part in parts:
            raise IngestError(f"{name} {sentence}")
    return ""


def read_office(data: bytes, name: str) -> Contents:
    """The blocks of a Word, Excel or PowerPoint file. Raises IngestError when it is broken or something else."""
    kind = office_kind(data, name)
    if not kind:
        raise IngestError(f"{name} is a zip file of files; unpack it, or ingest it on its own.")
    package = Package(data, name)
    if kind == "docx":
        return read_docx(package, name)
    # Imported when needed: the two libraries take longer to load than a manual takes to read.
    if kind == "xlsx":
        from ingest.formats.xlsx import read_xlsx

        return read_xlsx(package, name, io.BytesIO(data))
    from ingest.formats.pptx import read_pptx

    return read_pptx(io.BytesIO(data), name)
