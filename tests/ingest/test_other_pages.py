"""Pages like the real one, of other organisations: other label forms, titles, website words, the same kinds of damage."""

from __future__ import annotations

import random

import pytest
from growth import in_proportion

from ingest.readers import Document
from ingest.structure import split_manuals
from knowledge.clauses import ClauseDraft, ClauseKind, ManualDraft


def manuals(text: str) -> list[ManualDraft]:
    return split_manuals(Document(text, "page.txt"))


def labels(text: str) -> dict[str, ClauseDraft]:
    drafts = manuals(text)
    assert len(drafts) == 1, [d.title for d in drafts]
    found = {c.label: c for c in drafts[0].clauses}
    assert len(found) == len(drafts[0].clauses)
    return found


def test_chapters_sections_articles_and_supplementary_provisions() -> None:
    found = labels(
        "宠物医院前台管理办法\n\n宠物医院前台管理办法 第一章 总则 第一节 目的 第一条为了让前台有章可循,特 制定本办法。第二条适用于三家门店。"
        " 第二节 职责 第三条每单核对不得超过2分钟。 第四条 按第3条、第4条执行的,须经店长签字;违反第一条规定的按第五章处理。"
        " 第二章 挂号 第五条 挂号后30分钟未到的,号码作废。 附则 第六条 本办法自2022.1.5起施行。 附件1 收费单样张\n"
    )
    assert list(found) == [
        "第一章 第一节 第一条", "第一章 第一节 第二条", "第一章 第二节 第三条", "第一章 第二节 第四条", "第二章 第五条",
        "附则 第六条", "附件1 收费单样张",
    ]  # fmt: skip
    assert found["第一章 第二节 第四条"].text.startswith("按第3条、第4条执行")
    assert found["附件1 收费单样张"].kind is ClauseKind.HEADING


def test_bare_section_numbers_with_decimals_below() -> None:
    found = labels(
        "物流园查件操作规程V2.1\n\n物流园查件操作规程V2.1 1 目的 规范查件和理赔。 2 范围 适用于各分拨点。 3 职责 3.1 查件岗 3.1.1 接到来电后10分钟内回复,最迟1.5小时。"
        " 3.1.2 版本低于V2.1的先升级;地址192.168.1.10不得外传。 3.2 理赔岗 3.2.1 1.5万元以下由组长审批,4.1折的按实付赔付。 4 记录 4.1 每晚18:30前交。 4.2 日报保存2年。\n"
    )
    assert list(found) == ["1. 目的", "2. 范围", "3.1.1", "3.1.2", "3.2.1", "4.1", "4.2"]
    assert found["3.2.1"].heading_path == ("3 职责", "3.2 理赔岗")
    assert "4.1折" in found["3.2.1"].text


