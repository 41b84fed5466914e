"""What changed is embedded, and nothing else: counted in calls of the real models."""

from dataclasses import replace

import numpy as np
import pytest
from knowledge_drafts import manual

from knowledge.embedding import BundledEmbeddings, Passage
from knowledge.library import Library

RULES = tuple(f"第{n}类工单须在{n}小时内答复客户。" for n in range(2, 14))


class Recording(BundledEmbeddings):
    """The bundled models; counts what each was shown."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[Passage] = []
        self.surroundings: list[Passage] = []

    def passages(self, passages):
        self.words += passages
        return super().passages(passages)

    def resituated(self, passages, old):
        self.surroundings += passages
        return super().resituated(passages, old)


@pytest.fixture(scope="module")
def recording() -> Recording:
    return Recording()


@pytest.fixture
def embedder(recording: Recording) -> Recording:
    recording.words, recording.surroundings = [], []
    return recording


def publish(library: Library, draft) -> None:
    (change,) = library.stage([draft], "admin")
    library.publish([change.edition_id], "admin")


def rows(library: Library):
    index = library.index()
    return dict(zip([c.text for c in library.clauses(index.clause_ids.tolist())], index.vectors, strict=True))


@pytest.mark.parametrize("open_library", ["embedded"], indirect=True)
def test_one_changed_clause_is_one_text_to_embed(library: Library, embedder: Recording) -> None:
    publish(library, manual("答复时限", *RULES))
    assert len(embedder.words) == len(RULES)
    publish(library, manual("答复时限", *RULES[:5], "第七类工单须在三小时内答复。", *RULES[6:]))
    assert len(embedder.words) == len(RULES) + 1
    assert embedder.surroundings == []


@pytest.mark.parametrize("open_library", ["embedded"], indirect=True)
def test_another_organisation_or_title_costs_only_the_small_model_and_gives_the_same_vectors(
    library: Library, embedder: Recording
) -> None:
    draft = manual("答复时限", *RULES)
    publish(library, draft)
    moved = replace(draft, title="答复时限规定", organisation="云杉家电客服部")
    (change,) = library.stage([moved], "admin")
    library.publish([change.edition_id], "admin")
    assert len(embedder.words) == len(RULES)
    assert len(embedder.surroundings) == len(RULES)
    found = {text: vector for text, vector in rows(library).items() if vector is not None}
    fresh = BundledEmbeddings()
    context = " ".join((moved.organisation, moved.title, *draft.clauses[0].heading_path))
    for clause in draft.clauses:
        made = fresh.passages([Passage(clause.search_text, clause.heading_path[-1], context)])[0]
        assert np.any(np.all(np.abs(made - np.stack(list(found.values()))) < 1e-5, axis=1))
