"""Typing errors, second spellings and spinner synonyms are read for what they mean, and right words are left alone."""

import pytest

from knowledge.keywords import Keywords
from knowledge.misreadings import meant_words, rules
from knowledge.reading import normalise, question_terms, said_part, search_reading


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("请拔打热线", "拨打"),
        ("迟到一率扣款", "一律"),
        ("对帐时发现差额", "账"),
        ("座席离线须报备", "坐席"),
        ("定单当天处理", "订单"),
        ("填表前必需核对", "必须"),
        ("客人投拆后立即登记", "投诉"),
        ("末经批准不得外出", "未"),
        ("以足够的急躁倾听", "耐心"),
        ("以到达全员熟练的目的", "达到"),
        ("为住户供应优质服务", "提供"),
        ("服从上级支配", "安排"),
        ("准时反馈给住户", "及时"),
        ("避开客户久等", "避免"),
        ("其次次翻倍扣款", "第2"),
        ("第一职责人为店长", "责任"),
        ("学习业务学问", "知识"),
        ("设有售前询问岗", "咨询"),
        ("加强现场治理", "管理"),
        ("超时不超不2次", "超过"),
        ("占比低于70的%", "70%"),
        ("我跟客户吵起来了", "争执"),
        ("顶头上司不批怎么办", "上级"),
        ("领个订书机", "办公用品"),
        ("礼拜天排不排班", "星期日"),
        ("客人插嘴时先听完", "打断"),
        ("the guest recieves a refund", "receive"),
        ("organisation chart", "organization"),
    ],
)
def test_the_meant_word_is_added(written: str, meant: str) -> None:
    said, _, added = search_reading(written).partition("\n")
    assert said == normalise(written)
    assert meant in added


@pytest.mark.parametrize(
    "right",
    [
        "对客人不急不躁,有问必答。",
        "上岗说普通话,普通员工每月轮岗一次。",
        "客户资料由专人保管,资料室每天上锁。",
        "询问客户的姓名和地址,询问对方是否方便。",
        "了解解决进展,进展缓慢的要催办。",
        "仔细核对,注意安全。",
        "帐篷和蚊帐由仓库保管。",
        "必需品放在前台。",
        "准时到岗,准时发车。",
        "到达现场后先拍照。",
        "货物由两家工厂供应。",
        "部分商品不参加活动。",
        "答案如上,其次要看天气。",
        "经过大门时出示证件。",
        "检察院来函由法务处理。",
        "年底提高统一率。",
        "他为人乐观开朗。",
        "凭正式发票报销,存在次日的记录里。",
        "the guest pays by card at the desk",
    ],
)
def test_right_words_are_left_alone(right: str) -> None:
    assert meant_words(normalise(right)) == []
    assert search_reading(right) == normalise(right)


def test_every_rule_is_well_formed_and_no_rule_adds_what_it_finds() -> None:
    assert len(rules()) > 400
    for rule in rules():
        assert not rule.hint or rule.meant != rule.hint


def test_a_slip_on_either_side_does_not_part_question_and_clause() -> None:
    clauses = ["每天早上打扫卫生。", "遇到急事请拔打值班热线。", "每周五开例会。", "客服须在当天登记投诉。"]
    index = Keywords.build([search_reading(c) for c in clauses])
    assert index.scores(question_terms("有急事拨打哪里")).argmax() == 1
    assert index.scores(question_terms("投拆什么时候登记")).argmax() == 3


def test_what_is_embedded_is_what_is_said() -> None:
    assert said_part(search_reading("请拔打热线")) == "请拔打热线"