def test_lists_in_lists_down_to_circled_numbers() -> None:
    found = labels(
        "出租车热线服务规定\n\n第一部分 调度\n一、接单\n(一)受理\n1.核对乘客姓名和上车地点。\n(1)地点不清的,问附近的标志物。\n(2)多个上车点的,逐一记录:\n①第一上车点;\n②第二上车点。\n"
        "2.告知预计到达时间。\n(二)派车\n1.3公里内优先派单。\n2.5分钟无人接单的扩大到5公里。\n二、失物 1.5日内未认领的交派出所。 2.现金1万元以上的当日上交。\n第二部分 处罚\n一、拒载一次停单3天;二、绕路的罚200元。\n"
    )
    assert "第一部分 一、(一)1.(2)" in found
    assert "②第二上车点" in found["第一部分 一、(一)1.(2)"].text
    assert found["第一部分 一、(二)第1条"].text == "3公里内优先派单。"
    assert found["第一部分 一、(二)第2条"].text == "5分钟无人接单的扩大到5公里。"
    assert found["第一部分 二、第1条"].text == "5日内未认领的交派出所。"
    assert found["第二部分 二"].text == "绕路的罚200元。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("导办员工作标准\n\n导办员工作标准 A. 仪表 着工装,工牌戴左胸。 B. 站位 站在取号机右侧1.5米处。 C. 离岗 超过5分钟须报备。\n",
         ["A. 仪表", "B. 站位", "C. 离岗"]),
        ("共享单车奖惩条例\n第1条 绩效基数为2000元。\n第1款 满意度达到95%的,奖励300元。\n第2款 低于80%的,扣200元。\n第2条 投诉处理\n第1项 一般投诉24小时内办结。\n",
         ["第1条", "第1条 第1款", "第1条 第2款", "第2条 第1项"]),
        ("开业检查流程\n步骤一:打开总闸,检查照明。\n步骤二:清点备用金,金额500元。\n步骤三:登录系统,版本V3.2.1以上。\n", ["步骤一", "步骤二", "步骤三"]),
        ("骑手投诉预案\n一 适用范围\n骑手迟到的投诉。\n二 处理时限\n1) 迟到30分钟内的,赔付3元券;\n2) 洒餐的,全额退款。\n三 升级\n超过200元的,报区域经理。\n",
         ["一、适用范围", "二、1)", "二、2)", "三、升级"]),
        ("茶室须知\n⒈进门换鞋。\n⒉手机静音。\n⒊离开时关灯。\n", ["第1条", "第2条", "第3条"]),
        ("驾校客服培训手册第一章仪容第一条不留长发。第二条工装每周换洗两次。第二章接待第三条学员进门后1分钟内问候。第四条报名费3280元,9.5折到2024.12.31止。",
         ["第一章 第一条", "第一章 第二条", "第二章 第三条", "第二章 第四条"]),
        ("票务手册\n【改签】\n1、开演前48小时可改签一次。\n2、开演前24小时内不予改签。\n【附件】\n见附件《改签申请表》。\n", ["【改签】第1条", "【改签】第2条", "【附件】"]),
        ("客戶服務守則\n\n第一章 總則\n第一條 本守則適用於全體客服人員。\n第二條 鈴響三聲內接聽。\n第二章 投訴\n第三條 二十四小時內回覆。\n附則\n第四條 自公布日施行。\n",
         ["第一章 第一條", "第一章 第二條", "第二章 第三條", "附則 第四條"]),
        ("SOP: 退货处理 Return Handling\n\n1. 接收 Receiving\n1.1 客户寄回的包裹在2小时内登记到 WMS system。\n1.2 Label each parcel with the RMA number,并拍照存档。\n2. 检验 Inspection\n2.1 Items over $500 need approval from 仓库主管.\n",
         ["1.1", "1.2", "2.1"]),
        ("Night Desk Handbook\n\nChapter 1 Opening\nSection 1.1 Keys\nThe night agent collects the keys at 21:45 and signs.\n\nSection 1.2 Alarms\nIf the alarm fails, call the\nduty manager at 555-0134 within 5 minutes.\n\nChapter 2 Guests\nArticle 1 Guests without a booking pay in advance.\nArticle 2 Check-in after 2:00 a.m. costs $15.\n",
         ["Chapter 1 Section 1.1 Keys", "Chapter 1 Section 1.2 Alarms", "Chapter 2 Article 1", "Chapter 2 Article 2"]),
        ("Parcel Desk Refund Policy\n\n1. Purpose\nThis policy explains when a refund is due.\n\n2. Refunds\n2.1 Lost parcels are refunded within 10 days, up to $1,500.50.\n2.2 Call 1-800-555-0199 between 8:00 and 17:30.\n\n3. Escalation\nAgents hand over to the shift lead when\na customer asks twice.\n\nAppendix A\nRefund form\n",
         ["1. Purpose", "2.1", "2.2", "3. Escalation", "Appendix A"]),
    ],
)  # fmt: skip
def test_label_forms(text: str, expected: list[str]) -> None:
    assert list(labels(text)) == expected
    assert not manuals(text)[0].truncated


def test_numbers_never_taken_for_marks() -> None:
    body = (
        "值班时间为8:00-17:30,午休1.5小时,电话 010-8888 6666、13800138000。2022.1.5 起,每月1.5日前交表,1.5万元以下打4.1折。"
        "版本V2.1、V3.0.1,服务器10.0.0.1:8080,24小时开机。按第3条、第4条执行,第2款除外;参见4.3节。比例1:3,误差±0.5,温度-18.5℃。"
        "2023年第一季度,第二天,第三方,第一责任人;1.8米以下免票,3.15当天不放假。"
    )
    for around in (
        "值班规定\n{}\n",
        "值班规定\n\n值班规定 {}\n",
        "值班规定\n一、时间 {} 二、其他 另行通知。\n",
    ):
        found = manuals(around.format(body))
        assert len(found) == 1
        holding = [c for c in found[0].clauses if "8:00-17:30" in c.text]
        assert len(holding) == 1
        assert "3.15当天不放假" in holding[0].text


