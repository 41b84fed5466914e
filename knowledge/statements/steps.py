"""What is done in which order, when a sentence says so: 「先登记,再分诊」, "first …, then …", 「付款前核对」."""

from __future__ import annotations

import re

_CUT = re.compile(
    r"[;。!?\n,→]+|->|(?<!\d):(?!\d)|、(?=再|后|然后)|(?=先(?!生|进|前)|然后|接着|随后|之后再|最后|方可|才能|才可|再(?!次|三|度))|\b(?:and )?(?:only )?(?:then|finally|afterwards|next)\b|\band (?=[a-z]+ )"
)
_MARKED = re.compile(
    r"(?<![事优首预率])先(?!生|进|前|行|后)|首先|然后|接着|随后|最后(?!一)|→|->|后(?:方可|才能|才可|再)|\bfirst\b|\bthen\b|\bbefore\b|\bafter\b|\bfinally\b|\bafterwards\b"
)
_LEAD = re.compile(
    r"^(?:(?:须|应当?|必须|需|要|并|且|由|则|可|请)?(?:首先|先|然后|接着|随后|之后再?|最后|方可|才能|才可|再|后|经|并))+|^(?:first|and|must|should|to)\b"
)
_TAIL = re.compile(r"(?:之后|以后|后|完毕)$|\bfirst$")
_AFTER = re.compile(
    r"^(?P<a>\S{2,14}?)(?:之后|以后|(?<![之以最然随售今事先])后)(?![续来台方果期厨])(?P<b>\S{2,})$"
)
_AHEAD = re.compile(
    r"^(?P<b>\S{2,14}?)(?:之前|以前|(?<![之以提当目售事])前)(?![台厅期往一二三两])(?P<a>\S{2,})$"
)
_BEFORE_EN = re.compile(r"^(?P<a>.{4,}?)\bbefore\b(?P<b>.{4,})$")
_AFTER_EN = re.compile(r"^(?P<b>.{4,}?)\bonly after\b(?P<a>.{4,})$")

_NO_ORDER = re.compile(
    r"\b(?:days?|hours?|minutes?|weeks?|months?|years?) (?:before|after)\b"  # a deadline
    r"|(?<=[天日周月年时钟])(?:之前|以前|之后|以后|[前后])"
    r"|(?:^|(?<=[.;,\n]))[^\w]*if\b(?:(?!\bfirst\b)[^.;\n])*?,\s*then\b"  # a condition
)


def steps(text: str) -> tuple[str, ...]:
    """The steps of a folded sentence in the order in which they are to be done; none when it names no order."""
    text = _NO_ORDER.sub(lambda match: " " * len(match[0]), text)
    if not _MARKED.search(text):
        return ()
    found: list[str] = []
    for part in _CUT.split(text):
        found += _split((part or "").strip(" .,、"))
    made = tuple(step for step in found if len(step) >= 2)
    return made if len(made) >= 2 else ()


def _split(part: str) -> list[str]:
    """One part, cut at 「后」 and 「前」 once more."""
    for pattern in (_BEFORE_EN, _AFTER_EN, _AHEAD, _AFTER):
        if match := pattern.match(part):
            return [*_split(match["a"].strip()), *_split(match["b"].strip())]
    return [_TAIL.sub("", _LEAD.sub("", part)).strip()]
