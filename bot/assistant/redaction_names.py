"""Names of people: after a word like 客户 or 姓名, before a title, beside a phone number, in English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.assistant import redaction_people
from bot.assistant.redaction_findings import Finding, FindingKind
from bot.assistant.redaction_lexicon import COMPOUND, DOUBTFUL, GIVEN, SINGLE, lines
from bot.assistant.redaction_lexicon import NOT_NAMES as _NOT_NAMES

_SURNAME = f"(?:{'|'.join(COMPOUND)}|[{SINGLE}])"
_ANY_SURNAME = f"(?:{'|'.join(COMPOUND)}|[{SINGLE}{DOUBTFUL}])"
_HAN = r"[\u3400-\u9fff]"
_LIKE_GIVEN = f"[{GIVEN}]"

_FOLLOWS = "说要在打来电的是反投因把被用给问了已也不没有就和跟与从向到再又还想让叫找发称询很非可能会去买订退换申请需刚今昨前今拒怀认觉住家骂吵威扬态情身手微银邮地姓性年电号卡车单这那他她我你您您之为以及或且但而却等着过"
_FOLLOWS_ONE = "问|说|打|来|要|家|的|反映|投诉|行李|没|不|想|找|误|也|又|还|在"
_GIVEN = rf"{_HAN}{{1,2}}"
_CUSTOMER = "自称是|自称|客户|用户|顾客|业主|机主|户主|车主|会员|投诉人|联系人|来电人|来电者|收件人|收货人|报修人|申请人|当事人|患者|家属|叫|本人|同事|老公|老婆|丈夫|妻子|儿子|女儿|房东|租客|租户|住户|姓名|全名|真名|户名|名字|联系|找|收货|签收|持卡人|开户人|投保人|乘客|学员|病人|房主|事主|旅客|储户|被保险人|陪护|家长|监护人|来访者|访客|住客|客人|举报人|受益人|找一下|找下|寄给|转告"
_AFTER_LABEL = re.compile(
    rf"(?:{_CUSTOMER})(?:[\s:是为叫,(\"“「【]{{0,2}})(?P<kin>[小老阿])?(?P<surname>{_SURNAME})(?P<given>{_GIVEN})?"
)
_PERSONAL = "先生(?![成效产])|女士|小姐|太太|夫人|师傅|老板|阿姨|大爷|大妈|大哥|大姐|大叔|奶奶|爷爷|叔叔|婆婆|伯伯|姥姥|姥爷|外婆|外公|老太太|老爷子|老先生|大婶|大伯|同学|同志"
_OFFICES = "老师|经理|主任|董事长|局长|处长|科长|院长|校长|行长|书记|医生|大夫|律师|教授|警官|总监|总裁|站长|所长|厂长|队长|会长"
_SHORT_TITLES = "总|董|姐|哥|叔|姨|嫂|婶|爷|伯|局|处|工"
_TITLED = re.compile(rf"(?P<surname>{_ANY_SURNAME})(?P<given>{_HAN}{{0,2}}?)(?P<title>{_PERSONAL})")
_IN_OFFICE = re.compile(rf"(?P<surname>{_SURNAME})(?P<given>{_HAN}{{0,2}}?)(?P<title>{_OFFICES})")
_SHORT_TITLED = re.compile(
    rf"(?P<surname>{_SURNAME})(?P<title>{_SHORT_TITLES})(?![结共是计量额数体部会之得则算裁监经面理方程人有在体作资具厂艺序种事单])"
)
_NOT_BEFORE_TITLE = frozenset("向和连时应从于都常曾全谢来位原明查保计单台")
_NEVER_BEFORE_TITLE = _NOT_BEFORE_TITLE - set("于谢曾")
_WEEK_BEFORE = re.compile("[上本下每这一二两三四几整各首单双]$")
_BEFORE_NUMBER = re.compile(
    rf"(?:^|[^\u3400-\u9fff])(?P<surname>{_SURNAME})(?P<given>{_GIVEN})[\s,:(]*(?:的)?(?:手机号?码?|电话号?码?|联系电话|联系方式|身份证号?码?|银行卡号?|卡号|微信号?|邮箱|地址|住址|tel|phone)?[\s:是为]*$",
    re.I,
)
_SPEAKER = re.compile(
    rf"(?:^|[^\u3400-\u9fff])(?P<surname>{_SURNAME})(?P<given>{_HAN}{{1,2}}?)(?:打电话|来电|打进来|打来|投诉说|反映说|打了)"
)
_ENGLISH_STOP = frozenset(word for line in lines("english_not_names.txt") for word in line.split())
_ENGLISH_TITLED = re.compile(
    r"\b(?P<title>Mr|Mrs|Ms|Miss|Mx|Dr|Madam|Sir)\b\.?\s+(?P<name>[A-Z][A-Za-z'\-]+(?:\s+[A-Z][A-Za-z'\-]+){0,2})"
)
_ENGLISH_LABELLED = re.compile(
    r"\b(?:[Cc]ustomer|[Cc]lient|[Cc]aller|[Uu]ser|[Gg]uest|[Cc]omplainant|[Cc]ontact:|[Rr]ecipient:?|[Tt]enant|[Pp]atient)(?:'s name is|\s+is|,|:)?\s+(?:named\s+|called\s+)?(?P<name>[A-Z][a-z'\-]+(?:\s+[A-Z][a-z'\-]+){0,2})"
    r"|\b(?:[Nn]amed|[Nn]ame is|[Nn]ame:|goes by|[Tt]his is|[Ss]peaking with|[Bb]ehalf of)\s*(?P<other>[A-Z][A-Za-z'\-]+(?:\s+[A-Z][A-Za-z'\-]+){0,2})"
)


_NAMED = re.compile(
    rf"(?:(?:姓名|名字|全名|户名|真名|本名)\s?[:是为叫]\s?|(?:姓名|户名)(?=[\u3400-\u9fff]{{2,3}}(?:[^\u3400-\u9fff]|$))|名叫|叫做|叫作|自称是?)\s?(?P<surname>{_ANY_SURNAME})(?P<given>{_GIVEN})"
)


_ROLE_NAMED = re.compile(
    rf"(?:收件|收货|联系|投诉|签收|开户|持卡|申请|报修|投保|经办|监护|委托|购买|预约|登记)人(?:姓名)?\s?[:是为叫]?\s?(?P<surname>{_ANY_SURNAME})(?P<given>{_GIVEN})"
)
_SOME_ROLE_NAMED = re.compile(
    rf"[\u4e00-\u9fff]人(?:姓名|签[字名])?:\s?(?P<surname>{_ANY_SURNAME})(?P<given>{_GIVEN})(?![\u3400-\u9fff])"
)

# Surnames that are everyday words too, where a given name of two characters and a verb or a number's label follow.
_RARER_LABELLED = re.compile(
    rf"(?:{_CUSTOMER})[\s:是为叫,]{{0,2}}(?P<surname>[常安景祝舒盛甘喻边路左游])(?P<given>{_HAN}{{2}})"
    r"(?=打来|打电话|来电|说|要求|报修|投诉|反映|电话|手机|身份证|微信|[,:\s(]|$)"
)


# Anybody who is not one of us, by what they are to us.
_SOMEBODY = f"{_CUSTOMER}|[\u4e00-\u9fff]人:|护士|司机|保安|店员|柜员|导游|教练|快递员|骑手|空姐|员工|学生|记者|宝宝|旅客|储户|被保险人|陪护|陪床|家长|监护人|来访者|访客|租车人|订票人|入住人|住客|客人|举报人|受益人|联系方式|业主代表|代表|署名|签名|落款|寄给|补寄|发给|转告|找一下|找下|替|归|给|为|是|同行的|叫|名字|[那这一]户|[那这一有]位|有个|同学|朋友|邻居|亲戚|战友|室友|闺蜜|[表堂][哥姐弟妹]"
_UNUSUAL = re.compile(
    rf"(?:{_SOMEBODY}|^|[^\u3400-\u9fffA-Za-z0-9*])[\s:是为叫,(\"“「【]{{0,2}}"
    rf"(?P<surname>{_ANY_SURNAME})(?P<given>{_LIKE_GIVEN}{{2}}(?![\u3400-\u9fff])|{_LIKE_GIVEN}{{2}}"
    r"(?=那|的|也|又|还|家|说|在|要|打|来|开|拿|送|签|取|付|买|反映|投诉|电话|手机|女士|先生|没|不|想|问|找|称|住|欠|误|昨|今|已|被|把|和|跟|一|催|做|行李|户|先生|那单|[零一二三四五六七八九十百两几0-9]|[李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗](?:先生|女士)))"
)
"""A surname and two characters that names are made of, where somebody may be named or a sentence begins."""
_ONE_GIVEN = re.compile(
    rf"(?:{_SOMEBODY})[\s:叫,]{{0,2}}(?P<surname>{_SURNAME})(?P<given>{_LIKE_GIVEN})(?=$|[\s,。;:!?)(]|{_FOLLOWS_ONE})"
)
_TITLES = re.compile(f"{_PERSONAL}|{_OFFICES}")
_SURNAME_ALONE = re.compile(
    rf"(?:客户|用户|业主|患者|旅客|储户|他|她|对方)姓(?P<surname>{_ANY_SURNAME})(?![名氏])(?:,?\s?(?:单名|名)(?:一个|叫|是)?(?P<given>{_HAN}{{1,2}}))?"
)
_WITH_DOT = re.compile(
    r"(?P<surname>[\u3400-\u9fff]{2,6})[·•](?P<given>[\u3400-\u9fff]{2,8}?)(?=要|说|来|打|投诉|先生|女士|[^\u3400-\u9fff]|$)"
)
_SPACED = re.compile(
    rf"(?:{_SOMEBODY})[\s:]{{0,2}}(?P<surname>{_ANY_SURNAME})\s(?P<given>{_HAN}(?:\s{_HAN})?)(?=$|[\s,。;])"
)


def find(plain: str, others: Sequence[Finding]) -> list[Finding]:
    """Names in a text of one width; `others` are the private numbers and places found in it already."""
    found = [
        *_labelled(plain),
        *_titled(plain),
        *_beside_numbers(plain, others),
        *_speakers(plain),
        *_unusual(plain),
        *_english(plain),
        *redaction_people.find(plain),
    ]
    return found + _again(plain, found)


def _hidden(surname: str, given: str) -> str:
    return surname + "*" * max(1, len(given))


def _given(surname: str, given: str) -> str:
    """The part of what follows a surname that is the given name; empty when it is no name at all."""
    if (surname + given)[:2] in _NOT_NAMES or not given or given[0] in "*的了是说在有不没和":
        return ""
    return given[0] if len(given) == 2 and given[1] in _FOLLOWS else given


def _labelled(plain: str) -> Iterator[Finding]:
    for named in (
        *_NAMED.finditer(plain),
        *_ROLE_NAMED.finditer(plain),
        *_SOME_ROLE_NAMED.finditer(plain),
        *_RARER_LABELLED.finditer(plain),
    ):
        given = named["given"]
        if named.re is not _NAMED and not _given(named["surname"], given):
            continue
        given = given[0] if given[-1] in _FOLLOWS else given
        end = named.end("surname") + len(given)
        yield Finding(FindingKind.NAME, named.start("surname"), end, _hidden(named["surname"], given))
    position = 0
    while match := _AFTER_LABEL.search(plain, position):
        position = match.start() + 1
        start, surname, kin = match.start("surname"), match["surname"], match["kin"] or ""
        if kin:
            yield Finding(FindingKind.NAME, start - 1, match.end("surname"), kin + "*")
            continue
        given = _given(surname, match["given"] or "")
        if not given or re.match(f"{_PERSONAL}|{_OFFICES}", plain[match.end("surname") :]):
            continue
        if given[0] in _SHORT_TITLES and len(given) == 1:
            continue
        if len(given) == 2 and re.match(f"{_PERSONAL}|{_OFFICES}", plain[match.end("surname") + 1 :]):
            given = given[0]  # 王敏女士: the title is no part of the name
        end = match.end("surname") + len(given)
        yield Finding(FindingKind.NAME, start, end, _hidden(surname, given))
        yield from _listed(plain, end)


def _listed(plain: str, end: int) -> Iterator[Finding]:
    """Further names of a list that began with a name: 赵一、钱二和孙三."""
    more = re.compile(rf"[、和与及]\s?(?P<surname>{_SURNAME})(?P<given>{_GIVEN})")
    while match := more.match(plain, end):
        given = _given(match["surname"], match["given"])
        if not given:
            return
        end = match.end("surname") + len(given)
        yield Finding(FindingKind.NAME, match.start("surname"), end, _hidden(match["surname"], given))


def _titled(plain: str) -> Iterator[Finding]:
    for match in (*_TITLED.finditer(plain), *_IN_OFFICE.finditer(plain)):
        surname, given = match["surname"], match["given"]
        begins = not re.search(f"{_HAN}$", plain[: match.start()])
        if (not given and surname in _NOT_BEFORE_TITLE and not begins) or (surname + given + match["title"])[
            :2
        ] in _NOT_NAMES:
            continue
        if given and (
            given[0] in "的了是说在有不没和跟找请让给叫总副"
            or "给" in given
            or surname in _NEVER_BEFORE_TITLE
        ):
            continue
        yield Finding(FindingKind.NAME, match.start(), match.end("given"), _hidden(surname, given))
    for match in _SHORT_TITLED.finditer(plain):
        surname = match["surname"]
        if surname in _NOT_BEFORE_TITLE or (surname == "周" and _WEEK_BEFORE.search(plain[: match.start()])):
            continue
        if match["title"] in "工局处" and re.search(rf"{_HAN}$", plain[: match.start()]):
            continue  # 职工, 到处: too many words end so
        yield Finding(FindingKind.NAME, match.start(), match.end(), surname + "*")


def _beside_numbers(plain: str, others: Sequence[Finding]) -> Iterator[Finding]:
    for other in others:
        match = _BEFORE_NUMBER.search(plain[max(0, other.start - 24) : other.start])
        if match and (given := _given(match["surname"], match["given"])) == match["given"]:
            start = max(0, other.start - 24) + match.start("surname")
            end = start + len(match["surname"]) + len(given)
            yield Finding(FindingKind.NAME, start, end, _hidden(match["surname"], given))


def _unusual(plain: str) -> Iterator[Finding]:
    """Names told by what they are made of, where no title and no number stands beside them."""
    for pattern in (_UNUSUAL, _ONE_GIVEN):
        position = 0
        while match := pattern.search(plain, position):
            position = match.start() + 1
            surname, given = match["surname"], match["given"]
            titled = _TITLES.match(given) or _TITLES.match(plain, match.end("surname") + 1)
            if not titled and (surname + given)[:2] not in _NOT_NAMES and given not in _NOT_NAMES:
                yield Finding(
                    FindingKind.NAME, match.start("surname"), match.end("given"), _hidden(surname, given)
                )
    for match in (*_WITH_DOT.finditer(plain), *_SPACED.finditer(plain)):
        hidden = match["surname"][0] + "*" * 2
        yield Finding(FindingKind.NAME, match.start("surname"), match.end("given"), hidden)
    for match in _SURNAME_ALONE.finditer(plain):
        if match["given"]:  # a surname alone gives nobody away, and the reader needs to call them something
            yield Finding(FindingKind.NAME, match.start("given"), match.end("given"), "*")


def _speakers(plain: str) -> Iterator[Finding]:
    for match in _SPEAKER.finditer(plain):
        if given := _given(match["surname"], match["given"]):
            end = match.end("surname") + len(given)
            yield Finding(FindingKind.NAME, match.start("surname"), end, _hidden(match["surname"], given))


_EN_GIVEN, _EN_FAMILY = (frozenset(line.split()) for line in lines("english_names.txt"))
_NO_PERSON = frozenset(word for line in lines("english_not_people.txt") for word in line.split())
_UPPER, _LOWER = "A-ZÀ-ÖØ-ÞČĐĞİŁŞŠŽ", "a-zß-öø-ÿā-ž"
"""Letters of European names, with their marks."""
_CAPITAL = rf"[{_UPPER}][{_LOWER}]+(?:['\-][{_UPPER}]?[{_LOWER}]+)?"
_TWO_CAPITALS = re.compile(
    rf"(?<![A-Za-z0-9&])(?P<first>{_CAPITAL}) (?:(?P<initial>[A-Z])\.? )?(?P<last>(?:(?:Mc|Mac|O'|van der |van |de la |de |al-|El )?)?{_CAPITAL})(?![A-Za-z0-9&])"
)
_PINYIN = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|a|e|i|o|u)){1,2}"
)
"""One or two syllables: a Chinese given name in Latin letters."""
_FAMILY_FIRST = re.compile(
    r"(?<![A-Za-z0-9])(?P<last>[A-Z]{2,12}|[A-Z][a-z]+), (?P<first>[A-Z][a-z]+)(?![A-Za-z0-9])"
)
_SOMEBODY_BEFORE = re.compile(
    r"(?:客户|用户|顾客|买家|卖家|旅客|乘客|客人|住客|业主|会员|学员|患者|病人|联系人|收件人|我是|我叫|自称|叫|姓名|名字|pax|cust|guest|buyer|passenger|customer|client|caller|patient|tenant|visitor|name|i am|i'm|this is|signed|regards|husband|wife|son|daughter|mother|father|brother|sister|partner|fianc[eé]e?|nephew|niece|neighbou?r|lawyer|colleague|courier|nurse|driver|student|resident|member|owner|attn|contact|recipient|spoke (?:to|with)|signed by|call(?:ed)?(?: back)?|phone|tell|told|ask(?:ed)?|contact(?:ed)?|helped|met)"
    r"[\s:,.(是为]{0,3}$",
    re.I,
)
_CONTACT_AFTER = re.compile(
    r"\s?(?:[,(<:]\s?)?(?:cell|phone|tel|mobile|call|whatsapp|e-?mail|passport|room|acct|account|card|[\w.+-]+@|\+\d|\d{3})|'s (?:wife|husband|son|daughter|mother|father)",
    re.I,
)


_LABELS = frozenset(
    ["cust", "customer", "client", "caller", "pax", "passenger", "guest", "buyer", "patient", "tenant"]
)


def _pairs(plain: str) -> Iterator[re.Match[str]]:
    """Any two capitalised words beside each other; after a label the second begins another pair: Cust Aoife O'Sullivan."""
    position = 0
    while match := _TWO_CAPITALS.search(plain, position):
        yield match
        labelled = match["first"].lower() in _LABELS
        position = match.start("last") if labelled else match.end()


