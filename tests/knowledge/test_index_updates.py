"""An index that was brought up to date is exactly the one that would be built anew, and says what plain counting says."""

import json
import math
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from cheap_embedder import CheapEmbedder
from hypothesis import given, settings
from hypothesis import strategies as st
from knowledge_drafts import manual

from knowledge.bridges import Bridges, words_of
from knowledge.editions import passage, passage_key
from knowledge.index import LiveIndex
from knowledge.keywords import Keywords
from knowledge.library import Library
from knowledge.postings import TERM, encoded
from knowledge.reading import terms
from knowledge.updating import IndexUpdate, Places

LONG = "incomprehensibilities" * 2
WORDS = (
    "退款",
    "客户",
    "班长",
    "三天",
    "客户服务",
    "refund",
    "30%",
    "須知",
    "的",
    " ",
    "。",
    "\n",
    "换班",
    LONG,
)
TEXT = st.lists(st.sampled_from(WORDS), max_size=8).map("".join)
CLAUSES = st.lists(st.tuples(st.sampled_from(["总则", "附则"]), TEXT), max_size=7)
PARTS = ("terms", "starts", "rows", "counts", "lengths", "weights", "idf")


def updated(index: LiveIndex, generation: int, clauses: list[tuple[str, str]]) -> LiveIndex:
    """`index` brought up to date to these clauses; empty, it is a full build."""
    with tempfile.TemporaryDirectory() as folder:
        return made_in(Path(folder), index, generation, clauses)


def made_in(folder: Path, index: LiveIndex, generation: int, clauses: list[tuple[str, str]]) -> LiveIndex:
    passages = [passage("办法", "", (heading,), text) for heading, text in clauses]
    keys = [passage_key(p) for p in passages]
    first = generation * 100
    places = Places.of((first + number, number % 3, key) for number, key in enumerate(keys))
    update = IndexUpdate(index, places, folder)
    unknown = set(update.unknown)
    vectors = {key: CheapEmbedder().passages([p])[0] for key, p in zip(keys, passages, strict=True)}
    for key, made in sorted(zip(keys, passages, strict=True), key=lambda pair: pair[0], reverse=True):
        assert update.add_text(key, made.context, made.text) or key not in unknown or keys.count(key) > 1
        if key.endswith(("0", "5")):
            update.add_vectors(vectors)  # of those that have come so far
    update.add_vectors(vectors)
    return update.finished(generation)


def assert_equal(one: LiveIndex, other: LiveIndex) -> None:
    for name in ("generation", "clause_ids", "manual_ids", "keys", "by_id", "vectors"):
        ours, theirs = getattr(one, name), getattr(other, name)
        assert np.array_equal(ours, theirs) or not len(one.keys), name
    for name in ("body", "context"):
        assert_equal_words(getattr(one, name), getattr(other, name))
    assert json.loads(one.bridges.dumps()) == json.loads(other.bridges.dumps())
    assert np.array_equal(one.bridges.texts.words, other.bridges.texts.words)
    assert np.array_equal(one.bridges.texts.starts, other.bridges.texts.starts)


def assert_equal_words(one: Keywords, other: Keywords) -> None:
    for part in PARTS:
        ours, theirs = getattr(one, part), getattr(other, part)
        assert np.array_equal(ours, theirs), part
        assert ours.dtype == theirs.dtype


