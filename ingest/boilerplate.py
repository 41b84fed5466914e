"""The words of a website around the manuals: navigation lines, bylines, introductions, closing phrases."""

from __future__ import annotations

import re
from itertools import pairwise

from ingest.enumerators import starts_list, starts_with_mark
from ingest.titles import looks_like_title

_SPACES = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_SITE_LINE = re.compile(
    r"^(?:相关(?:主题|文档|推荐|文章|资料|阅读|范文|搜索)|(?:最新|热门|推荐|更多|精选|热点|随机)(?:文档|文章|推荐|资料|阅读|内容|范文|专题)[:：]?|"
    r"猜你(?:喜欢|感兴趣).*|(?:大家|他们|别人)都?在看|为你推荐|目录|名目|(?:上|下)一(?:篇|页|章)(?:[:：].*)?|"
    r"返回(?:首页|顶部|列表|目录)|(?:点击|立即|免费|VIP|会员)?(?:免费)?下载(?:文档|本文|原文档?|全文|此文档|word版?)?(?:到电脑)?|"
    r"(?:点击)?(?:阅读|展开|查看|显示)(?:全文|全部|更多|剩余.{0,8})|分享到?[:：]?.{0,20}|(?:点赞|收藏|举报|评论|打印)(?:[ |/·]+(?:点赞|收藏|举报|评论|打印|分享))*(?: ?\d+)?|"
    r"收藏本站|版权(?:声明|所有).{0,60}|免责声明[:：]?.{0,80}|.{0,20}转载请?(?:注明|保留).{0,40}|本文(?:来自|来源|出自|由).{0,12}(?:网|文库|网友|整理|上传|提供).{0,30}|"
    r"(?:首页|主页|网站首页|您?(?:当前|现在)的?位置[:：]?.{0,6})\s?[>»›/＞].{0,60}|"
    r"(?:上传者|上传时间|发布(?:时间|日期|者|人)|更新(?:时间|日期)|浏览(?:次数|量)?|阅读(?:次数|量|数)?|页数|字数|大小|格式|文档格式|文档大小|下载积分|所需积分|标签|关键词|分类|字体(?:大小)?)[:：].*|"
    r"第\s*[\d一二三四五六七八九十]+\s*页(?:\s*[,，/]?\s*[共/]\s*[\d一二三四五六七八九十]+\s*页)?|[-–—·]\s*\d{1,4}\s*[-–—·]|\d{1,4}\s*/\s*\d{1,4}(?:\s*页)?|"
    r"page \d+(?: (?:of|/) \d+)?|(?:related|latest|popular|recommended) (?:topics|documents|articles|posts)|"
    r"(?:share|print|download)(?: this)?(?: (?:page|article|document|pdf))?|back to top|read more|all rights reserved.{0,40}|(?:copyright|©).{0,80}|"
    r"(?:home|homepage) ?[>»›/] ?.{0,80})$",
    re.I,
)
_PAGE = re.compile(
    r"第\s*\d+\s*页(?:\s*[,，/]?\s*[共/]\s*\d+\s*页)?|[-–—·]?\s*\d{1,4}\s*[-–—·]?|\d{1,4}\s*/\s*\d{1,4}|page \d+(?: (?:of|/) \d+)?",
    re.I,
)
_NAME = re.compile(
    r"(?:公司|集团|中心|医院|银行|学校|酒店|门店|[有限]部|编号.*|版本.*|版次.*|Ltd\.?|Inc\.?)$"
)
_PAGE_NUMBER = re.compile(r"\d{1,4}")
_HEADER_LENGTH = 40
_HEADER_TIMES = 3
_COVER = 3
"""So many lines may stand above a manual's title: below them a running head is no title."""
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
    r"(?:以上|上面)(?:就)?是[^。！!\n]{2,60}?的?(?:全部|主要|相关)?(?:内容|介绍|范文)?[,，。][^。！!\n]{0,20}?(?:希望|盼望)[^。！!\n]{0,200}?[。！!]"
)
_INVITATION = re.compile(
    r"(?:(?<=[\s。！!])|^)(?:更多|想了解更多|如需更多)[^。！!\n]{0,40}(?:请(?:关注|访问|登录|点击|查看)|敬请关注|尽在)[^。！!\n]{0,40}(?:[。！!]|$)",
    re.M,
)
_MORE = re.compile(
    r"(?:[,，]更多[^。！!\n]{0,30}请关注[^。！!\n]{0,30}|(?<=\n)[^。\n]{0,20}转载请注明出处[^。\n]{0,60})(?:[。！!]|(?=\n)|$)"
)
_TELLTALE = re.compile(
    r"点击下[面方载]|小编(?:为|给|整理|收集|精心)|(?:我|小编|本站|本文|本为)[^。！!\n]{0,8}(?:收集|整理|搜集)(?:了|的)[^。！!\n]{0,40}(?:参考|范文|借鉴|帮助|大家)"
    r"|欢迎(?:大家)?(?:阅读|参考|借鉴|下载)[^。！!\n]{0,12}(?:参考|借鉴|收藏|帮助|下载)"
)
_LONGEST_SENTENCE = 200
_SENTENCE_END = re.compile(r"[。！!\n]")


