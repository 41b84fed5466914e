"""What an ingested file looks like to the program, printed for people: `python -m ingest.outline FILE`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from ingest.errors import IngestError
from ingest.readers import find_files, read_all
from ingest.structure import split_manuals
from knowledge.clauses import ManualDraft


def outline(drafts: Iterable[ManualDraft], width: int = 40) -> str:
    """Each manual with organisation and state, each clause with its label and the first `width` characters."""
    out = []
    for number, draft in enumerate(drafts, 1):
        state = " [truncated]" if draft.truncated else ""
        out.append(
            f"{number}. 《{draft.title}》 ({draft.organisation or '—'}) {draft.language} {len(draft.clauses)} clauses{state}"
        )
        out += [f"     note: {note}" for note in draft.notes]
        for clause in draft.clauses:
            flags = "".join(
                f" [{name}]"
                for name, on in (
                    (clause.kind.value, clause.kind.value != "text"),
                    ("truncated", clause.truncated),
                    ("blank", clause.has_blank),
                )
                if on
            )
            text = clause.text.replace("\n", "⏎")
            shown = text if len(text) <= width else f"{text[:width]}… ({len(text)})"
            page = f" p.{clause.page}" if clause.page is not None else ""
            out.append(f"   {clause.label or '-'}{page}{flags} | {' > '.join(clause.heading_path)} | {shown}")
    return "\n".join(out)


def main() -> None:
    """Print the outline of the files named on the command line."""
    width = int(sys.argv[1]) if sys.argv[1].isdigit() else 40
    for path in find_files([Path(a) for a in sys.argv[1:] if not a.isdigit()]):
        try:
            reading = read_all(path)
        except IngestError as error:
            print(error)
            continue
        for document in reading.documents:
            print(outline(split_manuals(document), width))
        for refusal in reading.refused:
            print(refusal.reason)


if __name__ == "__main__":
    main()
