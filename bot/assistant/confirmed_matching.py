"""Whether two questions are the same one, asked in other words or inside a longer story.

Likeness of meaning alone cannot tell 「第二次」 from 「第三次」 or 早班 from 晚班, so whatever differs between two
questions in what matters forbids the match: a number, a negation, a role, a product, a case, what is asked for, or
a word of the one without a counterpart in the other. In doubt they are two questions: a wrong match gives a wrong
answer with a supervisor's name under it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from bot.assistant.asking import Wanted, wanted_of
from bot.assistant.questions import content_terms, language_of
from knowledge.embedding import Matrix
from knowledge.statements.concepts import concepts, named_people
from knowledge.statements.quantities import folded, quantities
from knowledge.statements.segments import FUNCTION_WORDS, content_words
from knowledge.statements.topics import is_exception, other_case, topic

_ASKS = re.compile(
    r"[?？]|什么|怎么|怎样|如何|多少|几|哪|谁|多久|吗|么|呢|是否|能不能|可不可以|要不要|行不行|啥|咋|为何"
    r"|\b(?:what|how|who|whom|when|where|which|why|can|may|must|should|do|does|is|are)\b",
    re.I,
)
_PIECE = re.compile(r"(?<=[。!?！？；;\n])|(?<=[,，])(?!\d)|(?<=\.)(?=\s)")
_MOST_PIECES = 4
# Asked for, beside the kinds of value that `wanted_of` knows. 「什么时候可以…」 asks for the cases, not for a time.
_CASES = re.compile(r"(什么|啥|哪些?|哪种|何种)(时候|情况|条件|情形)下?.{0,6}?(可以|能|允许|算|才|不)")
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("moment", re.compile(r"啥时候?|哪一天|几时|哪个时间")),
    ("duration", re.compile(r"时限|\bhow (?:soon|quickly|fast)\b")),
    (
        "who",
        re.compile(
            r"谁|找哪|哪(个|位)(人|部门|领导|主管|同事|岗位)?(批|管|负责|处理|接|审)|由哪|\bwho(m|se)?\b"
        ),
    ),
    ("count", re.compile(r"(?:(?<!哪)几|多少)个?[本张台件套层页项类组单笔通行户家道起例封部瓶杯包箱袋]")),
    ("cases", _CASES),
    ("why", re.compile(r"为什么|为何|为啥|什么原因|凭什么|\bwhy\b")),
    ("where", re.compile(r"哪里|哪儿|在哪|去哪|什么地方|\bwhere\b")),
    (
        "say",
        re.compile(
            r"怎么(说|讲|回(?!事)|开口|问候|答|自我介绍)|(说|讲)(什么|啥|哪)|话术|哪句|第一句|\bsay\b|wording|greet"
        ),
    ),
)
_COUNTS = re.compile(
    r"(?:(?<!哪)几|多少)个?([次回遍条人名位支字篇级步种份本张台件套层页项类组单笔通行户家道起例封部瓶杯包箱袋])"
    r"|\bhow many (?:more |other )?([a-z]{3,5})"
)
_ALIKE = {"回": "次", "遍": "次", "名": "人", "位": "人"}
_YES_NO = re.compile(
    r"吗|(\w)不\1|(?<![怎什那这多])么|能不能|可不可以|可以不|行不行|要不要|是不是|(?:^|,)\s*(?:can|may|is|are|do|does|must|should)\b"
)
_NEGATION = re.compile(
    r"(?<!有)没(?!关系)|未|无(?!理由|论)|不(?!好意思|过|同|知道|清楚|确定|懂|明白|错|管|少|是吗|得了|想|行$)|别(?!人|的|家)"
    r"|\b(?:not(?! sure)|no(?! idea)|never|without|cannot)\b|n't(?! know)\b"
)
_A_NOT_A = re.compile(r"(\w)(?:不|没)\1|是不是|有没有|可不可以|不行[吗么]|不可以[吗么]|不得不")
_CODE = re.compile(r"(?<![a-z0-9])(?=[a-z]*\d)[a-z]{1,4}-?\d[a-z0-9-]*(?![a-z0-9])")
_HOLIDAY = re.compile(
    r"春节|过年|除夕|元旦|元宵|清明|五一|劳动节|端午|中秋|国庆|十一黄金周|圣诞|情人节|妇女节|儿童节|教师节|父亲节|母亲节|七夕|重阳"
    r"|spring festival|new year|labou?r day|national day|mid-autumn|dragon boat|christmas|thanksgiving|easter"
)
_TIME_OF_DAY = re.compile(
    r"夜间|晚间|白天|日间|周末|节假日|工作日|凌晨|清晨|早上|上午|中午|午休|下午|傍晚|晚上|夜里|半夜|深夜|\b(?:morning|noon|afternoon|evening|night)\b"
)
# Of each pair, a question with the one and a question with the other ask two things.
_OPPOSED: tuple[tuple[str, str], ...] = (
    (r"最多|至多|顶多|最高|上限|不超过|at most|maximum", r"最少|至少|最低|下限|不少于|at least|minimum"),
    (r"最早|earliest", r"最晚|最迟|latest"),
    (r"保内|在保|保修期内", r"保外|过保|保修期外"),
    (r"上班|上岗|start", r"下班|离岗|end"),
    (r"之前|以前|before", r"之后|以后|after"),
    (r"入职|join", r"离职|leav"),
    (r"退|refund|return", r"换|exchang|replac"),
    (r"奖|表扬|reward|bonus", r"罚|扣|处分|fine|penalt"),
)
# What only asks, or counts: compared by itself, not word by word.
_ASKING = re.compile(
    r"什么|怎么样?|怎样|如何|多少|多长时间|多长|多久|几[个次天条支张遍份名位人点号分秒小月年钟时]*|哪[些个一种天里儿位]*|谁|啥|咋|呢|吗|么|请问"
    r"|想?问一?下?[,,]?|想知道|时候|情况|条件|可不可以|能不能|行不行|要不要|是不是|有没有|可以|允许|要求|之前|能|该|得|要|会|应该|需要|必须|是否"
    r"|最多|顶多|至多|最高|最少|至少|最低|钱|元|块|上限|下限|时限|期限|权限|价格|金额|一共|到底|大概|一般|现在|突然"
)
_LIGHT = frozenset(
    re.findall(
        r"\S+",
        "有 是 做 办 去 来 到 行 用 让 给 说 想 看 听 下 上 里 中 时 后 前 内 人 我们 你们 客户 顾客 事 事情 东西 时间 怎么办"
        " 就是 买 卖 收 交 拿 装 叫 找 家里 店里 手里 公司 单位 旁边 对方 网上 路上 里头 这边 那边 信息 阿姨 大爷 老人 朋友"
        " 同事 师傅 购买 商品 产品 下单 低于 高于 超出 超过 达到 拿到 才行 分数 评分 打分 要求 allowed permitted how long soon many much quickly fast customer customers must may can should would does what which when",
    )
)
_LIGHT_CHARACTERS = frozenset("是从的了在就都也还又被把来去着过天次个们我你他她它这那啊呀吧到出起")
_COUNTED = re.compile(r"[一二两三四五六七八九十百几每半\d]+.?")
_CONTENT = frozenset("nvastilbgjzf")
_FIRM = frozenset("nsabgjz")
"""Parts of speech that name things and their properties: a question about another thing is another question."""


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """What of a question must be the same in another one."""

    text: str
    """Folded."""
    language: str
    kinds: frozenset[str]
    """What is asked for: a kind of value, who, why, where, what to say; empty: what the rule is."""
    counted: str
    """Of what a number is asked for (本, 次), as far as the question says."""
    numbers: frozenset[tuple[str, Fraction]]
    negations: int
    people: frozenset[int]
    codes: frozenset[str]
    """Models of products."""
    holidays: frozenset[str]
    times: frozenset[str]
    """Times of day."""
    terms: frozenset[str]
    words: tuple[str, ...]
    """What it is about, word by word."""
    firm: frozenset[str]
    """Those that name things."""


@lru_cache(maxsize=4096)
def read_question(text: str) -> QuestionReading:
    """Read a question, or a part of one."""
    plain = folded(text)
    words = _words(plain, language_of(text))
    return QuestionReading(
        text=plain,
        language=language_of(text),
        kinds=_kinds(plain),
        counted=_counted(plain),
        numbers=frozenset(
            (quantity.unit, quantity.value)
            for quantity in quantities(plain)
            if quantity.value != 1 or re.search("[第首]", plain[quantity.start : quantity.end])
        ),
        negations=len(_NEGATION.findall(_A_NOT_A.sub(" ", plain))),
        people=concepts(plain).people,
        codes=frozenset(_CODE.findall(plain)),
        holidays=frozenset(_HOLIDAY.findall(plain)),
        times=frozenset(_TIME_OF_DAY.findall(plain)),
        terms=frozenset(content_terms(text)),
        words=tuple(words),
        firm=frozenset(word for word, firm in words.items() if firm),
    )


def _kinds(plain: str) -> frozenset[str]:
    kinds = {name for name, pattern in _KINDS if pattern.search(plain)}
    wanted = wanted_of(plain)
    if wanted is not Wanted.ANY:
        kinds.add(wanted.value)
    if not kinds and _YES_NO.search(plain):
        return frozenset({"whether"})
    return frozenset(kinds - {"moment"} if "cases" in kinds else kinds)


def _counted(plain: str) -> str:
    found = _COUNTS.search(plain)
    unit = (found[1] or found[2]) if found else ""
    return _ALIKE.get(unit, unit)


def _words(plain: str, language: str) -> dict[str, bool]:
    """Words that carry content → whether they name a thing."""
    for quantity in quantities(plain):
        plain = plain[: quantity.start] + " " * (quantity.end - quantity.start) + plain[quantity.end :]
    if language == "en":
        return {word: True for word in content_words(plain) if word not in _LIGHT}
    import rjieba

    return {
        word: tag[0] in _FIRM or tag == "eng"
        for word, tag in rjieba.tag(_ASKING.sub(" ", plain))
        if (tag[0] in _CONTENT or tag == "eng")
        and word not in _LIGHT
        and word not in FUNCTION_WORDS
        and not _LIGHT_CHARACTERS.issuperset(word)
        and not _COUNTED.fullmatch(word)
    }


def asking_part(text: str, wanted: Iterable[str]) -> str:
    """The run of pieces of a text that asks something and holds most of the terms `wanted`; of several, the shortest."""
    pieces = _pieces(text)
    terms = set(wanted)
    best, best_score = text, (-1, 0)
    for first in range(len(pieces)):
        for last in range(first, min(first + _MOST_PIECES, len(pieces))):
            run = "".join(pieces[first : last + 1]).strip()
            if _ASKS.search(run):
                score = (len(terms & set(content_terms(run))), -len(run))
                if score > best_score:
                    best, best_score = run, score
    return best


def _pieces(text: str) -> list[str]:
    return [piece for piece in _PIECE.split(text) if piece.strip()]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the manuals say around a confirmed answer, in their reading for search."""

    own: str
    """Of the clauses that it rests on, with its own words."""
    rivals: str
    """Of the other clauses that the asked question finds: words that are only there tell two rules apart."""
    units: frozenset[str]
    """Units that its rule counts in."""


