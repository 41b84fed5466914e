"""The past, the future and going back: what was live when, what goes live by itself, what is undone."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from knowledge_drafts import manual

from knowledge.errors import EditionOutdated, EditionStateError
from knowledge.library import Library, Reader
from knowledge.manuals import EditionState, PublicationKind

LUNCH = ("午餐十二点开始。", "午餐十一点半开始。", "午餐十三点开始。")
SHIFT = "每月换班不得多于三次。"
QUESTION = "午餐几点开始"


def staged(library: Library, *drafts) -> list[int]:
    return [change.edition_id for change in library.stage(drafts, "editor")]


def publish(library: Library, *drafts) -> int:
    return library.publish(staged(library, *drafts), "admin")


def lunch(number: int, **metadata):
    return manual("作息办法", LUNCH[number - 1], SHIFT, **metadata)


def says(library_or_view) -> str:
    hits = library_or_view.search(QUESTION, 1)
    return hits[0].clause.text if hits else ""


def test_the_past_answers_as_it_answered_then(library: Library, clock, embedder) -> None:
    publish(library, lunch(1))
    first = clock.time
    clock.go(days=10)
    publish(library, lunch(2))
    clock.go(days=10)
    embedder.embedded.clear()
    assert says(library) == LUNCH[1]
    then = library.view(as_of=first + timedelta(days=5))
    assert says(then) == LUNCH[0]
    assert [(m.title, m.edition) for m in then.manuals()] == [("作息办法", 1)]
    assert then.search(QUESTION, 1)[0].clause.edition == 1
    assert says(library.view(as_of=first + timedelta(days=10))) == LUNCH[1]
    before = library.view(as_of=first - timedelta(seconds=1))
    assert (before.manuals(), before.search(QUESTION)) == ([], [])
    assert embedder.embedded == []


def test_a_view_stays_what_it_was_while_something_else_is_published(library: Library, clock) -> None:
    publish(library, lunch(1), manual("着装办法", "工服每周换洗。"))
    view = library.view()
    publish(library, lunch(2))
    assert says(view) == LUNCH[0]
    assert [m.edition for m in view.manuals()] == [1, 1]
    assert says(library) == LUNCH[1]


def test_a_preview_shows_staged_editions_as_if_they_were_live(library: Library, clock) -> None:
    publish(library, lunch(1), manual("着装办法", "工服每周换洗。"))
    ids = staged(library, lunch(2), manual("新办法", "离席超过十分钟须登记。"))
    preview = library.view(staged=ids)
    assert says(preview) == LUNCH[1]
    assert [m.title for m in preview.manuals()] == ["作息办法", "着装办法", "新办法"]
    assert says(library) == LUNCH[0]
    with pytest.raises(EditionStateError, match="no edition 999"):
        library.view(staged=[999])


def test_an_edition_with_a_future_date_goes_live_by_itself(library: Library, open_library, clock) -> None:
    publish(library, lunch(1))
    day = clock.time + timedelta(days=3)
    generation = publish(library, lunch(2, effective_at=day))
    assert library.publication(generation).moves == ()
    (waiting,) = library.scheduled()
    assert (waiting.state, waiting.published_by) == (EditionState.SCHEDULED, "admin")
    assert says(library) == LUNCH[0]
    assert says(library.view(as_of=day)) == LUNCH[1]
    clock.go(days=4)
    assert says(library) == LUNCH[1]
    assert says(library.view(as_of=day - timedelta(seconds=1))) == LUNCH[0]
    assert says(library.view(as_of=day)) == LUNCH[1]
    made = library.publications(generation)
    assert [(p.kind, p.at, p.by) for p in made] == [(PublicationKind.ACTIVATION, day, "admin")]
    assert (library.turn(), library.scheduled()) == ([], [])


def test_a_library_that_only_reads_the_list_sees_what_is_due(library: Library, clock) -> None:
    publish(library, lunch(1), lunch_with_expiry(clock))
    assert [m.title for m in library.expiring(timedelta(days=7))] == ["促销办法"]
    assert library.expiring(timedelta(days=1)) == []
    clock.go(days=6)
    assert [m.title for m in library.manuals()] == ["作息办法"]
    assert library.publication(library.generation()).kind is PublicationKind.EXPIRY


def lunch_with_expiry(clock):
    return manual("促销办法", "满一百元减十元。", owner="U1", expires_at=clock.time + timedelta(days=5))


def test_an_expired_manual_answers_no_more_and_can_be_brought_back(library: Library, clock) -> None:
    ends = clock.time + timedelta(days=5)
    publish(library, lunch(1, expires_at=ends), manual("着装办法", "工服每周换洗。"))
    manual_id = library.manuals()[0].manual_id
    clock.go(days=9)
    assert LUNCH[0] not in {hit.clause.text for hit in library.search(QUESTION)}
    assert says(library.view(as_of=ends - timedelta(seconds=1))) == LUNCH[0]
    back = library.rollback(manual_id, "admin")
    assert (back.moves[0].before_edition_id, back.kind) == (None, PublicationKind.ROLLBACK)
    assert says(library) == LUNCH[0]
    clock.go(days=30)
    assert says(library) == LUNCH[0]
    assert library.turn() == []


def test_what_expired_already_is_refused(library: Library, clock) -> None:
    ids = staged(library, lunch(1, expires_at=clock.time - timedelta(days=1)))
    with pytest.raises(EditionStateError, match="expired on 2026-09-30"):
        library.publish(ids, "admin")
    day = clock.time + timedelta(days=9)
    with pytest.raises(EditionStateError, match="expire before it holds"):
        library.publish(staged(library, lunch(2, effective_at=day, expires_at=day)), "admin")


def test_a_later_plan_for_the_same_day_replaces_the_earlier_one(library: Library, clock) -> None:
    day = clock.time + timedelta(days=3)
    publish(library, lunch(1))
    publish(library, lunch(2, effective_at=day))
    publish(library, lunch(3, effective_at=day))
    assert [e.number for e in library.scheduled()] == [3]
    clock.go(days=3)
    assert says(library) == LUNCH[2]


def test_a_scheduled_edition_can_be_given_up(library: Library, clock) -> None:
    publish(library, lunch(1))
    publish(library, lunch(2, effective_at=clock.time + timedelta(days=3)))
    (waiting,) = library.scheduled()
    library.discard([waiting.edition_id])
    clock.go(days=5)
    assert says(library) == LUNCH[0]


def test_rolling_back_is_instant_and_goes_further_each_time(library: Library, clock, embedder) -> None:
    for number in (1, 2, 3):
        publish(library, lunch(number))
        clock.go(days=1)
    (summary,) = library.manuals()
    embedder.embedded.clear()
    moved = library.rollback(summary.manual_id, "boss")
    assert says(library) == LUNCH[1]
    assert moved.moves[0].before_edition_id == summary.edition_id
    library.rollback(summary.manual_id, "boss")
    assert says(library) == LUNCH[0]
    with pytest.raises(EditionStateError, match="no earlier edition"):
        library.rollback(summary.manual_id, "boss")
    library.rollback(summary.manual_id, "boss", to=3)
    assert says(library) == LUNCH[2]
    with pytest.raises(EditionStateError, match="live already"):
        library.rollback(summary.manual_id, "boss", to=3)
    assert embedder.embedded == []


def test_after_a_rollback_a_new_edition_goes_back_to_what_it_replaced(library: Library, clock) -> None:
    publish(library, lunch(1))
    publish(library, lunch(2))
    manual_id = library.manuals()[0].manual_id
    library.rollback(manual_id, "boss")
    publish(library, lunch(3))
    library.rollback(manual_id, "boss")
    assert says(library) == LUNCH[0]


def test_an_edition_that_was_never_live_cannot_be_rolled_back_to(library: Library, clock) -> None:
    publish(library, lunch(1))
    staged(library, lunch(2))
    manual_id = library.manuals()[0].manual_id
    with pytest.raises(EditionStateError, match="never live"):
        library.rollback(manual_id, "boss", to=2)
    with pytest.raises(EditionStateError, match="no manual number"):
        library.rollback(999, "boss")


def test_a_withdrawn_manual_is_gone_until_it_is_brought_back(library: Library, clock) -> None:
    publish(library, lunch(1))
    publish(library, lunch(2, effective_at=clock.time + timedelta(days=3)))
    manual_id = library.manuals()[0].manual_id
    clock.go(days=1)
    library.withdraw(manual_id, "boss")
    assert (library.manuals(), library.search(QUESTION), library.scheduled()) == ([], [], [])
    with pytest.raises(EditionStateError, match="nothing to withdraw"):
        library.withdraw(manual_id, "boss")
    clock.go(days=4)
    assert library.search(QUESTION) == []
    library.rollback(manual_id, "boss")
    assert says(library) == LUNCH[0]


def test_a_history_tells_who_did_what_and_when(library: Library, clock) -> None:
    start = clock.time
    publish(library, lunch(1))
    clock.go(days=1)
    publish(library, lunch(2, effective_at=start + timedelta(days=2)))
    manual_id = library.manuals()[0].manual_id
    clock.go(days=4)
    library.rollback(manual_id, "boss")
    staged(library, lunch(3))
    waiting, second, first = library.history(manual_id)
    assert [e.state for e in (waiting, second, first)] == ["staged", "retired", "live"]
    assert [(s.by, s.ended_by) for s in first.spans] == [("admin", "admin"), ("boss", "")]
    (span,) = second.spans
    assert (span.kind, span.by, span.ended, span.ended_by) == ("activation", "admin", "rollback", "boss")
    assert (span.from_at, span.until_at) == (start + timedelta(days=2), start + timedelta(days=5))
    assert (waiting.staged_by, waiting.published_at) == ("editor", None)
    assert first.spans[1].until_at is None


def test_an_older_edition_is_refused_unless_forced(library: Library, clock) -> None:
    publish(library, lunch(1))
    (second,) = staged(library, lunch(2))
    (third,) = staged(library, lunch(3))
    with pytest.raises(EditionOutdated, match="Edition 3 of 《作息办法》 came after edition 2"):
        library.publish([second], "admin")
    with pytest.raises(EditionStateError, match="of one manual"):
        library.publish([second, third], "admin")
    library.publish([third], "colleague")
    with pytest.raises(EditionOutdated):
        library.publish([second], "admin")
    assert says(library) == LUNCH[2]
    library.publish([second], "admin", force=True)
    assert says(library) == LUNCH[1]


def test_changed_metadata_is_a_change_that_embeds_nothing(library: Library, clock, embedder) -> None:
    publish(library, lunch(1, product="空调"))
    embedder.embedded.clear()
    assert library.stage([lunch(1, product="空调")], "editor")[0].is_empty
    (change,) = library.stage([lunch(1, product="空调", audience=("role:agent",))], "editor")
    assert change.changed_metadata == ("audience",)
    assert not change.is_empty
    library.publish([change.edition_id], "admin")
    assert library.manuals()[0].audience == ("role:agent",)
    assert embedder.embedded == []


def test_renumbered_clauses_are_a_change(library: Library, clock) -> None:
    publish(library, manual("作息办法", LUNCH[0], SHIFT))
    (change,) = library.stage([manual("作息办法", SHIFT, LUNCH[0])], "editor")
    assert change.moved or change.renumbered
    assert not change.is_empty


def test_a_scheduled_edition_staged_again_is_no_change(library: Library, clock) -> None:
    publish(library, lunch(1))
    planned = lunch(2, effective_at=clock.time + timedelta(days=3))
    publish(library, planned)
    assert library.stage([planned], "editor")[0].is_empty


@pytest.mark.parametrize(
    ("reader", "expected"),
    [
        (None, {"公开", "主管", "频道"}),
        (Reader(frozenset({"agent"}), "C9"), {"公开"}),
        (Reader(frozenset({"agent", "supervisor"}), "C9"), {"公开", "主管"}),
        (Reader(frozenset({"agent"}), "C123"), {"公开", "频道"}),
        (Reader(), {"公开"}),
    ],
)
def test_who_is_not_in_the_audience_does_not_meet_the_manual(
    library: Library, clock, reader: Reader | None, expected: set[str]
) -> None:
    publish(
        library,
        manual("公开", "午餐十二点开始。"),
        manual("主管", "午餐补贴由主管核定。", audience=("role:supervisor",)),
        manual("频道", "午餐在食堂二楼。", audience=("channel:C123", "role:manager")),
    )
    clock.go(days=1)
    everything = library.view()
    for view in (library.view(reader=reader), library.view(reader=reader, as_of=clock.time)):
        assert {m.title for m in view.manuals()} == expected
        assert {hit.clause.manual for hit in view.search("午餐")} == expected
        for hit in everything.search("午餐"):
            seen = hit.clause.manual in expected
            assert bool(view.edition_clauses(hit.clause.edition_id)) is seen
            if seen:
                assert view.clauses([hit.clause.id]) == [hit.clause]
            else:
                with pytest.raises(KeyError):
                    view.clauses([hit.clause.id])


def test_a_manual_that_was_open_and_is_restricted_now_is_not_read_through_the_past(
    library: Library, clock
) -> None:
    publish(library, lunch(1))
    past = clock.time
    clock.go(days=1)
    publish(library, lunch(2, audience=("role:supervisor",)))
    agent = Reader(frozenset({"agent"}), "")
    view = library.view(as_of=past, reader=agent)
    assert (view.manuals(), view.search(QUESTION)) == ([], [])
    clock.go(days=1)
    publish(library, lunch(3))
    restricted_then = library.view(as_of=clock.time - timedelta(days=1), reader=agent)
    assert restricted_then.search(QUESTION) == []
    assert says(library.view(reader=agent)) == LUNCH[2]


def test_many_turn_at_once_and_it_happens_once(library: Library, open_library, clock) -> None:
    publish(library, lunch(1))
    publish(library, lunch(2, effective_at=clock.time + timedelta(days=1)))
    clock.go(days=2)
    libraries = [library, open_library(), open_library()]
    threads = [threading.Thread(target=one.turn) for one in libraries for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kinds = [record.kind for record in library.publications()]
    assert kinds == ["publish", "publish", "activation"]
    assert all(says(one) == LUNCH[1] for one in libraries)


@pytest.mark.parametrize("open_library", ["servers"], indirect=True)
def test_two_who_publish_at_once_leave_one_edition_live(library: Library, open_library, clock) -> None:
    publish(library, lunch(1))
    ids = [*staged(library, lunch(2)), *staged(library, lunch(3))]
    other = open_library()
    threads = [
        threading.Thread(target=one.publish, args=([edition_id], "admin"), kwargs={"force": True})
        for one, edition_id in zip((library, other), ids, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (summary,) = library.manuals()
    editions = library.history(summary.manual_id)
    assert [e.edition_id for e in editions if e.state is EditionState.LIVE] == [summary.edition_id]
    assert [e.edition_id for e in editions for s in e.spans if s.until_at is None] == [summary.edition_id]
    assert says(library) == says(other) == LUNCH[summary.edition - 1]


def test_times_of_any_zone_are_kept_right(library: Library, clock) -> None:
    east = datetime.fromisoformat("2026-10-03T00:00+08:00")
    publish(library, lunch(1))
    publish(library, lunch(2, effective_at=east))
    assert library.scheduled()[0].metadata.effective_at == datetime(2026, 10, 2, 16, tzinfo=UTC)
    clock.time = east - timedelta(seconds=1)
    assert says(library) == LUNCH[0]
    clock.go(seconds=1)
    assert says(library) == LUNCH[1]
