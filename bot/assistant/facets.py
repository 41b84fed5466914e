"""What a question asks for at once: several things in one breath, the links of a chain, the items of an enumeration.

Each facet is searched on its own, for no clause says most about all of them. Rules only; pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.assistant.questions import content_terms

MOST = 6


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing that a question asks for."""

    label: str
    """In the asker's words."""
    text: str
    """What to search for: the facet with what the question says of its matter."""


_ASKS = re.compile(
    r"谁|什么|啥|多少|几|怎|咋|如何|哪|吗|嘛|能不能|可不可以|可以不|是否|是不是|要不要|用不用|有没有|多久|多长|多大"
    r"|(?:^|[,;]\s*)(?:to |by |within |at |for |on )?(?:whom?|what|when|where|which|how|why)\b"
    r"|^(?:can|may|must|should|do|does|is|are|will)\b",
    re.I,
)
_PARTS = re.compile(
    r"[,，;；。?？!！\n]+|\.\s|(?:,?\s+and\s+)(?=(?:how|what|whom?|when|where|which|must|can|do|is)\b)", re.I
)
_END = r"(?=[,，。;；?？]|的|怎|要|走|如何|整个|完整|$)"
_CHAIN = re.compile(
    rf"从\s*([^,，。;；]{{1,10}}?)\s*到\s*([^,，。;；到]{{1,10}}?)(?:\s*再?到\s*([^,，。;；到]{{1,10}}?))?{_END}"
)
_CHAIN_EN = re.compile(r"\bfrom\s+([\w -]{3,30}?)\s+to\s+([\w -]{3,30}?)(?=[,.;?]|$)", re.I)
_ITEM = r"[^,，。;；、?？:：()（）\s]{1,10}"
_LIST = re.compile(rf"{_ITEM}(?:、{_ITEM})+")
_TAIL = re.compile(
    r"(?:这些|这几|这块|这类|那些|等|都|分别|各自|各|的话|怎|咋|多久|多少|是|有|要|该|能|可以|要求|规定|方面|时).*$"
)
_FILLER = re.compile(r"^(?:在|对|把|关于|那|就是|请问|帮我|我们|咱们|我)+")


def facets(text: str) -> tuple[Facet, ...]:
    """The facets of a question, in its order; none when it asks for one thing."""
    found = [*_chain(text), *_enumeration(text), *_parts(text)]
    kept: list[Facet] = []
    for facet in found:
        if facet.text not in {other.text for other in kept}:
            kept.append(facet)
    return tuple(kept[:MOST]) if len(kept) > 1 else ()


def _chain(text: str) -> list[Facet]:
    """「从提醒到挂断到上报」: each link, with the rest of the question."""
    found = _CHAIN.search(text) or _CHAIN_EN.search(text)
    if found is None or any(link and _ASKS.search(link) for link in found.groups()):
        return []
    rest = _matter(f"{text[: found.start()]} {text[found.end() :]}")
    return [Facet(link, f"{rest} {link}".strip()) for link in found.groups() if link and len(link) > 1]


def _enumeration(text: str) -> list[Facet]:
    """「录音、工单、照片都保存多久」: each item, with the rest of the question."""
    found = _LIST.search(text)
    if found is None or "《" in found[0]:
        return []
    items = found[0].split("、")
    last = _TAIL.sub("", items[-1])
    if any(_ASKS.search(item) for item in (*items[:-1], last)):
        return []
    tail = items[-1][len(last) :]
    rest = re.sub(r"[()（）]", " ", f"{text[: found.start()]} {tail}{text[found.end() :]}")
    made = [item for item in (*items[:-1], last) if len(item) > 1]
    return [Facet(item, f"{item} {_matter(rest, asking=True)}".strip()) for item in made]


def _parts(text: str) -> list[Facet]:
    """「多少钱,谁批?」: each question in it; what it says beside asking goes with every one."""
    pieces = _pieces(text)
    asking = [piece for piece in pieces if _ASKS.search(piece)]
    if len(asking) < 2:
        return []
    said = " ".join(piece for piece in pieces if piece not in asking)
    first = asking[0]
    made = []
    for piece in asking:
        leans = piece is not first and sum(content_terms(piece).values()) < 2.5
        made.append(Facet(piece, " ".join(filter(None, (said, first if leans else "", piece)))))
    return made


def _pieces(text: str) -> list[str]:
    pieces = [piece.strip() for piece in _PARTS.split(text) if piece and piece.strip()]
    cut: list[str] = []
    for piece in pieces:
        items = piece.split("、")
        cut += items if len(items) > 1 and all(_ASKS.search(item) for item in items) else [piece]
    return cut


def _matter(text: str, *, asking: bool = False) -> str:
    """A rest of a question, without its asking pieces unless nothing else is left (or they are wanted)."""
    pieces = _pieces(text)
    kept = [piece for piece in pieces if asking or not _ASKS.search(piece)] or pieces
    return _FILLER.sub("", " ".join(kept))
