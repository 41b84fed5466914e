"""Understanding a question before searching: language, what kind of answer it wants, what it follows up.

Rules only, no model: the same question is always understood the same way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.assistant.answers import Language, Turn
from knowledge.reading import normalise, question_terms


class Wanted(StrEnum):
    """The kind of value that an answer must hold to be one."""

    MONEY = "money"
    DURATION = "duration"
    MOMENT = "moment"
    COUNT = "count"
    SHARE = "share"
    ANY = "any"


class Asks(StrEnum):
    """What else a question wants to hear, beside or instead of a value."""

    WHO = "who"
    """A role or department."""
    WHERE = "where"
    CHANNEL = "channel"
    """By which means: a system, a form, a group chat."""
    PERMISSION = "permission"
    """Whether something is allowed: a clause with 不得, 可以, must not answers."""
    CONSEQUENCE = "consequence"
    """What happens to who does it or does not."""
    REASON = "reason"
    HOW = "how"
    """A way to do it, in steps."""
    DOCUMENT = "document"
    """Which manual or form, by name."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood. `search_text` is what to search for, context of the thread included."""

    text: str
    search_text: str
    language: Language
    wanted: Wanted
    unit: str
    """For a count: what is counted (次, 支, 名 …); empty when the question does not say."""
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
    def parted(self) -> tuple[str, str]:
        """`search_text` in two: what is asked now, and what of the thread it needs to be understood (or nothing)."""
        if self.follows_up and self.search_text.endswith(self.text):
            return self.text, self.search_text.removesuffix(self.text).strip()
        return self.search_text, ""


_WANTED: tuple[tuple[Wanted, re.Pattern[str]], ...] = (
    (Wanted.SHARE, re.compile(r"百分之几|百分之多少|几个点|多少个点|比例|提成率|what percent|percentage")),
    (
        Wanted.MONEY,
        re.compile(
            r"多少钱|几块钱?|多少元|多少块|(罚|扣|赔|奖|补贴?|底薪|工资|奖金|费用|收费|押金|津贴).{0,6}(多少|几)"
            r"|(交|发|收|付)多少|how much (is|are|do|does|will|would|money)|what('s| is) the (fine|bonus|price|fee|cost)"
        ),
    ),
    (
        Wanted.DURATION,
        re.compile(
            r"多久|多长时间|(?<![那这前后头近好])几(天|个?小时|分钟|个?月|年|周|个?星期|秒)|多少(天|个?小时|分钟|个?月|年|周|秒)|保存期|期限"
            r"|how long|how many (days|hours|minutes|months|years|weeks|seconds)"
        ),
    ),
    (
        Wanted.MOMENT,
        re.compile(
            r"几点|什么时候|何时|哪天|星期几|周几|几号|什么时间|what time|which day|\bwhen (is|are|do|does|must|should)\b"
        ),
    ),
    (
        Wanted.COUNT,
        re.compile(
            r"(?<![那这前后头近好])几(次|个|人|名|支|字|遍|篇|级|种|份|位)|多少(次|个|条|人|名|支|字|遍|份|位)?|how many|how often"
        ),
    ),
)
_BACK = re.compile(
    r"呢[?？。!！\s]*$|的话[?？。!！\s]*$|^(那|那么|还有|如果|要是|再|然后|它|他|她|这|前者|后者|上一|下一|接下来|最后那)"
)
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
    rf"(?:各个?|各家|各份|不同的?|多个|所有的?|每个|全部){_MANUALS}|(?:各家|各份|几份|几家|多份|各处)(?:的?(?:制度|手册|文件|规定))?"
    r"|(?:几|[两三四五3-5])(?:个|家)(?:的?(?:制度|手册|文件|单位|公司|部门))"
    r"|归纳|汇总|总结一下|梳理|综合|合起来|归到一起|(?:拼|串|整理|放)(?:成|到?一[起块]|起来)|清单"
    r"|完整(?:的)?(?:流程|链条)|完整(?:地)?怎么|都是?(?:怎么|咋|如何)(?:规定|要求|说)|分别(?:是?怎么)?(?:规定|要求)"
    r"|对比|比较一下"
    r"|\bacross\b|all (?:the )?(?:manuals|policies|documents)|summari[sz]e|compare|overview"
    r"|(?:each|different|several|various) (?:manual|policy|policie|document)s?"
    r"|(?:pull|put|bring) together|what (?:do )?the (?:manuals|policies|documents) (?:say|require|ask)"
)
"""Asks what several manuals, or several places of them, say together."""
_SURVEYING = re.compile(
    rf"(?:把|将)?(?:{_SURVEY.pattern})(?:里头|里面|里|中|对于|对|关于|的)*"
    r"|都?是?(?:怎么|咋|如何)(?:规定|要求|说|写|讲|定)的?|(?:都|分别)?有?(?:哪些|什么|啥)(?:规定|要求)|帮我|说说|一个(?=完整)|的?(?:要求|规定)(?=$|[,，。?？ ])"
    r"|一下|列个|这块|方面|要求(?=$|\s*[,，。?？])|(?<=\s)儿(?=$)|\bwhat (?:do )?the\b|\bwhat\b(?=.*\b(?:manuals?|policies)\b)|\bthe manuals?\b|\b(?:say|ask) about\b"
)
"""The words of such a question that are in no clause."""
_SCRIPT = re.compile(
    r"(怎么|咋|如何)(说|讲|念|开头|开口|问候|回复|答|应答)|(?:第[1一]|头一)句|开口(?=怎|咋|说|第)|(说|讲)(什么|啥|哪句)|话术|开头语|开场白?|结束语|用语|问候语|台词|原话|念什么|自我介绍|哪(一)?句|那(一)?句|收尾"
    r"|what (do|should|shall|must) (i|we) say|how (do|should) (i|we) (greet|answer|open|close|say)|wording|script|opening line|greeting"
)


