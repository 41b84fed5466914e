"""Each kind of damage of real pages, on documents of our own wording."""

from __future__ import annotations

from ingest.readers import Document
from ingest.structure import split_manuals
from knowledge.clauses import ClauseDraft, ClauseKind, ManualDraft


def manuals(text: str) -> list[ManualDraft]:
    return split_manuals(Document(text, "page.txt"))


def one(text: str) -> ManualDraft:
    drafts = manuals(text)
    assert len(drafts) == 1
    return drafts[0]


def by_label(draft: ManualDraft) -> dict[str, ClauseDraft]:
    labels = {c.label: c for c in draft.clauses}
    assert len(labels) == len(draft.clauses), "labels must be unique"
    return labels


FILLER = "门店每天营业前由值日的同事打开灯光和空调,检查货架是否整齐,并把昨天没有处理完的客户留言逐条看一遍。"


def page(title: str, body: str) -> str:
    """A manual as document-sharing sites print it: the title line, then everything in one line."""
    return f"{title}\n\n{title} {body}\n\n"


def test_wrapped_lines_are_joined() -> None:
    draft = one(
        "花店送货守则\n\n一、送货员出发前要核对卡片上的收花人姓名和电话,发现\n\n不一致时先联系下单的人。\n\n"
        "二、鲜花在车上要固定好,夏天开冷气,冬天关紧车窗,免得花瓣\n\n冻伤。\n"
    )
    clauses = by_label(draft)
    assert "发现不一致时先联系" in clauses["一"].text
    assert "花瓣冻伤。" in clauses["二"].text


def test_a_heading_line_is_not_joined_to_what_follows() -> None:
    draft = one(
        "书店管理制度\n一、总则\n为了让读者安心看书,订立本制度。\n二、借阅\n1、每人每次最多借三本。\n2、借期十五天。\n"
    )
    clauses = by_label(draft)
    assert clauses["一、总则"].text == "为了让读者安心看书,订立本制度。"
    assert clauses["二、第1条"].heading_path == ("二、借阅",)


def test_flattened_page_is_cut_at_its_inline_marks() -> None:
    body = f"一、总则 {FILLER} 二、营业 1、早上八点半开门; 2、晚上九点关门;(3)节假日顺延。 三、罚则 1、迟到一次扣15元。2、旷工按天扣发工资。"
    draft = one(page("文具店管理制度", body))
    clauses = by_label(draft)
    assert clauses["一、总则"].text == FILLER
    assert clauses["三、第1条"].text == "迟到一次扣15元。"
    assert clauses["三、第2条"].text == "旷工按天扣发工资。"


def test_glued_items_are_separated() -> None:
    draft = one(
        "(1)上岗前换好工服,戴好胸牌,把手机调成静音交给组长;(2)收银台不放私人物品,零钱当面点清;(3)打烊前清点备用金并签字。(4)钥匙由两个人分别保管,不得互相转借。\n"
    )
    assert [c.label for c in draft.clauses] == ["(1)", "(2)", "(3)", "(4)"]
    assert draft.clauses[2].text == "打烊前清点备用金并签字。"


def test_numbers_in_sentences_are_no_marks() -> None:
    draft = one(
        "上班时间规定\n1.上午 7:45-12:15,下午 13:40-18:05,中间休息1.5小时,每月 2. 5号发工资。\n"
        "2.提成按1.5%计算,超过10 分)的部分不算,2022 年 1 月起执行。\n3.1次不交扣5元,2次不交扣10元。\n"
    )
    assert [c.label for c in draft.clauses] == ["第1条", "第2条", "第3条"]
    assert "2022年1月起" in draft.clauses[1].text
    assert "1.5小时" in draft.clauses[0].text


def test_decimal_headings_and_decimal_numbers() -> None:
    draft = one(
        "场地服务规范\n1. 范围 本规范适用于各个场地的前台。 2. 服务 2.1 迎宾 - 客人进门先问好,再问几位。 - 带位时走在客人左前方。 2.2 结账 - 账单面朝客人,抹去 2.5 元以下的零头。 3. 收尾\n"
    )
    labels = [c.label for c in draft.clauses]
    assert labels == ["1. 范围", "2.1 迎宾", "2.2 结账", "3. 收尾"]
    assert "2.5元" in draft.clauses[2].text
    assert draft.clauses[-1].kind is ClauseKind.HEADING
    assert draft.truncated


