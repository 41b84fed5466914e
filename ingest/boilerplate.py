"""The words of a website around the manuals: navigation lines, bylines, introductions, closing phrases."""

from __future__ import annotations

import re

_SPACES = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_SITE_LINE = re.compile(
    r"^(?:相关(?:主题|文档|推荐|文章|资料|阅读)|(?:最新|热门|推荐|更多)(?:文档|文章|推荐|资料)|猜你喜欢|大家都在看|目录|名目|"
    r"(?:上|下)一篇[:：].*|返回(?:首页|顶部|列表|目录)|下载(?:文档|本文|原文档?)|分享到[:：]?.*|收藏本站|版权(?:声明|所有).{0,40}|"
    r"(?:上传者|上传时间|发布时间|浏览次数|阅读量|页数|文档格式|文档大小|下载积分)[:：].*|第\s*\d+\s*页(?:\s*[共/]\s*\d+\s*页)?|"
    r"(?:related|latest|popular) (?:topics|documents|articles))$",
    re.I,
)
_BYLINES = (
    # Glued to the title: "…制度> 作者:Some Name 1. …"
    re.compile(r"[>〉》|｜]\s?作者\s?[:：]\s?(?:[A-Za-z]+(?: [A-Za-z]+)*|[^\s,，。;；]{1,12})"),
    re.compile(
        r"^(?:作者|编辑|责任编辑|来源|文章来源)\s?[:：]\s?(?:[A-Za-z]+(?: [A-Za-z]+)*|[^\s,，。;；]{1,16})(?=\s|$)",
        re.M,
    ),
)
# A site's introduction to a collection, with the table of contents it announces.
_INTRODUCTION = re.compile(
    r"【(?:导语|导读|编者按)】[^\n【]{0,400}?"
    r"(?:(?:参考|帮助|关心|启发|喜欢|下载|借鉴)[^。\n【]{0,12}。|(?=【))(?:\s*(?:目录|名目)(?=\s|【|$))?"
)
_CLOSING = re.compile(
    r"以上(?:就)?是[^。\n]{2,40}?的?(?:全部|主要|相关)?(?:内容|介绍|范文)[,，][^。\n]{0,20}?(?:希望|盼望)[^。]{0,200}?。"
)
_TELLTALE = re.compile(
    r"点击下[面方载]|小编(?:为|给|整理|收集)|(?:我|小编|本站|本文|本为)[^。\n]{0,8}(?:收集|整理)(?:了|的)[^。\n]{0,40}(?:参考|范文)"
)
_LONGEST_SENTENCE = 200


def clean_lines(text: str) -> list[str]:
    """The lines of plain text that say something: stripped, single-spaced, a website's navigation left out."""
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return [
        line for line in lines if any(c.isalnum() or c == "_" for c in line) and not _SITE_LINE.match(line)
    ]


def drop_site_phrases(text: str) -> tuple[str, int]:
    """`text` without the words a document-sharing site put around the manual, and how many pieces were dropped."""
    dropped = 0
    for pattern in (*_BYLINES, _INTRODUCTION, _CLOSING):
        text, count = pattern.subn(" ", text)
        dropped += count
    text, count = _drop_telltale_sentences(text)
    return text, dropped + count


def _drop_telltale_sentences(text: str) -> tuple[str, int]:
    kept: list[str] = []
    at = dropped = 0
    for match in _TELLTALE.finditer(text):
        if match.start() < at:
            continue
        low = max(at, match.start() - _LONGEST_SENTENCE)
        start = max((text.rfind(c, low, match.start()) + 1 for c in "。\n!！?？】"), default=0)
        end = text.find("。", match.end(), match.end() + _LONGEST_SENTENCE) + 1
        if not end or "\n" in text[match.end() : end]:
            continue
        kept.append(text[at : max(at, start)])
        at = end
        dropped += 1
    return " ".join([*kept, text[at:]]), dropped
