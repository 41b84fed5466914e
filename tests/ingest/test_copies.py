"""One manual in several files of a batch: folded with a note, unless something tells the files apart."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from sqlalchemy import create_engine

from ingest.documents import Document
from ingest.duplicates import fold_copies
from ingest.pipeline import Intake
from ingest.structure import split_manuals
from knowledge.clauses import ManualDraft, Metadata
from knowledge.embedding import load_embedder
from knowledge.library import Library
from knowledge.migrations import upgrade
from knowledge.vectors import Vectors

RULES = (
    "每天开门前检查灯光和叫号机,发现故障先报修再挂停用牌。",
    "客人排队超过十五人时加开一个窗口,由值班组长决定。",
    "收到假币当面说明并上交财务,不得退还也不得再用。",
    "孩子走失时先广播再联系保安,同时守住三个出口。",
    "下班前把当天没有办完的事写进交接簿,两人签名。",
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    home = tmp_path / "home"
    home.mkdir()
    engine = create_engine(f"sqlite:///{home / 'kefu.db'}")
    upgrade(engine)
    opened = Library(engine, lambda m: Vectors(home, m), load_embedder, home / "index")
    yield opened
    opened.close()


def text(rules: tuple[str, ...], title: str = "窗口值班规程") -> str:
    return title + "\n\n" + "\n".join(f"第{'一二三四五'[i]}条 {rule}" for i, rule in enumerate(rules))


def word(rules: tuple[str, ...]) -> bytes:
    made = docx.Document()
    for line in text(rules).split("\n"):
        made.add_paragraph(line)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def draft(rules: tuple[str, ...], title: str = "窗口值班规程", source: str = "a.txt") -> ManualDraft:
    (found,) = split_manuals(Document(text=text(rules, title), source=source))
    return found


def test_copies_in_several_files_are_one_manual_with_a_note(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "manuals"
    folder.mkdir()
    (folder / "cut-off.txt").write_text(text(RULES[:3]), encoding="utf-8")
    (folder / "whole.docx").write_bytes(word(RULES))
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.writestr("again.docx", word(RULES))
    staged = Intake(library).stage([folder], "admin")
    assert [(c.title, c.clauses) for c in staged.changes] == [("窗口值班规程", 5)]
    assert sum("已合并到较完整的一份" in note for note in staged.changes[0].notes) == 2


@pytest.mark.parametrize(
    "said",
    [
        {"organisation": "东门店"},
        {"metadata": Metadata(audience=("role:leader",))},
        {"inherits": frozenset({"owner"})},
        {"suspicious": ("第一条「…」",)},
        {"title": "窗口值班规程(西门)"},
    ],
    ids=lambda said: next(iter(said)),
)
def test_what_was_said_of_one_alone_keeps_them_apart(said: Mapping[str, object]) -> None:
    one = replace(draft(RULES), organisation="西门店")
    assert len(list(fold_copies([one, replace(one, **said)]))) == 2


def test_another_number_in_one_of_two_copies_keeps_both() -> None:
    other = draft((*RULES[:1], RULES[1].replace("十五", "二十"), *RULES[2:]))
    assert len(list(fold_copies([draft(RULES), other]))) == 2


def test_manuals_come_out_in_their_order() -> None:
    first, last = draft(RULES, "甲册"), draft(RULES[:2], "乙册")
    found = list(fold_copies([first, draft(RULES[:3]), last, draft(RULES, source="longer.txt")]))
    assert [(d.title, d.source) for d in found] == [
        ("甲册", "a.txt"),
        ("窗口值班规程", "longer.txt"),
        ("乙册", "a.txt"),
    ]
