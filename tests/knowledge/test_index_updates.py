"""An index that was brought up to date is exactly the one that would be built anew."""

import json
import os

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
from knowledge.updating import IndexUpdate, Places

WORDS = ("退款", "客户", "班长", "三天", "客户服务", "refund", "30%", "須知", "的", " ", "。", "\n", "换班")
TEXT = st.lists(st.sampled_from(WORDS), max_size=8).map("".join)
CLAUSES = st.lists(st.tuples(st.sampled_from(["总则", "附则"]), TEXT), max_size=7)


def updated(index: LiveIndex, generation: int, clauses: list[tuple[str, str]]) -> LiveIndex:
    """`index` brought up to date to these clauses; empty, it is a full build."""
    passages = [passage("办法", "", (heading,), text) for heading, text in clauses]
    keys = [passage_key(p) for p in passages]
    first = generation * 100
    places = Places.of((first + number, number % 3, key) for number, key in enumerate(keys))
    update = IndexUpdate(index, places)
    unknown = set(update.unknown)
    for key, made in sorted(zip(keys, passages, strict=True), key=lambda pair: pair[0], reverse=True):
        assert update.add_text(key, made.context, made.text) or key not in unknown or keys.count(key) > 1
    vectors = {key: CheapEmbedder().passages([p])[0] for key, p in zip(keys, passages, strict=True)}
    update.add_vectors({key: vector for key, vector in vectors.items() if key in unknown})
    return update.finished(generation)


def assert_equal(one: LiveIndex, other: LiveIndex) -> None:
    for name in ("generation", "clause_ids", "manual_ids", "keys"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert np.array_equal(one.vectors, other.vectors) or not len(one.keys)
    for name in ("body", "context"):
        ours, theirs = getattr(one, name), getattr(other, name)
        assert list(ours.vocabulary.items()) == list(theirs.vocabulary.items())
        assert ours.size == theirs.size
        for part in ("starts", "rows", "counts", "weights", "idf"):
            assert np.array_equal(getattr(ours, part), getattr(theirs, part)), (name, part)
            assert getattr(ours, part).dtype == getattr(theirs, part).dtype
    assert json.loads(one.bridges.dumps()) == json.loads(other.bridges.dumps())
    assert np.array_equal(one.bridges.words, other.bridges.words)
    assert np.array_equal(one.bridges.starts, other.bridges.starts)


@settings(max_examples=150, deadline=None)
@given(st.lists(CLAUSES, min_size=1, max_size=4))
def test_updating_equals_building(generations: list[list[tuple[str, str]]]) -> None:
    index = LiveIndex.empty()
    for generation, clauses in enumerate(generations):
        index = updated(index, generation, clauses)
        assert_equal(index, updated(LiveIndex.empty(), generation, clauses))


@pytest.mark.parametrize("block", [1, 3, 1000])
def test_blocks_of_any_size_make_the_same_index(block: int, monkeypatch) -> None:
    texts = ["客户退款须三天内办理", "班长可换班换班", "", "refund within 3 days"]
    whole = Keywords.build(texts)
    monkeypatch.setattr("knowledge.keywords._BLOCK", block)
    again = Keywords.build(texts)
    assert again.vocabulary == whole.vocabulary
    for part in ("starts", "rows", "counts", "weights", "idf"):
        assert np.array_equal(getattr(again, part), getattr(whole, part)), part
    assert list(np.flatnonzero(whole.scores(["退款"]))) == [0]
    span = slice(*whole.starts[whole.vocabulary["换班"] :][:2])
    assert (whole.rows[span].tolist(), whole.counts[span].tolist()) == ([1], [2])


def test_an_updated_index_survives_its_file(tmp_path) -> None:
    index = updated(LiveIndex.empty(), 7, [("总则", "客户退款须三天内办理"), ("附则", "班长可换班")])
    index.save(tmp_path / "live.npz")
    loaded = LiveIndex.load(tmp_path / "live.npz")
    assert loaded is not None
    assert_equal(index, loaded)
    assert index.bridges.english["client"]


def test_halves_that_dead_processes_left_are_cleared_away(tmp_path) -> None:
    old, new = tmp_path / "old.part", tmp_path / "new.part"
    for part in (old, new):
        part.write_bytes(b"half")
    os.utime(old, (0, 0))
    LiveIndex.empty().save(tmp_path / "live.npz")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["live.npz", "new.part"]


def test_bridges_do_not_depend_on_how_texts_came_together() -> None:
    texts = ["客户退款", "班长换班", "会计行长"]
    whole = Bridges.build(texts)
    later = Bridges.build([texts[2]]).updated(np.array([1, 2, 0]), [words_of(t) for t in texts[:2]])
    assert whole.english == later.english
    assert whole.pinyin == later.pinyin


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
    fresh = library._build_index(None)
    assert_equal(library.index(), fresh)
