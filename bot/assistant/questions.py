"""Understanding a question before searching: language, what kind of answer it wants, what it follows up.

Rules only, no model: the same question is always understood the same way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.assistant.answers import Language, Turn
from bot.assistant.asking import Ask, Asks, Wanted, asks_of, things_asked
from knowledge.reading import normalise, question_terms


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood. `search_text` is what to search for, context of the thread included."""

    text: str
    search_text: str
    language: Language
    asked: tuple[Ask, ...]
    """What it asks for, values first, the most telling kind first; of the question before where it says nothing."""
    follows_up: bool
    wants_survey: bool
    """Asks what several manuals say together."""
    wants_script: bool
    """Asks for words to say."""
    wants_list: bool
    """Asks for several items or steps."""
    asks: frozenset[Asks] = frozenset()
    """What else it asks for, as its own words tell."""

    @property
    def value(self) -> Ask | None:
        """The value that an answer must hold to be one; None when none is asked for."""
        return next((ask for ask in self.asked if ask.is_value), None)

    @property
    def wanted(self) -> Wanted:
        """The kind of that value."""
        return self.value.wanted if self.value is not None else Wanted.ANY

    @property
    def parted(self) -> tuple[str, str]:
        """`search_text` in two: what is asked now, and what of the thread it needs to be understood (or nothing)."""
        if self.follows_up and self.search_text.endswith(self.text):
            return self.text, self.search_text.removesuffix(self.text).strip()
        return self.search_text, ""


_BACK = re.compile(
    r"呢[?？。!！\s]*$|的话[?？。!！\s]*$|^(那|那么|还有|如果|要是|再|然后|它|他|她|这|前者|后者|上一|下一|接下来|最后那)"
)
_OWNED = re.compile(r"[^\s,，。、;；]{1,10}的[?？。!！]*")
"""「维修部的」: whose, and nothing of what."""
_MANUALS = r"(?:制度|手册|文件|规定|规章|办法|单位|公司|部门|岗位|家店?|店|组)"
_BACK_ENGLISH = re.compile(
    r"^(and|what about|how about|then|so|but|what if|also|same|or|for the)\b"
    r"|\b(it|they|them|he|she|him|her|that one|the one|this one|then|too|either|instead|still|ones?)\b[?.! ]*"
)
_LITTLE, _MUCH = 2.0, 8.0
"""Amounts of `matter`: with less a question names no matter of its own, with more it needs no other."""
_ASKS = re.compile(
    r"谁|什么|啥|怎|咋|如何|哪|吗|能不能|可不可以|可以|行不行|要不要|是不是|有没有|多少|几|多久"
    r"|\b(who|whom|what|which|where|why|how|can|could|may|must|should|do|does|did|is|are|will)\b"
)
"""What says itself which kind of answer it wants."""
_SURVEY = re.compile(
    rf"(?<![给向由为替跟让])(?:各个?|各家|各份|不同的?|多个|所有的?|每个|全部){_MANUALS}"
    r"|(?:各家|各份|(?<!式)几份|几家|多份|各处)(?:的?(?:制度|手册|文件|规定))?"
    r"|(?:几|[两三四五3-5])(?:个|家)(?:的?(?:制度|手册|文件|单位|公司|部门))"
    r"|归纳|汇总(?![稿表人岗])|总结一下|梳理|综合|合起来|归到一起|(?:拼|串|整理|放|凑)(?:成|到?一[起块]|起来)|清单"
    r"|完整(?:的)?链条|完整(?:地)?怎么|都是?(?:怎么|咋|如何)(?:规定|要求|说)|分别(?:是?怎么)?(?:规定|要求)"
    r"|对比|比较一下"
    r"|\bacross\b|all (?:the )?(?:manuals|policies|documents)|summari[sz]e|compare|overview"
    r"|(?:each|different|several|various) (?:manual|policy|policie|document)s?"
    r"|(?:pull|put|bring) together|what (?:do )?the (?:manuals|policies|documents) (?:say|require|ask)"
)
"""Asks what several manuals, or several places of them, say together."""
_SURVEYING = re.compile(
    rf"(?:把|将)?(?:{_SURVEY.pattern})(?:里头|里面|里|中|对于|对(?![待外账])|关于|的|(?<=[总纳])下)*"
    r"|都?是?(?:怎么|咋|如何)(?:规定|要求|说|写|讲|定)的?|(?:都|分别)?有?(?:哪些|什么|啥)(?:规定|要求|规矩|说法)|帮我|给我|说说"
    r"|一个(?=完整)|完整(?:的)?流程|(?:[相有]关)?的?(?:要求|规定|说法)(?=$|[,，。?？ ]|汇总|归纳|整理|总结)"
    r"|列(?:一下|[个列下])|一下|这块|方面|要求(?=$|\s*[,，。?？])|(?<=\s)儿(?=$)|\bwhat (?:do )?the\b|\bwhat\b(?=.*\b(?:manuals?|policies)\b)"
    r"|\b(?:all )?the manuals?\b|\ball (?:manuals|policies|documents)\b|\b(?:say|ask) about\b"
)
"""The words of such a question that are in no clause."""
_SCRIPT = re.compile(
    r"(怎么|咋|如何)(说|讲|念|开头|开口|问候|回复|答|应答)|(?:第[1一]|头一)句|开口(?=怎|咋|说|第)|(说|讲)(什么|啥|哪句)|话术|开头语|开场白?|结束语|用语|问候语|台词|原话|念什么|自我介绍|哪(一)?句|那(一)?句|收尾"
    r"|what (do|should|shall|must) (i|we) say|how (do|should|can) (i|we) (greet|answer|open|close|say|word|phrase|begin|end|introduce)|wording|script|greeting"
    r"|(opening|closing|final|last|first) (line|words?|sentence|phrase|remark)|\bexact (words|phrase|sentence)|word for word|sign[- ]off"
)


