"""Zip files, type by content, and the checks that refuse a file with one sentence."""

from __future__ import annotations

import io
import os
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import IngestError
from ingest.pipeline import Intake
from ingest.readers import find_files, read, read_all, read_bytes
from knowledge.embedding import load_embedder
from knowledge.library import Library
from knowledge.migrations import upgrade
from knowledge.vectors import Vectors
from tests.ingest.formats.test_html import CHINESE
from tests.ingest.formats.test_pptx import deck
from tests.ingest.formats.test_spreadsheets import sheet, workbook
from tests.ingest.formats.word_parts import p, word_file, zipped
from tickets.store import open_engine

WORD = word_file(p("每天早上七点喂一次谷子,并把水换成凉开水。"))
TEXT = "每天早上七点喂一次谷子,并把水换成凉开水。\n"


def reading(tmp_path: Path, data: bytes, name: str = "全.zip"):  # type: ignore[no-untyped-def]
    path = tmp_path / name
    path.write_bytes(data)
    return read_all(path)


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(IngestError) as error:
        read_bytes(data, name)
    sentence = str(error.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert sentence.startswith(name)
    return sentence


def test_each_file_of_a_zip_is_read_with_its_own_name_and_a_bad_one_stops_no_other(tmp_path: Path) -> None:
    inner = zipped({"里/c.txt": TEXT})
    nested = zipped({"d.zip": zipped({"e.txt": TEXT})})
    found = reading(
        tmp_path,
        zipped(
            {
                "a/须知.docx": WORD,
                "b.txt": TEXT.encode("gb18030"),
                "坏.docx": b"PK\x03\x04 broken",
                "图.png": b"\x89PNG\r\n\x1a\n" + bytes(50),
                "内.zip": inner,
                "深.zip": nested,
                "__MACOSX/a/._须知.docx": b"x",
                ".DS_Store": b"x",
                "a/~$须知.docx": b"x",
                "空.txt": b"",
            }
        ),
    )
    assert [d.source for d in found.documents] == ["须知.docx", "b.txt", "c.txt"]
    assert {r.source for r in found.refused} == {"坏.docx", "图.png", "d.zip", "空.txt"}
    assert all(r.reason.endswith(".") and "\n" not in r.reason for r in found.refused)


def test_files_of_one_name_are_told_apart_by_their_folder(tmp_path: Path) -> None:
    found = reading(tmp_path, zipped({"东/须知.txt": TEXT, "西/须知.txt": TEXT}))
    assert [d.source for d in found.documents] == ["东/须知.txt", "西/须知.txt"]


def test_names_that_chinese_windows_wrote(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("NAME01.txt", TEXT)
    data = out.getvalue().replace(b"NAME01", "须知表".encode("gbk"))
    assert [d.source for d in reading(tmp_path, data).documents] == ["须知表.txt"]


@pytest.mark.parametrize("name", ["../../etc/passwd.txt", "/etc/a.txt", "C:\\win\\a.txt", "a/../../b.txt"])
def test_paths_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    found = reading(tmp_path, zipped({"好.txt": TEXT, name: TEXT}))
    assert [d.source for d in found.documents] == ["好.txt"]
    assert "leads out" in found.refused[0].reason


def test_locked_zip(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": TEXT}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    found = reading(tmp_path, bytes(data))
    assert "password" in found.refused[0].reason


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"a.txt": b"0" * 100_000_000}, "more than is safe"),
        ({f"{i}.txt": b"" for i in range(5001)}, "more than is safe"),
        ({f"{i}.txt": b"a" for i in range(1001)}, "split it"),
        ({}, "no files"),
    ],
)
def test_bombs_and_empty_zips(tmp_path: Path, files: dict[str, str | bytes], says: str) -> None:
    with pytest.raises(IngestError, match=says):
        reading(tmp_path, zipped(files))


def test_office_files_that_would_burst_or_expand() -> None:
    bomb = {"[Content_Types].xml": "<Types/>", "word/document.xml": b"<w>" + b" " * 70_000_000 + b"</w>"}
    assert "more than is safe" in refusal(zipped(bomb), "a.docx")
    entities = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    for part in ("word/document.xml", "xl/workbook.xml", "ppt/presentation.xml"):
        for encoding in ("utf-8", "utf-16"):
            held = {"[Content_Types].xml": "<Types/>", part: f"{entities}<w>&b;</w>".encode(encoding)}
            assert "declares XML entities" in refusal(zipped(held), "a.docx")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (WORD, "须知.txt"),
        (WORD, "须知.zip"),
        (sheet(("过失", "扣款"), ("忘记锁门", "50元")), "扣款.zip"),
        (sheet(("过失", "扣款"), ("忘记锁门", "50元")), "扣款.csv"),
        (deck(), "课.docx"),
        (CHINESE.format("").encode(), "须知.docx"),
        (CHINESE.format("").encode("utf-16"), "须知.doc"),
        (b"\xef\xbb\xbf<!-- saved -->\n<?xml version='1.0'?><HTML><p>" + TEXT.encode(), "须知"),
        (f"<h1>须知</h1>\n<p>{TEXT}</p>".encode(), "片.txt"),
    ],
)
def test_content_decides_not_the_name(data: bytes, name: str) -> None:
    assert read_bytes(data, name).blocks