def test_articles_in_chapters_and_references_to_articles() -> None:
    draft = one(
        "会员章程\n第一章总则 第一条本章程适用于全体会员。 第二条违反第一条规定的,按照第二章 第三条的规定处理。 第二章处理 第三条暂停积分三个月。\n"
    )
    assert [c.label for c in draft.clauses] == ["第一章 第一条", "第一章 第二条", "第二章 第三条"]
    assert draft.clauses[0].heading_path == ("第一章 总则",)


def test_stray_spaces_go_and_latin_spaces_stay() -> None:
    draft = one(
        "一、客 服要在 24 小时内回 复 email to the customer,并登记 CRM System。\n二、每周 3 次回访。\n"
    )
    assert draft.clauses[0].text == "客服要在24小时内回复 email to the customer,并登记 CRM System。"
    assert draft.clauses[1].text == "每周3次回访。"


def test_repeated_sentences_and_items_collapse() -> None:
    draft = one(
        "导购守则\n一、守时:约好的时间提前五分钟到。守 时:约好的时间提前五分钟到。\n二、岗位职责\n"
        "1、每天早上清点样品,发现缺少的当场登记并告诉店长。\n2、下班前把试衣间收拾干净,关灯锁门。\n3、每天早上清点样品,发现缺少的当场登记并告诉店长。\n"
    )
    assert draft.clauses[0].text.count("提前五分钟") == 1
    assert sum("清点样品" in c.text for c in draft.clauses) == 1
    assert any("内容重复" in note for note in draft.notes)


def two_page_text() -> str:
    return page(
        "茶馆服务制度", f"一、总则 {FILLER} 二、茶具 1、茶具用后消毒。 2、破损的当天报给库房。"
    ) + page("茶馆采购办法", f"一、原则 {FILLER}货比三家。 二、验收 1、两人验收,缺一不可。 2、发霉的茶叶")


def test_several_manuals_on_a_page() -> None:
    drafts = manuals(two_page_text())
    assert [d.title for d in drafts] == ["茶馆服务制度", "茶馆采购办法"]
    assert not drafts[0].truncated
    assert drafts[1].truncated
    assert drafts[1].clauses[-1].truncated


def test_title_twice_and_with_lost_characters() -> None:
    for start in ("茶馆服务制度范文 茶馆服务制度范 ", "茶馆服务制度范文\n茶馆服务制度范文 ", "茶馆服务制度 "):
        draft = one(f"茶馆服务制度范文\n{start}一、总则 {FILLER} 二、其他 自公布之日起执行。\n")
        assert draft.title == "茶馆服务制度范文"
        assert [c.label for c in draft.clauses] == ["一、总则", "二、其他"]


def test_a_collection_of_which_one_part_is_there() -> None:
    draft = one(
        f"门卫管理制度(精选8篇)\n门卫管理制度(精选8篇) 门卫管理制度篇1 一、值班 1、{FILLER} 2、夜里每两小时巡查一次。 二、交接\n"
    )
    assert draft.truncated
    assert any("8篇" in note for note in draft.notes)
    labels = [c.label for c in draft.clauses]
    assert labels == ["篇1 一、第1条", "篇1 一、第2条", "篇1 二、交接"]
    assert draft.clauses[-1].kind is ClauseKind.HEADING


def test_website_words_are_dropped() -> None:
    text = (
        f"配送管理制度20篇\n配送管理制度20篇 【导语】配送管理制度怎么写?本文整理了20篇优秀范文,点击下面《目录》可以快速到达,希望对您有所帮助。 目录 "
        f"【第1篇】同城配送规定 {FILLER} 一、时效 1)两小时内送到; 2)超时免运费。 以上就是配送管理制度的全部内容,希望能够给大家带来帮助。\n\n相关推荐\n\n最新文档\n"
    )
    draft = one(text)
    whole = "".join(c.text for c in draft.clauses)
    for words in ("整理了", "点击", "目录", "以上就是", "相关推荐", "最新文档"):
        assert words not in whole
    assert FILLER in whole
    assert "超时免运费" in whole


