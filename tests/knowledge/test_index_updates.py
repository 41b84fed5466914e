"""An index that was brought up to date is exactly the one that would be built anew."""

import json

import numpy as np
from cheap_embedder import CheapEmbedder
from hypothesis import given, settings
from hypothesis import strategies as st
from knowledge_drafts import manual

from knowledge.bridges import Bridges
from knowledge.editions import context_text, passage, passage_key
from knowledge.embedding import Passage
from knowledge.index import ClausePlace, IndexedClause, LiveIndex
from knowledge.library import Library

WORDS = ("退款", "客户", "班长", "三天", "客户服务", "refund", "30%", "須知", "的", " ", "。", "\n", "换班")
TEXT = st.lists(st.sampled_from(WORDS), max_size=8).map("".join)
CLAUSES = st.lists(st.tuples(st.sampled_from(["总则", "附则"]), TEXT), max_size=7)


def indexed(clauses: list[tuple[str, str]], first: int) -> list[IndexedClause]:
    made = []
    for number, (heading, text) in enumerate(clauses):
        key = passage_key(passage("办法", "", (heading,), text))
        made.append(
            IndexedClause(first + number, number % 3, text, context_text("办法", "", (heading,)), key)
        )
    return made


def vectors_of(clauses: list[IndexedClause]):
    embedder = CheapEmbedder()
    return {c.vector_key: embedder.passages([Passage(c.search_text, "", c.context)])[0] for c in clauses}


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
        now = indexed(clauses, generation * 100)
        places = [ClausePlace(c.id, c.manual_id, c.vector_key) for c in now]
        unknown = index.unknown(places)
        needed = [c for c in now if c.vector_key in unknown]
        index = index.updated(generation, places, {c.vector_key: c for c in needed}, vectors_of(needed))
        assert_equal(index, LiveIndex.build(generation, now, vectors_of(now)))


def test_an_updated_index_survives_its_file(tmp_path) -> None:
    now = indexed([("总则", "客户退款须三天内办理"), ("附则", "班长可换班")], 1)
    index = LiveIndex.build(7, now, vectors_of(now))
    index.save(tmp_path / "live.npz")
    loaded = LiveIndex.load(tmp_path / "live.npz")
    assert loaded is not None
    assert_equal(index, loaded)
    assert index.bridges.english["client"]


def test_bridges_do_not_depend_on_how_texts_came_together() -> None:
    texts = ["客户退款", "班长换班", "会计行长"]
    whole = Bridges.build(texts)
    later = Bridges.build(texts[:1]).updated(np.array([-1, 0, -1]), [texts[1], texts[2]])
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
