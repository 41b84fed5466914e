"""What people and channels have told about themselves, on both databases."""

from __future__ import annotations

from datetime import datetime

import pytest
from desk_samples import ADMIN, AGENT, LEADER, SUPERVISOR

from tickets.channel_settings import OPEN, ChannelSetting, Reach
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


def test_how_a_channel_is_answered_is_kept_and_forgotten(desk: Desk) -> None:
    night = ChannelSetting((3, 1, 3), Reach.ASKER_FIRST, "22:00", "07:00")
    desk.preferences.set_channel(LEADER, "C1", Preference("松林公司"), night)
    kept = desk.preferences.channel_setting("C1")
    assert kept == ChannelSetting((1, 3), Reach.ASKER_FIRST, "22:00", "07:00")
    desk.preferences.set_channel(LEADER, "C1", Preference("松林公司"))  # that part stays
    assert desk.preferences.channel_setting("C1") == kept
    desk.preferences.set_channel(LEADER, "C1", Preference("松林公司"), OPEN)
    assert desk.preferences.channel_setting("C1") == OPEN
    trail = [entry.action for entry in desk.audit("channel:C1")]
    assert trail == ["preference.set", "channel.set", "channel.set"]


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        ("22:00", "", "quiet_until"),
        ("", "07:00", "quiet_from"),
        ("24:00", "07:00", "quiet_from"),
        ("22:00", "22:00", "quiet_until"),
    ],
)
def test_hours_that_make_no_sense_are_refused_whole(desk: Desk, since: str, until: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        desk.preferences.set_channel(
            ADMIN, "C1", Preference("松林公司"), ChannelSetting((), Reach.ASKER, since, until)
        )
    assert refused.value.field in (field, "quiet_until" if not until else "quiet_from")
    assert desk.preferences.of_channel("C1") == NOTHING_TOLD


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("21:59", False), ("22:00", True), ("00:30", True), ("06:59", True), ("07:00", False)],
)
def test_quiet_hours_reach_over_midnight(clock: str, quiet: bool) -> None:
    at = datetime.fromisoformat(f"2026-03-04T{clock}")
    night = ChannelSetting(reach=Reach.ASKER_FIRST, quiet_from="22:00", quiet_until="07:00")
    assert night.is_quiet(at) is quiet
    assert night.reach_at(at) is (Reach.ASKER if quiet else Reach.ASKER_FIRST)
    day = ChannelSetting(quiet_from="12:00", quiet_until="13:00")
    assert [day.is_quiet(datetime(2026, 3, 4, hour)) for hour in (11, 12, 13)] == [False, True, False]
