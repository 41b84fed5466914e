"""Who approves, who is told, who does it: people named by post with a verb near."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.statements.norms import PEOPLE
from knowledge.statements.quantities import quantities
from knowledge.statements.rulings import Place, Ruling, RulingKind
from knowledge.statements.titles import Person, people

_APPROVES = (
    "核定|拍板|批准|同意|审批|许可|核准|签字|签名|签批|审核|批(?!评|次|量)|决定|确认|授权|审定|准许|做主|"
    r"\bapprov\w*|\bauthori\w*|\bconsent\w*|\bpermission|\bsign\w*|\bgrant\w*|\bdecid\w*|\bdecision|\bconfirm\w*|\bagree\w*|\bsign-?off"
)
_TELLS = (
    "请示|申请|报备|报告|汇报|告诉|通知|上报|告知|提出|联系|反映|反馈|移交|转交|交给|上交|转给|呈报|知会|"
    r"\breport\w*|\binform\w*|\btell\w*|\bnotif\w*|\bcontact\w*|\bask\w*|\brefer\w*|\bescalat\w*|\bhand(?:ed)? (?:over )?to|\bpass\w*|\bcall\w*"
)
_AFTER_APPROVES = re.compile(rf"^(?:[^,;.。]{{0,6}}?)(?:{_APPROVES})")
_AFTER_TELLS = re.compile(rf"^(?:书面|口头|直接|及时|立即|本人)?(?:{_TELLS})")
_BEFORE_APPROVES = re.compile(
    r"(?:approv\w*|authori\w*|consent|permission|signed?|signature|granted|decided|decision|confirmed|agree\w*|sign-?off)"
    r"[a-z ]{0,12}\b(?:by|of|from|with)\s+(?:the |a |an |their |his |her )?$|(?:征得|取得|得到|获得|报请?|经|须|需|应)\S{0,2}$"
)
_BEFORE_TELLS = re.compile(
    rf"(?:向|给|报|找|予|让|请|交|通知|联系|告知|告诉|报告|请示|上报|汇报|转)(?:给|至)?(?:直接|部门|本组|本店|当班)?$"
    rf"|(?:{_TELLS})[a-z ]{{0,30}}?(?:to |with )?(?:the |a |an |their |his |her )?$"
)
_BY = re.compile(r"由\S{0,2}$|\bby (?:the |a |an |their )?$")
_JOINED = re.compile(r"^\s*(?:或者?|和|及|与|、|/|and|or|or the|and the|,)?\s*$")

_ASKS = re.compile(f"{_APPROVES}|{_TELLS}")
_PLACED = re.compile(
    rf"{PEOPLE}\b[a-z ,]{{0,30}}?\breport(?:s|ing)?\s+(?:directly |up )?(?:in)?to\b|\breport(?:s|ing)? (?:up )?into\b"
)
"""Who stands above whom, not who is told of what."""


def without_asking(text: str) -> str:
    """A folded text without the words for approving and telling: what is asked or told about is left."""
    return _ASKS.sub(lambda match: " " * len(match[0]), text)


def asked(place: Place) -> Iterator[Ruling]:
    """The rulings of a part about people."""
    part = _PLACED.sub(lambda match: " " * len(match[0]), place.part)
    groups: list[list[Person]] = []
    for person in people(part):
        if groups and _JOINED.match(part[groups[-1][-1].end : person.start]):
            groups[-1].append(person)
        else:
            groups.append([person])
    for group in groups:
        before, after = part[: group[0].start], part[group[-1].end :]
        role = _role(before, after) if place.rules else ""
        if role:
            conditions = frozenset((q.unit, q.value) for q in quantities(place.leaning))
            written = part[group[0].start : group[-1].end]
            yield place.ruling(
                RulingKind.PERSON, role, {p.title for p in group}, written, conditions, about=without_asking(place.leaning)
            )  # fmt: skip


def _role(before: str, after: str) -> str:
    approving = _AFTER_APPROVES.match(after)
    if _BY.search(before):
        return "approve" if approving or _BEFORE_APPROVES.search(before) else "do"
    if _BEFORE_APPROVES.search(before) and (approving or before.isascii()):
        return "approve"
    if _BEFORE_TELLS.search(before):
        return "approve" if approving and re.search(r"[报经请]$", before) else "tell"
    return "approve" if approving and not _AFTER_TELLS.match(after) else ""