def plain_scores(texts: list[str], asked: list[str]) -> list[float]:
    """BM25 as the books have it, by counting."""
    held = [Counter(encoded(terms(text)).tolist()) for text in texts]
    mean = max(sum(sum(counts.values()) for counts in held) / len(texts), 1.0)
    scores = []
    for counts in held:
        score = 0.0
        for term, times in Counter(encoded(asked).tolist()).items():
            df = sum(term in other for other in held)
            idf = math.log(1 + (len(texts) - df + 0.5) / (df + 0.5))
            tf = counts[term]
            score += min(times, 2) * idf * tf * 2.2 / (tf + 1.2 * (0.4 + 0.6 * sum(counts.values()) / mean))
        scores.append(score)
    return scores


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.lists(CLAUSES, min_size=1, max_size=4), st.sampled_from([1, 5, 1000]))
def test_updating_equals_building(generations: list[list[tuple[str, str]]], bound: int) -> None:
    """However often texts come and go, and however little of them is in memory at once."""
    index = LiveIndex.empty()
    for generation, clauses in enumerate(generations):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("knowledge.postings._RUN", bound)
            patch.setattr("knowledge.postings._BLOCK", bound)
            patch.setattr("knowledge.word_rows._BLOCK", bound)
            patch.setattr("knowledge.updating._BLOCK", bound)
            index = updated(index, generation, clauses)
        assert_equal(index, updated(LiveIndex.empty(), generation, clauses))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(TEXT, min_size=1, max_size=8),
    st.lists(st.sampled_from(WORDS), max_size=5),
    st.sampled_from([1, 7]),
)
def test_scores_are_those_of_plain_counting(texts: list[str], asked: list[str], run: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("knowledge.postings._RUN", run)
        index = Keywords.build(texts)
    wanted = terms(" ".join(asked))
    assert index.scores(wanted) == pytest.approx(plain_scores(texts, wanted), abs=1e-4)
    held = {term for text in texts for term in terms(text)}
    assert set(index.vocabulary) == {term[: TERM.itemsize] for term in held}
    assert all(term in index.vocabulary for term in held)
    assert "缺席" not in index.vocabulary
    assert index.rarity("缺席") == index.unseen_idf()


def test_what_a_word_holds_is_found_by_its_number() -> None:
    index = Keywords.build(["客户退款须三天内办理", "班长可换班换班", "", "refund within 3 days"])
    assert list(np.flatnonzero(index.scores(["退款"]))) == [0]
    number = index.vocabulary["换班"]
    span = slice(*index.starts[number : number + 2])
    assert (index.rows[span].tolist(), index.counts[span].tolist()) == ([1], [2])
    with pytest.raises(KeyError):
        index.vocabulary["缺席"]


def test_rows_are_found_by_the_ids_of_their_clauses() -> None:
    index = updated(LiveIndex.empty(), 1, [("总则", "客户退款"), ("附则", "班长换班"), ("附则", "午餐")])
    assert index.rows_of(np.array([102, 100, 7, 999])).tolist() == [2, 0, -1, -1]
    assert LiveIndex.empty().rows_of(np.array([1])).tolist() == [-1]


def test_bridges_do_not_depend_on_how_texts_came_together() -> None:
    texts = ["客户退款", "班长换班", "会计行长"]
    whole = Bridges.build(texts)
    later = Bridges.build(texts[2:]).to(whole.texts)
    assert whole.english == later.english
    assert whole.pinyin == later.pinyin
    assert whole.english["client"]
    assert whole.texts.of(np.array([2, 0]))[1].tolist() == [*words_of(texts[2]), *words_of(texts[0])]


def publish(library: Library, *drafts) -> None:
    changes = library.stage(drafts, "admin")
    library.publish([c.edition_id for c in changes if not c.is_empty], "admin")


def test_after_publications_the_library_searches_in_what_a_fresh_one_would_build(
    library: Library, open_library
) -> None:
    library._load_embedder = CheapEmbedder
    rules = [f"第{n}类工单须在{n}小时内答复。" for n in range(20)]
    publish(library, manual("答复时限", *rules), manual("退款办法", "七天内退款。"))
    publish(library, manual("答复时限", *rules[3:], "新的一条规定。"))
    publish(library, manual("退款办法", "七天内退款。", "原路退回。"), manual("考勤办法", "迟到扣款。"))
    fresh = library._pictures.built(None, [m.edition_id for m in library.manuals()])
    assert_equal(library.index(), fresh)
