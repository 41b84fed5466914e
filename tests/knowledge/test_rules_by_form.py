"""What rules and what only tells: addresses and code give no values, and ways, orders, consequences and people are
compared between rules only."""

import pytest

from knowledge.conflicts import clashes
from knowledge.statements.addresses import without_addresses
from knowledge.statements.norms import is_rule
from knowledge.statements.rulings import RulingKind, rulings


def kinds(text: str) -> set[RulingKind]:
    return {ruling.kind for ruling in rulings(text)}


@pytest.mark.parametrize(
    "text",
    [
        "The roster lies at https://sheets.example.com/d/44c?tab=7g&x=3days and nowhere else.",
        "See [the roster](https://example.com/5-days/app?gid=13g \"by email\").",
        "Write to desk30days@example.com about it.",
        "The script `wait 15 minutes -> by email` runs at night.",
        "班表见 https://example.com/排班?days=7d。",
        "样表为 折扣表_30元.xlsx.pdf。",
        "<a id=\"slack\" href=\"30 days\"></a> Welcome",
    ],
)  # fmt: skip
def test_addresses_and_code_give_no_numbers_ways_or_orders(text: str) -> None:
    assert kinds(text).isdisjoint({RulingKind.NUMBER, RulingKind.CHANNEL, RulingKind.ORDER})


def test_a_rule_beside_an_address_is_read_and_quoted_as_it_stands() -> None:
    text = "按 https://example.com/r?d=9天 的说明,遗失雨伞须在3天内登记。"
    (ruling,) = [ruling for ruling in rulings(text) if ruling.kind is RulingKind.NUMBER]
    assert (ruling.written.strip("内"), ruling.sentence) == ("3天", text)


@pytest.mark.parametrize(
    "text", ["24/7", "5元/次", "客户/会员", "8 a.m.", "and/or", "1.5%", "e.g. a ferry", "第3条"]
)
def test_what_only_looks_like_an_address_stays(text: str) -> None:
    assert without_addresses(text) == text


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("luggage is weighed at the gate", True),
        ("please report a lost ticket to the purser", True),
        ("on arrival hand over the boarding card", True),
        ("deckhands must wear gloves", True),
        ("passengers pay at the kiosk", True),
        ("links to the ferry timetable", False),
        ("the page includes a map of all piers", False),
        ("ticket office: pier two", False),
        ("行李到二号码头寄存", True),
        ("该码头位于城南,始建于1932年", False),
    ],
)
def test_a_rule_is_known_by_its_form(text: str, rules: bool) -> None:
    assert is_rule(text) == rules


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (RulingKind.CHANNEL, "Slack channel: #pier-chat"),
        (RulingKind.CHANNEL, "The noticeboards show the goals of each crew."),
        (RulingKind.CHANNEL, "Ask about app store reviews on Fridays."),
        (RulingKind.CHANNEL, "Through a monthly meeting and an email list, this group comes together."),
        (RulingKind.ORDER, "If a ferry is late, then the purser's consent is required."),
        (RulingKind.ORDER, "Requests must be filed five days before the sailing."),
        (RulingKind.PERSON, "A purser manager reports to the fleet director."),
        (RulingKind.PERSON, "Team leads can report into managers."),
    ],
)
def test_what_is_no_way_no_order_and_nobody_asked(kind: RulingKind, text: str) -> None:
    assert kind not in kinds(text)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (RulingKind.CHANNEL, "Lost tickets are reported by phone.", "Report a lost ticket in the app."),
        (RulingKind.CHANNEL, "船票改签到服务台办理。", "船票改签须在小程序提交。"),
        (RulingKind.ORDER, "Weigh the luggage before you print the label.", "First print the label, then weigh the luggage."),
        (RulingKind.PERSON, "A free crossing needs the approval of the duty manager.", "Free crossings must be approved by the fleet director."),
        (RulingKind.SANCTION, "A deckhand who smokes on deck is dismissed.", "Deckhands who smoke on deck receive a written warning."),
        (RulingKind.SANCTION, "水手在甲板吸烟的,调离岗位。", "水手在甲板吸烟,罚款300元。"),
    ],
)  # fmt: skip
def test_rules_of_each_kind_still_clash(kind: RulingKind, one: str, other: str) -> None:
    assert kind in {ruling.kind for ruling, _ in clashes(rulings(one), rulings(other))}


def test_an_abbreviation_is_no_part_of_a_word() -> None:
    assert RulingKind.CHANNEL not in kinds("看板见 Board,目标见 Goals,通过 boarding 提交")
    assert RulingKind.CHANNEL in kinds("调班通过OA提交")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Deckhands rest 8 hours per pay period.", "Deckhands rest up to three weeks."),
        ("Crew leave is booked for a two-week pay period.", "Crew leave is booked for 30 days."),
        ("Crew leave is taken within the first year.", "Crew leave is taken within 12 weeks."),
        ("Crew leave, for example 182 hours, is shown.", "Crew leave is 30 hours."),
        ("船员休假,例如15天,会显示。", "船员休假30天。"),
    ],
)
def test_rates_named_times_and_examples_are_no_lengths(one: str, other: str) -> None:
    assert RulingKind.NUMBER not in {ruling.kind for ruling, _ in clashes(rulings(one), rulings(other))}


def test_a_rate_is_compared_with_the_same_rate_in_other_words() -> None:
    one, other = "Crew have 6 hours of cabin use per month.", "The monthly allowance for cabins is ten hours."
    assert RulingKind.NUMBER in {ruling.kind for ruling, _ in clashes(rulings(one), rulings(other))}