def clean_lines(text: str) -> list[str]:
    """The lines of plain text that say something: stripped, single-spaced, a website's navigation and the running
    heads and numbers of printed pages left out."""
    lines = [_SPACES.sub(" ", line).strip() for line in text.split("\n")]
    lines = [line for line in lines if any(c.isalnum() or c == "_" for c in line)]
    heads = _running_heads(lines)
    seen: set[str] = set()
    kept: list[str] = []
    for line in lines:
        if _SITE_LINE.match(line) or (line in heads and line in seen):
            continue
        if line not in heads or not heads[line] or (looks_like_title(line) and len(kept) < _COVER):
            kept.append(line)
        seen.add(line)
    return _without_page_numbers(kept)


def _running_heads(lines: list[str]) -> dict[str, bool]:
    """Short lines that come again on page after page. The value tells whether a page number stands beside them each
    time: then even the first is none of the manual's own (unless it is a title).

    Without page numbers a title or a name must come three times, and no list may begin below most of them: manuals of
    one title begin like that.
    """
    places: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        if len(line) <= _HEADER_LENGTH and line[-1] not in "。！!？?；;：:" and not starts_with_mark(line):
            places.setdefault(line, []).append(at)
    paged = {at for at, line in enumerate(lines) if _PAGE.fullmatch(line)}
    heads: dict[str, bool] = {}
    for line, found in places.items():
        if len(found) < 2 or min(b - a for a, b in pairwise(found)) < 3 or _SITE_LINE.match(line):
            continue
        beside = sum(at + 1 in paged or at - 1 in paged for at in found)
        begins = sum(at + 1 < len(lines) and starts_list(lines[at + 1]) is not None for at in found[1:])
        if beside == len(found):
            heads[line] = True
        elif (
            len(found) >= _HEADER_TIMES
            and begins * 2 < len(found)
            and (looks_like_title(line) or _NAME.search(line))
        ):
            heads[line] = False
    return heads


def _without_page_numbers(lines: list[str]) -> list[str]:
    """Lines that hold a number alone, when they count up by one through the text."""
    numbers = [(at, int(line)) for at, line in enumerate(lines) if _PAGE_NUMBER.fullmatch(line)]
    if len(numbers) < 2 or any(b[1] != a[1] + 1 for a, b in pairwise(numbers)):
        return lines
    return [line for at, line in enumerate(lines) if at not in {at for at, _ in numbers}]


def drop_site_phrases(text: str) -> tuple[str, int]:
    """`text` without the words a document-sharing site put around the manual, and how many pieces were dropped."""
    dropped = 0
    for pattern in (*_BYLINES, _INTRODUCTION, _CLOSING, _INVITATION, _MORE):
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
        start = max((text.rfind(c, low, match.start()) + 1 for c in "。\n!！?？】 "), default=0)
        stop = _SENTENCE_END.search(text, match.end(), match.end() + _LONGEST_SENTENCE)
        if stop is None:
            continue
        end = stop.start() if stop.group() == "\n" else stop.end()
        kept.append(text[at : max(at, start)])
        at = end
        dropped += 1
    return " ".join([*kept, text[at:]]), dropped
