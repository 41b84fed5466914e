"""Who is told of a publication, once: over the real library and the real desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from correction_house import DAYS, House
from sqlalchemy import text

from tickets.corrections import Announcement, RecordKind
from tickets.people import Person
from tickets.records import Basis, EscalationContent, NoticeKind, Origin, TicketContent

AGENT = Person("U_AGENT", "安静")
OLD = {"第1条": "水票每张 6 元。", "第2条": "空桶七天内退。", "第3条": "送水不上楼。"}
TITLE = "饮水站守则"


def changed(**rules: str | None) -> dict[str, str]:
    """OLD with some rules of other words, or without them."""
    mixed = {**OLD, **{f"第{name[1:]}条": words for name, words in rules.items()}}
    return {label: words for label, words in mixed.items() if words is not None}


@pytest.fixture
def first(house: House) -> dict[str, int]:
    """Clauses of the first edition, which is live and announced."""
    edition = house.stage(TITLE, OLD)
    house.publish(edition)
    house.corrections.catch_up()
    return house.ids(edition)


def notices(house: House, kind: NoticeKind = NoticeKind.CORRECTION) -> list[int]:
    """Ids of the corrections that are due."""
    return [one.subject_id for one in house.desk.due_notices(100) if one.kind is kind]


def publish(house: House, **rules: str | None) -> int:
    edition = house.stage(TITLE, changed(**rules))
    house.publish(edition)
    return edition


def test_who_cited_the_changed_clause_hears_old_and_new(house: House, first: dict[str, int]) -> None:
    concerned = house.answer(first["第1条"], first["第2条"])
    other = house.answer(first["第2条"], asker="U_OTHER")
    publish(house, r1="水票每张 8 元。")
    assert house.corrections.catch_up() == 1
    assert house.corrections.catch_up() == 0
    (number,) = notices(house)
    correction = house.desk.corrections.get(number)
    assert correction.record_id == concerned
    (clause,) = correction.clauses
    assert (house.text(clause.old), house.text(clause.new)) == ("水票每张 6 元。", "水票每张 8 元。")
    assert house.heard(other) == ["空桶七天内退。"]


def test_the_plan_says_before_what_will_be_told(house: House, first: dict[str, int]) -> None:
    house.answer(first["第1条"], first["第2条"])
    house.answer(first["第1条"])
    house.answer(first["第1条"], asker="U_OTHER")
    house.answer(first["第3条"], asker="U_THIRD")
    edition = house.stage(TITLE, changed(r1="水票每张 8 元。", r2=None))
    plan = house.corrections.plan(house.lineage.moves_of([edition]))
    assert (plan.agents, plan.answers, plan.escalations, plan.tickets) == (2, 3, 0, 0)
    assert plan.by_clause == {first["第1条"]: 3, first["第2条"]: 1}
    assert notices(house) == []
    house.publish(edition)
    assert house.corrections.catch_up() == 3


def test_a_removed_rule_and_a_withdrawn_manual_are_told_and_come_back(
    house: House, first: dict[str, int]
) -> None:
    answer = house.answer(first["第1条"], first["第2条"])
    edition = publish(house, r2=None)
    house.corrections.catch_up()
    assert house.heard(answer) == [OLD["第1条"], None]
    manual = house.library.clauses([first["第1条"]])[0].manual_id
    house.move(manual, None, "withdrawal")
    assert house.corrections.catch_up() == 1
    assert house.heard(answer) == [None, None]
    house.move(manual, edition, "rollback")
    assert house.corrections.catch_up() == 1
    assert house.heard(answer) == [OLD["第1条"], None]
    publish(house, r1="水票每张 9 元。")
    assert house.corrections.catch_up() == 1
    assert house.heard(answer) == ["水票每张 9 元。", OLD["第2条"]]


def test_moved_and_renumbered_is_no_change(house: House, first: dict[str, int]) -> None:
    house.answer(first["第1条"], first["第3条"])
    house.publish(house.stage(TITLE, {"第7条": OLD["第3条"], "第8条": OLD["第1条"]}, heading="二、附则"))
    assert house.corrections.catch_up() == 0


def test_a_rule_that_moved_first_and_changed_then_is_followed(house: House, first: dict[str, int]) -> None:
    answer = house.answer(first["第1条"])
    house.publish(house.stage(TITLE, {"第1条": OLD["第3条"], "第5条": OLD["第1条"]}))
    house.publish(house.stage(TITLE, {"第1条": OLD["第3条"], "第5条": "水票每张 8 元。"}))
    assert house.corrections.catch_up() == 1
    assert house.heard(answer) == ["水票每张 8 元。"]


def test_rolling_back_tells_those_who_heard_the_withdrawn_rule(house: House, first: dict[str, int]) -> None:
    before = house.answer(first["第1条"])
    edition = publish(house, r1="水票每张 8 元。")
    house.corrections.catch_up()
    after = house.answer(house.ids(edition)["第1条"], asker="U_OTHER")
    old = house.library.clauses([first["第1条"]])[0]
    house.move(old.manual_id, old.edition_id, "rollback")
    assert house.corrections.catch_up() == 2
    assert house.heard(before) == house.heard(after) == [OLD["第1条"]]


def test_switched_off_says_nothing_then_and_the_truth_later(house: House, first: dict[str, int]) -> None:
    answer = house.answer(first["第1条"])
    edition = house.stage(TITLE, changed(r1="水票每张六元。"))
    with house.corrections.publishing(house.lineage.moves_of([edition]), "U_ADMIN", tell=False):
        house.publish(edition)
    house.reopen()
    assert house.corrections.catch_up() == 0
    assert house.heard(answer) == [OLD["第1条"]]
    again = publish(house, r1="水票每张六元。", r3="送水上楼。")
    assert house.corrections.catch_up() == 0
    publish(house, r1="水票每张 8 元。")
    assert house.corrections.catch_up() == 1
    (clause,) = house.desk.corrections.get(notices(house)[-1]).clauses
    assert (house.text(clause.old), house.text(clause.new)) == (OLD["第1条"], "水票每张 8 元。")
    assert again != edition


def test_what_was_changed_in_silence_and_back_is_no_news(house: House, first: dict[str, int]) -> None:
    answer = house.answer(first["第1条"])
    edition = house.stage(TITLE, changed(r1="水票每张 8 元。"))
    with house.corrections.publishing(house.lineage.moves_of([edition]), "U_ADMIN", tell=False):
        house.publish(edition)
    house.corrections.catch_up()
    old = house.library.clauses([first["第1条"]])[0]
    house.move(old.manual_id, old.edition_id, "rollback")
    assert house.corrections.catch_up() == 0
    house.move(old.manual_id, edition, "rollback")
    assert house.corrections.catch_up() == 1
    assert house.heard(answer) == ["水票每张 8 元。"]


def test_a_choice_whose_publication_failed_is_taken_back(house: House, first: dict[str, int]) -> None:
    house.answer(first["第1条"])
    edition = house.stage(TITLE, changed(r1="水票每张 8 元。"))
    moves = house.lineage.moves_of([edition])
    with pytest.raises(OSError), house.corrections.publishing(moves, "U_ADMIN", tell=False):
        raise OSError
    house.publish(edition)
    assert house.corrections.catch_up() == 1


def test_a_silence_left_by_a_killed_process_ends_when_somebody_publishes_aloud(
    house: House, first: dict[str, int]
) -> None:
    house.answer(first["第1条"])
    edition = house.stage(TITLE, changed(r1="水票每张 8 元。"))
    moves = house.lineage.moves_of([edition])
    house.corrections.publishing(moves, "U_ADMIN", tell=False).__enter__()  # and never left
    with house.corrections.publishing(moves, "U_ADMIN"):
        house.publish(edition)
    assert house.corrections.catch_up() == 1


def test_an_answer_older_than_the_days_is_left_alone(house: House, first: dict[str, int]) -> None:
    house.answer(first["第1条"])
    house.now += timedelta(days=DAYS, minutes=1)
    house.answer(first["第1条"], asker="U_OTHER")
    publish(house, r1="水票每张 8 元。")
    assert house.corrections.catch_up() == 1


def test_an_answer_about_the_past_is_not_corrected(house: House, first: dict[str, int]) -> None:
    publish(house, r1="水票每张 8 元。")
    house.answer(first["第1条"])
    assert house.corrections.catch_up() == 0
    publish(house, r1="水票每张 9 元。")
    assert house.corrections.catch_up() == 0


def test_an_answer_that_was_being_written_meanwhile_is_corrected(house: House, first: dict[str, int]) -> None:
    given = house.library.generation()
    publish(house, r1="水票每张 8 元。")
    house.corrections.catch_up()
    late = house.answer(first["第1条"], generation=given)
    assert house.corrections.catch_up() == 1
    assert house.heard(late) == ["水票每张 8 元。"]
    house.reopen()
    assert house.corrections.catch_up() == 0


def test_a_late_answer_is_found_by_the_next_start_and_by_another_process(
    house: House, first: dict[str, int]
) -> None:
    given = house.library.generation()
    publish(house, r1="水票每张 8 元。")
    other = house.corrections
    house.reopen()
    house.corrections.catch_up()
    house.answer(first["第1条"], generation=given)
    house.reopen()  # killed before it looked
    assert house.corrections.catch_up() == 1
    assert other.catch_up() == 0


def test_an_answer_recorded_while_another_process_announced_is_not_lost(
    house: House, first: dict[str, int]
) -> None:
    given = house.library.generation()
    publish(house, r1="水票每张 8 元。")
    house.answer(first["第1条"], generation=given)
    desk = house.desk.corrections
    announce = desk.announce

    def overtaken(actor_id: str, announcement: Announcement) -> int:
        """The other process looked before the answer was there, and commits first."""
        announce("U_ADMIN", Announcement(announcement.generation, 0))
        return announce(actor_id, announcement)

    desk.announce = overtaken  # type: ignore[method-assign]
    assert house.corrections.catch_up() == 1


def test_the_first_start_after_an_upgrade_digs_nothing_up(house: House) -> None:
    edition = house.stage(TITLE, OLD)
    house.publish(edition)
    house.answer(house.ids(edition)["第1条"])
    with house.library._engine.begin() as connection:
        connection.execute(text("UPDATE answers SET generation = NULL"))
    publish(house, r1="水票每张 8 元。")
    assert house.corrections.catch_up() == 0
    publish(house, r1="水票每张 9 元。")
    assert house.corrections.catch_up() == 1  # but what changes from now on is told


def test_open_escalations_and_tickets_on_the_clause_are_flagged(house: House, first: dict[str, int]) -> None:
    basis = (Basis(first["第1条"], TITLE, "第1条", OLD["第1条"]),)
    content = EscalationContent("摘要", "报告", handling_suggestion="请定", policy_basis=basis)
    filed = house.desk.file_escalation(AGENT, content, Origin(), "e")
    logged = house.desk.log_ticket(AGENT, TicketContent("标题", policy_basis=basis), Origin(), "t")
    edition = house.stage(TITLE, changed(r1="水票每张 8 元。"))
    plan = house.corrections.plan(house.lineage.moves_of([edition]))
    assert (plan.answers, plan.escalations, plan.tickets) == (0, 1, 1)
    house.publish(edition)
    house.corrections.catch_up()
    house.corrections.catch_up()
    flags = [house.desk.corrections.get(number) for number in notices(house, NoticeKind.BASIS_CHANGED)]
    assert [flag.kind for flag in flags] == [RecordKind.ESCALATION, RecordKind.ESCALATION, RecordKind.TICKET]
    assert house.desk.escalation(filed.id).changed_basis == (0,)
    old = house.library.clauses([first["第1条"]])[0]
    house.move(old.manual_id, old.edition_id, "rollback")
    house.corrections.catch_up()
    assert house.desk.escalation(filed.id).changed_basis == house.desk.ticket(logged.id).changed_basis == ()


def test_a_draft_filed_after_a_publication_is_not_flagged_for_it_afterwards(
    house: House, first: dict[str, int]
) -> None:
    publish(house, r1="水票每张 8 元。")
    old = house.library.clauses([first["第1条"]])[0]
    house.move(old.manual_id, old.edition_id, "rollback")
    basis = (Basis(old.id, TITLE, "第1条", OLD["第1条"]),)
    content = EscalationContent("摘要", "报告", handling_suggestion="请定", policy_basis=basis)
    house.desk.file_escalation(AGENT, content, Origin(), "e")
    house.corrections.catch_up()
    assert notices(house, NoticeKind.BASIS_CHANGED) == []


def test_a_rule_that_lives_on_inside_another_is_no_change(house: House, first: dict[str, int]) -> None:
    house.answer(first["第1条"])
    house.corrections._replacements = lambda before, after: {}
    publish(house, r1=None, r2="水票每张 6 元。空桶七天内退。")
    assert house.corrections.catch_up() == 0
