"""Every parser over damaged real files and texts of anything: it reads or refuses with its own sentence, in time.

The hour over all of them and over what Slack sends is in `test_fuzz_for_long.py`.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from parsers import FILES, TEXTS, FileParser, damaged, texts

SECONDS = 60
"""No file of a few kilobytes and no text of a few hundred letters may take longer, on a busy machine."""


def read_one(parser: FileParser, seed: int, folder: Path) -> bool:
    """Read one damaged file; whether it was taken. Raises AssertionError, with what makes it again, over a finding."""
    data = damaged(parser, random.Random(f"{parser.name}{seed}"))  # noqa: S311
    path = folder / parser.name
    path.write_bytes(data)
    started = time.monotonic()
    try:
        parser.read(path)
        said = None
    except parser.refuses as refusal:
        said = str(refusal)
    except Exception as error:
        raise AssertionError(f"{parser.name}, seed {seed}: {type(error).__name__}: {error}") from error
    assert time.monotonic() - started < SECONDS, f"{parser.name}, seed {seed}"
    assert said != "", f"{parser.name}, seed {seed}: refused without a word"
    return said is None


def take_one(name: str, seed: int) -> None:
    """Give one text to a function."""
    text = texts(random.Random(f"{name}{seed}"))  # noqa: S311
    started = time.monotonic()
    try:
        TEXTS[name](text)
    except Exception as error:
        raise AssertionError(
            f"{name}, seed {seed}: {type(error).__name__}: {error} over {text[:300]!r}"
        ) from error
    assert time.monotonic() - started < SECONDS, f"{name}, seed {seed}"


@pytest.mark.parametrize("parser", FILES, ids=lambda one: one.name)
def test_some_damaged_files(parser: FileParser, tmp_path: Path) -> None:
    path = tmp_path / parser.name
    path.write_bytes(parser.whole())
    parser.read(path)  # whole, it is read
    for seed in range(2):
        read_one(parser, seed, tmp_path)


@pytest.mark.parametrize("name", TEXTS)
def test_some_texts(name: str) -> None:
    for seed in range(20):
        take_one(name, seed)


@pytest.mark.slow
@pytest.mark.parametrize("parser", FILES, ids=lambda one: one.name)
def test_many_damaged_files(parser: FileParser, tmp_path: Path) -> None:
    for seed in range(2, 30):
        read_one(parser, seed, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", TEXTS)
def test_many_texts(name: str) -> None:
    for seed in range(20, 300):
        take_one(name, seed)
