"""Repairing layout damage: characters, stray spaces, wrapped lines, repeated sentences, a website's own words.

Wording and punctuation inside sentences are never changed: what comes out of here is quoted.
"""

from __future__ import annotations

import re
import unicodedata

CJK = r"\u3400-\u9fff\uf900-\ufaff\u3007"
CJK_PUNCTUATION = r"\u3001-\u3006\u3008-\u303f\uff00-\uff60‘’“”…—·"
TERMINAL = "。！!？?；;：:…"
"""Characters after which a line is taken to be complete."""
_CLOSING = "\"”’')）】》」』,，.。;；:：!！?？、…%"
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]")
_SPACES = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_KEYED = re.compile(r"(?!\d)[^,，。;；:：!！?？“”\"()（）\s]{2,12}[:：]")
_LATIN_START = re.compile(r"[0-9-]*[A-Za-z]")
_LATIN_END = re.compile(r"[A-Za-z][0-9-]*$")
_ASIDE = re.compile(r"[(（][^()（）]*[)）]")
_NEWLINES = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")

_SITE_LINE = re.compile(
    r"^(?:相关(?:主题|文档|推荐|文章|资料|阅读)|(?:最新|热门|推荐|更多)(?:文档|文章|推荐|资料)|猜你喜欢|大家都在看|目录|名目|"
    r"(?:上|下)一篇[:：].*|返回(?:首页|顶部|列表|目录)|下载(?:文档|本文|原文档?)|分享到[:：]?.*|收藏本站|版权(?:声明|所有).{0,40}|"
    r"(?:上传者|上传时间|发布时间|浏览次数|阅读量|页数|文档格式|文档大小|下载积分)[:：].*|第\s*\d+\s*页(?:\s*[共/]\s*\d+\s*页)?|"
    r"(?:related|latest|popular) (?:topics|documents|articles))$",
    re.I,
)
_SITE_PHRASES = (
    # A byline glued to the title: "…制度> 作者:Some Name 1. …"
    re.compile(r"\s*[>〉》|｜]\s*作者\s*[:：]\s*(?:[A-Za-z]+(?: [A-Za-z]+)*|[^\s,，。;；]{1,12})"),
    re.compile(
        r"^(?:作者|编辑|责任编辑|来源|文章来源)\s*[:：]\s*(?:[A-Za-z]+(?: [A-Za-z]+)*|[^\s,，。;；]{1,16})(?=\s|$)",
        re.M,
    ),
    # A site's introduction to a collection, with the table of contents it announces.
    re.compile(
        r"【(?:导语|导读|引言|前言|编者按|摘要)】[^\n【]{0,400}?"
        r"(?:(?:参考|帮助|关心|启发|喜欢|下载|借鉴)[^。\n【]{0,12}。|(?=【))(?:\s*(?:目录|名目)(?=\s|【|$))?"
    ),
    re.compile(
        r"[^。\n!！?？【】]*(?:点击下[面方载]|小编(?:为|给|整理|收集)|(?:我|小编|本站|本文|本为)[^。\n]{0,8}(?:收集|整理)(?:了|的)[^。\n]{0,40}(?:参考|范文))[^。\n【】]*。"
    ),
    re.compile(
        r"以上(?:就)?是[^。\n]{2,40}?的?(?:全部|主要|相关)?(?:内容|介绍|范文)[,，][^。\n]{0,20}?(?:希望|盼望)[^。]{0,200}?。"
    ),
)


def clean_characters(text: str) -> str:
    """One kind of newline and of space, no invisible characters; nothing visible is touched."""
    text = _INVISIBLE.sub("", _NEWLINES.sub("\n", text))
    return unicodedata.normalize("NFC", text)


def clean_lines(text: str) -> list[str]:
    """The lines of plain text that say something: stripped, single-spaced, a website's navigation left out."""
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return [
        line for line in lines if any(c.isalnum() or c == "_" for c in line) and not _SITE_LINE.match(line)
    ]


def drop_site_phrases(text: str) -> tuple[str, int]:
    """`text` without the words a document-sharing site put around the manual, and how many pieces were dropped."""
    dropped = 0
    for pattern in _SITE_PHRASES:
        text, count = pattern.subn(" ", text)
        dropped += count
    return text, dropped


def letters(text: str) -> str:
    """Letters, digits and ideographs of `text` alone: what comparisons that ignore layout look at."""
    return "".join(c for c in text if c.isalnum())