def test_duplicates_fold_into_the_longer_one() -> None:
    body = f"一、开门 {FILLER} 二、收银 1、收银员每半天交一次款,不得把当天的营业款带回家里过夜。 2、差额由当班的人补齐,当面签字。"
    drafts = manuals(page("糕点店制度", body) + page("糕点店制度", body + " 三、关门 最后离开的人拉下电闸。"))
    assert len(drafts) == 1
    assert "三、关门" in by_label(drafts[0])
    assert any("重复" in note for note in drafts[0].notes)


def test_like_manuals_with_another_number_are_not_folded() -> None:
    body = "一、开门 {0} 二、罚款 1、收银员每半天交一次款,没有按时交款的一次扣{1}元。 2、差额由当班的人补齐,当面签字。"
    drafts = manuals(
        page("糕点店制度", body.format(FILLER, 20)) + page("糕点店制度", body.format(FILLER, 50))
    )
    assert len(drafts) == 2
    assert len({(d.title, d.organisation) for d in drafts}) == 2


def test_restarted_lists_are_told_apart() -> None:
    draft = one(
        "一、接待\n1、客人进门三十秒内有人招呼,不让客人久等。\n2、说普通话,不在客人面前聊天。\n"
        "1.衣着要整洁,不穿拖鞋上班。\n2.头发束起来,不留长指甲。\n"
    )
    labels = [c.label for c in draft.clauses]
    assert labels[:2] == ["一、第1条", "一、第2条"]
    assert labels[2:] == ["(第二列表)第1条", "(第二列表)第2条"]


def test_lists_named_by_their_lead_in() -> None:
    draft = one(
        "第一则 接待和收银 接待守则包括: (1)站着迎接,坐着的客人要蹲下来说话。 (2)不催促客人点单,不议论客人的口味。 (3)听不懂的话请客人再说一遍。\n"
        "收银员遵守的收银规则包括: (1)唱收唱付,当面点清。 (2)小票随找零一起双手递上。\n"
    )
    labels = [c.label for c in draft.clauses]
    assert labels[0] == "第一则 接待守则(1)"
    assert labels[-1] == "第一则 收银规则(2)"


def test_repeated_and_jumping_numbers() -> None:
    draft = one(
        "一、分工\n1)前台登记来客并发放号牌。\n2)中台查询订单并安排座位。\n2)后台准备物料并清点数量。\n7)店长处理投诉并填写日报。\n"
    )
    assert [c.label for c in draft.clauses] == ["一、1)", "一、2)", "一、2) 第2段", "一、7)"]


def test_inner_titles_make_sub_documents() -> None:
    draft = one(
        page(
            "影院综合制度",
            f"检票制度 1、{FILLER} 2、开场十分钟后不再检票。 3、散场时打开两侧安全门。 影厅卫生制度 1、每场结束后清扫一遍。 2、饮料洒在座椅上的当场换座套。",
        )
    )
    labels = [c.label for c in draft.clauses]
    assert "检票制度 第2条" in labels
    assert labels[-1] == "影厅卫生制度 第2条"


def test_bracket_headings() -> None:
    draft = one(
        f"健身房须知\n【入场】 {FILLER} 【更衣】 1、贵重物品自己保管,丢失不赔。 2、不在更衣室拍照。\n"
    )
    assert [c.label for c in draft.clauses] == ["【入场】", "【更衣】第1条", "【更衣】第2条"]


def test_blanks_are_flagged_and_slots_are_not() -> None:
    draft = one("一、加班每小时补助____元,由店长签字后发放。\n二、您好,这里是xxx号坐席,请问有什么可以帮您?\n")
    assert [c.has_blank for c in draft.clauses] == [True, False]
    assert draft.clauses[1].kind is ClauseKind.SCRIPT


def test_dialogue_stays_with_its_lead_in() -> None:
    draft = one(
        "一、回访\n1、取件后第二天打电话回访,依次问:\na.包裹收到了吗?\nb.外包装有没有破损?\nc。还需要别的服务吗?\n2、三次没人接的改发短信。\n"
    )
    first = draft.clauses[0]
    assert first.label == "一、第1条"
    assert "a." in first.text
    assert "c。" in first.text
    assert draft.clauses[1].text == "三次没人接的改发短信。"


