"""A second opinion on a text, by its meaning: where it belongs, whether it tells of danger, a leak or politics, and
whether it complains about a superior.

Rules know words; people find others. The embedding model that searches the manuals also places a text beside the
scenarios that we wrote; the weights (draft_sense.json) are fitted by `tests/evals/fit_draft_sense.py` and hold for
that one model only. With another model the rules decide alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from bot.assistant.drafts import Route
from bot.assistant.signals import Matter
from knowledge.embedding import Embedder

DATA = "draft_sense.json"
MOST_READ = 400
"""Characters of a text that are looked at: the model reads no more than some hundred tokens well."""
NO_MATTER = "none"
ACCUSES, ACCUSES_NOBODY = "accuses", "nobody"


@dataclass(frozen=True, slots=True)
class Impression:
    """What a text resembles; the shares of the routes add up to 1, those of the matters (and of none) too.

    `accuses` is the share (0 to 1) of texts that complain about a superior whom they name.
    """

    routes: Mapping[Route, float]
    matters: Mapping[Matter, float]
    accuses: float = 0.0


Sense = Callable[[str], Impression | None]
"""The impression of a masked text; None when there is no opinion."""


@dataclass(frozen=True, slots=True)
class _Layer:
    """A softmax over named classes."""

    names: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def shares(self, vector: NDArray[np.float32]) -> dict[str, float]:
        raw = np.asarray(self.weights @ vector + self.bias)
        powers = np.exp(raw - raw.max())
        return dict(zip(self.names, (powers / powers.sum()).tolist(), strict=True))


@cache
def _fitted() -> tuple[str, dict[str, _Layer]]:
    """The model's name, and the layers for routes, matters and complaints about superiors."""
    found = json.loads(files("bot.assistant").joinpath(DATA).read_text(encoding="utf-8"))
    layers = {
        name: _Layer(
            tuple(layer["names"]),
            np.asarray(layer["weights"], dtype=np.float32),
            np.asarray(layer["bias"], dtype=np.float32),
        )
        for name, layer in found["layers"].items()
    }
    return found["model"], layers


def sense_of(embedder: Callable[[], Embedder]) -> Sense:
    """The sense that an embedding model gives; the model is asked for when the first text comes.

    The returned callable raises what loading the model raises.
    """

    def impression(text: str) -> Impression | None:
        model = embedder()
        name, layers = _fitted()
        if model.name != name or not text.strip():
            return None
        vector = np.asarray(model.query(text[:MOST_READ]), dtype=np.float32)
        by_matter = layers["matters"].shares(vector)
        return Impression(
            {Route(route): share for route, share in layers["routes"].shares(vector).items()},
            {Matter(matter): share for matter, share in by_matter.items() if matter != NO_MATTER},
            layers["accuses"].shares(vector)[ACCUSES],
        )

    return impression
