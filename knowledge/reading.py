"""Reading of text for search: one normal form for questions and clauses.

The normal form is never shown to anyone; quotes come from the verbatim text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from knowledge.misreadings import meant_words

_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10000}
# A numeral counts as a number only before one of these measure words (or after 第): 统一, 一律, 万一 stay words.
_MEASURES = "个|次|天|日|月|年|周|星期|礼拜|小时|分钟|分|秒|元|块|角|人|名|位|条|章|节|级|份|支|倍|遍|字|号|点|层|楼|件|台|例|种|项|期|轮|篇|页|岁|米|度|成|折"
_NUMERAL = re.compile(rf"(第?)([零〇一二两三四五六七八九十百千万]+)(?=(?:{_MEASURES}))")
_ORDINAL = re.compile(r"第([零〇一二两三四五六七八九十百千万]+)")


def chinese_number(numeral: str) -> int:
    """Value of a Chinese numeral made of 零〇一二两三四五六七八九十百千万 (「二十五」 → 25, 「二〇二六」 → 2026)."""
    if not any(c in _SCALES for c in numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total = section = digit = 0
    for char in numeral:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char == "万":
            total, section, digit = total + max(section + digit, 1) * 10000, 0, 0
        else:
            section, digit = section + (digit or 1) * _SCALES[char], 0
    return total + section + digit


@lru_cache(maxsize=1)
def _simplifier() -> object:
    from opencc import OpenCC

    return OpenCC("t2s")


def simplify(text: str) -> str:
    """Traditional characters to simplified ones; text that GB 2312 can spell is returned as it is.

    The check keeps the conversion tables unloaded for the ordinary simplified text.
    """
    try:
        text.encode("gb2312")
        return text
    except UnicodeEncodeError:
        if not any("\u4e00" <= c <= "\u9fff" for c in text):
            return text
        converted: str = _simplifier().convert(text)  # type: ignore[attr-defined]
        return converted


def normalise(text: str) -> str:
    """The reading of `text` that search compares: width, case, script and written numbers made equal.

    >>> normalise("第三次ＯＫ")
    '第3次ok'
    """
    text = simplify(unicodedata.normalize("NFKC", text)).lower()
    text = _NUMERAL.sub(lambda m: m[1] + str(chinese_number(m[2])), text)
    text = _ORDINAL.sub(lambda m: "第" + str(chinese_number(m[1])), text)
    return re.sub(r"\s+", " ", text).strip()


@lru_cache(maxsize=4096)
def search_reading(text: str) -> str:
    """The normal form of `text` and, on a line below, the words it means and doesn't say (knowledge/misreadings.py).

    Questions and clauses are read alike, so a slip on either side does not part them.

    >>> search_reading("请拔打热线")
    '请拔打热线\\n拨打'
    """
    said = normalise(text)
    meant = " ".join(normalise(word) for word in meant_words(said))
    return f"{said}\n{meant}" if meant else said


def said_part(reading: str) -> str:
    """What a text says of its reading for search, without the added words: this is embedded. (Words added to what is
    embedded moved right clauses down on the development questions; among the index terms they did not.)"""
    return reading.partition("\n")[0]


_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:[.:]\d+)*%?|[\u3400-\u9fff]+")
_CODE = re.compile(r"(?<![a-z0-9])[a-z]{1,4}-?\d+[a-z]?(?![a-z0-9])")
"""Names of things: E1, G1012, FY26, A-12. Their letters and digits apart stand everywhere."""
_ENGLISH_STOP = frozenset(
    [
        "a",
        "an",
        "the",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "do",
        "does",
        "did",
        "i",
        "you",
        "we",
        "he",
        "she",
        "it",
        "they",
        "me",
        "my",
        "our",
        "your",
        "his",
        "her",
        "its",
        "their",
        "to",
        "of",
        "in",
        "on",
        "at",
        "for",
        "and",
        "or",
        "if",
        "with",
        "by",
        "from",
        "as",
        "that",
        "this",
        "these",
        "those",
        "what",
        "which",
        "who",
        "whom",
        "how",
        "when",
        "where",
        "why",
        "can",
        "could",
        "may",
        "might",
        "must",
        "should",
        "shall",
        "will",
        "would",
        "have",
        "has",
        "had",
        "not",
        "no",
        "so",
        "than",
        "then",
        "there",
        "about",
        "into",
    ]
)


def _stem(word: str) -> str:
    """Light English stemming: plural and verb endings, enough to let `fines` meet `fine`."""
    for ending, least in (("ingly", 6), ("ing", 6), ("ies", 5), ("ed", 5), ("es", 5), ("s", 4)):
        if word.endswith(ending) and len(word) >= least and not word.endswith("ss"):
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word


def english_words(text: str) -> list[str]:
    """Stemmed content words of the English in a text."""
    return [_stem(run) for run in re.findall(r"[a-z]{2,}", text.lower()) if run not in _ENGLISH_STOP]


def terms(text: str) -> list[str]:
    """Index terms of a text: single characters and neighbouring pairs of Chinese, stemmed Latin words, numbers,
    codes (e1).

    Characters and pairs together beat dictionary words on the development questions
    (design/ARCHITECTURE.md, lexical search).
    """
    found: list[str] = []
    reading = normalise(text)
    for run in _WORD.findall(reading):
        if run[0] >= "\u3400":
            found.extend(run)
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
        elif run[0].isdigit():
            found.append(run)
        elif run not in _ENGLISH_STOP:
            found.append(_stem(run))
    found.extend(code.replace("-", "") for code in _CODE.findall(reading))
    return found


def codes(text: str) -> frozenset[str]:
    """The codes that a text names, as index terms.

    >>> sorted(codes("G-1012显示E1"))
    ['e1', 'g1012']
    """
    return frozenset(code.replace("-", "") for code in _CODE.findall(normalise(text)))


def is_chinese(text: str) -> bool:
    """Whether Chinese carries a text: as many characters of it as Latin words; a text of neither counts as Chinese."""
    hanzi, latin = len(re.findall(r"[\u3400-\u9fff]", text)), len(re.findall(r"[A-Za-z]{2,}", text))
    return hanzi >= latin


_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def years(text: str) -> frozenset[str]:
    """Calendar years that a text names, as index terms.

    >>> sorted(years("二〇二四年版和2025/26学年"))
    ['2024', '2025']
    """
    return frozenset(_YEAR.findall(normalise(text)))


_ASKED = re.compile(r"(?<=[\u3400-\u9fff])(几|多少)个?[次回天条支张遍份名位人]?(?=[\u3400-\u9fff])")


_ASKING = re.compile(
    r"多久1次|多长时间(?:1次)?|怎么办|咋办|是什么|是啥|为什么|有没有|能不能|可不可以|行不行|要不要|用不用|是不是|请问|什么|怎么|怎样|咋|如何"
    r"|我们|咱们|可以|吗|呢|啊|么$|嘛|吧|的话|的时候|时候|多久|多少|几(?=[次个天条回点])|啥|谁|哪[个些里儿]"
)
"""What only asks: its characters stand in clauses of any matter (「多久一次」 in 「一次罚款」)."""


def question_terms(text: str) -> list[str]:
    """Index terms of a question, without its words that only ask, and with the pairs that an interrogative splits:
    换几次班 also asks for 换班."""
    reading = search_reading(text)
    bare = _ASKING.sub(" ", reading)
    found = terms(bare if len(bare.strip()) > 1 else reading)
    joined = _ASKED.sub("", normalise(text))
    more = _ASKING.sub(" ", joined)
    return found + [term for term in terms(more) if len(term) > 1 and term not in set(found)]
