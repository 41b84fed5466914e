"""Markdown manuals: front matter, headings, lists, tables, scripts; Chinese and English."""

from __future__ import annotations

from ingest.readers import Document
from ingest.structure import split_manuals
from knowledge.clauses import ClauseDraft, ClauseKind, ManualDraft


def one(text: str) -> ManualDraft:
    drafts = split_manuals(Document(text, "guide.md"))
    assert len(drafts) == 1
    return drafts[0]


def labels(draft: ManualDraft) -> dict[str, ClauseDraft]:
    found = {c.label: c for c in draft.clauses}
    assert len(found) == len(draft.clauses)
    return found


def test_front_matter_wins() -> None:
    draft = one(
        "---\ntitle: 夜班手册\norganisation: 松风酒店\n---\n# 另一个标题\n\n夜班从晚上十一点开始,早上七点结束。\n"
    )
    assert (draft.title, draft.organisation) == ("夜班手册", "松风酒店")


def test_chinese_front_matter_and_no_front_matter() -> None:
    assert one("---\n标题: 夜班手册\n单位: 松风酒店\n---\n早上七点结束。\n").organisation == "松风酒店"
    draft = one("# 夜班手册\n\n早上七点结束。\n")
    assert draft.title == "夜班手册"
    assert draft.clauses[0].heading_path == ()
    assert one("## 交班\n\n早上七点交班。\n").title == "guide"


def test_a_rule_between_paragraphs_is_no_front_matter() -> None:
    draft = one("---\n这一行不是设置\n---\n\n# 标题\n\n正文在此。\n")
    assert any("这一行不是设置" in c.text for c in draft.clauses)


def test_chinese_headings_and_lists() -> None:
    draft = one(
        "# 客房手册\n\n## 第一章 入住\n\n### 一、登记\n\n1. 先核对证件,再问离店日期,最后录入系统。\n1. 押金按房价的一倍收取,离店时退还。\n\n"
        "### 二、行李\n\n行李寄存不超过三天。\n\n## 第二章 离店\n\n第三条 离店前查房,发现缺损的当面说明。\n\n第四条 退房时间为中午十二点。\n"
    )
    found = labels(draft)
    assert found["第一章 一、第2条"].text.startswith("押金按房价")
    assert found["第一章 一、第2条"].heading_path == ("第一章 入住", "一、登记")
    assert found["第一章 二、行李"].text == "行李寄存不超过三天。"
    assert found["第二章 第四条"].text == "退房时间为中午十二点。"


def test_table_rows_name_their_columns() -> None:
    draft = one(
        "## 五、故障代码\n\n| 代码 | 含义 | 处理 |\n|---|---|---|\n| E3 | 进水超时 | 检查**水龙头** |\n| E4 |  | 断电 |\n\n其余代码报修。\n"
    )
    found = labels(draft)
    row = found["五、故障代码 E3"]
    assert row.kind is ClauseKind.ROW
    assert row.text == "代码: E3; 含义: 进水超时; 处理: 检查**水龙头**"
    assert found["五、故障代码 E4"].text == "代码: E4; 处理: 断电"
    assert any(c.text == "其余代码报修。" and c.kind is ClauseKind.TEXT for c in draft.clauses)


def test_terse_latin_tables_stay_rows() -> None:
    draft = one("## Contacts\n\n| Team | Channel |\n|---|---|\n| Billing | #money |\n")
    assert draft.clauses[0].text == "Team | Channel\nBilling | #money"
    assert draft.clauses[0].kind is ClauseKind.ROW


def test_code_fence_with_words_to_say_is_a_script() -> None:
    draft = one(
        "## 开场白\n\n```\n您好,松风酒店,\n  请问有什么可以帮您?\n```\n\n## 设置\n\n```sh\nmake install\n```\n"
    )
    script, code = draft.clauses
    assert script.kind is ClauseKind.SCRIPT
    assert "\n  请问" in script.text
    assert code.kind is ClauseKind.TEXT
    assert code.text == "make install"


