"""How much a question sounds like a demand that is to be refused, by all of its wording together.

Rules know the words of the demands that somebody thought of; people find others. Weights of pieces of one to three
characters (refusal_sense.json) are fitted by `tests/evals/fit_refusal_sense.py` on demands and look-alikes of our own,
Chinese and English. They need no embedding model, so that every installation refuses alike, and cost some ten
microseconds.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

DATA = "refusal_sense.json"
PLACES = 4096
"""Numbers among which the pieces are strewn; two pieces seldom share one."""
_LONGEST = 3
_MOST_READ = 400
"""Characters that are looked at: a demand is short."""


@dataclass(frozen=True, slots=True)
class _Fitted:
    weights: tuple[float, ...]
    bias: float
    surely: float
    perhaps: float


@cache
def _fitted() -> _Fitted:
    found = json.loads(files("bot.assistant").joinpath(DATA).read_text(encoding="utf-8"))
    weights = [0.0] * PLACES
    for place, weight in zip(found["places"], found["weights"], strict=True):
        weights[place] = weight / 100
    return _Fitted(tuple(weights), found["bias"], found["surely"], found["perhaps"])


def pieces(reading: str) -> frozenset[int]:
    """The numbers of a text's pieces: one to three characters, and whole words between spaces.

    `reading`: normal form (`knowledge.reading.normalise`).
    """
    return frozenset(zlib.crc32(piece.encode()) % PLACES for piece in set(_pieces(reading[:_MOST_READ])))


def _pieces(reading: str) -> Iterator[str]:
    text = f" {reading} "
    for size in range(1, _LONGEST + 1):
        yield from (text[i : i + size] for i in range(len(text) - size + 1))
    yield from (f"_{word}_" for word in reading.split())


def suspicion(reading: str) -> float:
    """The share (0..1) that a question in its normal form is a demand to be refused."""
    fitted, found = _fitted(), pieces(reading)
    if not found:
        return 0.0
    z = fitted.bias + sum(fitted.weights[place] for place in found) / math.sqrt(len(found))
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, z))))


def surely(share: float) -> bool:
    """Whether a question of this suspicion is refused whatever the manuals say."""
    return share >= _fitted().surely


def perhaps(share: float) -> bool:
    """Whether it is answered only when the manuals answer it beyond doubt."""
    return share >= _fitted().perhaps
