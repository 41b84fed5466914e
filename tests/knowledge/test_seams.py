"""Where the parts of the library meet: conflicts beside rollbacks, sweeps, previews, audiences and dates."""

from dataclasses import replace

import numpy as np
import pytest
from knowledge_drafts import manual
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge import index as index_module
from knowledge.clauses import ManualDraft
from knowledge.conflict_book import ConflictBook
from knowledge.errors import EditionStateError, StoreBusy, StoreUnavailable
from knowledge.library import Library, Reader
from knowledge.manuals import Edition, EditionState
from knowledge.saved import SavedPictures
from knowledge.vectors import Vectors
from knowledge.views import ClauseReader

HOTEL = "房卡遗失一张收取工本费20元。"
HOSTEL = "客人遗失房卡的,每张收取工本费50元。"
CALM = "行李寄存须登记姓名和房号。"
AGENT, HEAD = Reader(frozenset({"agent"})), Reader(frozenset({"agent", "supervisor"}))


def hotel(*texts: str, **metadata) -> ManualDraft:
    return manual("旅馆守则", *texts, organisation="湖滨旅馆", **metadata)


def hostel(*texts: str, **metadata) -> ManualDraft:
    return manual("青旅须知", *texts, organisation="山脚青旅", **metadata)


def publish(library: Library, *drafts: ManualDraft) -> list[int]:
    ids = [change.edition_id for change in library.stage(drafts, "admin")]
    library.publish(ids, "admin")
    return ids


def uncompared(library: Library) -> list[int]:
    with Session(library._engine) as session:
        return list(session.scalars(select(Edition.id).where(Edition.compared.is_(False))))


def test_manuals_that_come_together_conflict_with_each_other_once(library: Library) -> None:
    ids = publish(library, hotel(HOTEL), hostel(HOSTEL), manual("车棚须知", "车锁好。"))
    (conflict,) = library.conflicts()
    assert {conflict.a.edition_id, conflict.b.edition_id} == set(ids[:2])
    assert library.find_conflicts() == 0


def test_an_edition_brought_back_conflicts_with_what_came_meanwhile(library: Library) -> None:
    publish(library, hotel(HOTEL))
    publish(library, hotel(CALM))
    publish(library, hostel(HOSTEL))
    assert library.conflicts() == ()
    library.rollback(1, "admin")
    (conflict,) = library.conflicts()
    assert conflict.point.value_a == "20元"


def test_an_edition_that_goes_live_by_the_clock_conflicts_with_what_came_meanwhile(
    library: Library, clock
) -> None:
    publish(library, hotel(CALM))
    publish(library, hotel(HOTEL, effective_at=clock.time.replace(day=20)))
    publish(library, hostel(HOSTEL))
    assert library.conflicts() == ()
    clock.go(days=30)
    assert len(library.turn()) == 1
    (conflict,) = library.conflicts()
    assert {conflict.point.value_a, conflict.point.value_b} == {"20元", "50元"}


@pytest.mark.parametrize("then", ["publish", "conflicts", "stage"])
def test_a_process_that_dies_before_it_looked_for_conflicts_leaves_that_to_the_next(
    library: Library, open_library, monkeypatch, then: str
) -> None:
    publish(library, hotel(HOTEL))

    def die(*_) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ConflictBook, "find", die)
        with pytest.raises(KeyboardInterrupt):
            library.stage([hostel(HOSTEL)], "admin")
    (left,) = uncompared(library)
    library.close()
    library = open_library()
    if then == "stage":
        library.stage([manual("车棚须知", "车锁好。")], "admin")
    elif then == "publish":
        library.publish([left], "admin")
    assert len(library.conflicts(staged=[left])) == 1
    assert uncompared(library) == []


def test_what_cannot_be_compared_now_is_compared_later(library: Library, monkeypatch) -> None:
    publish(library, hotel(HOTEL))

    def out_of_reach(*_) -> None:
        raise StoreUnavailable("The store is not there.")

    with monkeypatch.context() as patch:
        patch.setattr(library._conflicts, "_vectors_of", out_of_reach)
        ids = publish(library, hostel(HOSTEL))
        assert library.conflicts() == ()
    assert uncompared(library) == ids
    assert len(library.conflicts()) == 1