_LIST = re.compile(
    r"哪(些|几|[\d一二三四五六七八九十两]+(步|条|项|点|样|种|类|块|个方面))|有(什么|啥)(要求|内容|职责|工作|任务|步骤|条件)|都(有|要|包括|是)(什么|啥|谁)|包括(什么|啥)|几(条|项|步|种|类|个方面|大)|[分成]几块|步骤|流程|怎么走|顺序|依次"
    r"|怎么做到位|从头到尾|完整|职责(是|有)|what are|which (things|steps|items|events)|list|steps|in order|walk me through|what (must|do|should) i"
)

# Characters and pairs that carry the asking, not the matter asked about.
_ASKING = frozenset(
    [
        "什么",
        "怎么",
        "多少",
        "可以",
        "我们",
        "你们",
        "咱们",
        "他们",
        "能不",
        "不能",
        "是不",
        "是谁",
        "哪些",
        "哪个",
        "哪几",
        "几个",
        "几条",
        "几次",
        "如果",
        "的话",
        "一下",
        "这个",
        "那个",
        "这种",
        "那种",
        "有没",
        "没有",
        "是否",
        "应该",
        "该怎",
        "怎样",
        "如何",
        "为什",
        "请问",
        "的时",
        "时候",
        "要不",
        "不要",
        "要做",
        "做什",
        "么办",
        "怎办",
        "咋办",
        "多久",
        "多长",
        "谁来",
        "几点",
        "是什",
        "有什",
        "还是",
        "或者",
        "以及",
        "然后",
        "最多",
        "最少",
        "至少",
        "规定",
    ]
)
_LIGHT = frozenset(
    "的了吗呢吧啊呀么嘛是在我你他她它们这那有和与就都也还要能会可把被给让到去来说做不没个几多少谁哪什怎咋请问得着过很太又再跟对"
)


def content_terms(text: str) -> dict[str, float]:
    """Terms of a question that carry its matter, each with a weight (1, less when half of a pair only asks)."""
    weights: dict[str, float] = {}
    for term in question_terms(text):
        if not "\u3400" <= term[0] <= "\u9fff":
            weights[term] = 1.0
        elif len(term) == 2 and term not in _ASKING:
            light = (term[0] in _LIGHT) + (term[1] in _LIGHT)
            if light < 2:
                weights[term] = 0.35 if light else 1.0
    return weights


