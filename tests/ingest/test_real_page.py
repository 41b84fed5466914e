"""The duties that the inventory of the real page (design/MANUALS.md, section 4) puts on ingestion.

Expected titles, labels, last words and phrases are read from the inventory and the development questions when the
test runs; no sentence of the page stands here.
"""

from __future__ import annotations

import json
import re
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest

from knowledge.clauses import ClauseDraft, ClauseKind, ManualDraft
from knowledge.keywords import Keywords
from knowledge.reading import question_terms


def squeeze(text: str) -> str:
    return re.sub(r"[\s.]+", "", unicodedata.normalize("NFKC", text))


def rows(shared: Path, section: str) -> dict[str, list[str]]:
    """The table of a section of the inventory by document id (first table only)."""
    text = (shared / "design" / "MANUALS.md").read_text(encoding="utf-8")
    body = text.split(f"\n## {section}.", 1)[1].split("\n## ", 1)[0]
    cells = (
        [c.strip() for c in line.strip("|").split("|")]
        for line in body.splitlines()
        if line.startswith("| D")
    )
    return {row[0]: row for row in cells}


@pytest.fixture(scope="session")
def by_id(shared: Path, seed_drafts: list[ManualDraft]) -> dict[str, ManualDraft]:
    """Drafts by the inventory's ids: both are in the order of the page; the folded copy has no draft."""
    ids = [i for i, row in rows(shared, "1").items() if "DUPLICATE" not in row[6]]
    assert len(ids) == len(seed_drafts)
    return dict(zip(ids, seed_drafts, strict=True))


def clauses_with(drafts: list[ManualDraft], phrase: str) -> list[ClauseDraft]:
    return [c for d in drafts for c in d.clauses if squeeze(phrase) in squeeze(c.text)]


def test_twenty_manuals_with_the_titles_of_the_inventory(shared: Path, by_id: dict[str, ManualDraft]) -> None:
    assert len(by_id) == 20
    inventory = rows(shared, "1")
    for number, draft in by_id.items():
        assert squeeze(inventory[number][3]).startswith(squeeze(draft.title)), number


@pytest.mark.parametrize(
    "words", ["相关文档", "作者:", "Writing Doc", "点击下面", "名目", "最新文档", "以上就是"]
)
def test_no_clause_of_the_website(seed_drafts: list[ManualDraft], words: str) -> None:
    assert not clauses_with(seed_drafts, words)


def test_same_title_but_two_manuals(by_id: dict[str, ManualDraft]) -> None:
    first, second = by_id["D03"], by_id["D14"]
    assert first.title == second.title
    assert first.organisation != second.organisation
    assert "电商平台" in first.organisation
    assert "按摩" in second.organisation


def test_folding_keeps_what_only_the_longer_copy_has(by_id: dict[str, ManualDraft]) -> None:
    folded = by_id["D01"]
    assert any("重复" in note for note in folded.notes)
    assert any("越级" in c.text for c in folded.clauses)
    assert any("方可上岗" in c.text for c in folded.clauses)


def test_broken_sentences_are_whole(shared: Path, seed_drafts: list[ManualDraft]) -> None:
    text = (shared / "design" / "MANUALS.md").read_text(encoding="utf-8")
    duty = re.search(r"^4\. Re-join.*$", text, re.M)
    assert duty is not None
    phrases = re.findall(r"`([^`]+)`", duty.group())
    assert len(phrases) == 4
    for phrase in phrases:
        assert len(clauses_with(seed_drafts, phrase)) == 1, phrase


def notations(clause: ClauseDraft) -> set[str]:
    """The ways in which one place is written: spaces and the point before a bracket don't count; what contains it
    (篇1, 第一章, an inner title) may be left out; the heading of the list may be written out, the name after a number
    may not be."""
    label = squeeze(clause.label).replace(".(", "(")
    names = {label}
    for container in clause.heading_path:
        for piece in (container.split(" ")[0], container):
            names |= {name.removeprefix(squeeze(piece)) for name in names}
    names |= {name.removeprefix("篇1") for name in names}
    words = clause.label.split(" ")
    if len(words) == 2 and re.fullmatch(r"[\d.]+", words[0]):
        names.add(squeeze(words[0]))  # 「4.3 技术支持」
    last = re.search(r"第\d+条$", label)
    if last and clause.heading_path:
        names.add(squeeze(clause.heading_path[-1]) + last.group())
    return names


def test_duty_every_label_form_of_section_two_is_the_label_of_one_clause(
    shared: Path, by_id: dict[str, ManualDraft]
) -> None:
    checked = 0
    for number, row in rows(shared, "2").items():
        if number not in by_id:
            continue
        for wanted in re.split(r";\s+", row[2]):
            there = [
                c.label for c in by_id[number].clauses if squeeze(wanted).replace(".(", "(") in notations(c)
            ]
            assert len(there) == 1, (number, wanted, there)
            checked += 1
    assert checked >= 21