def test_page_furniture_goes_and_what_it_cut_is_whole() -> None:
    text = (
        "山南供热有限公司\n热线作业指导书\n第 1 页 共 3 页\n1 接听\n1.1 铃响三声内接听,使用统一开头语。\n1.2 需要客户等待的,等待时间不得超\n"
        "山南供热有限公司 热线作业指导书\n第 2 页 共 3 页\n过90秒,每30秒回话一次。\n1.3 挂机前要确认以下事项:\n(1)住址和户号;\n(2)联系电话;\n"
        "山南供热有限公司 热线作业指导书\n第 3 页 共 3 页\n(3)方便上门的时间。\n2 派单\n2.1 派单后15分钟内联系客户。\n- 3 -\n"
    )
    found = labels(text)
    assert list(found) == ["1.1", "1.2", "1.3", "2.1"]
    assert "不得超过90秒" in found["1.2"].text
    assert found["1.3"].text.endswith("(2)联系电话;\n(3)方便上门的时间。")
    assert manuals(text)[0].title == "热线作业指导书"
    assert "山南供热有限公司" in manuals(text)[0].organisation


def test_a_reference_at_the_end_of_a_line_is_no_article() -> None:
    found = labels(
        "渡轮检票办法\n第一条 乘客凭票登船,儿童身高不足的免票。\n第二条 逃票的按照\n第一条补票,并登记在册;拒不补票的违反第一条、\n第二条的,移交派出所。\n第三条 每班清点人数。\n"
    )
    assert list(found) == ["第一条", "第二条", "第三条"]
    assert "按照第一条补票" in found["第二条"].text
    assert "第一条、第二条的" in found["第二条"].text


def test_website_words_of_other_sites() -> None:
    text = (
        "首页 > 范文大全 > 规章制度 > 正文\n月子会所接待流程(精选3篇)\n发布时间:2023-05-06 阅读:1203次 来源:范文网\n"
        "月子会所接待流程(精选3篇) 以下是小编整理的月子会所接待流程,欢迎大家借鉴与参考,希望对大家有所帮助! 月子会所接待流程【篇1】 一、电话 1、铃响三声内接起。 2、登记预产期,当天转给顾问。"
        " 二、参观 1、每批不得超\n\n过4人。 2、不得进入洗浴区。 三、签约\n转载请注明出处,更多规章制度请关注本站。\n\n夜班巡视须知\n\n夜班巡视须知 1.每2小时巡视一次(22:00、24:00),并签字。2.异常先报护士,再报店长;电话 010-6688 1234。3.巡视中不得使用手机,"
        "遇到家属询问病情的请其联系值班医生,不自行答复,巡视单次日交店长留存备查。\n上一篇:前台礼仪 下一篇:没有了\n热门推荐\n免责声明:本文内容来自网络,如有侵权请联系删除。\n点赞 | 收藏 | 分享\n"
    )
    first, second = manuals(text)
    assert [c.label for c in first.clauses] == [
        "篇1 一、第1条",
        "篇1 一、第2条",
        "篇1 二、第1条",
        "篇1 二、第2条",
        "篇1 三、签约",
    ]
    assert first.truncated
    assert any("3篇" in note for note in first.notes)
    assert [c.label for c in second.clauses] == ["第1条", "第2条", "第3条"]
    whole = "".join(c.text for d in (first, second) for c in d.clauses)
    for words in ("小编", "首页", "转载", "免责", "下一篇", "热门", "点赞", "借鉴", "发布时间"):
        assert words not in whole


def test_marks_on_what_is_missing() -> None:
    draft = manuals(
        "借书规定\n一、借阅 每次最多借____本,填写附表2《借书单》后,()由馆员核对。\n二、归还 逾期按天收费,每天一角。\n三、赔偿\n"
    )[0]
    assert draft.truncated
    assert draft.clauses[-1].kind is ClauseKind.HEADING
    notes = "".join(draft.notes)
    for words in ("附表2《借书单》", "空括号", "留有空白", "三、赔偿"):
        assert words in notes


def test_a_sentence_cut_in_mid_word_is_marked() -> None:
    draft = manuals(
        "泊车守则\n1、车主下车前提醒带走贵重物品。\n2、钥匙当面封袋并编号。\n3、车辆有旧伤的,先拍照再请车主签\n"
    )[0]
    assert draft.truncated
    assert draft.clauses[-1].truncated
    assert draft.clauses[-1].label == "第3条"


