"""Contact details for the encrypted store: all that a call-back needs, and nothing in a repr."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant.redaction import mask
from bot.assistant.redaction_contacts import WrittenContact, contacts


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        (
            "客户王敏女士 电话一三八 零零零零 一一一一 住石家庄市桥西区中山西路356号盛景佳园8-2-1103 微信:wm_2020",
            WrittenContact("王敏女士", ("13800001111",), "石家庄市桥西区中山西路356号盛景佳园8-2-1103", (), ("wm_2020",)),
        ),
        (
            "他手机 138.0013.8000 打不通再打家里 0311-8602 1234 转 806",
            WrittenContact(phones=("13800138000", "031186021234转806")),
        ),
        (
            "班长李姐说客户周建国(电话+86 137-0000-3333,邮箱 z@x.cn)要退款 身份证 110101199003070003",
            WrittenContact("周建国", ("13700003333",), emails=("z@x.cn",)),
        ),
        ("call one three eight double zero zero zero one one one one", WrittenContact(phones=("13800001111",))),
        ("Mr. John Smith, +1 415 555 2671", WrittenContact("John Smith", ("+14155552671",))),
        ("收件人张一鸣 １５９－１２３４－５６７８", WrittenContact("张一鸣", ("15912345678",))),
        ("工单 90122334455 三天没人跟进", WrittenContact()),
        ("", WrittenContact()),
    ],
)  # fmt: skip
def test_what_a_call_back_needs(text: str, contact: WrittenContact) -> None:
    assert contacts(text) == contact
    assert bool(contacts(text)) is (contact != WrittenContact())


def test_nothing_private_is_in_a_repr() -> None:
    shown = repr(contacts("客户王敏女士 电话13800001111 邮箱 wm@x.cn"))
    assert not any(piece in shown for piece in ("王敏", "1380", "wm@"))


def test_what_is_not_needed_to_reach_somebody_is_left_out() -> None:
    found = contacts(
        "客户王敏 13800001111 身份证110101199003070003 卡号6228480012345678019 车牌京A12345 密码是abc123"
    )
    everything = " ".join((found.name, *found.phones, found.address, *found.emails, *found.others))
    assert not any(piece in everything for piece in ("110101", "6228", "京A", "abc123"))


@given(
    st.text(
        alphabet=st.sampled_from("0123456789-+ 一三八零客户叫王李女士路号栋@.京A微信:,转abx"), max_size=60
    )
)
def test_what_is_given_stood_masked(text: str) -> None:
    found = contacts(text)
    shown = mask(text)
    assert all(mail not in shown for mail in found.emails)
    assert contacts(shown).emails == ()
