"""Malformed files of every format: a sentence or a reading, never anything else, never for long."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import IngestError
from ingest.readers import read_all, read_bytes
from ingest.structure import split_manuals
from tests.ingest import malformed
from tests.ingest.formats.test_spreadsheets import workbook
from tests.ingest.formats.word_parts import word_file, zipped

_RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_SECONDS = 240
"""Without its bounds what is tried here takes for ever; with them a second, and on a busy machine many."""
DEFAULT = [(name, 1) for name in malformed.SOURCES]
ROUNDS = 5


def taken(folder: Path, name: str, data: bytes) -> str:
    """What becomes of a file: the sentence that refuses it, or nothing when it was read."""
    path = folder / name
    path.write_bytes(data)
    try:
        reading = read_all(path)
    except IngestError as error:
        sentences = [str(error)]
    else:
        sentences = [refusal.reason for refusal in reading.refused]
        for document in reading.documents:
            for draft in split_manuals(document):
                assert draft.title
                assert draft.clauses
    for sentence in sentences:
        assert sentence.endswith("."), sentence
        assert "\n" not in sentence
    return " ".join(sentences)


@pytest.mark.timeout(_SECONDS)
@pytest.mark.parametrize("name", malformed.SOURCES)
def test_whole_files_are_read(tmp_path: Path, name: str) -> None:
    assert not taken(tmp_path, name, malformed.whole(name))


@pytest.mark.timeout(_SECONDS)
@pytest.mark.parametrize("name", malformed.SOURCES)
def test_some_broken_files_of_each_format(tmp_path: Path, name: str) -> None:
    cases = list(malformed.broken(name, 1))
    chosen = random.Random(name).sample(cases, 5)  # noqa: S311 - which few are tried here, the rest in the slow suite
    for what, data in chosen:
        print(what)
        taken(tmp_path, name, data)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "seed"), [(name, seed) for name in malformed.SOURCES for seed in range(ROUNDS)]
)
def test_all_broken_files(tmp_path: Path, what: str, seed: int) -> None:
    """Each kind of damage in several forms: more than three hundred files."""
    import time

    for label, data in malformed.broken(what, ROUNDS):
        if label.endswith(f"-{seed}"):
            print(label)
            started = time.monotonic()
            taken(tmp_path, what, data)
            assert time.monotonic() - started < _SECONDS, label


def test_there_are_two_hundred_of_them() -> None:
    assert sum(1 for name in malformed.SOURCES for _ in malformed.broken(name, ROUNDS)) >= 200


@pytest.mark.timeout(_SECONDS)
@pytest.mark.parametrize("magic", malformed.MAGICS)
def test_every_first_byte_with_nothing_behind(tmp_path: Path, magic: bytes) -> None:
    assert taken(tmp_path, "x", magic) or magic.isalpha()


@_RELAXED
@given(st.sampled_from(malformed.MAGICS), st.binary(max_size=300))
def test_any_bytes_behind_any_magic(magic: bytes, data: bytes) -> None:
    try:
        split_manuals(read_bytes(magic + data, "x"))
    except IngestError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either outcome is right


_TAGS = [
    "p",
    "r",
    "t",
    "pPr",
    "rPr",
    "numPr",
    "numId",
    "ilvl",
    "pStyle",
    "tbl",
    "tr",
    "tc",
    "tcPr",
    "gridSpan",
    "vMerge",
    "ins",
    "del",
    "moveTo",
    "moveFrom",
    "sdt",
    "sdtContent",
    "sdtPr",
    "br",
    "sym",
    "txbxContent",
    "footnoteReference",
    "vanish",
    "outlineLvl",
    "trPr",
]


@st.composite
def _word_xml(draw: st.DrawFn, depth: int = 0) -> str:
    tag = draw(st.sampled_from(_TAGS))
    value = draw(st.sampled_from(["", "0", "1", "-1", "9999999999", "H1", "restart", "²", "on"]))
    inside = "" if depth > 3 else "".join(draw(st.lists(_word_xml(depth=depth + 1), max_size=3)))
    text = draw(st.sampled_from(["", "喂食", "第一条", "1.", "一、"]))
    return f'<w:{tag} w:val="{value}" w:id="{value}">{text}{inside}</w:{tag}>'


@settings(_RELAXED, max_examples=25)
@given(st.lists(_word_xml(), max_size=4))
def test_any_word_xml(elements: list[str]) -> None:
    data = word_file("".join(elements), numbering="".join(elements[:2]), styles="".join(elements[2:]))
    try:
        split_manuals(read_bytes(data, "x.docx"))
    except IngestError as error:
        assert "broken" not in str(error)  # noqa: PT017 - it is well-formed; only its text may be missing


@_RELAXED
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["A1", "B1", "A2", "C9", "XFD1048576", "??", "", "A99999999999"]),
            st.sampled_from(["s", "n", "b", "d", "e", "str", "inlineStr", "zz"]),
            st.sampled_from(["0", "1", "-1", "1e999", "2026-03-01", "喂食", ""]),
        ),
        max_size=8,
    )
)
def test_any_cells(cells: list[tuple[str, str, str]]) -> None:
    rows = "".join(
        f'<row><c r="{place}" t="{kind}" s="7"><v>{value}</v></c></row>' for place, kind, value in cells
    )
    try:
        split_manuals(read_bytes(workbook(rows), "x.xlsx"))
    except IngestError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either outcome is right


@_RELAXED
@given(
    st.lists(
        st.sampled_from(
            [
                "<table>",
                "<tr>",
                "<td",
                "colspan=99>",
                "<td",
                "rowspan=9999>",
                "</td>",
                "</tr>",
                "</table>",
                "<li",
                "value=-1>",
                "<ol",
                "start=²>",
                "</ol>",
                "<ul>",
                "</ul>",
                "<h1>",
                "</h1>",
                "<p>",
                "<pre>",
                "</pre>",
                "<dt>",
                "<dd>",
                "<br>",
                "喂食",
                "第一条",
                "<!--",
                "-->",
                "<del>",
                "</del>",
                "<summary>",
                "&#0;",
                "&lt;",
                "<main>",
                "</main>",
                "<form>",
                "<caption>",
            ]
        ),
        max_size=40,
    )
)
def test_any_markup(pieces: list[str]) -> None:
    try:
        split_manuals(read_bytes(("<html>" + " ".join(pieces)).encode(), "x.html"))
    except IngestError as error:
        assert "no text" in str(error) or "garbled" in str(error)  # noqa: PT017 - NULs read as garbled


_GONE = '<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr><w:r><w:t>喂食</w:t></w:r></w:p>'
_NOTE = '<w:p><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
_LONG_NOTE = f'<w:footnote w:id="2">{_GONE * 5000}</w:footnote>'
_WIDE = (
    '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="500"/></w:tcPr><w:p><w:r><w:t>喂</w:t></w:r></w:p></w:tc></w:tr>'
)
_CORNERS = '<row r="1"><c r="A1"><v>1</v></c></row><row r="19000"><c r="IV19000"><v>1</v></c></row>'
_MERGES = "<mergeCells>" + '<mergeCell ref="A1:IV19000"/>' * 100 + "</mergeCells>"


@pytest.mark.timeout(_SECONDS)
@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("deleted.docx", lambda: word_file(_GONE * 30_000)),
        pytest.param(
            "notes.docx", lambda: word_file(_NOTE * 20_000, footnotes=_LONG_NOTE), marks=pytest.mark.slow
        ),
        pytest.param(
            "wide.docx", lambda: word_file(f"<w:tbl>{_WIDE * 20_000}</w:tbl>"), marks=pytest.mark.slow
        ),
        pytest.param(
            "spans.html",
            lambda: b"<html><table>" + b"<tr><td colspan=50 rowspan=200>x" * 20_000,
            marks=pytest.mark.slow,
        ),
        ("cells.html", lambda: b"<html><table><tr>" + b"<td>x" * 50_000),
        pytest.param(
            "site.html",
            lambda: b"<html>" + b"<div class=nav>" * 1500 + b"<p>x" * 50_000,
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "item.html",
            lambda: b"<html><ul><li>" + "<p>每天喂一次。</p>".encode() * 30_000,
            marks=pytest.mark.slow,
        ),
        ("merges.xlsx", lambda: workbook(_CORNERS, _MERGES)),
    ],
)
def test_shapes_that_would_cost_without_bounds(tmp_path: Path, name: str, make: Callable[[], bytes]) -> None:
    taken(tmp_path, name, make())


@pytest.mark.timeout(_SECONDS)
def test_a_zip_in_itself_is_bounded(tmp_path: Path) -> None:
    data = zipped({"a.txt": b"x" * 1000})
    for _ in range(6):
        data = zipped({f"{n}.zip": data for n in range(10)})
    assert "unpack it first" in taken(tmp_path, "x.zip", data)


@pytest.mark.timeout(_SECONDS)
def test_overlapping_members_are_bounded(tmp_path: Path) -> None:
    """Many names for one stretch of packed zeros."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("000.txt", bytes(15_000_000))
    data = out.getvalue()
    begin, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entries = b"".join(data[begin:end].replace(b"000.txt", f"{n:03}.txt".encode()) for n in range(500))
    tail = bytearray(data[end:])
    tail[8:10] = tail[10:12] = (500).to_bytes(2, "little")
    tail[12:16] = len(entries).to_bytes(4, "little")
    assert "more than is safe" in taken(tmp_path, "x.zip", data[:begin] + entries + bytes(tail))
