"""Reading text closely: its characters, its language, where it stops, what it says twice.

Wording and punctuation inside sentences are never changed: what comes out of here is quoted.
"""

from __future__ import annotations

import re
import unicodedata

from knowledge.orders import visible

CJK = r"\u3400-\u9fff\uf900-\ufaff\u3007"
CJK_PUNCTUATION = r"\u3001-\u3006\u3008-\u303f\uff00-\uff60‘’“”…—·"
TERMINAL = "。！!？?；;：:…"
"""Characters after which a line is taken to be complete."""
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_KEYED_LINE = re.compile(r"(?!\d)[^,，。;；:：!！?？“”\"()（）\s]{2,12}[:：]")
_NEWLINES = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def clean_characters(text: str) -> str:
    """One kind of newline and of space, no invisible characters; nothing visible is touched."""
    text = visible(_CONTROLS.sub("", _NEWLINES.sub("\n", text)))
    return unicodedata.normalize("NFC", text)


def letters(text: str) -> str:
    """Letters, digits and ideographs of `text` alone: what comparisons that ignore layout look at."""
    return "".join(c for c in text if c.isalnum())


def is_chinese(text: str) -> bool:
    """Whether a text reads as Chinese: ideographs outweigh Latin words (a word counts like two ideographs)."""
    sample = text[:20000]
    ideographs = len(re.findall(f"[{CJK}]", sample))
    return ideographs > 0 and ideographs >= len(re.findall(r"[A-Za-z]{2,}", sample)) * 2


def starts_keyed(line: str) -> bool:
    """Whether a line begins with a name and a colon (「生效日期: …」)."""
    return bool(_KEYED_LINE.match(line.strip()))


def collapse_repeats(text: str) -> str:
    """A sentence that stands twice in a row (bold text printed twice) once, also when the text breaks off inside the
    copy; layout differences are ignored."""
    kept: list[str] = []
    for sentence in re.findall(r"[^。！!？?；;\n]*[。！!？?；;\n]+|[^。！!？?；;\n]+", text):
        core = letters(sentence)
        cut_off = sentence[-1] not in "。！!？?；;\n"
        before = letters(kept[-1]) if kept else ""
        if len(core) >= 6 and (core == before or (cut_off and before.startswith(core))):
            continue
        kept.append(sentence)
    return "".join(kept)


def opens_like_a_sentence_end(line: str) -> bool:
    """Whether a text starts in the middle of a sentence (a closing mark or a lower-case Latin word)."""
    return bool(re.match(r"[,，。;；、)）】”]|[a-z]{2,} ", line))


_MISSING = re.compile(
    r"[〔【\[(（<《][^〕】\])）>》]{0,24}(?:缺页|缺失|残缺|下略|未完|以下省略|内容不全|missing|truncated)[^〕】\])）>》]{0,12}[〕】\])）>》]$"
)


def says_cut_off(text: str) -> bool:
    """Whether a text ends with somebody's remark that the rest is missing (「〔以下缺页〕」)."""
    return bool(_MISSING.search(text.rstrip()))


def ends_open(text: str) -> bool:
    """Whether a text stops before its sentence does: no full stop, or one that announces more."""
    if says_cut_off(text):
        return True
    core = text.rstrip().rstrip("\"”’'」』*_`")
    return bool(core) and core[-1] not in "。.！!？?…)）】]》>}|"