def duty(shared: Path, number: int) -> str:
    """The text of one duty of section 4."""
    text = (shared / "design" / "MANUALS.md").read_text(encoding="utf-8").split("## 4.", 1)[1]
    found = re.search(rf"^{number}\. (.+)$", text, re.M)
    assert found is not None
    return found.group(1)


def test_duty_1_and_3_counts_boilerplate_and_the_union(shared: Path, seed_drafts: list[ManualDraft]) -> None:
    count = re.search(r"\*\*(\d+) documents\*\*", duty(shared, 1))
    assert count is not None
    assert len(seed_drafts) == int(count.group(1))
    for words in re.findall(r"`([^`]+)`", duty(shared, 1)):
        assert not clauses_with(seed_drafts, words), words
    kept = re.findall(r"`([^`]+)`", duty(shared, 3))
    assert len(kept) == 2
    for phrase in kept:
        assert clauses_with(seed_drafts[:1], phrase), phrase


def test_duty_5_numbers_stay_inside_one_clause(shared: Path, seed_drafts: list[ManualDraft]) -> None:
    for number in re.findall(r"`([^`]+)`", duty(shared, 5)):
        holding = clauses_with(seed_drafts, number)
        named = [c for d in seed_drafts for c in d.clauses if c.label.startswith(f"{number} ")]
        assert holding or named, number
        assert not [c for c in holding if squeeze(c.text) == squeeze(number)], number


def test_duty_6_the_misprinted_rule_is_found_and_quoted_as_printed(
    shared: Path, by_id: dict[str, ManualDraft], seed_drafts: list[ManualDraft]
) -> None:
    printed = re.search(r"`([^`]+)` must be found by 「([^」]+)」", duty(shared, 6))
    assert printed is not None
    clauses = [c for d in seed_drafts for c in d.clauses]
    index = Keywords.build([c.search_text for c in clauses])
    best = clauses[int(index.scores(question_terms(printed.group(2))).argmax())]
    assert printed.group(1) in best.text
    assert "超过" in best.search_text
    assert "超过" not in best.text


def test_duty_7_nothing_said_twice_in_a_row(seed_drafts: list[ManualDraft]) -> None:
    for draft in seed_drafts:
        for clause in draft.clauses:
            sentences = [squeeze(s) for s in re.split(r"[。!！?？;；]", clause.text) if len(squeeze(s)) >= 6]
            assert all(a != b for a, b in pairwise(sentences)), clause.label


def test_duty_8_every_empty_heading_of_the_inventory_is_one(
    shared: Path, by_id: dict[str, ManualDraft]
) -> None:
    text = (shared / "design" / "MANUALS.md").read_text(encoding="utf-8")
    line = re.search(r"\*\*Empty headings at a cut\*\*: (.+)$", text, re.M)
    assert line is not None
    found = re.findall(r"(?:^|· )([^·()]+) \((D\d\d)\)", line.group(1))
    assert len(found) >= 7
    for heading, number in found:
        empty = [c for c in by_id[number].clauses if c.kind is ClauseKind.HEADING]
        assert any(squeeze(heading).endswith(squeeze(c.text)) for c in empty), (number, heading)
        assert any("没有正文" in note for note in by_id[number].notes), number
    assert any("空括号" in note for note in by_id["D10"].notes)


def test_duty_9_every_manual_with_an_organisation_in_the_inventory_has_one(
    shared: Path, by_id: dict[str, ManualDraft]
) -> None:
    for number, row in rows(shared, "1").items():
        # A walk-in site, an online service, a call centre, a handbook: no business that the text names.
        if number in by_id and not re.search("generic|handbook|walk-in|online service", row[7]):
            assert by_id[number].organisation, number


def test_duty_10_the_place_inside_the_sub_document(shared: Path, by_id: dict[str, ManualDraft]) -> None:
    cited = re.search(r"\(《([^》]+)》(.+)\)", duty(shared, 10))
    assert cited is not None
    labels = {squeeze(c.label) for d in by_id.values() if d.title == cited.group(1) for c in d.clauses}
    assert squeeze(cited.group(2)) in labels


def test_numbers_are_no_list_marks(by_id: dict[str, ManualDraft]) -> None:
    for number, phrase in (
        ("D09", "8:00-17:30"),
        ("D16", "1.5%"),
        ("D14", "2022年1月"),
        ("D05", "18:30至24:00"),
    ):
        assert len(clauses_with([by_id[number]], phrase)) == 1, phrase
    labels = [c.label for c in by_id["D04"].clauses]
    assert [label for label in labels if label.startswith("4.1 ")]


def test_original_wording_is_kept(by_id: dict[str, ManualDraft]) -> None:
    assert clauses_with([by_id["D05"]], "不得超不2次")
    assert clauses_with([by_id["D05"]], "其次次翻倍")
    assert clauses_with([by_id["D16"]], "70的%")


