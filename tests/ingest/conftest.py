"""Where the real page, its inventory and the public corpora are; they stay outside the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.readers import find_files, read
from ingest.structure import split_manuals
from knowledge.clauses import ManualDraft

ROOT = Path(__file__).resolve().parents[2]


def find_shared() -> Path | None:
    """The shared folder: KEFU_SHARED, or `shared` beside the checkout or beside the folder that holds it."""
    named = os.environ.get("KEFU_SHARED")
    places = [Path(named)] if named else [ROOT.parent / "shared", ROOT.parent.parent / "shared"]
    return next((place for place in places if (place / "seeds").is_dir()), None)


@pytest.fixture(scope="session")
def shared() -> Path:
    place = find_shared()
    if place is None:
        pytest.skip(
            "the shared folder (seeds, design, eval) is not here: set KEFU_SHARED to test on the real page"
        )
    return place


@pytest.fixture(scope="session")
def seed_drafts(shared: Path) -> list[ManualDraft]:
    return [draft for path in find_files([shared / "seeds"]) for draft in split_manuals(read(path))]
