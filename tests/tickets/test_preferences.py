"""What people and channels have told about themselves, on both databases."""

from __future__ import annotations

import pytest
from desk_samples import ADMIN, AGENT, SUPERVISOR

from tickets.desk import Desk
from tickets.errors import InvalidInput, NotAllowed
from tickets.preferences import LONGEST, NOTHING_TOLD, Owner, Preference


def test_a_choice_is_remembered_changed_and_cleared(desk: Desk) -> None:
    desk.preferences.set_person(AGENT, Preference("松林公司", staff_number="0042"))
    desk.preferences.choose(AGENT, "白桦公司", "")
    assert desk.preferences.of_person(AGENT.id) == Preference("白桦公司", "", "0042")
    desk.preferences.choose(AGENT, "", "Q-7")
    assert desk.preferences.of_person(AGENT.id) == Preference("白桦公司", "Q-7", "0042")
    desk.preferences.set_person(AGENT, NOTHING_TOLD)
    assert desk.preferences.of_person(AGENT.id) == NOTHING_TOLD
    assert desk.preferences.effective(AGENT.id, "C1").told_by is None


def test_in_a_channel_its_setting_wins_and_the_staff_number_stays_the_persons(desk: Desk) -> None:
    desk.preferences.set_person(AGENT, Preference("松林公司", "Q-7", "0042"))
    desk.preferences.set_channel(SUPERVISOR, "C1", Preference("白桦公司", staff_number="9999"))
    there = desk.preferences.effective(AGENT.id, "C1")
    assert there.told_by is Owner.CHANNEL
    assert there.preference == Preference("白桦公司", "", "0042")
    elsewhere = desk.preferences.effective(AGENT.id, "C2")
    assert elsewhere.told_by is Owner.PERSON
    assert elsewhere.preference == Preference("松林公司", "Q-7", "0042")


def test_an_agent_decides_for_no_channel(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        desk.preferences.set_channel(AGENT, "C1", Preference("松林公司"))
    assert desk.preferences.of_channel("C1") == NOTHING_TOLD
    desk.preferences.set_channel(ADMIN, "C1", Preference("松林公司"))
    assert desk.preferences.of_channel("C1").organisation == "松林公司"


def test_every_change_stands_in_the_trail_without_the_staff_number(desk: Desk) -> None:
    told = Preference("松林公司", staff_number="0042")
    desk.preferences.set_person(AGENT, told)
    desk.preferences.set_person(AGENT, told)  # nothing changes
    desk.preferences.set_person(AGENT, NOTHING_TOLD)
    trail = desk.audit(f"person:{AGENT.id}")
    assert [entry.action for entry in trail] == ["preference.set", "preference.cleared"]
    assert trail[0].details == {"organisation": "松林公司", "product": "", "staff": True}
    assert "0042" not in str(trail)
    assert desk.verify_audit() is None


def test_what_is_too_long_is_refused_by_the_name_of_its_field(desk: Desk) -> None:
    with pytest.raises(InvalidInput) as refused:
        desk.preferences.set_person(AGENT, Preference("长" * (LONGEST + 1)))
    assert refused.value.field == "organisation"
    assert desk.preferences.of_person(AGENT.id) == NOTHING_TOLD
    desk.preferences.set_person(AGENT, Preference("  松林 \n 公司 "))
    assert desk.preferences.of_person(AGENT.id).organisation == "松林 公司"