_LIST = re.compile(
    r"哪(些|几|[\d一二三四五六七八九十两]+(步|条|项|点|样|种|类|块|个方面))|有(什么|啥)(要求|内容|职责|工作|任务|步骤|条件)|都(有|要|包括|是)(什么|啥|谁)|包括(什么|啥)|几(条|项|步|种|类|块|个方面|大)|步骤|流程|怎么走|顺序|依次"
    r"|怎么做到位|从头到尾|完整|职责(是|有)|what are|which (things|steps|items|events)|list|steps|in order|walk me through|what (must|do|should) i"
)

_ASKED_FOR: tuple[tuple[Asks, re.Pattern[str]], ...] = (
    (
        Asks.WHO,
        re.compile(
            r"谁|哪个?(部门|岗位|人|领导|单位|组)|哪(位|级)|什么人|啥人|找哪|归哪|\bwho(m|se)?\b|\b(which|what) (department|team|role|person|manager)\b"
        ),
    ),
    (Asks.WHERE, re.compile(r"哪里|哪儿|在哪|到哪|去哪|什么地方|啥地方|\bwhere\b")),
    (
        Asks.CHANNEL,
        re.compile(
            r"(用|通过|从|走)(什么|啥|哪个?)(系统|软件|工具|平台|渠道|方式|表|单子?|群)|记在哪|发到哪|\b(which|what) (channel|system|tool|form|app)\b"
        ),
    ),
    (
        Asks.PERMISSION,
        re.compile(
            r"能(不能|否)?.{0,24}(吗|么|不|嘛)([?!。]|$)|(可不可以|可以.{0,24}(吗|么|不)|准不准|让不让|行不行|行吗|允许|许不许|ok不ok|算不算|违不违)"
            r"|^(can|may|could|am i allowed|are we allowed|is it (ok|okay|allowed|fine)) ?\b|\ballowed to\b"
        ),
    ),
    (
        Asks.CONSEQUENCE,
        re.compile(
            r"(会|要)?(怎么|怎样|咋)(处罚|处理|罚|算|样)|什么(后果|下场|处分)|啥(后果|下场|处分)|会怎样|\bwhat happens?\b|\b(penalt(y|ies)|punish(ed|ment)?|consequences?)\b"
        ),
    ),
    (Asks.REASON, re.compile(r"为什么|为啥|凭什么|原因是|\bwhy\b|\bhow come\b")),
    (
        Asks.HOW,
        re.compile(
            r"(怎么|如何|咋)(?!说|讲|处罚|罚|算|样|规定)(弄|办|做|走|操作|申请|请|领|交|处理|填|报)?|流程|步骤|\bhow (do|should|can|to)\b|\bsteps\b"
        ),
    ),
    (
        Asks.DOCUMENT,
        re.compile(
            r"哪(份|个|本)(文件|制度|手册|规定|表)|什么(表|单|文件)|叫什么(名|单|表)|\b(which|what) (manual|policy|document|form)\b"
        ),
    ),
)


def asks_of(text: str) -> frozenset[Asks]:
    """What a question asks for beside a value; several at once are possible."""
    reading = normalise(text)
    return frozenset(asks for asks, pattern in _ASKED_FOR if pattern.search(reading))


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
    """The language that a question is asked in: titles and terms of the other one stand in many.

    >>> [language_of(t) for t in ("《夜班守则》 says what about the night shift?", "night shift 几点", "OK吗")]
    ['en', 'zh', 'zh']
    """
    bare = re.sub(r"《[^《》]*》|“[^“”]*”", " ", text.lower())
    hanzi = len(re.findall(r"[\u3400-\u9fff]", bare))
    latin = len(re.findall(r"[a-z]+", bare))
    if not latin:
        return "zh"
    if hanzi:
        english = len(_ENGLISH_GRAMMAR.findall(bare))
        if english >= 2 and english > len(_CHINESE_GRAMMAR.findall(bare)):
            return "en"
    return "zh" if hanzi >= max(1, latin) else "en"


