"""The values of single fields in a free text: a choice, yes or no, a score, a number, a person, words. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.assistant import facts, signals
from knowledge.reading import chinese_number

Choices = Sequence[tuple[str, tuple[str, ...]]]

_N = r"(?:\d{1,12}(?:\.\d{1,6})?|[零一二两三四五六七八九十百千万]{1,10})"
_NOT = r"(?:不是?|没有?|未|无|非|免|别|还没(?:有)?|并未|从未|从没|没人)(?:有|被|能|再|人)?"
_NOT_EN = r"(?:not|no|never|n't|without|nothing)(?: \w+)?"
_YES_WORD = re.compile(r"\s*(?:是|有|对|好|已|可以|同意|yes|y\b|true|√|✓)", re.I)
_NO_WORD = re.compile(rf"\s*(?:否|{_NOT}|no\b|n\b|false|×)", re.I)
_ASKED = re.compile(r"^[^，,。;；\n]{0,4}(?:吗|么|没有?[?？]|与否|[?？])|^(?:没|不)")
_SCORE = re.compile(
    rf"(?:打|给|评|评分|打分|得分|分数|满意度|score[sd]?|rat(?:ed?|ing)|gave(?: us| me| it)?)[^，,。;；\n\d一二三四五六七八九十]{{0,6}}(?P<a>{_N})\s?(?:分(?!钟)|/\s?10|points?|out of 10|$|[\s，,。;；])"
    rf"|(?:^|[\s，,。;；])(?P<d>{_N})\s?分(?=$|[\s，,。;；])|(?P<b>{_N})\s?/\s?10\b|(?P<c>{_N}) out of 10|(?P<full>满分|full marks)",
    re.I,
)
_BARE = re.compile(rf"\s*(?P<n>{_N})(?:\s?分)?(?:\s?/\s?10)?\s*$")
_CHARGED = re.compile(r"收费|收钱|charged?\b", re.I)
_TOOK_MONEY = re.compile(
    rf"(?P<no>{_NOT})?\s?收(?:了|过|走)?(?:我|他|她|客户|用户)?们?的?\s?(?:{_N}\s?(?:多)?(?:元|块)|钱|现金)",
    re.I,
)
_PERSON = re.compile(
    r"(?P<slack><@[A-Z0-9]+>)"
    r"|(?:跟|和|与|同|找|替|让|请|给|由|叫|是)\s?(?P<name>(?:小|阿|老|大)(?!区|家|厅|概|夜|班|组|问|客户|板|师|时)[\u4e00-\u9fff*]|[\u4e00-\u9fff](?:姐|哥|师傅|工)(?![\u4e00-\u9fff]?[结作])|[\u4e00-\u9fff]\*{1,3}"
    r"|[A-Z][a-z]{1,14}(?: [A-Z][a-z]{1,14})?(?=\s?(?:换|调|对换|对调|互|替|代|顶|接|说|来|帮|一起|的班|[,，。;；!！?？]|$))|[a-z]{2,15}(?=\s?(?:换|调|对换|对调|互换|替)))"
    r"|\bwith (?!the\b|a\b|my\b|our\b)(?P<english>[A-Z][a-z]+(?: [A-Z][a-z]+)?)"
)
_ANOTHER = re.compile(
    r"\s?(?:[、,，和跟与及]|and )?\s?(?:[小老阿][\u4e00-\u9fff](?![区家厅概夜班组问客板师时])|<@|(?<=and )[A-Z])"
)
"""A second person right behind the first: then the field is left open."""
_MONEY = re.compile(r"金额|费用|多少钱|收费额|价|款|amount|fee|price|cost", re.I)
_MONEY_TOLD = re.compile(rf"(?P<n>{_N})\s?(?:元|块钱?|圆|rmb|yuan)|[¥￥]\s?(?P<m>{_N})", re.I)
_COUNT = re.compile(r"数量|个数|件数|人数|几个|quantity|how many|count|number of", re.I)
_COUNTED = re.compile(
    rf"(?<!第)(?P<n>{_N})\s?(?:个|支|只|本|把|台|件|盒|包|份|套|卷|瓶|袋|张|名|位|人(?!民|工))(?!月|星期|小时|礼拜|客户|用户)"
)
_PLACE = re.compile(r"地点|地址|位置|哪里|楼层|place|where|location|address|room", re.I)
_MATTER = re.compile(
    r"问题|故障|现象|情况|内容|诉求|经过|事项|说明|描述|摘要|详情|事由|problem|issue|fault|description|content|details|what|matter|symptom",
    re.I,
)
_REASON = re.compile(r"原因|理由|reason|why", re.I)
_BECAUSE = re.compile(r"(?:因为|由于|because(?: of)?|due to)\s?(?P<why>[^，,。;；\n]{2,60})", re.I)
_ORDER = re.compile(r"工单|订单|单号|合同号|编号|ticket|order", re.I)
_ORDER_TOLD = re.compile(
    r"(?:工单|订单|单号|合同|编号|ticket|order)(?:号|编号| no\.?| number)?[\s:：#是为]{0,3}(?P<n>[A-Za-z]{0,6}[-]?\d[\d\-]{3,24})",
    re.I,
)
_AT_HOME = re.compile(r"^[^，,。;；\n]{0,10}(?:有人|在家|方便|都行|都可以|可以上门|来都行)[，,。;；\s]*$")
"""Says when somebody may come: no part of what is the matter."""
_HEAD = re.compile(
    r"^\s*(?:报修|投诉|回访|来访|交接班?|换班|请假|离席|转办|领用|培训|日报|周报|周总结|repair|complaint|follow-?up|handover|visitor)(?:登记|记录|单|申请|电话)?\s*[:：,，]?\s*",
    re.I,
)


def choice(choices: Choices, text: str) -> str:
    """The value of the one choice whose words the text has; empty when it has those of several.

    Longer words first: 不满意 is not 满意.
    """
    words = sorted(
        ((word, value) for value, names in choices for word in (value, *names) if word),
        key=lambda pair: -len(pair[0]),
    )
    found, rest = set(), text
    for word, value in words:
        edge = r"\b" if word.isascii() else ""
        pattern = re.compile(rf"(?<!不)(?<!没){edge}{re.escape(word)}{edge}", re.I)
        if pattern.search(rest):
            found.add(value)
            rest = pattern.sub("\x00", rest)
    return found.pop() if len(found) == 1 else ""


def plain_yes_no(text: str) -> str:
    """The answer that stands behind the name of a field."""
    if _NO_WORD.match(text):
        return "no"
    return "yes" if _YES_WORD.match(text) else ""


def yes_no(labels: Sequence[str], text: str) -> str:
    """Whether the text says that a thing is so: 收费了, 收了50, 没收费, "not charged"."""
    answers = set()
    if any(_CHARGED.search(label) for label in labels):
        answers = {"no" if match["no"] else "yes" for match in _TOOK_MONEY.finditer(text)}
    for label in labels:
        stem = re.sub(r"^(?:是否|有没有|有无)(?:已经?)?|(?:了|吗|与否)$|\?$", "", label)
        if len(stem) < 2:
            continue
        parted = rf"{re.escape(stem[0])}(?:了|过|的)?{re.escape(stem[1:])}"
        word = rf"\b{re.escape(stem)}\b" if stem.isascii() else parted
        for match in re.finditer(word, text, re.I):
            before, after = text[max(0, match.start() - 12) : match.start()], text[match.end() :]
            if _ASKED.match(after) and not stem.isascii():
                continue
            no = re.search(rf"(?:{_NOT}|{_NOT_EN})\s?$", before, re.I)
            told = plain_yes_no(after[1:]) if after[:1] in ":：" else ""
            answers.add("no" if no else told or "yes")
    return answers.pop() if len(answers) == 1 else ""


def _figure(text: str) -> str:
    """A number in digits; a Chinese numeral turned into them."""
    return text if text[0].isdigit() else str(chinese_number(text))


def score(text: str, *, labelled: bool = False) -> str:
    """A score from 1 to 10; empty when none or several are told."""
    if labelled and (bare := _BARE.match(text)):
        told = {_figure(bare["n"])}
    else:
        told = {
            "10" if match["full"] else _figure(match["a"] or match["b"] or match["c"] or match["d"])
            for match in _SCORE.finditer(text)
        }
    one = told.pop() if len(told) == 1 else ""
    return one if one.isdigit() and 1 <= int(one) <= 10 else ""


def number(text: str) -> str:
    """The first number behind the name of a field."""
    match = re.match(rf"\s*[^\d一二两三四五六七八九十]{{0,3}}({_N})", text)
    return _figure(match[1]) if match else ""


def number_named(labels: Sequence[str], text: str, *, alone: bool) -> str:
    """A number right behind the name of a field, or the only one of its sort (money, pieces)."""
    for label in labels:
        if len(label) > 1 and (match := re.search(rf"{re.escape(label)}\s?[:：]?\s?({_N})", text, re.I)):
            return _figure(match[1])
    names = " ".join(labels)
    sort = _MONEY_TOLD if _MONEY.search(names) else _COUNTED if _COUNT.search(names) and alone else None
    if sort is None:
        return ""
    told = {
        _figure(match["n"] or match["m"]) if sort is _MONEY_TOLD else _figure(match["n"])
        for match in sort.finditer(text)
    }
    return told.pop() if len(told) == 1 else ""


def person(text: str, *, labelled: bool = False) -> str:
    """The one person that a text names: a Slack mention, 小王, 李姐, "Anna"; empty when there are several."""
    if labelled:
        return text.strip() if len(text.strip()) <= 40 else ""
    matches = list(_PERSON.finditer(text))
    if any(_ANOTHER.match(text, match.end()) for match in matches):
        return ""
    named = {match["slack"] or match["name"] or match["english"] for match in matches}
    return named.pop() if len(named) == 1 else ""


def told(labels: Sequence[str], text: str, *, long: bool) -> str:
    """Words for a field by what its names mean: a place, a number of an order, a reason, what is the matter."""
    names = " ".join(labels)
    reading = signals.read(text)
    if _ORDER.search(names):
        orders = {match["n"] for match in _ORDER_TOLD.finditer(text)}
        return orders.pop() if len(orders) == 1 else ""
    if _PLACE.search(names):
        return facts.where(reading)
    if _REASON.search(names):
        match = _BECAUSE.search(text)
        return match["why"].strip() if match else ""
    if _MATTER.search(names):
        return _matter(text, long=long)
    return ""


def _matter(text: str, *, long: bool) -> str:
    """What is told, without the word for the form in front; a short field gets the first piece only."""
    body = _HEAD.sub("", text.strip()).strip(" ，,。")
    pieces = [piece for piece in facts.clauses(body) if not _AT_HOME.search(piece)]
    if long:
        return "".join(pieces).strip(" ，,。")
    return pieces[0].strip("，,。.；;！! ") if pieces else ""