def differ(
    confirmed: QuestionReading, whole: QuestionReading, part: QuestionReading, around: Surroundings
) -> str:
    """Why a question cannot be the confirmed one, in a word; empty when nothing speaks against it.

    `whole` is all that was typed, `part` where it asks. A story may tell more than the question, but nothing of
    what makes a difference: no number of a unit that the rule counts in, no time of day when it speaks of one.
    """
    units = {unit for unit, _ in confirmed.numbers} | around.units
    numbers = {pair for pair in part.numbers if pair[0] != "#"}
    numbers |= {pair for pair in whole.numbers if pair[0] in units}
    days = whole if _TIME_OF_DAY.search(around.own) else part
    reasons = {
        "language": confirmed.language != whole.language,
        "kind": confirmed.kinds != part.kinds or _unlike(confirmed.counted, part.counted),
        "number": not confirmed.numbers <= whole.numbers or bool(numbers - confirmed.numbers),
        "negation": confirmed.negations != whole.negations,
        "day": confirmed.holidays != whole.holidays or confirmed.times != days.times,
        "case": other_case(confirmed.text, whole.text) or is_exception(confirmed.text, whole.text),
        "role": not confirmed.people <= whole.people or not part.people <= confirmed.people,
        "code": confirmed.codes != whole.codes,
        "opposed": any(_opposed(one, other, confirmed.text, part.text) for one, other in _OPPOSED),
    }
    return next((name for name, holds in reasons.items() if holds), "")


