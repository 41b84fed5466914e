"""The handling suggestion that the writer makes (处理意见, S5): found in the masked text, in their own words. Pure.

Only what the writer suggests counts, not what a customer, a superior or anybody else does; a wish to have it dealt with
soon, or to go over somebody's head, is no suggestion of what should be done.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.assistant.redaction import mask
from bot.assistant.smuggling import has_markup, speaks_to_model

MOST = 300
"""Characters of a suggestion: longer ones are told in the course of events."""
_LEAST_ZH, _LEAST_EN = 4, 3
"""Less than this (characters, words) beside the introduction suggests nothing."""
_REMEDY = r"(?:免|减|退|换|补|赔|送|修|派|加急|延|垫|打折|优惠|升级(?!投诉)|安排|道歉|重发|补发|返|改签|改期|恢复|更换|上门|复核|重新)"
_THEM = r"(?:他们?|她们?|客户|客人|用户|顾客|旅客|乘客|业主|买家|会员|患者|家属|商家|对方|这位?|人家|[\u4e00-\u9fff]\*+(?:先生|女士|小姐)?)"
_SAID_ZH = re.compile(
    r"(?P<head>(?:处理)?(?:意见|建议)(?:是)?\s*[:：]|(?:我|我们|本人|个人|坐席)?(?:的)?(?:处理)?(?:意见|建议|想法)是[:：,，]?"
    r"|(?:我们?|本人|个人|这边|坐席)?(?:也|还|认为|觉得)?建议(?!书|单|箱|信|函|类|被|没|电话|过|了|性)[:：,，]?)(?P<what>.+)"
    rf"|(?P<plan>(?:我们?|我这边|这边|本人)?(?:想|打算|准备|觉得(?:可以|应该|还是)?|拟|申请|希望能?|看能不能|能不能|可不可以|可否|能否|是否可以)(?:先|直接|破例|特批|再|就)*"
    rf"(?:给|帮|为|替|对|按|把)?{_THEM}?[^，。,;；!！?？\n]{{0,8}}{_REMEDY}.+)"
)
_SAID_EN = re.compile(
    r"(?P<head>\b(?:handling suggestion|my (?:suggestion|proposal|recommendation|advice)|suggestion|proposal|proposed (?:action|solution))(?: is| would be)?(?: to)?\s*:?\s"
    r"|(?:^|\b(?:I|we|I'd|I would|we'd|we would)(?: would)?(?: also| strongly)?\s+|[,;]\s*|\band )(?:suggest|propose|recommend)(?:ing)?(?: that)?\s)(?P<what>.+)"
    r"|(?P<plan>\b(?:I'd like to|I would like to|I want to|I'd|can we|could we|may I|can I|could I|I plan to|we should|maybe we (?:can|could|should))"
    r" (?:please |just |at least )?(?:waive|refund|offer|give|credit|replace|send|compensate|pay|book|move|upgrade|extend|reship|rebook|arrange|cover|reimburse|comp)\b.+)",
    re.I,
)
_OTHERS_ZH = re.compile(
    r"(?:客户|客人|用户|顾客|旅客|乘客|业主|买家|家属|患者|对方|投诉人|他们?|她们?|班长|组长|主管|经理|领导|店长|同事|医生|律师|师傅|民警|警察|保安|技术|工程师|[\u4e00-\u9fff]\*+(?:先生|女士)?)"
    r"(?:也|还|就|又|都|一直|强烈|反复|自己|这边|那边)*(?:说|讲|问|提出|提|要求|回复|回)?(?:我们?)?[:：,，“\"「‘]*$"
)
_OTHERS_EN = re.compile(
    r"\b(?:he|she|they|customer|client|guest|caller|buyer|passenger|patient|leader|supervisor|manager|boss|lawyer|doctor|police|who)\s*(?:also |then |already )?$",
    re.I,
)
_QUOTED = re.compile(r"[“\"「‘『][^”\"」’』]*$")
_NO_SUGGESTION = re.compile(
    r"^(?:领导|上级|上面|有关部门|相关部门|主管|班长|经理)?(?:能|可以|尽量)?(?:尽快|尽早|及时|马上|立刻|立即|赶紧|抓紧|早点|快点|妥善|认真|好好)*(?:地)?(?:处理|解决|回复|答复|关注|重视|介入|跟进|看看|协调|支持)(?:一下|下)?(?:此事|这件事|这个事|问题)?[吧呢。!！\s]*$"
    r"|^(?:直接|越级|尽快|往上)*(?:上报|升级|报给?|找|通知|转给?)[^，。,]{0,8}(?:班长|主管|经理|总经理|老总|领导|上级|总监|上面)?[^，。,]{0,4}$"
    r"|^(?:we |you |to )?(?:please )?(?:escalat\w*|deal with|handle|look into|resolve|sort)\b.{0,24}$"
    r"|^(?:going|go) (?:straight|directly)\b.*$",
    re.I,
)
"""No word of what should be done: 建议尽快处理, 建议直接报总经理."""
_ENDS = re.compile(r"[。！!\n；;]|(?<=[^.\d])\.(?:\s|$)|[?？]")
_TAIL = re.compile(r"[\s,，、。.;；:：]+$")


def suggestion_in(masked: str, language: str) -> str:
    """What the writer suggests, empty when they suggest nothing. `masked` is the text with private data masked already;
    what would not stand masked by itself, or speaks to a model, is left out."""
    said = _SAID_EN if language == "en" else _SAID_ZH
    others = _OTHERS_EN if language == "en" else _OTHERS_ZH
    found = []
    for sentence in _sentences(masked):
        match = said.search(sentence)
        if match is None:
            continue
        before = sentence[: match.start()]
        if others.search(before.rstrip()) or _QUOTED.search(before):
            continue
        what = match["what"] or match["plan"]
        if _suggests(what, language):
            found.append(_TAIL.sub("", (match["what"] or match[0]).strip(" ：:,，")))
    whole = ("; " if language == "en" else "；").join(dict.fromkeys(found))
    trusted = whole and not has_markup(whole) and not speaks_to_model(whole) and mask(whole) == whole
    return whole if trusted and len(whole) <= MOST else ""


def _sentences(text: str) -> Iterator[str]:
    """Sentences; a question is one too, with its mark taken off."""
    for piece in _ENDS.split(text):
        if piece.strip():
            yield piece.strip()


def _suggests(what: str, language: str) -> bool:
    """Whether it says what should be done."""
    if _NO_SUGGESTION.match(what.strip()):
        return False
    if language == "en":
        return len(re.findall(r"[A-Za-z0-9]+", what)) >= _LEAST_EN
    return len(re.findall(r"[\u3400-\u9fffA-Za-z0-9]", what)) >= _LEAST_ZH
