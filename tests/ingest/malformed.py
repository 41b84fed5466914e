"""Files that are broken in every way, made from whole ones of each format.

`SOURCES` is the list of whole files; a format joins by one entry. Everything is made from seeds, so that a failure
can be repeated by its name.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import cache

from tests.ingest.formats.test_docx import ARTICLES, STYLES
from tests.ingest.formats.test_html import PAGE
from tests.ingest.formats.test_pptx import deck
from tests.ingest.formats.test_spreadsheets import FAQ, sheet
from tests.ingest.formats.word_parts import p, use, word_file, zipped
from tests.ingest.pdf_samples import text_pdf

_RULES = "".join(
    p(f"{word}的笼子每天早上七点打扫一次。", use="1", level=n % 3)
    for n, word in enumerate("甲乙丙丁戊己庚辛壬癸")
)
_TEXT = (
    "鸟舍值班制度\n\n一、喂食\n1、每天早上七点喂一次谷子,并把水换成凉开水。\n2、喂食之前先洗手。\n二、清洁\n笼子每周刷洗一次。\n"
    * 5
)
_MARKDOWN = (
    "---\ntitle: 鸟舍\n---\n# 须知\n\n## 一、喂食\n\n- 谷子\n- 水\n\n| 品种 | 食量 |\n|---|---|\n| 文鸟 | 一勺 |\n\n```\n您好。\n```\n"
    * 3
)


def _table() -> str:
    rows = "".join(
        f"<w:tr><w:tc>{p(a)}</w:tc><w:tc>{p(b)}</w:tc></w:tr>"
        for a, b in (("品种", "食量"), ("文鸟", "一勺"))
    )
    return f"<w:tbl>{rows}</w:tbl>"


SOURCES: dict[str, Callable[[], bytes]] = {
    "须知.docx": lambda: word_file(
        p("须知", style="T") + _RULES + _table(), numbering=ARTICLES + use(1, 0), styles=STYLES, title="须知"
    ),
    "扣款.xlsx": lambda: sheet(
        ("扣款一览",), ("过失", "扣款", "起"), ("忘记锁门", 0.5, 46082), ("喂错", 20, 46083), merge=("A1:C1",)
    ),
    "课.pptx": deck,
    "页.html": PAGE.encode,
    "问答.csv": lambda: FAQ.encode("gb18030"),
    "全.zip": lambda: zipped({"一.txt": _TEXT, "二.docx": word_file(_RULES), "三.csv": FAQ}),
    "页.txt": lambda: (_TEXT * 3).encode("gb18030"),
    "须知.md": _MARKDOWN.encode,
    "须知.pdf": text_pdf,
}
"""Whole files by name. (Scans and pictures, slow to read, are damaged in test_ocr.py.)"""

MAGICS = (
    b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"BM",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf1", b"<!DOCTYPE html>", b"<html>", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf",
    b"Rar!", b"\x1f\x8b", b"II*\x00", b"RIFF\x00\x00\x00\x00WEBP",
)  # fmt: skip
_BOMB = (
    "<!DOCTYPE x ["
    + "".join(f'<!ENTITY e{i + 1} "{f"&e{i};" * 10}">' for i in range(9))
    + '<!ENTITY e0 "lol">]>'
)
_NUMBERS = ("0", "-1", "99999999999999999999", "1e309", "NaN", "", "²")


@cache
def whole(name: str) -> bytes:
    """The whole file of a source."""
    return SOURCES[name]()


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Some bytes changed."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 5, max(1, len(data) // 100)))):
        out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def cut(data: bytes, chance: random.Random) -> bytes:
    """The beginning or the end only, or a hole in the middle."""
    a, b = sorted((chance.randrange(len(data)), chance.randrange(len(data))))
    return chance.choice((data[:a], data[a:], data[:a] + data[b:], data[:a] + bytes(b - a) + data[b:]))


def doubled(data: bytes, chance: random.Random) -> bytes:
    """A piece of it many times."""
    at = chance.randrange(len(data))
    return data[:at] + data[at : at + 200] * 500 + data[at:]


def masked(data: bytes, chance: random.Random) -> bytes:
    """The first bytes of another format before it, or instead of its own."""
    magic = chance.choice(MAGICS)
    return magic + data[chance.choice((0, len(magic))) :]


def mixed(data: bytes, chance: random.Random) -> bytes:
    """Half of it and half of another file."""
    other = whole(chance.choice(sorted(SOURCES)))
    return data[: len(data) // 2] + other[len(other) // 2 :]


def garbled(data: bytes, chance: random.Random) -> bytes:
    """Decoded wrongly and saved again."""
    return data.decode(chance.choice(("latin-1", "gb18030", "utf-8")), "replace").encode()


ANY = (flipped, cut, doubled, masked, mixed, garbled)


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def swapped(data: bytes, chance: random.Random) -> bytes:
    """Two members of the zip file change places."""
    parts = _parts(data)
    a, b = chance.sample(sorted(parts), 2)
    parts[a], parts[b] = parts[b], parts[a]
    return zipped(dict(parts))


def missing(data: bytes, chance: random.Random) -> bytes:
    """A member of the zip file is gone, another is empty."""
    parts = _parts(data)
    parts.pop(chance.choice(sorted(parts)))
    parts[chance.choice(sorted(parts))] = b""
    return zipped(dict(parts))


def torn(data: bytes, chance: random.Random) -> bytes:
    """One member damaged inside, packed soundly."""
    parts = _parts(data)
    name = chance.choice(sorted(n for n in parts if parts[n]))
    parts[name] = chance.choice(ANY)(parts[name], chance)
    return zipped(dict(parts))


def odd_numbers(data: bytes, chance: random.Random) -> bytes:
    """Numbers in the XML that no program writes."""
    parts = _parts(data)
    for name in parts:
        if name.endswith(".xml"):
            text = parts[name].decode("utf-8", "replace")
            parts[name] = re.sub(
                r'"-?\d+"', lambda m: f'"{chance.choice(_NUMBERS)}"' if chance.random() < 0.3 else m[0], text
            ).encode()
    return zipped(dict(parts))


def lost_tags(data: bytes, chance: random.Random) -> bytes:
    """Elements of the XML renamed or emptied, well-formed."""
    parts = _parts(data)
    for name in parts:
        text = parts[name].decode("utf-8", "replace")
        tags = sorted(set(re.findall(r"<([\w:]+)[ >/]", text)))
        if name.endswith((".xml", ".rels")) and tags:
            tag = chance.choice(tags)
            parts[name] = re.sub(rf"(</?){re.escape(tag)}(?=[ >/])", rf"\1{tag}x", text).encode()
    return zipped(dict(parts))


def deep(data: bytes, chance: random.Random) -> bytes:
    """Elements nested as deeply as no document is."""
    parts = _parts(data)
    name = chance.choice(sorted(n for n in parts if n.endswith(".xml")))
    opening, closing = "<a>" * 50_000, "</a>" * 50_000
    parts[name] = re.sub(r"(</[\w:]+>\s*)$", rf"{opening}{closing}\1", parts[name].decode()).encode()
    return zipped(dict(parts))


def entities(data: bytes, chance: random.Random) -> bytes:
    """Entities that expand to a thousand million."""
    parts = _parts(data)
    name = chance.choice(sorted(n for n in parts if n.endswith((".xml", ".rels"))))
    text = re.sub(r"^<\?xml[^>]*\?>", "", parts[name].decode())
    parts[name] = (_BOMB + re.sub(r"(</[\w:]+>\s*)$", r"&e9;\1", text)).encode()
    return zipped(dict(parts))


def declared(data: bytes, chance: random.Random) -> bytes:
    """Sizes in the directory of the zip file that are not true."""
    out = bytearray(data)
    for match in re.finditer(b"PK\x01\x02", data):
        at = match.start() + chance.choice((20, 24, 42))
        out[at : at + 4] = chance.choice(
            (b"\xff\xff\xff\x7f", b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\x10\x00\x00\x00")
        )
    return bytes(out)


PACKED = (swapped, missing, torn, odd_numbers, declared)
OFFICE = (lost_tags, deep, entities)


def broken(name: str, rounds: int) -> Iterator[tuple[str, bytes]]:
    """Broken files made of one source: (what was done, bytes), `rounds` of each kind of damage."""
    data = whole(name)
    packed = data.startswith(b"PK")
    office = packed and not name.endswith(".zip")
    for damage in (*ANY, *(PACKED if packed else ()), *(OFFICE if office else ())):
        for seed in range(rounds):
            yield (
                f"{name}-{damage.__name__}-{seed}",
                damage(data, random.Random(f"{name}{damage.__name__}{seed}")),
            )