_ENGLISH_GRAMMAR = re.compile(
    r"\b(the|an?|is|are|was|do|does|did|what|which|who|when|where|why|how|can|may|must|should|i|we|my|to|of|in|on|for|and|if)\b"
)
_CHINESE_GRAMMAR = re.compile(r"[的了吗呢吧么怎什哪谁几是能咋啥我你]|多少|可以|如何")


def language_of(text: str) -> Language:
    """The language that a question is asked in: titles and terms of the other one stand in many, and codes (E1) are
    typed alike in both.

    >>> [language_of(t) for t in ("《夜班守则》 says what about the night shift?", "night shift 几点", "OK吗", "E1?")]
    ['en', 'zh', 'zh', 'zh']
    """
    bare = re.sub(r"《[^《》]*》|“[^“”]*”|(?<![a-z0-9])[a-z]{1,4}-?\d+[a-z]?(?![a-z0-9])", " ", text.lower())
    hanzi = len(re.findall(r"[\u3400-\u9fff]", bare))
    latin = len(re.findall(r"[a-z]+", bare))
    if not latin:
        return "zh"
    if hanzi:
        english = len(_ENGLISH_GRAMMAR.findall(bare))
        if english >= 2 and english > len(_CHINESE_GRAMMAR.findall(bare)):
            return "en"
    return "zh" if hanzi >= max(1, latin) else "en"


def points_back(text: str) -> bool:
    """Whether the wording of a question leans on something said before it: 呢, 那, "and", "it"."""
    if language_of(text) == "en":
        return bool(_BACK_ENGLISH.search(text.strip().lower()))
    return bool(_BACK.search(text.strip())) or (
        bool(_OWNED.fullmatch(text.strip())) and not _ASKS.search(normalise(text))
    )


def matter(text: str) -> float:
    """How much matter a question names itself: about the number of its telling pairs of characters; an English word
    tells as much as two."""
    return sum(
        w * (1.0 if "\u3400" <= term[0] <= "\u9fff" else 2.0) for term, w in content_terms(text).items()
    )


def depends(text: str) -> bool:
    """Whether a question cannot be understood without what was said before, judged by its words alone."""
    content = matter(text)
    return content <= _LITTLE or (points_back(text) and content < _MUCH)


def understand(text: str, history: Sequence[Turn] = (), *, follows: bool | None = None) -> Question:
    """Read a question in its thread.

    `follows`: whether it goes on from the question before it; None: as its words alone tell
    (`following.find` knows better, from what the manuals say). A follow-up is searched together with the question
    before it, and with the one before that if it depended on it too; what it doesn't say of the kind of answer that
    it wants is as in the question before.
    """
    asked = [turn.text for turn in history if turn.role == "user"]
    if follows is None:
        follows = bool(asked) and depends(text)
    search_text, before = text, asked[-1] if follows and asked else ""
    for earlier in reversed(asked[-3:] if follows else []):
        search_text = f"{earlier} {search_text}"
        if not depends(earlier):
            break
    survey = bool(_SURVEY.search(normalise(text)))
    if survey:  # the words that ask for many manuals are in none of them
        told = re.sub(r"[,，。?？、]?\s*$", "", _SURVEYING.sub(" ", search_text))
        told = re.sub(r"\s+", " ", told).strip(" ,，。?？")
        search_text = told if len(told) >= 3 else search_text
    things = things_asked(search_text if survey else text)  # 「几份制度」 counts nothing
    inherits = bool(before) and not _ASKS.search(normalise(text))
    if inherits:
        things = things or things_asked(before)
    reading = normalise(f"{before} {text}" if inherits else text)
    return Question(
        text=text,
        search_text=search_text,
        language=language_of(text),
        asked=things,
        follows_up=follows,
        wants_survey=survey,
        wants_script=bool(_SCRIPT.search(reading)),
        wants_list=bool(_LIST.search(normalise(text))),
        asks=asks_of(text),
    )


def holds_value(question: Question, text: str) -> bool:
    """Whether `text` holds a value of the kind that the question wants (any text, when it wants none)."""
    return question.value is None or question.value.answered_by(text)
