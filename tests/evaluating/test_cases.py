"""Files of questions: both formats, three kinds of file, and one sentence for a bad line."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from bot.evaluating.cases import QuestionSetError, read_cases

HEAD = ["问题", "期望", "必须包含", "手册", "备注"]
ROWS = [
    ["几点开门?", "answered", "9:40\n闭馆", "借阅室守则", "—"],
    ["", "", "", "", ""],
    ["猫能进吗?", "not_found", "", "", ""],
]


def write_csv(path: Path, encoding: str) -> Path:
    def cell(text: str) -> str:
        return f'"{text}"' if "\n" in text else text

    lines = [",".join(cell(one) for one in row) for row in [HEAD, *ROWS]]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def write_xlsx(path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in [HEAD, *ROWS]:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("kind", ["utf-8-sig", "gb18030", "xlsx"])
def test_tables(kind: str, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "q.xlsx") if kind == "xlsx" else write_csv(tmp_path / "q.csv", kind)
    opens, cat = read_cases(path)
    assert opens.must_include == ("9:40", "闭馆")
    assert (opens.expected, opens.manual, opens.is_answerable) == ("answered", "借阅室守则", True)
    assert (cat.question, cat.expected, cat.is_absent) == ("猫能进吗?", "not_found", True)


def test_lines(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    rows = [
        {"question": "几点开门?", "must_include": "9:40", "nobody": "knows"},
        {
            "id": 7,
            "question": "那周末呢?",
            "history": [{"role": "user", "text": "几点开门?"}],
            "expected": None,
        },
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n\n", encoding="utf-8")
    first, second = read_cases(path)
    assert len(first.id) == 10
    assert first.must_include == ("9:40",)
    assert (second.id, second.expected, second.turns[0].text) == ("7", "answer", "几点开门?")
    path.write_text(path.read_text("utf-8").replace("9:40", "9:50"), encoding="utf-8")
    assert read_cases(path)[0].id == first.id  # the same question, wished otherwise


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"question": "a"}\n{"question": }', "line 2: not JSON"),
        ('{"question": "a"}\n["a"]', "line 2: an object"),
        ('{"asked": "a"}', "line 1: question"),
        ('{"question": "  "}', "line 1: question"),
        ('{"question": "a", "expected": "maybe"}', "“maybe” is none of answer"),
        ('{"question": "a", "must_include": ["(9"]}', "line 1: must_include: “(9” is no regular expression"),
        ('{"question": "a", "history": [{"role": "boss", "text": "x"}]}', "line 1: history.0.role"),
        ('{"question": "a"}\n\n{"question": "a"}', "line 3: the same question or id stands in line 1"),
        ("\n\n", "holds no question"),
        ("[" * 100_000, "line 1"),
    ],
)
def test_a_bad_line_is_one_sentence_with_its_number(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(QuestionSetError) as caught:
        read_cases(path)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("q.jsonl")


def test_bad_files(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match="is not a file"):
        read_cases(tmp_path / "none.jsonl")
    (tmp_path / "q.csv").write_text("编号,说明\n1,x\n", encoding="utf-8")
    with pytest.raises(QuestionSetError, match="one of them question"):
        read_cases(tmp_path / "q.csv")
    (tmp_path / "q.xlsx").write_bytes(b"PK\x03\x04 no")
    with pytest.raises(QuestionSetError, match="no Excel file"):
        read_cases(tmp_path / "q.xlsx")
