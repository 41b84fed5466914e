"""Rules that disagree are found, kept while both texts stand, and settled by a person."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from conflict_pairs import KIND_PAIRS, LATER_PAIRS, PAIRS
from knowledge_drafts import manual

from knowledge.clauses import ManualDraft
from knowledge.conflict_records import Settlement
from knowledge.conflicts import Disagreement, clashes, contradictions
from knowledge.embedding import Embedder
from knowledge.errors import ConflictError
from knowledge.library import Library
from knowledge.sameness import Sameness
from knowledge.statements.rulings import RulingKind, rulings

Pairs = Sequence[tuple[str, str, str]]

HOTEL = ("房卡遗失一张收取工本费20元。", "退房时间为中午12点,逾时按半天计。", "行李寄存须登记姓名和房号。")
HOSTEL = ("客人遗失房卡的,每张收取工本费50元。", "公共厨房二十二点关闭。")


@pytest.fixture(scope="module")
def sameness(embedder: Embedder) -> Sameness:
    return Sameness(embedder.nearnesses)


def between(one: str, other: str, sameness: Sameness) -> tuple[Disagreement, ...]:
    return contradictions(rulings(one), rulings(other), sameness)


@pytest.mark.parametrize(
    ("pairs", "right", "found"),
    # Half of each are decoys that differ by a word; among whole manuals they are rarer.
    [
        pytest.param(PAIRS, 0.8, 0.9, id="pairs"),
        pytest.param(LATER_PAIRS, 0.6, 0.7, id="later"),
        pytest.param(KIND_PAIRS, 0.8, 0.8, id="kinds"),
    ],
)
def test_conflicts_are_told_from_look_alikes(
    pairs: Pairs, right: float, found: float, sameness: Sameness
) -> None:
    listed = [pair for pair in pairs if between(pair[1], pair[2], sameness)]
    true = [pair for pair in listed if pair[0]]
    wrong, missed = set(listed) - set(true), {pair for pair in pairs if pair[0]} - set(true)
    assert len(true) >= right * len(listed), wrong
    assert len(true) >= found * len([pair for pair in pairs if pair[0]]), missed


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[1][:12])
def test_a_rule_does_not_contradict_itself_and_the_order_does_not_matter(
    pair: tuple[str, str, str], sameness: Sameness
) -> None:
    _, one, other = pair
    assert between(one, one, sameness) == ()
    assert {point.turned for point in between(one, other, sameness)} == set(between(other, one, sameness))


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (RulingKind.SANCTION, "导游私收回扣的,吊销上岗证。", "导游私收回扣的,给予口头警告。"),
        (RulingKind.SANCTION, "A driver who smokes in the van is dismissed.", "Drivers who smoke in the van are fined."),
        (RulingKind.CHANNEL, "退团申请须以书面提交。", "退团申请通过小程序提交。"),
        (RulingKind.CHANNEL, "Delays are reported by phone.", "Report delays in the app."),
        (RulingKind.ORDER, "集合时先点名,再发放车票。", "集合时先发放车票,然后点名。"),
        (RulingKind.ORDER, "First count the guests, then start the bus.", "Start the bus before you count the guests."),
        (RulingKind.PERSON, "改签须经财务主管批准。", "改签由客服主管审批。"),
        (RulingKind.NUMBER, "行李每两小时清点一次。", "行李每天清点一次。"),
        (RulingKind.NUMBER, "游客迟到超过10分钟的,视为放弃行程。", "游客迟到30分钟的,视为放弃行程。"),
        (RulingKind.POLARITY, "游客可以携带宠物上车。", "游客不得携带宠物上车。"),
        (RulingKind.POLARITY, "出发前必须签到。", "出发前免签到。"),
    ],
)  # fmt: skip
def test_each_kind_of_contradiction_is_found_by_its_name(kind: RulingKind, one: str, other: str) -> None:
    assert kind in {a.kind for a, _ in clashes(rulings(one), rulings(other))}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("导游私收回扣的,扣发奖金。", "导游收受回扣,罚款200元。"),
        ("退团申请通过小程序提交。", "游客在APP里提交退团申请。"),
        ("集合时先点名,再发放车票。", "集合先点名,然后发车票,最后上车。"),
        ("改签由主管批准。", "改签须经值班主管批准。"),
        ("行李每天清点一次。", "行李一天清点一次。"),
        ("押金在30天内退还。", "押金一个月内退还。"),
        ("贵宾候车不超过10分钟。", "普通游客候车不超过30分钟。"),
        ("迟到满三次的,扣50元。", "迟到满五次的,扣100元。"),
        ("司机不得在车厢内吸烟。", "司机可以在休息室吸烟。"),
        ("游客可以使用充电口。", "司机不得使用充电口。"),
    ],
)  # fmt: skip
def test_what_can_be_followed_together_does_not_clash(one: str, other: str) -> None:
    assert [*clashes(rulings(one), rulings(other))] == []


def test_the_sentence_and_the_values_are_told(sameness: Sameness) -> None:
    one = "前台须微笑服务。房卡遗失一张收取工本费20元。"
    (made,) = between(one, HOSTEL[0], sameness)
    assert (made.kind, made.value_a, made.value_b) == (RulingKind.NUMBER, "20元", "50元")
    assert (made.quote_a, made.quote_b) == (HOTEL[0], HOSTEL[0])


def publish(library: Library, *drafts: ManualDraft) -> list[int]:
    ids = [c.edition_id for c in library.stage(drafts, "admin") if not c.is_empty]
    library.publish(ids, "admin")
    return ids


def hotel(*texts: str) -> ManualDraft:
    return manual("旅馆守则", *(texts or HOTEL), organisation="湖滨旅馆")


def hostel(*texts: str) -> ManualDraft:
    return manual("青旅须知", *(texts or HOSTEL), organisation="山脚青旅")


def test_a_conflict_is_found_at_staging_and_open_once_both_are_live(library: Library) -> None:
    publish(library, hotel())
    (change,) = library.stage([hostel()], "admin")
    assert library.conflicts() == ()
    (coming,) = library.conflicts(staged=[change.edition_id])
    assert {coming.point.value_a, coming.point.value_b} == {"20元", "50元"}
    library.publish([change.edition_id], "admin")
    (conflict,) = library.conflicts()
    assert (conflict.id, conflict.is_open) == (coming.id, True)
    assert {conflict.a.organisation, conflict.b.organisation} == {"湖滨旅馆", "山脚青旅"}
    quotes = {conflict.a.id: conflict.point.quote_a, conflict.b.id: conflict.point.quote_b}
    assert all(quotes[clause.id] == clause.text for clause in (conflict.a, conflict.b))
    assert library.find_conflicts() == 0
    assert library.view().conflicts_of([conflict.a]) == (conflict,)
    assert library.view().conflicts_of(library.edition_clauses(conflict.a.edition_id)[1:]) == ()


def test_a_settlement_outlives_editions_that_leave_both_texts_alone(library: Library) -> None:
    publish(library, hotel(), hostel())
    (conflict,) = library.conflicts()
    library.settle_conflict(conflict.id, Settlement.BY_ORGANISATION, "U1")
    publish(library, hotel(HOTEL[0], "退房时间为下午2点。", HOTEL[2]))
    assert library.conflicts() == ()
    (settled,) = library.conflicts("settled")
    assert (settled.id, settled.settlement, settled.settled_by) == (
        conflict.id,
        Settlement.BY_ORGANISATION,
        "U1",
    )
    assert settled.settled_at is not None


def test_a_changed_text_is_a_new_conflict_or_none(library: Library) -> None:
    publish(library, hotel(), hostel())
    (conflict,) = library.conflicts()
    library.settle_conflict(conflict.id, Settlement.BOTH_HOLD, "U1")
    publish(library, hotel(HOTEL[0].replace("20元", "30元"), *HOTEL[1:]))
    (other,) = library.conflicts("all")
    assert other.id != conflict.id
    assert other.is_open
    (change,) = library.stage([hotel(HOTEL[0].replace("20元", "50元"), *HOTEL[1:])], "admin")
    assert library.conflicts("all", staged=[change.edition_id]) == ()
    assert library.conflicts("all") == (other,)


def test_one_rule_supersedes_another_until_it_is_reopened(library: Library) -> None:
    publish(library, hotel(), hostel())
    (conflict,) = library.conflicts()
    library.settle_conflict(conflict.id, Settlement.SUPERSEDES, "U1", superseding=conflict.b.manual_id)
    (settled,) = library.conflicts("settled")
    assert settled.superseded == conflict.a
    assert library.conflicts("open") == ()
    library.reopen_conflict(conflict.id, "U2")
    (again,) = library.conflicts("open")
    assert (again.settlement, again.superseded, again.settled_by) == (None, None, "U2")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda library, conflict: library.settle_conflict(conflict.id + 9, Settlement.BOTH_HOLD, "U1"),
        lambda library, conflict: library.settle_conflict(conflict.id, Settlement.SUPERSEDES, "U1"),
        lambda library, conflict: library.settle_conflict(
            conflict.id, Settlement.SUPERSEDES, "U1", superseding=99
        ),
        lambda library, conflict: library.settle_conflict(
            conflict.id, Settlement.BOTH_HOLD, "U1", superseding=1
        ),
        lambda library, conflict: library.reopen_conflict(conflict.id + 9, "U1"),
    ],
)
def test_what_cannot_be_settled_is_refused(
    library: Library, wrong: Callable[[Library, object], None]
) -> None:
    publish(library, hotel(), hostel())
    (conflict,) = library.conflicts()
    with pytest.raises(ConflictError):
        wrong(library, conflict)
    assert library.conflicts("open") == (conflict,)


def test_a_discarded_text_is_compared_anew_with_what_came_meanwhile(library: Library) -> None:
    (change,) = library.stage([hotel()], "admin")
    library.discard([change.edition_id])
    publish(library, hostel())
    assert library.conflicts("all") == ()
    publish(library, hotel())
    assert len(library.conflicts()) == 1


def test_only_new_texts_are_looked_at(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(library, hotel(), hostel())
    asked: list[int] = []
    vectors = library._vectors_of
    book = library._conflicts
    monkeypatch.setattr(book, "_vectors_of", lambda texts: asked.append(len(texts)) or vectors(texts))
    draft = hostel()
    library.stage([replace(draft, truncated=True)], "admin")  # another edition of the same texts
    assert asked == []