def _capitals(plain: str) -> Iterator[Finding]:
    """English names by their words: a known given or family name, or any two where somebody must be named."""
    for match in (*_pairs(plain), *_FAMILY_FIRST.finditer(plain)):
        first, last = match["first"].lower(), match["last"].lower().replace("'", "")
        if first in _NO_PERSON or last in _NO_PERSON:
            continue
        told = _SOMEBODY_BEFORE.search(plain, max(0, match.start() - 16), match.start())
        told = told or _CONTACT_AFTER.match(plain, match.end())
        known = (first in _EN_GIVEN) + (last in _EN_FAMILY or last.split()[-1] in _EN_FAMILY)
        if match.re is _TWO_CAPITALS and first in _EN_FAMILY and _PINYIN.fullmatch(last):
            known += 1  # Wang Wei
        if known == 2 or (known and match.re is _TWO_CAPITALS) or (told and match.re is _TWO_CAPITALS):
            yield _english_finding(match, 0, match[0])


def _english(plain: str) -> Iterator[Finding]:
    yield from _capitals(plain)
    for match in _ENGLISH_TITLED.finditer(plain):
        yield _english_finding(match, "name", match["name"])
    for match in _ENGLISH_LABELLED.finditer(plain):
        group = "name" if match["name"] else "other"
        words = match[group].split()
        kept = next(
            (n for n, word in enumerate(words) if word.lower() in _ENGLISH_STOP | _NO_PERSON), len(words)
        )
        if kept:
            yield _english_finding(match, group, " ".join(words[:kept]))


def _english_finding(match: re.Match[str], group: str | int, name: str) -> Finding:
    masked = " ".join(word[0] + "***" for word in name.split())
    return Finding(FindingKind.NAME, match.start(group), match.start(group) + len(name), masked)


def _again(plain: str, found: Sequence[Finding]) -> list[Finding]:
    """Further places where a full name stands that was recognised once."""
    names = {plain[one.start : one.end]: one.masked for one in found if one.end - one.start >= 2}
    return [
        Finding(FindingKind.NAME, match.start(), match.end(), masked)
        for name, masked in names.items()
        for match in re.finditer(re.escape(name), plain)
    ]
