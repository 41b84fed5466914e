"""What holds for any text: nothing is lost, nothing raises, time grows with length."""

from __future__ import annotations

import pytest
from growth import in_proportion
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.cleaning import letters
from ingest.encodings import decode
from ingest.errors import IngestError
from ingest.readers import Document
from ingest.structure import split_manuals
from knowledge.clauses import ManualDraft

_MARKS = [
    "一、",
    "二、",
    "三、",
    "(一)",
    "(二)",
    "1.",
    "2.",
    "3、",
    "(1)",
    "(2)",
    "1)",
    "a.",
    "b.",
    "①",
    "②",
    "第一章",
    "第二条",
    "【值班】",
    "- ",
    "4.1 ",
    "# ",
    "## ",
    "| ",
    "```",
    "> ",
    "---",
    "____",
    "篇1 ",
]
_WORDS = [
    "客服",
    "登记",
    "三天",
    "制度",
    "规定:",
    "office",
    "ABC",
    "17:30",
    "1.5%",
    "2022",
    "您好",
    "“请",
    "”",
    "(备注)",
    "包括:",
    "如下:",
    "手册",
    "。",
    ";",
    ",",
    "!",
    " ",
    "\n",
    "\n\n",
    "\u3000",
]
_soup = st.lists(st.sampled_from(_MARKS + _WORDS), max_size=60).map("".join)
_RELAXED = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def drafts(text: str) -> list[ManualDraft]:
    return split_manuals(Document(text, "any.txt"))


def everything(found: list[ManualDraft]) -> str:
    parts = [d.title for d in found]
    for draft in found:
        for clause in draft.clauses:
            parts += [clause.text, clause.label, *clause.heading_path]
    return "".join(parts)


def shape(text: str) -> None:
    for draft in drafts(text):
        assert draft.title
        assert draft.clauses
        names = [c.label for c in draft.clauses]
        assert len(names) == len(set(names))
        for clause in draft.clauses:
            assert clause.text.strip() == clause.text
            assert letters(clause.text) or "_" in clause.text


@_RELAXED
@given(st.text())
def test_any_text_is_borne(text: str) -> None:
    shape(text)


@_RELAXED
@given(_soup)
def test_any_soup_of_marks_is_borne(text: str) -> None:
    shape(text)


@_RELAXED
@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text = decode(data, "x.txt")
    except IngestError:
        return
    shape(text)


def sentence(number: int) -> str:
    """A sentence that occurs once: its number is spelt in ideographs."""
    spelt = "".join("甲乙丙丁戊己庚辛壬癸"[int(d)] for d in str(number))
    return f"遇到{spelt}号情形时由当班的同事登记并在交班前告诉组长"


_styles = st.sampled_from(
    [
        ("一、", "二、", "三、"),
        ("1.", "2.", "3."),
        ("(1)", "(2)", "(3)"),
        ("第一条", "第二条", "第三条"),
        ("1、", "2、", "3、"),
        ("- ", "- ", "- "),
    ]
)


@st.composite
def outlines(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A document of nested lists in one of several layouts, with the sentences it holds."""
    outer, inner = draw(_styles), draw(_styles)
    gap = draw(st.sampled_from(["\n", "\n\n", " "]))
    end = draw(st.sampled_from(["。", ";", ""])) if gap != " " else draw(st.sampled_from(["。", ";"]))
    held: list[str] = []
    lines: list[str] = []
    for mark in outer[: draw(st.integers(1, 3))]:
        held.append(sentence(len(held)))
        lines.append(f"{mark}{held[-1]}{end}")
        for below in inner[: draw(st.integers(0, 3))]:
            held.append(sentence(len(held)))
            lines.append(f"{below}{held[-1]}{end}")
    title = draw(st.sampled_from(["", "值班管理制度\n"]))
    return title + gap.join(lines), held


@_RELAXED
@given(outlines())
def test_no_sentence_is_lost_or_cut(document: tuple[str, list[str]]) -> None:
    text, held = document
    clauses = ["\n".join([c.text, *c.heading_path]) for d in drafts(text) for c in d.clauses]
    for wanted in held:
        assert any(wanted in clause for clause in clauses), (wanted, text)


@_RELAXED
@given(
    st.lists(st.sampled_from([sentence(i) for i in range(40)]), min_size=1, max_size=30, unique=True),
    st.integers(8, 60),
)
def test_wrapping_at_any_width_is_undone(sentences: list[str], width: int) -> None:
    whole = "。".join(sentences) + "。"
    wrapped = "\n\n".join(whole[i : i + width] for i in range(0, len(whole), width))
    assert letters("".join(c.text for d in drafts(wrapped) for c in d.clauses)) == letters(whole)


@_RELAXED
@given(st.text(alphabet=st.sampled_from("客服登记值班甲乙丙丁天地人 ,。;:!?()“”、\nabcXYZ"), max_size=300))
def test_no_ideograph_or_latin_letter_disappears(text: str) -> None:
    there = set(everything(drafts(text)))
    lost = {c for c in text if c.isalpha()} - there
    if drafts(text):
        assert not lost


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "一、总则 1、客服人员应当按时到岗,迟到一次扣20元。 (1)早班八点。 (2)晚班四点。 ",
        "- 每天早上打扫卫生,检查设备。\n",
        "普通的一段话,没有任何编号,只是讲述一件事情的经过而已。",
        "## Heading\n\nA paragraph of plain words that says nothing much.\n\n1. one\n1. two\n\n",
        "a",
        "【",
        "((((",
        "客服: ",
        "1、说明:\n",
    ],
)
def test_time_grows_with_length_not_with_its_square(unit: str) -> None:
    long = in_proportion(lambda length: drafts(unit * (length // len(unit))), 20_000, 200_000, 40)
    assert long < 12
