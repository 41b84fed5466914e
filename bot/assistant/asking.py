"""What kind of thing a question asks for, and how a sentence that could answer it looks.

「几天」 is answered by a number of days, 「谁」 by a person: a sentence without one does not answer, however near its
words are. Kinds are read off the question's own words, in Chinese and English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from knowledge.reading import normalise

_NUMBER = r"(?:\d[\d,.]*|[零〇一二两三四五六七八九十百千半]+)"
_MEASURES = (
    "次|回|个|条|人|名|位|支|字|遍|篇|级|步|种|份|张|件|台|层|项|家|套|本|瓶|箱|桌|间|辆|声|分贝|度|档|轮|分"
)
_SPELLED = "one|two|three|four|five|six|seven|ten|twelve"


class Wanted(StrEnum):
    """The kind of value that an answer must hold to be one."""

    MONEY = "money"
    DURATION = "duration"
    MOMENT = "moment"
    COUNT = "count"
    SHARE = "share"
    CODE = "code"
    """What a code says (「报E1」): told by nothing that does not name it."""
    DETAIL = "detail"
    """A detail with a name of its own (学历, 温度, 网址, 运费): told by nothing that does not speak of it."""
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
class Ask:
    """One kind of thing that a question asks for."""

    wanted: Wanted
    """The kind of value; ANY for what is none (a person, a place, things told one by one)."""
    answer: re.Pattern[str]
    """What a sentence in its reading (`knowledge.reading.normalise`) must hold to answer."""
    counted: str = ""
    """For a count: what is counted (次, 支, 名 …); empty when the question does not say."""

    @property
    def is_value(self) -> bool:
        """Whether it is a value (money, share, time, count): answered or not, never roughly."""
        return self.wanted is not Wanted.ANY

    def answered_by(self, text: str) -> bool:
        """Whether a text holds what is asked for."""
        return bool(self.answer.search(normalise(text)))


def _ask(wanted: Wanted, pattern: str, answer: str) -> tuple[re.Pattern[str], Ask]:
    return re.compile(pattern), Ask(wanted, re.compile(answer))


_SHARE = _ask(
    Wanted.SHARE,
    r"(百|100)分之(几|多少)|几个点|多少个点|比例|率.{0,6}(多少|几)|几成|几倍|多少倍|几折|多少折|税点"
    r"|what percent|percentage|what (share|rate)",
    r"\d[\d.]*\s*%|(百|100)分之|[\d一二三四五六七八九]\s*(成|倍|折)|percent|half|一半|翻倍|double",
)
_MONEY = _ask(
    Wanted.MONEY,
    r"多少(钱|元|块|工资|薪)|几(块|元|毛|百|千|万)|几?百?块钱"
    r"|(罚|扣|赔|奖|补贴?|补助|底薪|工资|薪水|奖金|费用?|收费|押金|津贴|价|售价|报销?|油钱|餐补|提成|抵|卖|月薪|年薪)(的?(标准|金额))?.{0,6}(多少|几)(?!个?(工作日|天|小时|钟头|分|星期|秒|周|年|月|日|次|回|点|号|人|名|位))"
    r"|(费|工资|薪水?|底薪|提成|补贴|补助|津贴|奖金|抚恤金|押金|赔偿金?)(吗|么)?[,\s]*(都|是|要|又|该)?(怎么|咋|如何)(计?算|计|发|给|扣|付)"
    r"|(多少|几).{0,3}(罚|奖金|工资|补贴)|how much|how expensive|(monthly|annual|yearly) (salary|pay)"
    r"|what('s| is) the .{0,25}(fine|bonus|price|fee|cost|salary|pay|rate|allowance|penalty|budget|limit|amount)",
    r"\d[\d,.]*\s*(元|块|圆|角(?!形|度)|毛|分钱|万|rmb|yuan|usd|eur|gbp|dollars?|pounds?|cents?|k\b)|[$¥€£]\s*\d|_{2,}|免费|\bfree\b|自费|报销|实报|%",
)
_COUNTED_TIME = re.compile(
    r"(?:(?<![那这前后头近好])几|多少)个?(工作日|自然日|小时|钟头|分钟|星期|秒|天|周|年|月(?!.?几?[号日]))"
)
_TIME_UNITS = {
    "秒": "秒",
    "分钟": "分钟?|分(?!之)",
    "小时": "小时|钟头|h",
    "钟头": "小时|钟头",
    "天": "天|日(?!期)|工作日",
    "自然日": "天|日",
    "工作日": "天|日|工作日",
    "周": "周|星期",
    "星期": "周|星期",
    "月": "月",
    "年": "年|月",
}
_DURATION = _ask(
    Wanted.DURATION,
    r"多久|多长时间|多长|保存期|期限|时限|how long|how soon|how (early|late)|lead time"
    r"|(maximum|minimum|longest|shortest|average) [a-z -]{0,20}(time|wait|period|duration)|what('s| is) the [a-z -]{0,20}(deadline|time limit|notice period)"
    r"|how many (days|hours|minutes|months|years|weeks|seconds|business days)",
    r"\d+\s*个?(工作日|自然日|小时|月|星期|钟头|天|日|分钟?|年|周|秒)"
    r"|\d[- ]?(days?|hours?|minutes?|months?|years?|weeks?|business|working|calendar|quarters?)"
    r"|(每|当|次|全|隔)(日|天|周|月|年)|长期|永久|永远|半(天|小时|年|个?月)|立即|马上|立刻|immediately|随时|定期|适时|\bregular"
    rf"|\b({_SPELLED}) (day|hour|minute|month|year|week|business)",
)
_MOMENT = _ask(
    Wanted.MOMENT,
    r"几点|什么时候|何时|哪天|星期几|周几|几号|几月|什么时间|哪年|哪一年"
    r"|what time|which (day|year|month|date)|what (day|date|year)"
    r"|^(?:(?:and|so|but) )?when\b|(?:by|since|until|from|and|, ?) ?when (?=(?:is|are|was|were|do|does|did|must|should|can|will)\b)",
    r"\d+\s*[::]\s*\d+|\d+\s*(点|时|号|日|月|年|am|pm|a\.m|p\.m)|(周|星期)[1-7一二三四五六日天末]"
    r"|(每|当|次|前|后|月|年|季)(日|天|周|月|年|晚|早|底|初|末)|(之|以)?(前|后)|day|week|month|before|after|until"
    r"|date|quarter|[12]\d{3}|january|february|march|april|june|july|august|september|october|november|december|annual",
)
_COUNT = re.compile(rf"(?:(?<![哪那这前后头近好])几|多少)个?({_MEASURES})|how many ([a-z]+)")
_COUNT_UNITS = {
    "回": "[次回]",
    "次": "[次回]",
    "名": "[名位人]",
    "位": "[名位人]",
    "人": "[名位人]",
}
_LISTED = frozenset("条步项点类")
"""What is so counted is told by telling it."""
_SOME_NUMBER = _ask(
    Wanted.COUNT,
    r"多少|how many|how (old|big|large|high|far|often)|(?<![哪那这前后头近好])几(?!乎)",
    r"\d|[一二两三四五六七八九十半](?=[^般些下起])|每|\b(once|twice|no more|single|several|"
    rf"{_SPELLED})\b",
)
_WHO = (
    r"谁|哪个?(部门|岗位|岗|人|领导|单位|组)|哪[位级]|什么人|啥人|(找|向|跟|报|给|由|归)哪"
    r"|\bwho(m|se)?\b|\b(which|what) (department|team|role|person|manager|group)\b"
)
_PERSON = _ask(
    Wanted.ANY,
    _WHO,
    r"坐席|座席|[班组队店站部]长|主管|经理|主任|总监|领导|上级|部|组|客服|[人者员师]"
    r"|manager|team|lead|director|vp|ceo|cfo|partner|member|people|group|department|[a-z]+er\b|[a-z]+ive\b",
)
_PLACE = _ask(
    Wanted.ANY,
    r"哪里|哪儿|在哪|去哪|到哪|什么地方|哪个(系统|平台|软件|群|窗口|城市|国家|国|省)"
    r"|\bwhere\b|which (channel|tool|system|site|platform|country|city)",
    r"[处室厅楼门窗群柜台区市省县国州港岛店库钉]|系统|平台|公司|场|软件|app|微信|qq"
    r"|channel|page|site|tool|system|issue|project|dashboard|http|drive|doc|\b(in|at|on) ",
)


_CONTACT_ASKED = re.compile(
    r"(?:电话|热线|座机|分机|手机|传真|客服电话|客服热线)(?:号码?)?(?:是|都是|打)?(?:多少|几号|哪个号)(?=$|[?!。,\s呢啊呀])"
    r"|(?:打|拨)(?:哪个|什么|啥|多少)(?:电话|号码|热线)|(?:电话|热线|手机|分机)(?:号码?)是(?:什么|啥)"
    r"|\bwhat(?:'s| is| are) (?:the |our |your )?(?:[a-z']+ ){0,4}(?:phone|hotline|telephone|extension|helpline|fax)(?: number\b|(?=\?|$))"
    r"|\bwhat number (?:do|should|can|must|to)\b|\bwhich number (?:do|should|can|must|to) (?:i|we|you|customers?)? ?(?:call|dial|ring)\b"
)
_CONTACT = Ask(Wanted.COUNT, re.compile(r"\d[\d -]{2,}\d"), "号")
"""A number to ring: of four digits at least."""
_CODE_ASKED = re.compile(
    r"(?:显示|报错?|出现?|跳出?|提示|亮|弹|代码|故障码?|错误码?|\b(?:code|error|shows?|displays?|showing|displaying))(?:是|为|了|个|的|s|:)?\s*(?P<code>[a-z]{1,2}-?\d{1,3})(?![a-z0-9])"
)
_CLOCK_ASKED = re.compile(r"几点|what time")
_CLOCK = Ask(
    Wanted.MOMENT,
    re.compile(
        r"\d+\s*[::]\s*\d+|\d+\s*(?:点|时(?!间)|am\b|pm\b|a\.m|p\.m|o'clock)|noon|midnight|[零〇一二三四五六七八九十]点"
    ),
)
_AHEAD_ASKED = re.compile(r"(提前|提早|预先).{0,6}(多久|多长|多少|几)|how (far|long) (ahead|in advance)")
_AHEAD = Ask(
    Wanted.DURATION,
    re.compile(
        r"(提前|提早|预先).{0,8}[\d一二两三四五六七八九十半]|前[\d一二两三半]\d*\s*(天|日|周|个|小时|分)|\b(before|in advance|ahead)\b"
    ),
)
_DETAILS = tuple(
    _ask(Wanted.DETAIL, asked, answer)
    for asked, answer in (
        (
            r"(?:什么|啥|多高的?|哪种|何种)(?:样的)?(?:学历|文凭)|(?:学历|文凭)(?:是|有|要|得|需)?[^,。?]{0,4}(?:要求|什么|啥|多高|吗|么|不限)"
            r"|\bwhat (?:degree|education|qualifications?|diploma)\b|\b(?:degree|diploma)\b.{0,16}\b(?:required|needed)",
            r"学历|文凭|大专|专科|本科|中专|高中|毕业|学位|degree|diploma|education|qualif|graduat",
        ),
        (
            r"(?:温度|气温|室温|水温|湿度)[^,。?]{0,8}(?:多少|几度|多高|几|范围)|几度(?![假日])|\bwhat (?:temperature|humidity)\b|\bhow (?:hot|cold|warm)\b",
            r"[\d一二三四五六七八九十]\s*(?:°|度|℃|摄氏|%)|温|湿|\d\s*c\b|celsius|degrees|temperature|humidity",
        ),
        (
            r"(?:网址|链接|网站)[^,。?]{0,6}(?:是|多少|什么|啥|哪|发)|(?:哪里?|哪儿|在哪|去哪|从哪|怎么)[^,。?]{0,4}下载|下载(?:地址|链接)|\b(?:where|how)\b.{0,30}\bdownload|\bwhat(?:'s| is) the (?:[a-z]+ ){0,3}(?:url|link|web ?site|web address)",
            r"https?:|www\.|\.com|\.cn|网址|链接|网站|官网|下载|系统|平台|网盘|共享|内网|download|\blink|web|portal|intranet|drive",
        ),
        (
            r"(?:邮箱|邮件地址|e-?mail)(?:地址)?(?:是|是多少|是什么|多少|叫)|发到?哪个邮箱|\bwhat(?:'s| is) the (?:[a-z]+ ){0,3}e-?mail(?: address)?|\bwhich e-?mail address\b",
            r"@|邮箱|e-?mail",
        ),
        (
            r"(?:有|给个?|哪有|要)(?:没有)?(?:个|现成的?|固定的?)?(?:模板|模版|范本|样本|样表|格式)(?:没有?|吗|么|不|$|[?,])|(?:模板|模版|范本|样表)(?:在哪|长啥样|是什么|有没有|有吗|有没)|\bis there (?:a|any) (?:[a-z]+ ){0,3}template\b|\bwhere is the (?:[a-z]+ ){0,3}template\b",
            r"模板|模版|范本|样本|样表|样式|格式|[“\"「『][^”\"」』]{4,}|如下|附[件表录]|template|format|sample|form\b",
        ),
        (
            r"(?:运费|邮费|快递费|车费|路费|油费|话费|电话费|医药费|检测费|维修费|住宿费|餐费|停车费|手续费)[^,。?]{0,6}(?:谁|哪方|哪边|由谁)|谁(?:来)?(?:出|付|掏|承担|负担)[^,。?]{0,4}(?:运费|邮费|快递费|车费|路费|油费|话费|医药费|检测费|维修费|费用|钱|费)"
            r"|\bwho (?:pays|bears|covers)\b",
            r"费|承担|负担|报销|自理|自费|支付|免费|出钱|pay|bear|cost|charge|fee|expense|free",
        ),
    )
)
_ASKED_FOR: tuple[tuple[Asks, re.Pattern[str]], ...] = (
    (Asks.WHO, re.compile(_WHO)),
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


def things_asked(text: str) -> tuple[Ask, ...]:
    """The kinds of thing that the words of a question name, values first, the most telling kind first."""
    reading = normalise(text)
    others = (ask for pattern, ask in (_PERSON, _PLACE) if pattern.search(reading))
    return (*_values(reading), *others)


def wanted_of(text: str) -> Wanted:
    """What kind of value a question asks for."""
    return next((ask.wanted for ask in things_asked(text) if ask.is_value), Wanted.ANY)


def _values(reading: str) -> list[Ask]:
    code = _CODE_ASKED.search(reading)
    if code:
        letters, digits = re.split(r"-?(?=\d)", code["code"], maxsplit=1)
        return [Ask(Wanted.CODE, re.compile(rf"(?<![a-z]){letters}-?{digits}(?!\d)"))]
    found = [ask for pattern, ask in (_SHARE, _MONEY, *_DETAILS) if pattern.search(reading)]
    timed = _COUNTED_TIME.search(reading)
    if _AHEAD_ASKED.search(reading):
        found.append(_AHEAD)
    elif timed:
        unit = _TIME_UNITS[timed[1]]
        found.append(Ask(Wanted.DURATION, re.compile(rf"({_NUMBER}|每|当|次|半|全)\s*个?({unit})")))
    elif _DURATION[0].search(reading):
        found.append(_DURATION[1])
    if _CLOCK_ASKED.search(reading):
        found.append(_CLOCK)
    elif _MOMENT[0].search(reading):
        found.append(_MOMENT[1])
    counted = _COUNT.search(reading)
    if _CONTACT_ASKED.search(reading):
        return [_CONTACT]
    if not found and counted and counted[1]:
        unit = _COUNT_UNITS.get(counted[1], counted[1])
        if unit == "个":  # 「几个电话」 is answered by 「30通」 as well
            thing = reading[counted.end() : counted.end() + 1].strip("?,.;")
            unit = f"[个名位人通{re.escape(thing)}]"
        wanted = Wanted.ANY if counted[1] in _LISTED else Wanted.COUNT
        found.append(Ask(wanted, re.compile(rf"({_NUMBER}|每|单|双)\s*个?({unit})"), counted[1]))
    elif not found and _SOME_NUMBER[0].search(reading):
        found.append(_SOME_NUMBER[1])
    return found