# -- a generator: the kinds of damage of MANUALS.md section 3, applied at random to manuals whose clauses are known -----

_ORGANISATIONS = ("云杉影院", "石桥驾校", "海棠花店", "北渡轮渡公司", "青瓦民宿", "白鹭泳馆")
_TITLES = (
    "管理制度",
    "服务规范",
    "奖惩办法",
    "工作守则",
    "操作细则",
    "应急预案",
    "值班须知",
    "服务标准",
    "接待流程(试行)",
    "员工手册",
)
_FORMS = (
    lambda n: f"第{'一二三四五六七八九'[n]}条",
    lambda n: f"{'一二三四五六七八九'[n]}、",
    lambda n: f"{n + 1}、",
    lambda n: f"({'一二三四五六七八九'[n]})",
    lambda n: f"({n + 1})",
    lambda n: f"{n + 1}.",
)  # fmt: skip
_DUTIES = (
    "顾客来电须在三声内接起,占线的十分钟内回拨", "现金收款当面点清,假币当场退还并登记", "设备停用超过1.5小时的,由班组长上报", "每天8:30至17:45开放,雨雪天顺延",
    "顾客遗留的物品贴上标签,保存90天", "押金退还不超过3个工作日,满1.5万元的须经理签字", "上岗前测量体温,高于37.3度的不得进场",
    "会员打8.5折,不与其他优惠同时使用", "对顾客的抱怨先道歉再解释,不推给别的部门",
)  # fmt: skip


def damaged_page(seed: int) -> tuple[str, list[tuple[str, list[str]]]]:
    """A page of several manuals and what is in them: titles with their sentences."""
    dice = random.Random(seed)
    parts, held = [], []
    for organisation in dice.sample(_ORGANISATIONS, 4):
        title = organisation + dice.choice(_TITLES)
        form = dice.choice(_FORMS)
        duties = dice.sample(_DUTIES, 6)
        sentences = [f"{organisation}的规矩是{duty}" for duty in duties]
        items = [f"{form(n)}{sentence}。" for n, sentence in enumerate(sentences)]
        if dice.random() < 0.5:  # bold text printed twice
            items[2] += f"{sentences[2]}。"
        body = " ".join(items)
        if dice.random() < 0.5:  # a page break inside a sentence
            cut = body.index("规矩", len(body) // 2) + 1
            body = f"{body[:cut]}\n\n{body[cut:]}"
        if dice.random() < 0.5:  # stray spaces
            body = body.replace("的规", "的 规", 2)
        lead = dice.choice(
            ("", f"{title[:-1] if title[-1] != ')' else title} ", f"{title}> 作者:Some Writer ")
        )
        closing = dice.choice(("", f" 以上就是{title}的内容,希望能够给大家带来帮助。"))
        parts.append(f"{title}\n\n{lead}{body}{closing}\n\n")
        held.append((title, sentences))
    if dice.random() < 0.5:  # a copy of the first, cut off
        parts.append(parts[0][: int(len(parts[0]) * 0.6)] + "\n\n")
    return "".join(parts) + "相关推荐\n\n最新文档\n", held


@pytest.mark.parametrize("seed", range(40))
def test_damaged_pages_keep_every_sentence_in_a_clause_of_its_own(seed: int) -> None:
    text, held = damaged_page(seed)
    drafts = manuals(text)
    assert [d.title for d in drafts] == [title for title, _ in held]
    for draft, (_, sentences) in zip(drafts, held, strict=True):
        assert len(draft.clauses) == len(sentences), [c.text for c in draft.clauses]
        for clause, sentence in zip(draft.clauses, sentences, strict=True):
            assert clause.text == f"{sentence}。"
            assert clause.label


def article(number: int) -> str:
    return f"第{number}条 坐席{number}号在接到来电后{number % 9 + 1}分钟内登记,并于当日18:30前回复;逾期按第3条、第4条执行。"


def test_a_manual_of_a_thousand_articles() -> None:
    found = labels("热线管理办法\n" + "\n".join(article(n) for n in range(1, 1001)))
    assert len(found) == 1000
    assert "坐席1000号" in found["第1000条"].text


@pytest.mark.slow
def test_ten_thousand_lines_take_time_in_proportion() -> None:
    in_proportion(
        lambda lines: manuals("热线管理办法\n" + "\n".join(article(n) for n in range(1, lines + 1))),
        1_000,
        10_000,
        25,
    )
