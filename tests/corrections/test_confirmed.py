"""Confirmed answers go stale with their clauses, ask once for each publication, and come back by themselves."""

from __future__ import annotations

import pytest
from correction_house import House

from tickets.confirmed import ConfirmedAnswer, ConfirmedContent, ConfirmedState
from tickets.people import Person, Role
from tickets.records import NoticeKind

SUPERVISOR = Person("U_SUPERVISOR", "苏管", Role.SUPERVISOR)
OLD = {"第1条": "水票每张 6 元。", "第2条": "空桶七天内退。", "第3条": "送水不上楼。"}
TITLE = "饮水站守则"


@pytest.fixture
def first(house: House) -> dict[str, int]:
    """Clauses of the first edition, which is live and announced."""
    edition = house.stage(TITLE, OLD)
    house.publish(edition)
    house.corrections.catch_up()
    return house.ids(edition)


def confirm(house: House, *clauses: int) -> int:
    content = ConfirmedContent("水票多少钱?", "一张 6 元,空桶七天内退。", clauses)
    return house.desk.confirmed.confirm(SUPERVISOR, content, house.library.generation()).id


def publish(house: House, **rules: str | None) -> int:
    mixed = {**OLD, **{f"第{name[1:]}条": words for name, words in rules.items()}}
    edition = house.stage(TITLE, {label: words for label, words in mixed.items() if words is not None})
    house.publish(edition)
    house.corrections.catch_up()
    return edition


def now(house: House, number: int) -> ConfirmedAnswer:
    return house.desk.confirmed.get(number)


def asked(house: House) -> list[str | None]:
    """Who is told of what; each notice is read once."""
    found = [one for one in house.desk.due_notices(100) if one.kind is NoticeKind.CONFIRMED_CHANGED]
    for one in found:
        house.desk.delivered(one.id)
    return [one.audience.user_id for one in found]


def test_a_changed_clause_makes_it_stale_and_its_supervisor_is_asked_once(
    house: House, first: dict[str, int]
) -> None:
    number, other = confirm(house, first["第1条"], first["第2条"]), confirm_other(house, first["第3条"])
    edition = publish(house, r1="水票每张 8 元。")
    stale = now(house, number)
    assert stale.state is ConfirmedState.STALE
    assert [house.text(clause.stands) for clause in stale.clauses] == ["水票每张 8 元。", "空桶七天内退。"]
    assert [one.id for one in house.desk.confirmed.active()] == [other]
    house.reopen()
    house.corrections.catch_up()
    assert asked(house) == [SUPERVISOR.id]
    actions = [entry.action for entry in house.desk.audit(f"confirmed:{number}")]
    assert actions == ["confirmed.confirmed", "confirmed.stale"]
    assert house.desk.verify_audit() is None
    assert house.ids(edition)["第1条"] == stale.clauses[0].stands


def confirm_other(house: House, clause: int) -> int:
    content = ConfirmedContent("送水上楼吗?", "不上楼。", (clause,))
    return house.desk.confirmed.confirm(SUPERVISOR, content, house.library.generation()).id


def test_the_plan_counts_what_will_go_stale(house: House, first: dict[str, int]) -> None:
    confirm(house, first["第1条"])
    confirm_other(house, first["第3条"])
    edition = house.stage(TITLE, {**OLD, "第1条": "水票每张 8 元。"})
    assert house.corrections.plan(house.lineage.moves_of([edition])).confirmed == 1


def test_a_rollback_brings_it_back_without_asking(house: House, first: dict[str, int]) -> None:
    number = confirm(house, first["第1条"])
    publish(house, r1="水票每张 8 元。")
    asked(house)
    old = house.library.clauses([first["第1条"]])[0]
    house.move(old.manual_id, old.edition_id, "rollback")
    house.corrections.catch_up()
    assert now(house, number).state is ConfirmedState.ACTIVE
    # A notice is written for the cards in channels; it asks nobody, for there is nothing stale.
    assert asked(house) == [SUPERVISOR.id]
    assert house.desk.audit(f"confirmed:{number}")[-1].action == "confirmed.restored"
    publish(house, r1="水票每张 8 元。")
    assert now(house, number).state is ConfirmedState.STALE
    assert asked(house) == [SUPERVISOR.id]


def test_a_removed_clause_and_a_withdrawn_manual_make_it_stale(house: House, first: dict[str, int]) -> None:
    number = confirm(house, first["第2条"])
    publish(house, r2=None)
    assert [clause.stands for clause in now(house, number).clauses] == [None]
    publish(house)
    assert now(house, number).state is ConfirmedState.ACTIVE
    house.move(house.library.clauses([first["第2条"]])[0].manual_id, None, "withdrawal")
    house.corrections.catch_up()
    assert now(house, number).state is ConfirmedState.STALE


def test_moved_and_renumbered_it_stays(house: House, first: dict[str, int]) -> None:
    number = confirm(house, first["第1条"])
    house.publish(house.stage(TITLE, {"第9条": OLD["第1条"], "第1条": OLD["第3条"]}, heading="二、附则"))
    house.corrections.catch_up()
    assert now(house, number).state is ConfirmedState.ACTIVE
    assert asked(house) == []


def test_confirmed_again_on_the_new_clauses_it_is_given_and_watched_from_there(
    house: House, first: dict[str, int]
) -> None:
    number = confirm(house, first["第1条"])
    publish(house, r1="水票每张 8 元。")
    stale = now(house, number)
    content = ConfirmedContent("水票多少钱?", "一张 8 元。", (stale.clauses[0].stands or 0,))
    house.desk.confirmed.revise(SUPERVISOR, number, 1, content, house.library.generation())
    assert now(house, number).state is ConfirmedState.ACTIVE
    asked(house)
    publish(house, r1="水票每张 8 元。", r3="送水上二楼。")
    assert asked(house) == []
    publish(house)  # what it rested on once is a change for what it rests on now
    again = now(house, number)
    assert again.state is ConfirmedState.STALE
    assert [house.text(clause.stands) for clause in again.clauses] == [OLD["第1条"]]
    assert asked(house) == [SUPERVISOR.id]


def test_switched_off_corrections_do_not_keep_a_stale_answer_alive(
    house: House, first: dict[str, int]
) -> None:
    number = confirm(house, first["第1条"])
    edition = house.stage(TITLE, {**OLD, "第1条": "水票每张 8 元。"})
    with house.corrections.publishing(house.lineage.moves_of([edition]), "U_ADMIN", tell=False):
        house.publish(edition)
    house.corrections.catch_up()
    assert now(house, number).state is ConfirmedState.STALE
    assert asked(house) == [SUPERVISOR.id]


def test_confirmed_from_what_a_publication_made_live_it_is_not_touched_by_its_announcement(
    house: House, first: dict[str, int]
) -> None:
    edition = house.stage(TITLE, {**OLD, "第1条": "水票每张 8 元。"})
    house.publish(edition)
    number = confirm(house, house.ids(edition)["第1条"])  # before anything was announced
    house.corrections.catch_up()
    assert now(house, number).state is ConfirmedState.ACTIVE
    assert asked(house) == []
