"""The same manual coming again is known again; two manuals of one title stay two."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from knowledge_drafts import manual
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from knowledge import publishing
from knowledge.clauses import ManualDraft
from knowledge.editions import Change, discard_editions, settled, stage_drafts
from knowledge.identity import plain_organisation, plain_title
from knowledge.manuals import Manual

RULES = tuple(f"第{n}种情形须在{n + 3}分钟内报告值班人员,并记入交接簿第{n}页。" for n in range(20))
OTHERS = tuple(f"柜台{n}号的来客先取号,叫到{n}号后到{n}号窗口办理。" for n in range(20))


class Shelf:
    """A library's relational half: which manual a draft belongs to needs no vector."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def stage(self, drafts: Sequence[ManualDraft], by: str) -> list[Change]:
        with Session(self.engine) as session, session.begin():
            return stage_drafts(session, settled(session, drafts), by, datetime.now(UTC), set())

    def publish(self, ids: Sequence[int], by: str) -> None:
        with Session(self.engine) as session, session.begin():
            publishing.publish_editions(session, ids, by, datetime.now(UTC))

    def withdraw(self, manual_id: int, by: str) -> None:
        with Session(self.engine) as session, session.begin():
            publishing.withdraw(session, manual_id, by, datetime.now(UTC))

    def discard(self, ids: Sequence[int]) -> None:
        with Session(self.engine) as session, session.begin():
            discard_editions(session, ids)

    def titles(self) -> list[str]:
        with Session(self.engine) as session:
            return list(session.scalars(select(Manual.title).order_by(Manual.id)))


@pytest.fixture
def shelf(engine: Engine) -> Shelf:
    return Shelf(engine)


def again(shelf: Shelf, *drafts) -> list[tuple[int, int]]:
    """Publishes drafts; gives manual and edition number of each."""
    changes = shelf.stage(drafts, "editor")
    shelf.publish([c.edition_id for c in changes if not c.is_empty], "admin")
    return [(c.manual_id, c.number) for c in changes]


def altered(texts: tuple[str, ...], share: float) -> tuple[str, ...]:
    chosen = set(random.Random(1).sample(range(len(texts)), int(share * len(texts))))
    return tuple(f"改为:{text}" if i in chosen else text for i, text in enumerate(texts))


@pytest.mark.parametrize(
    "title",
    [
        "值班制度(2026版)",
        "值班 制度 V2.1",
        "値班制度".replace("値", "值") + "（试行）",
        "2026年值班制度",
        "值班制度第三版",
        "值班制度【修订版】",
    ],
)
def test_year_version_and_width_in_a_title_do_not_make_another_manual(shelf: Shelf, title: str) -> None:
    ((first, _),) = again(shelf, manual("值班制度", *RULES))
    ((second, number),) = again(shelf, manual(title, *altered(RULES, 0.9)))
    assert (second, number) == (first, 2)


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_a_renamed_manual_is_known_by_its_text(shelf: Shelf, share: float) -> None:
    ((first, _),) = again(shelf, manual("值班管理制度", *RULES))
    (change,) = shelf.stage([manual("值班与交接管理制度", *altered(RULES, share))], "editor")
    assert (change.manual_id, change.number) == (first, 2)
    assert change.renamed_from == "值班管理制度"
    assert "原名《值班管理制度》。" in change.notes
    assert change.changed_metadata == ("title",)
    shelf.publish([change.edition_id], "admin")
    assert shelf.titles() == ["值班与交接管理制度"]


def test_a_changed_guess_of_the_organisation_is_the_same_manual(shelf: Shelf) -> None:
    ((first, _),) = again(shelf, manual("值班制度", *RULES, organisation="云杉家电"))
    for organisation in ("云杉家电有限公司", "", "青禾热线"):
        ((found, _),) = again(shelf, manual("值班制度", *altered(RULES, 0.3), organisation=organisation))
        assert found == first


def test_another_title_over_another_text_is_another_manual(shelf: Shelf) -> None:
    ((first, _),) = again(shelf, manual("值班管理制度", *RULES))
    ((second, _),) = again(shelf, manual("值日管理制度", *OTHERS))
    ((third, _),) = again(shelf, manual("来客须知", *altered(RULES, 0.6)))
    assert len({first, second, third}) == 3


def test_one_template_at_two_organisations_stays_two(shelf: Shelf) -> None:
    ((first, _),) = again(shelf, manual("云杉值班制度", *RULES, organisation="云杉"))
    ((second, _),) = again(shelf, manual("青禾值班制度", *altered(RULES, 0.1), organisation="青禾"))
    assert first != second


def test_two_manuals_of_one_title_stay_two_across_batches_and_orders(shelf: Shelf) -> None:
    hotline = manual("客服制度", *RULES, organisation="热线")
    shop = manual("客服制度", *OTHERS, organisation="门店")
    ((first, _),) = again(shelf, hotline)
    ((second, _),) = again(shelf, shop)
    assert first != second
    new_shop = manual("客服制度", *altered(OTHERS, 0.3), organisation="")
    new_hotline = manual("客服制度", *altered(RULES, 0.3), organisation="")
    assert again(shelf, new_shop, new_hotline) == [(second, 2), (first, 2)]


def test_two_manuals_of_one_title_and_no_organisation_are_told_by_their_text(shelf: Shelf) -> None:
    one, two = (manual("客服制度", *texts, organisation="") for texts in (RULES, OTHERS))
    (first, _), (second, _) = again(shelf, one, two)
    assert first != second
    assert again(shelf, replace(two, clauses=two.clauses[:15])) == [(second, 2)]
    assert again(shelf, manual("客服制度", *altered(RULES, 0.3), organisation="")) == [(first, 2)]


def test_a_withdrawn_manual_comes_back_as_its_next_edition_and_a_discarded_one_does_not(
    shelf: Shelf,
) -> None:
    ((first, _),) = again(shelf, manual("值班制度", *RULES))
    shelf.withdraw(first, "admin")
    assert again(shelf, manual("值班制度", *altered(RULES, 0.3))) == [(first, 2)]
    (given_up,) = shelf.stage([manual("来客须知", *OTHERS)], "editor")
    shelf.discard([given_up.edition_id])
    assert again(shelf, manual("来客须知", *OTHERS))[0][1] == 1


def test_finding_the_manual_reads_no_clause_of_the_others(shelf: Shelf) -> None:
    """However many manuals there are, the number of questions to the database stays the same."""

    def statements(*drafts) -> int:
        seen = []
        event.listen(shelf.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
        shelf.stage(drafts, "editor")
        return sum("FROM clause" in statement for statement in seen)

    again(shelf, manual("值班管理制度", *RULES))
    few = statements(manual("值班与交接管理制度", *altered(RULES, 0.3)))
    again(shelf, *(manual(f"第{n}号办法", f"第{n}件事按第{n}号办。") for n in range(30)))
    assert statements(manual("值班与交班管理制度", *altered(RULES, 0.3))) <= 2 * few


def test_plain_names() -> None:
    assert plain_title("客服 管理制度(2024版) V2.1") == plain_title("客服管理制度（试行）") == "客服管理制度"
    assert plain_title("Service Policy (2nd edition)") == plain_title("service  policy v2") == "servicepolicy"
    assert plain_title("V2") == "v2"
    assert plain_organisation("云杉家电有限公司") == plain_organisation("云杉 家电") == "云杉家电"