def test_named_lines_below_an_announcement_are_quoted_singly() -> None:
    greetings = " ".join(
        f"{day}:统一使用开头语:“{day}好!这里是青禾快递客服,工号xxx(工号)在听,请问您要寄件还是查件?”(跟读确认问题)"
        for day in ("元宵节", "端午节", "重阳节", "腊八节", "小年夜")
    )
    body = (
        f"一、用语 1、接电话: “您好,青禾快递客服,请问有什么可以帮您?”(等客户说完) 请问单号是多少?(跟读确认) 节日期间使用统一的开头语: {greetings}"
        " 2、结束时等客户先挂。"
    )
    clauses = by_label(one(page("快递话术", body)))
    assert "端午节好" in clauses["一、第1条 端午节"].text
    assert "重阳节" not in clauses["一、第1条 端午节"].text
    assert clauses["一、第1条 端午节"].heading_path[-1].endswith("开头语:")


def test_empty_heading_in_the_middle() -> None:
    draft = one(
        f"仓库制度\n一、组织架构\n二、入库\n1、{FILLER}\n2、单货不符的拒收。\n三、出库\n1、先进先出,按批次发货。\n"
    )
    heading = draft.clauses[0]
    assert heading.kind is ClauseKind.HEADING
    assert heading.text == "一、组织架构"
    assert not heading.truncated
    assert any("组织架构" in note for note in draft.notes)


def test_remark_about_missing_pages_marks_truncation() -> None:
    draft = one("值班制度\n一、值班人员夜里不得睡觉。\n二、值班日志由下一班的人\n〔以下缺页〕\n")
    assert draft.truncated
    assert draft.clauses[-1].truncated


def test_sections_in_a_line_by_line_handbook_stay_one_manual() -> None:
    draft = one(
        "山泉水站员工手册\n\n送水管理制度\n\n1、送水前电话确认有人在家。\n\n2、空桶当场清点。\n\n卫生管理制度\n\n1、水桶每天擦洗。\n\n2、穿鞋套进门。\n"
    )
    assert draft.title == "山泉水站员工手册"
    assert any("鞋套" in c.text and "卫生管理制度" in c.label for c in draft.clauses)


def test_prose_without_structure_is_one_manual() -> None:
    prose = "".join(
        f"第{i}天的游客走的是湖边的小路,晚上住在山脚下的木屋里,第二天一早看日出。" for i in range(40)
    )
    draft = one(prose)
    assert len(draft.clauses) > 1
    assert all(len(c.text) <= 600 for c in draft.clauses)
    assert "".join(c.text for c in draft.clauses) == prose
    assert all(c.text.endswith("。") for c in draft.clauses)
    assert draft.title == "page"


def test_chapters_that_begin_anew_below_a_title_begin_a_manual() -> None:
    drafts = manuals(
        "洗车店管理制度\n一、开门\n每天八点开门。\n二、收费\n轿车洗一次三十元。\n\n洗车店奖惩办法\n一、奖励\n全勤奖两百元。\n二、处罚\n迟到一次扣十元。\n"
    )
    assert [d.title for d in drafts] == ["洗车店管理制度", "洗车店奖惩办法"]
    assert [c.label for c in drafts[1].clauses] == ["一、奖励", "二、处罚"]


def test_inner_titles_below_an_umbrella_title_stay_in_it() -> None:
    draft = one(
        "洗车店制度汇编\n\n开门管理制度\n\n一、八点开门。\n二、八点半晨会。\n\n收费管理制度\n\n一、轿车洗一次三十元。\n二、会员八折。\n"
    )
    assert draft.title == "洗车店制度汇编"
    assert [c.label for c in draft.clauses][-1] == "收费管理制度 二"


def test_an_announcement_stays_with_the_short_list_it_announces() -> None:
    draft = one(
        "第五条 补贴按以下标准执行:1.骑车的每月三十元;2.坐公交的每月六十元;3.开车的每月一百元。\n第六条 每月五日发放。\n"
    )
    first = by_label(draft)["第五条"]
    assert first.text.startswith("补贴按以下标准执行:")
    assert "开车的每月一百元" in first.text


def test_the_reading_for_search_is_normalised_and_the_text_is_not() -> None:
    clause = one("一、迟到三次以上的,扣發當月獎金,並由ＯＡ系統通報。\n二、其他。\n").clauses[0]
    assert "扣發當月獎金" in clause.text
    assert "扣发当月奖金" in clause.search_text
    assert "oa系统" in clause.search_text
