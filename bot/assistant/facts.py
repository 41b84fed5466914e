"""Finding when, where and what was tried in a free text, and its shortest telling. Words are kept as written."""

from __future__ import annotations

import re

from bot.assistant import signal_words as words
from bot.assistant.signals import Reading

_CLAUSE = re.compile(
    r"[^。！!？?；;，,\n]+[。！!？?；;，,\n]*|[。！!？?；;，,\n]+",
)
_SPACED = re.compile(r"(?<=[\u3400-\u9fff*])\s+(?=[\u3400-\u9fff])")
_ENGLISH_CLAUSE = re.compile(r"[^.!?;\n]+[.!?;\n]*")
_WHEN = re.compile(
    r"(?:(?:大?前天|昨天|昨晚|昨日|今天|今早|今晚|今日|刚才|刚刚|上周[一二三四五六日天]?|上个?月|本周[一二三四五六日天]?|这周[一二三四五六日天]?|周[一二三四五六日天]|"
    r"(?:[0-9]{2,4}年)?[0-9]{1,2}月[0-9]{1,2}[日号]|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|"
    r"凌晨|早上|上午|中午|下午|傍晚|晚上|半夜|"
    r"[0-9]{1,2}[::][0-9]{2}|[0-9一二三四五六七八九十两]{1,3}点(?:半|钟|一刻|三刻|[0-9一二三四五六七八九十]{1,3}分)?|"
    r"[0-9一二三四五六七八九十两半几]+个?(?:小时|分钟|天|周|月)(?:以?前|之前))(?:的|左右|许)?\s?)+"
    r"|刚(?=发现|看到|接到|收到|听到|来)"
    r"|\b(?:just now|(?:today|yesterday|tonight|last night|this (?:morning|afternoon|evening)|last (?:week|month)|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    r"(?:\s+(?:at|around)\s+\d{1,2}(?::\d{2})?\s?(?:am|pm)?)?|(?:at|around|since)\s+\d{1,2}(?::\d{2})?\s?(?:am|pm|o'clock)?|\d+ (?:minutes?|hours?|days?|weeks?) ago)\b",
    re.I,
)
_LATER = re.compile(
    r"要求|要[他她我你]|必须|之前(?:给|要)|前(?:给|答复|回复|处理)|回电|打电话|by (?:tomorrow|today|tonight)|wants|deadline",
    re.I,
)
_WHERE = re.compile(
    r"(?:[A-Za-z0-9一二三四五六七八九十]{1,3}(?:号)?(?:楼|层|区|栋)\s?)*"
    r"(?:(?:[0-9一二三四五六七八九十]{0,3}号?)(?:机房|配电[室房]|服务器室|大厅|前台|大门口?|门口|营业厅|服务台|柜台|会议室|仓库|食堂|休息室|茶水间|电梯|走廊|楼道|卫生间|停车场|办公[室区]|工位|坐席区|座席区|现场))"
    r"|(?:[A-Za-z0-9一二三四五六七八九十]{1,3}(?:号)?(?:楼|层)(?:[A-Z]区)?)"
    r"|(?:微信群|QQ群|钉钉群|工作群|朋友圈)"
    r"|\b(?:in|at|on) (?:the )?(?:\w+ ){0,2}(?:server room|machine room|lobby|front desk|reception|hall|office|meeting room|warehouse|canteen|break room|parking lot|elevator|lift|entrance|counter|floor|wechat group|group chat)\b",
    re.I,
)
_TRIED = re.compile(
    r"已(?:经)?(?!到|超|满|过)|试[过了]|尝试|查[了过]|核实|核对|解释|说明[了过]|道[歉过]|安抚|沟通|协商|联系[了过]|打[了过]|问[了过]|请示|报[了告过]|断电|撤[离出]|报警|报了警|记录[了下]|登记|重启|劝|还没(?:有)?(?:跟|给|和|问|告诉)|没(?:有)?(?:跟|告诉)|让他|答应|承诺|拒绝了"
    r"|\b(?:I|we)(?:'ve| have)? (?:already |just )?(?:tried|told|explained|apologi[sz]ed|called|checked|asked|informed|restarted|offered|verified|evacuated|reported|calmed|refused|haven't|have not|did not|didn't)\b|\balready\b",
    re.I,
)
_NOT_US = re.compile(
    r"^[\s,，]*(?:有[个位名])?(?:这个|该|那个)?(?:客户|用户|顾客|对方|他|她|家属)(?!.{0,10}(?:我|我们)(?:已|也))"
)
_SHOUT = re.compile(
    r"(?:特急|紧急|着急|急|救命|快点|快来人?|烦死了|气死了|天哪|完了|在吗|help|urgent|asap|hi|hello|please|[\s,，。.!！?？;；~～…])+",
    re.I,
)
_SUMMARY = {"zh": 60, "en": 140}


def clauses(text: str) -> list[str]:
    """The text in pieces that each say one thing."""
    pieces: list[str] = []
    for line in _SPACED.sub("，", text).splitlines():
        pieces += [piece.strip() for piece in _CLAUSE.findall(line)]
    return [piece for piece in pieces if re.search(r"[\w*]", piece)]


def _sentences(reading: Reading) -> list[str]:
    if reading.language == "en":
        return [piece.strip() for piece in _ENGLISH_CLAUSE.findall(reading.text) if piece.strip()]
    return clauses(reading.text)


def times_in(text: str) -> list[str]:
    """Every time that a text tells, as written."""
    return [match[0].strip() for match in _WHEN.finditer(text)]


def places_in(text: str) -> list[str]:
    """Every place that a text tells, as written."""
    return [match[0].strip() for match in _WHERE.finditer(text)]


def when(reading: Reading) -> str:
    """The first time that is told, not counting times by which somebody wants something; empty if none."""
    for piece in _sentences(reading):
        if (match := _WHEN.search(piece)) and not _LATER.search(piece):
            return match[0].strip()
    return ""


def where(reading: Reading) -> str:
    """The first place that is told; empty if none."""
    match = _WHERE.search(reading.text)
    return match[0].strip() if match else ""


def tried(reading: Reading) -> str:
    """What the writer says was done or not done yet, in their words; empty if nothing."""
    pieces = [piece for piece in _sentences(reading) if _TRIED.search(piece) and not _NOT_US.match(piece)]
    return ("; " if reading.language == "en" else "；").join(piece.strip("，,。.；;！! ") for piece in pieces)


def what_happened(reading: Reading) -> str:
    """The text without shouts that carry nothing."""
    pieces = [piece for piece in _sentences(reading) if not _SHOUT.fullmatch(piece)]
    return (" " if reading.language == "en" else "").join(pieces).strip("，, ") or reading.text.strip()


def summary(reading: Reading) -> str:
    """The pieces that tell most, in their order, cut to one line."""
    longest = _SUMMARY[reading.language]
    pieces = [piece.strip("，,。.！!？?；; ") for piece in _sentences(reading)]
    pieces = [piece for piece in pieces if piece and not _SHOUT.fullmatch(piece)] or [reading.text.strip()]
    text = ("; " if reading.language == "en" else "，").join(pieces)
    if len(text) <= longest:
        return text
    telling = [piece for piece in pieces if any(p.search(piece) for p in _TELLING)] or pieces
    text = ("; " if reading.language == "en" else "，").join(telling)
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


_TELLING = (
    words.SAFETY,
    words.LEAK,
    words.POLITICAL,
    words.OUTAGE,
    words.MAJOR_ERROR,
    words.MISCONDUCT,
    words.HARASSMENT,
    words.DEMAND,
    words.COMPLAINT,
    words.GRIEVANCE,
    words.CANNOT,
    words.UNREACHABLE,
)
