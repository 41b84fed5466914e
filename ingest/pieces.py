"""Cutting a text that is too long for one clause, never inside a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Lengths in characters: `group` up to which a list stays in one piece, `longest` for one piece of prose."""

    group: int
    longest: int

    @classmethod
    def of(cls, *, chinese: bool) -> Sizes:
        """The sizes for a language: ideographs carry about three times as much as Latin letters."""
        return cls(350, 600) if chinese else cls(1200, 1200)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a clause's text. `name` tells it apart, `lead` is the line above that announces it."""

    text: str
    name: str = ""
    lead: str = ""


_SENTENCE = re.compile(r"[^。！!？?；;\n]*(?:[。！!？?；;]+[”\"’')）』」]*|\n|$)")
_LATIN_SENTENCE = re.compile(r".*?(?:[.!?]+[\"')\]*_]*(?=\s)\s*|\n|$)", re.S)
_KEYED = re.compile(r"([^,，。;；:：!！?？“”\"\s]{2,12})[:：]")


def split_long(text: str, sizes: Sizes, *, chinese: bool) -> list[Piece]:
    """`text` as pieces of at most `sizes.longest` characters where sentences allow it."""
    text = text.strip()
    if len(text) <= sizes.group or (len(text) <= sizes.longest and "\n" not in text):
        return [Piece(text)] if text else []
    pieces = _by_announcement(text) if chinese else [Piece(text)]
    out: list[Piece] = []
    for piece in pieces:
        if len(piece.text) <= sizes.longest:
            out.append(piece)
        else:
            out += [Piece(t, piece.name, piece.lead) for t in _balanced(piece.text, sizes, chinese=chinese)]
    return out


def _by_announcement(text: str) -> list[Piece]:
    """Lines that begin with a name (「春节:…」) below a line that announces them are pieces of their own."""
    lines = text.split("\n")
    pieces: list[Piece] = []
    plain: list[str] = []
    at = 0
    while at < len(lines):
        keyed = _keyed_run(lines, at + 1) if lines[at].rstrip().endswith((":", "：")) else 0
        if keyed < 2:
            plain.append(lines[at])
            at += 1
            continue
        if plain:
            pieces.append(Piece("\n".join(plain)))
            plain = []
        for line in lines[at + 1 : at + 1 + keyed]:
            name = _KEYED.match(line)
            pieces.append(Piece(line, name.group(1) if name else "", lines[at].strip()))
        at += 1 + keyed
    if plain:
        pieces.append(Piece("\n".join(plain)))
    return pieces


def _keyed_run(lines: list[str], start: int) -> int:
    count = 0
    for line in lines[start:]:
        if not _KEYED.match(line):
            break
        count += 1
    return count


def _units(text: str, sizes: Sizes, *, chinese: bool) -> list[str]:
    """Paragraphs that fit, and the sentences of those that don't."""
    units: list[str] = []
    for line in text.splitlines(keepends=True):
        if len(line) <= sizes.longest // 2:
            units.append(line)
        else:
            sentences = (_SENTENCE if chinese else _LATIN_SENTENCE).findall(line)
            units += [part for s in sentences if s for part in _bearable(s, sizes.longest)]
    return units


def _bearable(sentence: str, longest: int) -> list[str]:
    """A sentence as it is; one of several times the length of a clause (text without full stops) in pieces that end
    at commas or spaces where there are any."""
    if len(sentence) <= 4 * longest:
        return [sentence]
    parts = re.findall(rf".{{1,{longest}}}(?:[,，、 ]|$)|.{{{longest}}}", sentence, re.S)
    return parts if "".join(parts) == sentence else [sentence]


def _balanced(text: str, sizes: Sizes, *, chinese: bool) -> list[str]:
    """Pieces of about equal length, cut between sentences, at the ends of lines if possible."""
    sentences = _units(text, sizes, chinese=chinese)
    parts = -(-len(text) // sizes.longest)
    aim = len(text) / parts
    out: list[str] = []
    current = ""
    for sentence in sentences:
        if (
            current.strip()
            and len(current) + len(sentence) / 2 > aim
            and len(current) + len(sentence) > aim * 0.9
        ):
            out.append(current.strip())
            current = ""
        current += sentence
    if current.strip():
        out.append(current.strip())
    return [piece for piece in out if piece]
