"""Drafts for the tests of the library."""

from typing import Any

from knowledge.clauses import ClauseDraft, ManualDraft, Metadata
from knowledge.reading import normalise


def manual(title: str, *texts: str, organisation: str = "云杉家电", **metadata: Any) -> ManualDraft:
    clauses = tuple(
        ClauseDraft(f"第{n}条", ("一、总则",), text, normalise(text)) for n, text in enumerate(texts, 1)
    )
    return ManualDraft(title, organisation, clauses, f"{title}.txt", metadata=Metadata(**metadata))