def test_repeats_are_collapsed_and_stray_spaces_gone(
    seed_drafts: list[ManualDraft], by_id: dict[str, ManualDraft]
) -> None:
    principles = [c for c in by_id["D04"].clauses if c.label.startswith("3.")]
    assert len(principles) == 1
    assert principles[0].text.count("客户至上") == 1
    assert not [
        c.text
        for d in seed_drafts
        for c in d.clauses
        if re.search(r"[\u4e00-\u9fff] +[\u4e00-\u9fff]", c.text)
    ]
    assert clauses_with([by_id["D15"]], "大龙报修 xxx")
    assert any("xxx (工号)" in c.text or "xxx(工号)" in c.text for c in by_id["D15"].clauses)


def test_truncation_is_marked_as_in_the_inventory(shared: Path, by_id: dict[str, ManualDraft]) -> None:
    inventory = rows(shared, "1")
    for number, draft in by_id.items():
        state = inventory[number][6]
        if "**truncated" in state:
            assert draft.truncated, number
        elif state.startswith("complete"):
            assert not draft.truncated, number
        if "at a heading" in state:
            assert draft.clauses[-1].kind is ClauseKind.HEADING, number
            assert draft.clauses[-1].truncated, number


def test_empty_heading_in_the_middle_is_noted(by_id: dict[str, ManualDraft]) -> None:
    empty = [c for c in by_id["D13"].clauses if c.kind is ClauseKind.HEADING]
    assert [c.text for c in empty] == ["一、部门构架"]
    assert not empty[0].truncated
    assert any("部门构架" in note for note in by_id["D13"].notes)


def test_nothing_is_lost_at_the_ends(shared: Path, by_id: dict[str, ManualDraft]) -> None:
    for number, row in rows(shared, "1").items():
        if number not in by_id or number == "D08":  # D08 ends with the website's closing phrase
            continue
        last_words = re.split(r" \+ |…", row[5])[-1 if "…" in row[5] else 0]
        text = squeeze("".join(c.text for c in by_id[number].clauses))
        assert squeeze(last_words)[-10:] in text, number


def test_inner_titles_are_cited(by_id: dict[str, ManualDraft]) -> None:
    inner = {c.label.split(" ")[0] for c in by_id["D21"].clauses}
    assert len(inner) == 3
    assert "卫生管理制度" in inner
    assert any(c.label.endswith("三、(二)") for c in by_id["D21"].clauses)
    assert {c.label.split(" ")[0] for c in by_id["D17"].clauses} >= {"客服部岗位职责"}
    assert any("【保密制度】" in c.label for c in by_id["D17"].clauses)


def test_blanks_and_slots(by_id: dict[str, ManualDraft]) -> None:
    blank = [c for c in by_id["D19"].clauses if c.has_blank]
    assert len(blank) == 1
    assert blank[0].label.endswith("第3条")
    assert not [c for c in by_id["D15"].clauses if c.has_blank]


def test_words_to_say_are_scripts(by_id: dict[str, ManualDraft], seed_drafts: list[ManualDraft]) -> None:
    scripts = [c for d in seed_drafts for c in d.clauses if c.kind is ClauseKind.SCRIPT]
    assert scripts
    assert all(c in by_id["D15"].clauses for c in scripts)
    greeting = [c for c in scripts if "中秋节" in c.text]
    assert len(greeting) == 1
    assert "国庆节" not in greeting[0].text
    call_back = [c for c in scripts if c.label == "四、第2条"]
    assert len(call_back) == 1
    assert all(mark in call_back[0].text for mark in ("a.", "b.", "c。", "d。"))


def test_short_lists_stay_with_their_lead_in(by_id: dict[str, ManualDraft]) -> None:
    quality = [c for c in by_id["D20"].clauses if c.label == "一、(二)"]
    assert len(quality) == 1
    assert all(word in quality[0].text for word in ("质量控制", "远程监控", "现场监控", "辅导"))


def test_organisations_that_askers_name(by_id: dict[str, ManualDraft]) -> None:
    for number, words in (
        ("D05", "淘宝"),
        ("D07", "通信"),
        ("D12", "商场"),
        ("D15", "大龙"),
        ("D15", "供暖"),
        ("D17", "衣品择购"),
        ("D21", "保险"),
        ("D21", "中国人寿"),
    ):
        assert words in by_id[number].organisation, number


def test_internal_duplicates_are_folded_with_a_note(by_id: dict[str, ManualDraft]) -> None:
    assert sum("内容重复" in note for note in by_id["D05"].notes) == 2
    assert len(clauses_with([by_id["D05"]], "阿里旺旺和客户")) == 1


def test_each_quote_of_the_development_questions_is_in_one_clause(
    shared: Path, seed_drafts: list[ManualDraft]
) -> None:
    lines = (shared / "eval" / "questions.dev.jsonl").read_text(encoding="utf-8").splitlines()
    gold = [g for line in lines for g in json.loads(line)["gold"]]
    assert gold
    for item in gold:
        own = [d for d in seed_drafts if squeeze(d.title) == squeeze(item["document"])]
        assert clauses_with(own, item["quote"]), (item["document"], item["clause"])


def test_search_text_is_set(seed_drafts: list[ManualDraft]) -> None:
    assert all(c.search_text for d in seed_drafts for c in d.clauses)
