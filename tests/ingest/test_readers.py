"""Reading files: encodings, refusals, walking folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import IngestError
from ingest.readers import find_files, read

CHINESE = (
    "值班室守则\n一、来访的客人由门卫登记后领入。\n二、晚上十点以后不再接待来访,急事请拨打值班电话。\n三、钥匙借出须签名,当天归还。\n"
    * 3
)
TRADITIONAL = (
    "值班室守則\n一、來訪的客人由門衛登記後領入。\n二、晚上十點以後不再接待來訪,急事請撥打值班電話。\n三、鑰匙借出須簽名,當天歸還。\n"
    * 3
)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE, "utf-8"),
        (CHINESE, "utf-8-sig"),
        (CHINESE, "utf-16"),
        (CHINESE, "utf-16-le"),
        (CHINESE, "utf-16-be"),
        (CHINESE, "gb18030"),
        (CHINESE, "gbk"),
        (TRADITIONAL, "big5"),
        (TRADITIONAL, "gb18030"),
        ("Opening hours: Monday to Friday, 9:00 to 18:00.\n", "ascii"),
        ("The café opens at nine – daily.\n", "utf-8"),
    ],
)
def test_encodings(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "manual.txt"
    path.write_bytes(text.encode(encoding))
    document = read(path)
    assert document.text == text
    assert document.source == "manual.txt"


@pytest.mark.parametrize("encoding", ["gb18030", "big5"])
def test_short_legacy_text(tmp_path: Path, encoding: str) -> None:
    text = "客服每天早上九点开始接待客户" if encoding == "gb18030" else "客服每天早上九點開始接待客戶"
    path = tmp_path / "short.txt"
    path.write_bytes(text.encode(encoding))
    assert read(path).text == text


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no text"),
        (b" \n\t\r\n", "no text"),
        (b"\x00\x01\x02\x03" * 200, "not a text file"),
        (b"%PDF-1.7 \xe2\xe3\xcf\xd3 stream", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "picture"),
        (b"PK\x03\x04" + bytes(100), "is broken"),
        (("锟斤拷" * 20 + "客户").encode(), "garbled"),
        (("客户\ufffd\ufffd服务\ufffd" * 10).encode(), "garbled"),
        (CHINESE.encode("gbk").decode("latin-1").encode("utf-8"), "garbled"),
    ],
)
def test_refusals_are_one_sentence_that_names_the_file(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "broken.txt"
    path.write_bytes(data)
    with pytest.raises(IngestError) as refusal:
        read(path)
    sentence = str(refusal.value)
    assert says in sentence
    assert "broken.txt" in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")


def test_missing_and_folder(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="does not exist"):
        read(tmp_path / "nowhere.txt")
    with pytest.raises(IngestError, match="is a folder"):
        read(tmp_path)


def test_content_decides_not_the_name(tmp_path: Path) -> None:
    path = tmp_path / "manual.pdf"
    path.write_text(CHINESE, encoding="utf-8")
    assert read(path).text == CHINESE


def test_find_files_walks_sorted_without_hidden(tmp_path: Path) -> None:
    for name in ("b.md", "a.txt", ".hidden.md", "program.exe", "sub/c.txt", ".git/d.txt", "sub/.cache/e.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text("x", encoding="utf-8")
    found = [p.relative_to(tmp_path).as_posix() for p in find_files([tmp_path, tmp_path / "a.txt"])]
    assert found == ["a.txt", "b.md", "sub/c.txt"]


def test_find_files_refuses_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="does not exist"):
        find_files([tmp_path / "gone"])
    with pytest.raises(IngestError, match="No manual"):
        find_files([tmp_path])