def test_a_superseded_staged_edition_adds_no_conflict_to_the_one_that_came_later(library: Library) -> None:
    publish(library, hotel(HOTEL))
    (old,) = library.stage([hostel(HOSTEL)], "admin")
    (new,) = library.stage([hostel(CALM)], "admin")
    with pytest.raises(EditionStateError):
        library.publish([old.edition_id], "admin")
    library.publish([new.edition_id], "admin")
    assert library.conflicts() == ()
    assert len(library.conflicts(staged=[old.edition_id])) == 1


def test_a_text_given_up_and_swept_comes_again_whole(library: Library, embedder) -> None:
    publish(library, hotel(HOTEL))
    (change,) = library.stage([hostel(HOSTEL)], "admin")
    library.discard([change.edition_id])
    assert library.sweep().removed == 1
    (again,) = library.stage([hostel(HOSTEL)], "admin")
    assert again.edition_id != change.edition_id
    library.publish([again.edition_id], "admin")
    assert library.search("遗失房卡收多少", 1)[0].clause.edition_id in (1, again.edition_id)
    (conflict,) = library.conflicts()
    assert again.edition_id in (conflict.a.edition_id, conflict.b.edition_id)


def test_the_past_answers_after_a_sweep(library: Library, clock, embedder) -> None:
    publish(library, hotel(HOTEL))
    then = clock.time
    clock.go(days=3)
    publish(library, hotel(CALM))
    assert library.sweep().removed == 0
    embedded = len(embedder.embedded)
    (hit,) = library.view(as_of=then).search("房卡丢了赔多少", 1)
    assert hit.clause.text == HOTEL
    assert len(embedder.embedded) == embedded


def test_a_preview_knows_the_conflicts_to_come(library: Library) -> None:
    publish(library, hotel(HOTEL))
    (change,) = library.stage([hostel(HOSTEL)], "admin")
    rule = library.edition_clauses(change.edition_id)
    (conflict,) = library.view(staged=[change.edition_id]).conflicts_of(rule)
    assert {conflict.a.id, conflict.b.id} >= {rule[0].id}
    assert library.view().conflicts_of(rule) == ()


def test_a_conflict_with_a_restricted_manual_is_not_shown_to_who_must_not_see_it(library: Library) -> None:
    """Asked from either side."""
    open_one, restricted = publish(library, hotel(HOTEL), hostel(HOSTEL, audience=("role:supervisor",)))
    for edition in (open_one, restricted):
        rules = library.edition_clauses(edition)
        assert library.view(reader=AGENT).conflicts_of(rules) == ()
        assert len(library.view(reader=HEAD).conflicts_of(rules)) == 1


def test_a_manual_renamed_stays_restricted(library: Library) -> None:
    rules = ("迟到一次扣二十元。", "请假须提前三天申请。", "离岗须有人顶替。")
    publish(library, manual("主管薪酬办法(2025版)", *rules, audience=("role:supervisor",)))
    draft = ManualDraft(
        "主管薪酬管理办法", "云杉家电", manual("x", *rules).clauses, "b.txt", inherits=frozenset({"audience"})
    )
    (change,) = library.stage([draft], "admin")
    assert (change.manual_id, change.renamed_from) == (1, "主管薪酬办法(2025版)")
    library.publish([change.edition_id], "admin")
    assert library.view(reader=AGENT).manuals() == []
    assert len(library.view(reader=HEAD).manuals()) == 1


def test_extending_changes_the_end_and_nothing_else(library: Library, clock, embedder) -> None:
    start, end = clock.time, clock.time.replace(month=11)
    namesake = manual("请假办法", "请假找班长。", organisation="")
    (live, _) = publish(
        library, manual("请假办法", "请假提前三天。", effective_at=start, expires_at=end), namesake
    )
    later = clock.time.replace(month=12)
    (waiting,) = publish(library, manual("请假办法", "请假提前五天。", effective_at=later))
    embedded = len(embedder.embedded)
    made = library.extend(1, end.replace(year=2027), "owner")
    assert len(embedder.embedded) == embedded
    (move,) = made.moves
    assert (move.manual_id, move.before_edition_id) == (1, live)
    newest, scheduled, first = library.history(1)
    assert (newest.metadata.effective_at, newest.metadata.expires_at) == (start, end.replace(year=2027))
    assert (scheduled.edition_id, scheduled.state) == (waiting, EditionState.SCHEDULED)
    assert scheduled.metadata.effective_at == later
    assert (first.spans[0].until_at, first.spans[0].ended_by) == (clock.time, "owner")
    assert library.extend(1, end.replace(year=2027), "owner").generation == made.generation
    with pytest.raises(EditionStateError):
        library.extend(1, clock.time, "owner")
    assert library.staged() == []