def test_english_sections_become_clauses_with_heading_paths() -> None:
    draft = one(
        "# Returns Guide\n\nHow we take things back.\n\n## 4 Returns\n\n### 4.3 Returns by post\n\nThe customer pays the postage. "
        "We refund it when the fault is ours.\n\n- Keep the box.\n- Print the label.\n\n### Exceptions\n\nNone.\n"
    )
    found = labels(draft)
    assert draft.language == "en"
    by_post = found["4.3 Returns by post"]
    assert by_post.heading_path == ("4 Returns", "4.3 Returns by post")
    assert "- Keep the box.\n- Print the label." in by_post.text
    assert found["Exceptions"].text == "None."
    assert found[""].text == "How we take things back."


def test_numbered_english_paragraphs_are_cited_by_number() -> None:
    draft = one(
        "# Desk Policy\n\n## 3. Sessions\n\n3.1 A session lasts no longer than an hour.\n\n3.2 The agent says what comes next.\n"
    )
    assert [c.label for c in draft.clauses] == ["3.1", "3.2"]
    assert draft.clauses[0].text == "A session lasts no longer than an hour."


def test_long_english_lists_are_packed_never_inside_a_sentence() -> None:
    items = "".join(
        f"- Item {i} explains in one whole sentence what the team member must do on day {i}.\n"
        for i in range(60)
    )
    draft = one(f"## Days\n\nThe days are:\n\n{items}")
    assert len(draft.clauses) > 2
    assert draft.clauses[0].text.startswith("The days are:\n- Item 0")
    for clause in draft.clauses:
        assert len(clause.text) <= 1300
        assert clause.text.endswith(".")


def test_wrapped_markdown_lines() -> None:
    zh = one("## 送货\n\n送货前一天打电话\n约时间,没有人接的\n改天再约。\n")
    assert zh.clauses[0].text == "送货前一天打电话约时间,没有人接的改天再约。"
    en = one("## Delivery\n\nCall the day\nbefore delivery.\n")
    assert en.clauses[0].text == "Call the day before delivery."


def test_html_is_read_without_its_tags() -> None:
    draft = one(
        "## Scores\n\n<table><tr><td>Level</td><td>Points</td></tr><tr><td>Gold</td><td>90</td></tr></table>\n\n<!-- hidden -->\nText.\n"
    )
    whole = "\n".join(c.text for c in draft.clauses)
    assert "Level | Points" in whole
    assert "Gold | 90" in whole
    assert "<td>" not in whole
    assert "hidden" not in whole


def test_several_manuals_below_level_one_headings() -> None:
    text = "# 前台管理制度\n\n微笑服务。\n\n# 后厨卫生规定\n\n生熟分开。\n"
    assert [d.title for d in split_manuals(Document(text, "a.md"))] == ["前台管理制度", "后厨卫生规定"]
    chapters = "# 第一部分\n\n微笑服务。\n\n# 第二部分\n\n生熟分开。\n"
    assert len(split_manuals(Document(chapters, "a.md"))) == 1


def test_short_lines_do_not_split_a_document() -> None:
    draft = one("## Intro\n\nStaff Handbook\n\nExpense Policy\n\nRead this first.\n")
    assert any("Expense Policy" in c.text for c in draft.clauses)


def test_only_front_matter_still_makes_a_manual() -> None:
    draft = one("---\ntitle: Entity pages\ndescription: A list of pages by country.\n---\n")
    assert draft.title == "Entity pages"
    assert [c.text for c in draft.clauses] == ["A list of pages by country."]


def test_empty_heading_at_the_end_is_truncation() -> None:
    draft = one("# 手册\n\n## 一、接待\n\n微笑服务,站立迎接。\n\n## 二、送客\n")
    assert draft.truncated
    assert draft.clauses[-1].kind is ClauseKind.HEADING
    assert draft.clauses[-1].truncated