def test_markdown_that_opens_with_a_tag_stays_markdown() -> None:
    text = '<p align="center"><b>须知</b></p>\n\n# 喂鸟须知\n\n每天喂一次。\n'
    assert not read_bytes(text.encode(), "须知.md").blocks


def ole(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + b"".join(s.encode("utf-16-le") for s in streams)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (ole("WordDocument"), "save it as .docx"),
        (ole("Workbook"), "save it as .xlsx"),
        (ole("PowerPoint Document"), "save it as .pptx"),
        (ole("EncryptionInfo", "EncryptedPackage"), "password"),
        (ole(), "old Office file"),
        (b"{\\rtf1\\ansi\\ansicpg936 x}", "save it as .docx"),
        (b"Rar!\x1a\x07\x00", "rar"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"\x1f\x8b\x08\x00", "gz"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "web archive"),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
            "OpenDocument",
        ),
        (zipped({"[Content_Types].xml": "<a/>", "xl/workbook.bin": "x"}), "binary Excel"),
        (zipped({"[Content_Types].xml": "<a/>", "x.xml": "<a/>"}), "no Word, Excel or PowerPoint"),
        (
            zipped({"[Content_Types].xml": "<a/>", "word/document.xml": "<a"}),
            "is broken in word/document.xml",
        ),
        (zipped({"a.txt": "x"}), "zip file of files"),
        (WORD[: len(WORD) // 2], "cut off"),
        (word_file(p("")), "holds no text"),
        (word_file(p("锟斤拷" * 10)), "garbled"),
        (workbook(""), "holds no text"),
    ],
)
def test_what_cannot_be_read_gets_one_sentence(data: bytes, says: str) -> None:
    assert says in refusal(data, "文件.docx")


def test_limit_device_and_archive_read_as_one(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    path.write_text(TEXT * 100, encoding="utf-8")
    with pytest.raises(IngestError, match=r"大.txt is 0.0 MB, more than the 0.0 MB allowed; split it"):
        read(path, limit_bytes=1000)
    assert read(path, limit_bytes=100_000).text
    pipe = tmp_path / "管"
    os.mkfifo(pipe)
    with pytest.raises(IngestError, match="device or a pipe"):
        read(pipe)
    (tmp_path / "两.zip").write_bytes(zipped({"a.txt": TEXT, "b.txt": TEXT}))
    with pytest.raises(IngestError, match="holds 2 documents"):
        read(tmp_path / "两.zip")


def test_no_permission_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")

    read_bytes = Path.read_bytes

    def denied(self: Path) -> bytes:
        if self != path:  # what other threads of this process read is theirs
            return read_bytes(self)
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)  # root may read everything
    with pytest.raises(IngestError, match=r"cannot be read \(Permission denied\); check its permissions"):
        read(path)


def test_a_folder_walk_finds_every_kind_and_no_lock_files(tmp_path: Path) -> None:
    names = ("a.docx", "b.XLSX", "c.pptx", "d.html", "e.csv", "f.zip", "g.doc")
    for name in (*names, "~$a.docx", "h.exe"):
        (tmp_path / name).write_bytes(b"x")
    assert [path.name for path in find_files([tmp_path])] == list(names)


@pytest.fixture
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    home = tmp_path_factory.mktemp("library")
    engine = open_engine(f"sqlite:///{home / 'kefu.db'}")
    upgrade(engine)
    opened = Library(engine, lambda model: Vectors(home, model), load_embedder, home / "index")
    yield opened
    opened.close()
    engine.dispose()


@pytest.mark.slow
def test_one_bad_file_in_a_folder_of_a_hundred(tmp_path: Path, library: Library) -> None:
    words = random.Random(7)  # noqa: S311 - ninety-nine manuals that have nothing in common
    for number in range(98):
        rule = "".join(
            words.choices("东西南北春夏秋冬山水木石金火风云星月花草鸟鱼虫马牛羊门窗桌椅书笔灯钟", k=20)
        )
        name = f"{rule[:4]}{number:02}.docx"
        (tmp_path / name).write_bytes(word_file(p(f"{rule}。")))
    whole = tmp_path / "须知.txt"
    whole.write_text(TEXT, encoding="utf-8")
    intake = Intake(library)
    library.publish(intake.stage([whole], "admin").edition_ids, "admin")
    whole.unlink()
    live = library.generation, library.manuals()
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 broken")
    (tmp_path / "集.zip").write_bytes(
        zipped({"好.txt": "值班电话每季度更换一次。", "坏.pptx": b"PK\x03\x04"})
    )
    staged = intake.stage([tmp_path], "admin")
    assert {r.source for r in staged.refused} == {"坏.xlsx", "坏.pptx"}
    assert sum(change.added for change in staged.changes) == 99
    assert (library.generation, library.manuals()) == live
