"""A second opinion on a text, by its meaning: where it belongs, whether it tells of danger, a leak or politics, and
what it says of each superior whom it names.

Rules know words; people find others. The embedding model that searches the manuals also places a text beside the
scenarios that we wrote; the weights (draft_sense.json) are fitted by `tests/evals/fit_draft_sense.py` and hold for
that one model only. With another model the rules decide alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from bot.assistant.drafts import Route
from bot.assistant.signals import Matter
from bot.assistant.superiors import Sign, View, views
from knowledge.embedding import Embedder

DATA = "draft_sense.json"
MOST_READ = 400
"""Characters of a text that are looked at: the model reads no more than some hundred tokens well."""
NO_MATTER = "none"
MOST_VIEWS = 8
"""Places where a superior is named that are looked at, one look costs some milliseconds."""


@dataclass(frozen=True, slots=True)
class Impression:
    """What a text resembles; the shares of the routes add up to 1, those of the matters (and of none) too.

    `said` are the places where superiors are named, with the shares (0 to 1) of what is said of them there.
    """

    routes: Mapping[Route, float]
    matters: Mapping[Matter, float]
    said: Sequence[tuple[View, Mapping[Sign, float]]] = ()


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
    """The model's name, and the layers for routes, matters and what is said of superiors."""
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


def _near(model: Embedder, text: str) -> NDArray[np.float32]:
    return np.asarray(model.query(text[:MOST_READ]), dtype=np.float32)


def _said(layer: _Layer, model: Embedder, view: View) -> dict[Sign, float]:
    return {Sign(sign): share for sign, share in layer.shares(_near(model, view.words)).items()}


def sense_of(embedder: Callable[[], Embedder]) -> Sense:
    """The sense that an embedding model gives; the model is asked for when the first text comes.

    The returned callable raises what loading the model raises.
    """

    def impression(text: str) -> Impression | None:
        model = embedder()
        name, layers = _fitted()
        if model.name != name or not text.strip():
            return None
        by_meaning = _near(model, text)
        by_matter = layers["matters"].shares(by_meaning)
        return Impression(
            {Route(route): share for route, share in layers["routes"].shares(by_meaning).items()},
            {Matter(matter): share for matter, share in by_matter.items() if matter != NO_MATTER},
            [(view, _said(layers["said"], model, view)) for view in views(text)[:MOST_VIEWS]],
        )

    return impression