def wanted_of(text: str) -> Wanted:
    """What kind of value the question asks for."""
    reading = normalise(text)
    return next((wanted for wanted, pattern in _WANTED if pattern.search(reading)), Wanted.ANY)


_UNIT = re.compile(r"(?:(?<!哪)几|多少)个?(次|回|条|人|名|支|字|遍|篇|级|步|种|份|位|张|件|台|层|项|家)")


def unit_of(text: str) -> str:
    """The measure word that a question counts, empty when there is none."""
    found = _UNIT.search(normalise(text))
    return (
        {"回": "[次回]", "次": "[次回]", "名": "[名位人]", "位": "[名位人]", "人": "[名位人]"}.get(
            found[1], found[1]
        )
        if found
        else ""
    )


def points_back(text: str) -> bool:
    """Whether the wording of a question leans on something said before it: 呢, 那, "and", "it"."""
    pattern = _BACK_ENGLISH if language_of(text) == "en" else _BACK
    return bool(pattern.search(text.strip().lower()))


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
    wanted, unit = wanted_of(search_text if survey else text), unit_of(text)  # 「几份制度」 counts nothing
    inherits = bool(before) and not _ASKS.search(normalise(text))
    if inherits and wanted is Wanted.ANY:
        wanted, unit = wanted_of(before), unit or unit_of(before)
    reading = normalise(f"{before} {text}" if inherits else text)
    return Question(
        text=text,
        search_text=search_text,
        language=language_of(text),
        wanted=wanted,
        unit=unit,
        follows_up=follows,
        wants_survey=survey,
        wants_script=bool(_SCRIPT.search(reading)),
        wants_list=bool(_LIST.search(normalise(text))),
        asks=asks_of(text),
    )


_VALUE = {
    Wanted.MONEY: re.compile(
        r"\d[\d,.]*\s*(元|块|圆|万|rmb|yuan|usd|eur|gbp|dollars?)|[$¥€£]\s*\d|_{2,}|\d\s*%|免费|工资|奖金"
    ),
    Wanted.DURATION: re.compile(
        r"\d+\s*(个?(工作日|自然日|小时|月|星期|钟头)|天|日内|日|分钟?|年|周|秒|days?|hours?|minutes?|months?|years?|weeks?|business)"
        r"|(每|当|次|全)(日|天|周|月|年)|长期|永久|定期|适时|半(天|小时|年|个?月)|one|two|three|four|five"
    ),
    Wanted.MOMENT: re.compile(
        r"\d+\s*[::]\s*\d+|\d+\s*(点|时|号|日|月|am|pm)|(周|星期)[1-7一二三四五六日天末]|(每|当|次|前|后)(日|天|周|月|年|晚|早)"
        r"|(之|以)?(前|后)|时|day|week|month|before|after|date"
    ),
    Wanted.COUNT: re.compile(r"\d|[一二两三四五六七八九十半]|每|one|two|three|once|twice|no more"),
    Wanted.SHARE: re.compile(r"\d[\d.]*\s*%|百分之|成"),
}


_CLOCK_ASKED = re.compile(r"几点|what time", re.I)
_CLOCK = re.compile(
    r"\d+\s*[::]\s*\d+|\d+\s*(?:点|时(?!间)|am\b|pm\b|a\.m|p\.m|o'clock)|noon|midnight|[零〇一二三四五六七八九十]点"
)


_AHEAD_ASKED = re.compile(r"(提前|提早|预先).{0,6}(多久|多长|多少|几)|how (far|long) (ahead|in advance)")
_AHEAD = re.compile(
    r"(提前|提早|预先).{0,8}[\d一二两三四五六七八九十半]|前[\d一二两三半]\d*\s*(天|日|周|个|小时|分)|\b(before|in advance|ahead)\b"
)


def holds_value(question: Question, text: str) -> bool:
    """Whether `text` holds a value of the kind that the question wants (any text, when it wants none)."""
    if question.wanted is Wanted.COUNT and question.unit:
        return bool(re.search(rf"(\d|半|每|单|双)\s*个?{question.unit}", normalise(text)))
    pattern = _VALUE.get(question.wanted)
    if question.wanted is Wanted.DURATION and _AHEAD_ASKED.search(normalise(question.text)):
        pattern = _AHEAD
    if question.wanted is Wanted.MOMENT and _CLOCK_ASKED.search(question.text):
        pattern = _CLOCK
    return pattern is None or bool(pattern.search(normalise(text)))