@pytest.mark.parametrize("stated", ["the end as first written", "no end"])
def test_an_extension_outlives_the_next_upload(library: Library, clock, stated: str) -> None:
    end = clock.time.replace(month=11)
    publish(library, manual("请假办法", "请假提前三天。", expires_at=end))
    library.extend(1, end.replace(year=2027), "owner")
    draft = manual("请假办法", "请假提前五天。", expires_at=end if stated != "no end" else None)
    draft = replace(draft, inherits=frozenset() if stated != "no end" else frozenset({"expires_at"}))
    (change,) = library.stage([draft], "admin")
    assert change.expires_at == end.replace(year=2027)
    assert change.changed_metadata == ()


def test_an_end_that_is_news_holds(library: Library, clock) -> None:
    end = clock.time.replace(month=11)
    publish(library, manual("请假办法", "请假提前三天。", expires_at=end))
    library.extend(1, end.replace(year=2027), "owner")
    sooner = end.replace(day=5)
    (change,) = library.stage([manual("请假办法", "请假提前五天。", expires_at=sooner)], "admin")
    assert change.expires_at == sooner
    library.discard([change.edition_id])
    library.extend(1, end, "owner")  # said to this manual itself: also the end as first written
    assert library.history(1)[0].metadata.expires_at == end


def test_an_end_that_is_over_is_not_taken_over(library: Library, clock) -> None:
    end = clock.time.replace(month=11)
    publish(library, manual("请假办法", "请假提前三天。", expires_at=end))
    clock.time = end.replace(month=12)
    library.turn()
    draft = replace(manual("请假办法", "请假提前五天。"), inherits=frozenset({"expires_at"}))
    assert library.stage([draft], "admin")[0].expires_at is None


def test_the_past_is_searched_beside_a_process_that_holds_the_store(
    library: Library, clock, embedder, tmp_path
) -> None:
    publish(library, manual("请假办法", "请假须提前三天。"))
    then, clock.time = clock.time, clock.time.replace(month=11)
    publish(library, manual("请假办法", "休假须由班长签字。"))
    library.index()

    def busy(name: str) -> Vectors:
        return Vectors(tmp_path / "held", name)

    held = busy(embedder.name)
    held.open()
    beside = Library(library._engine, busy, lambda: embedder, library._pictures._folder, lambda: clock.time)
    try:
        assert [hit.clause.text for hit in beside.view(as_of=then).search("请假")] == ["请假须提前三天。"]
        assert held.keys() == set()
        with pytest.raises(StoreBusy):
            beside.stage([manual("请假办法", "请假须提前十天。")], "admin")
    finally:
        held.close()


def test_only_other_remarks_are_no_new_edition(library: Library) -> None:
    publish(library, hotel(HOTEL))
    draft = hotel(HOTEL)
    noted = ManualDraft(
        draft.title,
        draft.organisation,
        draft.clauses,
        draft.source,
        notes=("别处也有。",),
        suspicious=("忽略。",),
    )
    (change,) = library.stage([noted], "admin")
    assert change.is_empty
    assert library.staged() == []


def test_another_reading_makes_the_index_anew(library: Library, monkeypatch) -> None:
    """What an older list of misreadings counted is not taken over, also of what was staged with it."""
    publish(library, hotel("前台请拔打总机。"))
    before = library.index()
    saved = SavedPictures(library._pictures._folder, library.embedder.name)
    assert saved.newest() is not None
    assert "拨打" in before.body.vocabulary  # staged without the meant word: the index finds it out itself
    monkeypatch.setattr(index_module, "reading_fingerprint", lambda: "another")
    assert saved.newest() is None


def test_clauses_in_memory_are_bounded(library: Library, monkeypatch) -> None:
    monkeypatch.setattr("knowledge.views._KEPT_CLAUSES", 2)
    (edition,) = publish(library, hotel(HOTEL, CALM, "退房时间为中午12点。"))
    reader = ClauseReader(library._engine)
    ids = [clause.id for clause in reader.edition_clauses(edition)]
    for wanted in (ids, ids[:1], ids[1:], np.array(ids)[::-1].tolist()):
        assert [clause.id for clause in reader.clauses(wanted)] == wanted
        assert len(reader._kept) <= 2
    with pytest.raises(KeyError):
        reader.clauses([999])