def is_chinese(text: str) -> bool:
    """Whether a text reads as Chinese: ideographs outweigh Latin words (a word counts like two ideographs)."""
    sample = text[:20000]
    ideographs = len(re.findall(f"[{CJK}]", sample))
    return ideographs > 0 and ideographs >= len(re.findall(r"[A-Za-z]{2,}", sample)) * 2


def tidy(text: str, *, breaks: bool) -> str:
    """`text` as one or several whole lines: wraps joined, stray spaces inside Chinese removed.

    With `breaks`, a space after a finished sentence is an old line break (pages that were flattened to one line)
    and becomes a newline; newlines stay where a line was finished. Latin text keeps its spaces.
    """
    out: list[str] = []
    for word in re.findall(r"\n|[^\s]+", text):
        if word == "\n":
            if out and out[-1] != "\n":
                out.append("\n")
            continue
        if out:
            previous = out[-1]
            if previous == "\n":
                before = out[-2] if len(out) > 1 else ""
                if before[-1:] in (":", "：") and before[-2:-1].isdigit() and word[0].isdigit():
                    out[-1] = ""  # a time of day that a line break cut in two
                    out.append(word)
                    continue
                out[-1] = "\n" if _stays_apart(word) else _glue(before, word, close=breaks)
            elif breaks and _breaks_before(word, out):
                out.append("\n")
            else:
                out.append(_glue(previous, word, close=breaks))
        out.append(word)
    return "".join(out).strip()


def _breaks_before(token: str, out: list[str]) -> bool:
    """Whether a space before `token` in a flattened page is the end of an old line."""
    if token[0] in _CLOSING + "(（" or len(letters(token)) < 2:
        return False
    ends = len(out) - 1
    while ends > 0 and _ASIDE.fullmatch(out[ends]):
        ends -= 1
    finished = _finished(out[ends])
    if _KEYED.match(token):
        line = next((i for i in range(len(out) - 1, -1, -1) if out[i] == "\n"), -1) + 1
        return finished or bool(_KEYED.match(out[line]))
    return finished


def _finished(token: str) -> bool:
    """Whether a line that ends with `token` is complete. A Latin full stop ends one only after an ideograph."""
    core = token.rstrip("\"”’'」』")
    if core.endswith((")", "）")):
        before = re.sub(r"[(（][^()（）]*[)）]$", "", core)
        return before != core and bool(before) and _finished(before)
    if not core:
        return True
    if core[-1] in TERMINAL:
        return bool(re.search(f"[{CJK}{CJK_PUNCTUATION})\\]]", core[-3:])) or core[-1] in "。！？；："
    return core[-1] == "." and len(core) > 1 and bool(re.match(f"[{CJK}]", core[-2]))


def _stays_apart(token: str) -> bool:
    return token[0] not in _CLOSING or token[0] in "\"'"


def _glue(before: str, token: str, *, close: bool) -> str:
    """What belongs between two tokens that a space separated: nothing inside Chinese text, a space elsewhere.
    With `close`, punctuation follows punctuation without one (a page in Chinese)."""
    if not before or before == "\n":
        return ""
    left, right = before[-1], token[0]
    wide = f"[{CJK}{CJK_PUNCTUATION}]"
    left_wide, right_wide = bool(re.match(wide, left)), bool(re.match(wide, right))
    if left_wide and right_wide:
        return ""
    if left_wide or right_wide:
        if close and re.search(r"\d:\d\d$", before) and token[0] not in "至到以前后起止之":
            return " "
        latin = _LATIN_START.match(token) if left_wide else _LATIN_END.search(before)
        return " " if latin else ""
    return "" if close and not left.isalnum() and not right.isalnum() else " "


def starts_keyed(line: str) -> bool:
    """Whether a line begins with a name and a colon (「生效日期: …」)."""
    return bool(_KEYED.match(line.strip()))


def collapse_repeats(text: str) -> str:
    """A sentence that stands twice in a row (bold text printed twice) once; layout differences are ignored."""
    kept: list[str] = []
    for sentence in re.findall(r"[^。！!？?；;\n]*[。！!？?；;\n]+|[^。！!？?；;\n]+", text):
        core = letters(sentence)
        if kept and len(core) >= 6 and core == letters(kept[-1]):
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
