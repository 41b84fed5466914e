"""Understanding a question before searching: language, what kind of answer it wants, what it follows up.

Rules only, no model: the same question is always understood the same way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.assistant.answers import Language, Turn
from knowledge.reading import normalise, question_terms, terms


class Wanted(StrEnum):
    """The kind of value that an answer must hold to be one."""

    MONEY = "money"
    DURATION = "duration"
    MOMENT = "moment"
    COUNT = "count"
    SHARE = "share"
    ANY = "any"


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
    earlier_answer: str = ""
    """What was answered before, for a follow-up: its manual is the first place to look."""

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
            r"(?<![那这前后头近好])几(次|个|条|人|名|支|字|遍|篇|级|步|种|份|位)|多少(次|个|条|人|名|支|字|遍|份|位)?|how many|how often"
        ),
    ),
)
_FOLLOW_UP = re.compile(
    r"^(那|那么|还有|如果|要是|再|然后|and\b|what about|how about|then\b|so\b|but\b)|呢[??。!\s]*$|^(它|他们?|她们?|这个|那个|这些|这种)"
    r"|\b(it|its|they|them|their|that|those|this|these|he|she|there|one)\b",
    re.I,
)
_MANUALS = r"(?:制度|手册|文件|规定|规章|办法|单位|公司|部门|岗位|家店?|店|组)"
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
    r"|都?是?(?:怎么|咋|如何)(?:规定|要求|说|写|讲|定)的?|(?:都|分别)?有?(?:哪些|什么|啥)(?:规定|要求)|帮我|说说|一个(?=完整)|的?要求(?=$|[,，。?？ ])"
    r"|一下|列个|这块|方面|要求(?=$|\s*[,，。?？])|(?<=\s)儿(?=$)|\bwhat (?:do )?the\b|\bwhat\b(?=.*\b(?:manuals?|policies)\b)|\bthe manuals?\b|\b(?:say|ask) about\b"
)
"""The words of such a question that are in no clause."""
_SCRIPT = re.compile(
    r"怎么(说|讲|开口|问候|回复|答|应答)|(说|讲)(什么|啥|哪句)|话术|开头语|开场白?|结束语|用语|问候语|台词|原话|念什么|自我介绍|哪(一)?句|那(一)?句|收尾"
    r"|what (do|should|shall|must) (i|we) say|how (do|should) (i|we) (greet|answer|open|close|say)|wording|script|opening line|greeting"
)


_LIST = re.compile(
    r"哪(些|几)|有(什么|啥)(要求|内容|职责|工作|任务|步骤|条件)|都(有|要|包括|是)(什么|啥|谁)|包括(什么|啥)|几(条|项|步|种|类|块|个方面|大)|步骤|流程|怎么走|顺序|依次"
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


def language_of(text: str) -> Language:
    """Chinese when at least a few Chinese characters carry the question, else English."""
    hanzi = len(re.findall(r"[\u3400-\u9fff]", text))
    latin = len(re.findall(r"[A-Za-z]+", text))
    return "zh" if hanzi >= max(1, latin) or not latin else "en"


def wanted_of(text: str) -> Wanted:
    """What kind of value the question asks for."""
    reading = normalise(text)
    return next((wanted for wanted, pattern in _WANTED if pattern.search(reading)), Wanted.ANY)


_UNIT = re.compile(r"(?:(?<!哪)几|多少)个?(次|回|条|人|名|支|字|遍|篇|级|步|种|份|位|张|件|台|层|项|家)")


def unit_of(text: str) -> str:
    """The measure word that a question counts, empty when there is none."""
    found = _UNIT.search(normalise(text))
    return (
        {"回": "[次回]", "次": "[次回]", "名": "[名位人个]", "位": "[名位人个]", "人": "[名位人个]"}.get(
            found[1], found[1]
        )
        if found
        else ""
    )


def _depends(text: str) -> bool:
    """Whether a question cannot be understood without what was said before."""
    content = [term for term in terms(text) if len(term) > 1]
    if language_of(text) == "zh":
        return (bool(_FOLLOW_UP.search(text.strip())) and len(content) < 24) or len(content) <= 4
    return bool(_FOLLOW_UP.search(text.strip())) or len(content) <= 3


def understand(text: str, history: Sequence[Turn] = ()) -> Question:
    """Read a question in its thread.

    A question that depends on the thread is searched together with the question before it; the answer given
    before is kept so that its manual comes first.
    """
    asked = [turn.text for turn in history if turn.role == "user"]
    answered = [turn.text for turn in history if turn.role == "assistant"]
    follows = bool(asked) and _depends(text)
    search_text = text
    if follows:
        search_text = f"{asked[-1]} {text}"
        if len(asked) > 1 and _depends(asked[-1]):
            search_text = f"{asked[-2]} {search_text}"
    survey = bool(_SURVEY.search(normalise(text)))
    if survey:  # the words that ask for many manuals are in none of them
        matter = re.sub(
            r"\s+", " ", re.sub(r"[,，。?？、]?\s*$", "", _SURVEYING.sub(" ", search_text))
        ).strip(" ,，。?？")
        search_text = matter if len(matter) >= 3 else search_text
    wanted = wanted_of(search_text if survey else text)  # 「几份制度」 counts nothing
    if follows and wanted is Wanted.ANY:
        wanted = wanted_of(asked[-1])
    reading = normalise(search_text)
    return Question(
        text=text,
        search_text=search_text,
        language=language_of(text),
        wanted=wanted,
        unit=unit_of(text) or (unit_of(asked[-1]) if follows else ""),
        follows_up=follows,
        wants_survey=survey,
        wants_script=bool(_SCRIPT.search(reading)),
        wants_list=bool(_LIST.search(reading)),
        earlier_answer=answered[-1] if follows and answered else "",
    )


_VALUE = {
    Wanted.MONEY: re.compile(
        r"\d[\d,.]*\s*(元|块|圆|万|rmb|yuan|usd|eur|gbp|dollars?)|[$¥€£]\s*\d|_{2,}|\d\s*%|免费|工资|奖金"
    ),
    Wanted.DURATION: re.compile(
        r"\d+\s*(个?(工作日|自然日|小时|月|星期|钟头)|天|日内|日|分钟?|年|周|秒|days?|hours?|minutes?|months?|years?|weeks?|business)"
        r"|(每|当|次|全)(日|天|周|月|年)|长期|永久|半(天|小时|年|个?月)|one|two|three|four|five"
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


def holds_value(question: Question, text: str) -> bool:
    """Whether `text` holds a value of the kind that the question wants (any text, when it wants none)."""
    if question.wanted is Wanted.COUNT and question.unit:
        return bool(re.search(rf"(\d|半|每|单|双)\s*个?{question.unit}", normalise(text)))
    pattern = _VALUE.get(question.wanted)
    if question.wanted is Wanted.MOMENT and _CLOCK_ASKED.search(question.text):
        pattern = _CLOCK
    return pattern is None or bool(pattern.search(normalise(text)))
