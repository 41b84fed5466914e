"""The public corpora: plain passages and long handbook pages keep all their words and stay one manual a file."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from ingest.readers import find_files, read
from ingest.structure import split_manuals
from knowledge.clauses import ManualDraft

pytestmark = pytest.mark.slow

_WORD = re.compile(r"[A-Za-z0-9]+|[\u3400-\u9fff]")


def words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text))


def covered(body: str, draft: ManualDraft) -> float:
    """Share of the body's words (by characters) that the clauses hold, headings included."""
    body = re.sub(r"\A---\n.*?\n---\n", "", body, flags=re.S)
    body = re.sub(r"<!--.*?-->|</?[a-zA-Z][^>]*>|[\u200b-\u200f]", " ", body, flags=re.S)
    there = words(
        " ".join([draft.title, *(f"{c.text} {c.label} {' '.join(c.heading_path)}" for c in draft.clauses)])
    )
    needed = words(body)
    lost = sum(max(0, count - there[word]) * len(word) for word, count in needed.items())
    return 1 - lost / max(1, sum(count * len(word) for word, count in needed.items()))


@pytest.mark.parametrize(("corpus", "files"), [("zh_rc_cmrc", 1104), ("en_handbook", 50)])
def test_one_file_is_one_manual_with_all_its_words(shared: Path, corpus: str, files: int) -> None:
    paths = find_files([shared / "eval" / "public" / corpus / "docs"])
    assert len(paths) == files
    low = []
    for path in paths:
        document = read(path)
        drafts = split_manuals(document)
        assert len(drafts) == 1, path.name
        share = covered(document.text, drafts[0])
        if share < 0.99:
            low.append((path.name, share))
    # A few passages print a sentence twice in a row; the copy is dropped on purpose.
    assert len(low) <= 3, low


def test_clauses_are_of_a_quotable_size(shared: Path) -> None:
    limit = {"zh_rc_cmrc": 620, "en_handbook": 1300}
    for corpus, longest in limit.items():
        lengths = sorted(
            len(c.text)
            for path in find_files([shared / "eval" / "public" / corpus / "docs"])
            for draft in split_manuals(read(path))
            for c in draft.clauses
        )
        assert lengths[-1] <= longest
        assert lengths[len(lengths) // 2] >= 200