def _unlike(one: str, other: str) -> bool:
    return bool(one and other) and one != other


def _opposed(one: str, other: str, confirmed: str, asked: str) -> bool:
    mine = (bool(re.search(one, confirmed)), bool(re.search(other, confirmed)))
    theirs = (bool(re.search(one, asked)), bool(re.search(other, asked)))
    return mine != theirs and mine != (False, False) and theirs != (False, False)


Nearness = Callable[[Sequence[str], Sequence[str]], Matrix]
"""How near each text of the one list is in meaning to each of the other (`Embedder.nearnesses`)."""

_COUNTERPART = 0.8
"""Nearness from which a word stands for another (拆开, 拆封); 录音 and 录屏 are at 0.76, 空调 and 热水器 at 0.4."""
_COUNTERPART_ENGLISH = 0.6
_OF_A_KIND = 0.6
"""Nearness of two words of one question from which their order tells (从网店到门店)."""
_ADDED = 0.5
"""Below it, a word of the asked question is about something that the confirmed one does not mention."""
_ADDED_ENGLISH = 0.4
_LEAST_COVERED = 0.72
_LEAST_LIKE = 0.93
_NEARNESS_SHARE = 0.2
_LEAST_TOGETHER = 1.08
"""Of the cosine, and of the cosine with a share of the nearness. Fitted on tests/voice/one_voice.jsonl and on all pairs of
500 different questions about two sets of manuals, with the bundled models."""


