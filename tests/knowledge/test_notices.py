"""Notices: kept, listed, in force on their days, taken back; what cannot be one is refused in one sentence."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from knowledge.migrations import upgrade
from knowledge.notices import NoticeError, Notices


@pytest.fixture
def notices(tmp_path: Path) -> Notices:
    engine = create_engine(f"sqlite:///{tmp_path / 'kefu.db'}")
    upgrade(engine)
    return Notices(engine)


def test_a_notice_holds_on_its_first_and_last_day_and_not_beside_them(notices: Notices) -> None:
    kept = notices.add(" 春节 ", date(2026, 2, 15), date(2026, 2, 24), "U1", matter="开场", note="红包另说")
    assert (kept.wording, kept.matter, kept.note, kept.added_by) == ("春节", "开场", "红包另说", "U1")
    held = [bool(notices.in_force(date(2026, 2, day))) for day in (14, 15, 24, 25)]
    assert held == [False, True, True, False]


def test_the_newest_of_two_speaks_first_and_a_removed_one_no_more(notices: Notices) -> None:
    day = date(2026, 10, 1)
    older = notices.add("国庆", day, day, "U1")
    newer = notices.add("中秋", day, day, "U1")
    assert [n.id for n in notices.in_force(day)] == [newer.id, older.id]
    notices.remove(newer.id)
    assert notices.all() == [older]


def test_what_cannot_be_a_notice_is_refused(notices: Notices) -> None:
    day = date(2026, 10, 1)
    with pytest.raises(NoticeError, match="names no wording"):
        notices.add("  ", day, day, "U1")
    with pytest.raises(NoticeError, match="before it begins"):
        notices.add("国庆", day, date(2026, 9, 30), "U1")
    with pytest.raises(NoticeError, match="no notice 7"):
        notices.remove(7)
    assert notices.all() == []
