"""Words to say, out of a clause: exactly as written, slots kept, in an order that can be read aloud. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.clauses import Clause, ClauseKind

_LEAST = 6
"""Characters of a quoted text from which it is something to say, not a word that is named."""
_QUOTED = re.compile(r"“([^“”]+)[”\"]|「([^「」]+)」|『([^『』]+)』|\"([^\"“”]+)[\"”]|‘([^‘’]{6,})’")
_COLUMN = re.compile(
    r"(?:^|[;；]\s*)(?P<name>[^:：;；]{0,12}(?:问候|用语|话术|说法|台词|开场白|开头语|结束语|祝福|原话|wording|greeting|script|phrase)[^:：;；]{0,6})[:：]\s*(?P<words>[^;；]+)",
    re.I,
)
_SPOKEN = re.compile(
    r"(?:[说答讲问道念报]|回复|告知|例如|用语|开场|结尾|says?|tells?|asks?|answers?)\W{0,4}$|[:：—-]\s*$",
    re.I,
)
"""What stands before a quote that is to be said, in a clause that is not words to say as a whole."""
_NEVER = re.compile(
    r"(?:不说|不得说|不要说|不能说|禁止说|禁用|避免说|忌说|不准说|never say|do not say|don't say)\W{0,6}(?:[^。;；]{0,6})$",
    re.I,
)
_SLOT = re.compile(r"[xX×＊*]{2,}|_{2,}|[\[【〔{][^\]】〕}]{1,12}[\]】〕}]|[○〇]{2,}")
_NUMBER = r"(?:[xX×＊*]{2,}|_{2,}|[○〇]{2,})"
_STAFF = (
    re.compile(rf"{_NUMBER}\s*[(（]\s*(?:报|您的|本人)?\s*(?:工号|staff (?:number|no\.?|id))\s*[)）]", re.I),
    re.compile(rf"[(（]\s*{_NUMBER}\s*(?:报)?\s*工号\s*[)）]"),
    re.compile(r"[\[【〔{]\s*(?:工号|staff (?:number|no\.?|id)|employee (?:number|id))\s*[\]】〕}]", re.I),
)
_STAFF_AFTER = re.compile(
    rf"((?:工号|staff (?:number|no\.?|id)|employee (?:number|id))\s*(?:是|为|[:：])?\s*){_NUMBER}", re.I
)


@dataclass(frozen=True, slots=True)
class Script:
    """What is to be said, and what the clause says about it."""

    words: str
    """Verbatim, a line for each thing to say."""
    about: str
    """The rest of the clause, an ellipsis in quotes where the words stand; empty when nothing is left."""


def script_of(clause: Clause) -> Script | None:
    """The words to say in a clause; None when it only speaks about them."""
    text = clause.text.strip()
    if clause.kind is ClauseKind.ROW:
        return _of_row(text)
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if clause.kind is ClauseKind.SCRIPT and len(lines) >= 3:
        head = lines[0] if lines[0].endswith((":", "：")) else ""
        return Script("\n".join(lines[1:] if head else lines), head)
    loose = clause.kind is ClauseKind.SCRIPT
    quoted = [found for found in _QUOTED.finditer(text) if _is_said(text, found, loose=loose)]
    if quoted:
        about = _QUOTED.sub(
            lambda found: "“…”" if found.start() in {q.start() for q in quoted} else found[0], text
        )
        return Script("\n".join(_inner(found) for found in quoted), about if _says_more(about) else "")
    return Script(text, "") if clause.kind is ClauseKind.SCRIPT else None


def _inner(found: re.Match[str]) -> str:
    return next(group for group in found.groups() if group is not None).strip()


def _is_said(text: str, found: re.Match[str], *, loose: bool) -> bool:
    before = text[: found.start()]
    spoken = loose or bool(_SPOKEN.search(before))
    return spoken and len(_inner(found)) >= _LEAST and not _NEVER.search(before)


def _says_more(about: str) -> bool:
    return len(re.sub(r"[“”…\s\W]+", "", about)) >= 2


def _of_row(text: str) -> Script | None:
    found = [cell for cell in _COLUMN.finditer(text) if cell["words"].strip()]
    return Script("\n".join(cell["words"].strip() for cell in found), text) if found else None


def slots(words: str) -> tuple[str, ...]:
    """The places that whoever speaks fills in: XXX, ___, 【日期】."""
    return tuple(dict.fromkeys(found[0] for found in _SLOT.finditer(words)))


def with_open_slots(text: str, clauses: Iterable[Clause]) -> str:
    """A text with the slot for the staff number open again, where it holds words to say of these clauses that were
    given with somebody's number filled in: what is for everybody carries nobody's.
    """
    for clause in clauses:
        script = script_of(clause)
        filled = with_staff_number(script.words, "\0") if script is not None else ""
        if script is not None and filled != script.words:
            said = re.escape(filled).replace(re.escape("\0"), r"[^\s,，。;；]{1,40}")
            text = re.sub(said, lambda _, words=script.words: words, text)  # type: ignore[misc]
    return text


def with_staff_number(words: str, number: str) -> str:
    """Words with the slot for the staff number filled; an empty number leaves them as they are.

    >>> with_staff_number("工号 XXX(工号)为您服务", "8021")
    '工号 8021为您服务'
    """
    if not number:
        return words
    for pattern in _STAFF:
        words = pattern.sub(number, words)
    return _STAFF_AFTER.sub(lambda found: found[1] + number, words)