def agreement(
    confirmed: str,
    asked: str,
    around: Surroundings,
    nearness: Nearness,
    likeness: Callable[[str, str], float],
) -> float:
    """How alike two questions are when they are the same one, 1 for the same words; 0 when they are two questions.

    `likeness` is the cosine of two questions, looked at last: the rest costs little.
    """
    mine, whole = read_question(confirmed), read_question(asked)
    part = asking_part(asked, mine.terms)
    if differ(mine, whole, read_question(part), around):
        return 0.0
    if plainly(confirmed) == plainly(part):
        return 1.0
    core = "".join(piece for piece in _pieces(part) if _ASKS.search(piece)) or part
    if not _words_agree(mine, whole, read_question(core), around, nearness):
        return 0.0
    like = likeness(confirmed, part)
    if like < _LEAST_LIKE:
        return 0.0
    near = float(nearness([confirmed], [part])[0, 0])
    return like if like + _NEARNESS_SHARE * near >= _LEAST_TOGETHER else 0.0


def plainly(text: str) -> str:
    """A question without spaces and marks."""
    return "".join(c for c in folded(text) if c.isalnum())


def _words_agree(
    mine: QuestionReading,
    whole: QuestionReading,
    core: QuestionReading,
    around: Surroundings,
    nearness: Nearness,
) -> bool:
    """Whether every thing that the confirmed question names has a counterpart in the asked one, and the asked one
    brings in nothing that the rule does not speak of."""
    if not mine.words or not whole.words:
        return False
    near = nearness(mine.words, whole.words)
    covered = dict(zip(mine.words, near.max(axis=1).tolist(), strict=True))
    least = _COUNTERPART if mine.language == "zh" else _COUNTERPART_ENGLISH
    if any(covered[word] < least for word in mine.firm) or _swapped(mine, whole, nearness):
        return False
    if sum(covered.values()) / len(covered) < _LEAST_COVERED:
        return False
    brought = dict(zip(whole.words, near.max(axis=0).tolist(), strict=True))
    least = _ADDED if whole.language == "zh" else _ADDED_ENGLISH
    return not any(
        value < least and _matters(word, mine, core, whole, around) for word, value in brought.items()
    )


def _swapped(mine: QuestionReading, whole: QuestionReading, nearness: Nearness) -> bool:
    """Whether two things of a kind stand the other way round: 网店买的到门店退 is not 门店买的到网店退."""
    both = [word for word in mine.words if word in mine.firm and word in whole.words]
    pairs = [
        (one, other)
        for n, one in enumerate(both)
        for other in both[n + 1 :]
        if (mine.text.find(one) < mine.text.find(other)) != (whole.text.rfind(one) < whole.text.rfind(other))
    ]
    return any(float(nearness([one], [other])[0, 0]) >= _OF_A_KIND for one, other in pairs)


def _matters(
    word: str, mine: QuestionReading, core: QuestionReading, whole: QuestionReading, around: Surroundings
) -> bool:
    """Whether a word without a counterpart makes another question of it: in the asking itself every one does that the
    rule does not know, in the story around it one that names what another rule is about."""
    if named_people(word) or topic(word) <= topic(mine.text):
        return False
    # A verb of the rule is another word for the same act; a thing that the rule names may be one of its cases.
    if word in around.own and word not in (core.firm if whole.language == "zh" else ()):
        return False
    shortest = 2 if whole.language == "zh" else 5
    return word in core.words or (len(word) >= shortest and word in whole.firm and word in around.rivals)
