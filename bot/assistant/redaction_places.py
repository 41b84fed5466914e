"""Addresses, plate numbers, e-mail, messenger ids and secrets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.assistant.redaction_findings import Finding, FindingKind

_HAN = r"[\u3400-\u9fff]"
_NUMBER = r"[0-9A-Za-z甲乙丙丁附一二三四五六七八九十百零〇]"
_UNITS = r"号楼|号院|号门|号|排(?=\s?[0-9一二三四五六七八九十]{1,3}\s?号)|弄|栋|幢|座|单元|室|层|楼|房|门|户|组|队|#"
_STREET = (
    "大道|大街|胡同|小区|社区|花园|家园|公寓|大厦|广场|新村|新城|山庄|别墅|庄园|公馆|名邸|佳苑|雅苑|豪庭|"
    "宿舍|家属[院区楼]|[村居]委会|大院|工房|路|街|巷|弄|道|(?<![家哪这那手心店群司班组柜子包袋夜嘴话])里|苑|园|村|屯|庄|城|湾|府|庭|居|坊|寓|郡|岸|墅|轩"
)
# Found from its end: a street or estate with a house number. What stands before it is read backwards.
_HOUSE = re.compile(
    rf"(?:{_STREET})"
    rf"(?P<house>(?:\s?[东西南北中甲乙丙丁]?[A-H]?[区座]?\s?{_NUMBER}{{1,5}}(?:[-—–]{_NUMBER}{{1,4}}){{0,3}}\s?(?:{_UNITS})?){{1,6}})"
)
_BEFORE_STREET = re.compile(rf"(?:{_HAN}|[0-9A-Za-z]){{1,24}}$")
_HOUSE_IS_ONE = re.compile(
    rf"{_NUMBER}{{1,5}}\s?(?:{_UNITS})|[0-9A-Za-z]{{1,4}}(?:[-—–][0-9A-Za-z]{{1,4}}){{1,3}}|\d{{3,4}}"
)
_NOT_A_HOUSE = re.compile(r"(?:号线|路公交|层楼梯|楼层|号线路)")
_LEADS_TO_PLACE = re.compile(
    "家住|住在|住址|地址|寄到|寄往|寄给|送到|送往|位于|搬到|搬去|上门到|客户家|用户家|客户|用户|业主|户主|在|到|去|是|住|往|说|为"
)
_KEPT = re.compile(rf"{_HAN}{{2,7}}?(?:省|自治区|市)(?:{_HAN}{{1,5}}?(?:市|区|县))?|{_HAN}{{2,4}}?[区县]")
_LABELLED = re.compile(
    r"(?:(?:家庭|收货|联系|详细|安装|维修|上门|居住|家里|单位)?(?:住址|地址)|家住|住在)(?:写的?|填的?|留的?|登记的?)?(?:是|为|在|:|\s){0,3}"
    r"(?P<place>(?![和与及或跟等只不写要应须必—-])[^\s,。;!?、()\n]{3,40}(?:\s[0-9A-Za-z\-栋单元室号楼层]{2,15})?)"
)
_GOES_ON = re.compile("[他她我]|还有|然后|手机|电话|客户|用户|要求|说|联系|让|叫|结果|因为|现在|没人|马上")
"""Where somebody who tells an address without a stop goes on."""
_HAS_PLACE = re.compile(rf"(?:省|市|区|县|镇|乡|村|路|街|道|巷|弄|里|苑|园|城|号|栋|幢|座|楼|室|{_STREET})")
# A flat by its building and number alone: 4号楼一单元1202, A座1203, 12-1-1801.
_FLAT = re.compile(
    rf"(?<![0-9A-Za-z])(?:{_NUMBER}{{1,4}}(?:栋|幢|座|号楼|单元|弄|梯)\s?){{1,3}}(?:{_NUMBER}{{1,3}}层\s?)?[0-9]{{3,4}}(?:室|户|房|号)?"
    r"(?![0-9A-Za-z元块年人次分度个台件%])"
    rf"|(?<=[\u3400-\u9fff\s])(?<!型号)(?<!编号)(?<!货号)(?<!版本)(?<!单号)(?<!合同)(?<!工号)(?<!型号\s)(?<!编号\s)(?<!货号\s)(?<!版本\s)(?<!单号\s)[0-9]{{1,2}}-[0-9]{{1,2}}-[0-9]{{3,4}}(?![0-9\-])"
)
_FLAT_LETTERED = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3}|[A-Z])\s?(?:栋|幢|座|号楼)\s?"
    r"(?:[0-9一二三四五六七八九十]{1,3}(?:单元|门)\s?)?(?:[0-9一二三四五六七八九十]{1,3}(?:层|楼)\s?)?"
    r"(?:[0-9]{1,2}[A-Z](?![A-Za-z0-9])|[A-Z]室|[A-Z]?[0-9]{3,4}(?![0-9A-Za-z元块年人次分度个台件%])|[一二三四五六七八九十零〇幺]{3,4}室?)"
)
_ENGLISH_ADDRESS = re.compile(
    r"\b(?:Unit|Apt\.?|Flat|Apartment|Suite)\s?#?[0-9A-Z]{1,3}-[0-9]{1,4}\b|\b(?:(?:Room|Rm\.?|Flat|Apt\.?|Apartment|Unit|Suite|Building|Bldg\.?|No\.?)\s?[0-9A-Za-z\-]{1,6},?\s+){0,3}"
    r"(?:\d{1,5}[A-Za-z]?\s+)(?:[A-Z][A-Za-z']+\s+){1,4}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Alley|Square|Terrace|Place|Parkway|Pkwy|Highway|Hwy|Close|Crescent|Grove|Gardens|Mews)\b\.?"
    r"(?:,?\s+(?:Room|Rm\.?|Flat|Apt\.?|Apartment|Unit|Suite|Building|Bldg\.?|Floor)\s?#?[0-9A-Za-z\-]{1,6}){0,2}"
)
_ADDRESS_ABROAD = re.compile(
    r"\b\d{1,4},? (?:bis,? )?(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Vv]ia|[Cc]alle|[Pp]laza|[Jj]alan|[Jj]l\.?) (?:(?:de|du|des|la|le|del|di|d'|l')\s?){0,2}(?:[A-Z][\w'\-]+\s?){1,3}"
    r"|\b[A-Z][\w\-]{2,}(?:straße|strasse|str\.|weg|platz|gasse|laan|straat|gatan|vej)\s?\d{1,4}[a-z]?\b"
    r"|\b(?:[Vv]ia|[Cc]alle|[Jj]alan|[Jj]l\.?) (?:(?:de|la|del|di)\s?){0,2}(?:[A-Z][\w'\-]+,?\s){1,3}\d{1,4}\b"
)
_PLATE_SPECIAL = re.compile(
    r"(?<![A-Za-z0-9])(?:WJ\s?[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]?[\s·•.]?\d{4,5}[警消边防]?|(?:FV)?粤\s?Z[\s·•.]?[A-Z0-9]{3,4}\s?[港澳])(?![A-Za-z0-9])"
)
"""Plates of the armed police, and of cars from Hong Kong and Macao."""
_DOOR = re.compile(
    r"门牌(?:号码?)?(?:是|为|[:\s]){0,3}(?P<id>[0-9一二三四五六七八九十甲乙]{1,5}\s?号?)(?![0-9])"
)
_PLATE_LABELLED = re.compile(
    r"(?:车牌|车号|牌照|牌号|临牌)(?:号码?|是|为|[\s:]){0,3}(?P<id>(?=[^\n]{0,3}[A-Za-z0-9·\-\s]{0,8}\d)[\u4e00-\u9fff]?[A-Za-z][A-Za-z0-9·\-]{4,8}[\u4e00-\u9fff]?(?=$|[^A-Za-z0-9\u4e00-\u9fff])|(?=[^\n]{0,8}\d)[\u4e00-\u9fff]?[A-Za-z][\s·\-]?[A-Za-z0-9]{5,6})(?![A-Za-z0-9])"
)
"""Plates of other kinds (of the army, of other countries), where a word says so."""
_PLATE = re.compile(
    r"(?P<head>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使][\s·•.]?[A-HJ-NP-Za-hj-np-z])[\s·•.\-]{0,2}临?"
    r"(?P<tail>(?=[A-Za-z挂学警港澳]{0,5}[\s\-·•.]?[\d一二三四五六七八九零])(?:[A-HJ-NP-Za-hj-np-z0-9一二三四五六七八九零][\s\-·•.]?){4,6}[A-HJ-NP-Za-hj-np-z0-9一二三四五六七八九零挂学警港澳])(?![A-Za-z0-9])"
)
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])(?P<user>[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63})\s?(?:@|\[at\]|\(at\)|\sat\s|艾特|圈[aA])\s?(?P<host>[A-Za-z0-9\-]{1,63}(?:\s?(?:\.|\sdot\s|\[dot\]|点)\s?[A-Za-z0-9\-]{1,63}){0,4}?\s?(?:\.|\sdot\s|\[dot\]|点)\s?[A-Za-z]{2,10})(?![A-Za-z0-9])"
)
_CHAT_WORDS = (
    r"(?:微信|薇信?|威信|卫星号?|V信|(?<![A-Za-z])VX|(?<![A-Za-z])WX|wechat|weixin|whatsapp|telegram|(?<![A-Za-z])line(?![A-Za-z])|(?<![A-Za-z])V(?=:\s?[A-Za-z])|skype|电报|纸飞机|(?<![A-Za-z])TG(?![A-Za-z])|discord|kakao(?:talk)?|viber|zalo|[加➕+]\s?V|V我|加微|加我|加(?:一下)?他|加她|企微|钉钉|抖音|快手|小红书|微博|飞书|陌陌|支付宝|旺旺|咸鱼|闲鱼|贴吧|推特|twitter|instagram|facebook|tiktok|snapchat)"
    r"(?!群(?!主)|公众号|支付|小程序|红包|转账|客服|截图|聊天|消息)"
)
_CHAT = re.compile(
    rf"(?P<label>{_CHAT_WORDS}\s?(?:号码|账号|帐号|昵称|名字?|群主|上?搜索?(?:一下)?|号|id|account|number|handle)?)(?P<link>[\s:是为叫=,()\"“@]*(?:is\s)?)"
    r"(?P<id>[A-Za-z](?:[A-Za-z0-9_\-]|[.:](?=[A-Za-z0-9_])){4,29})(?![A-Za-z0-9_])",
    re.I,
)
_QQ = re.compile(r"(?:QQ|扣扣|企鹅号)(?:号码|号)?[\s:是为]*(?P<id>[1-9]\d{4,10})(?!\d)", re.I)
_HAN_DIGITS = "0-9〇零一二三四五六七八九幺"
_SPOKEN_QQ = re.compile(
    rf"(?:QQ|Q号|扣扣|企鹅号?)(?:号码|号)?[\s:是为]*(?P<id>[一二三四五六七八九幺1-9][{_HAN_DIGITS}\s]{{4,20}}[{_HAN_DIGITS}])",
    re.I,
)
_NUMBERED = re.compile(
    r"(?:小红书|抖音|快手|陌陌|支付宝|微博)(?:账号|号|id)[\s:是为]*(?P<id>\d{6,12})(?!\d)", re.I
)
_PASSPORT = re.compile(
    r"(?:护照|通行证|[Pp]assport|PASSPORT)[^A-Z0-9\n。;]{0,8}?(?P<id>(?=[A-Z0-9]*\d{2})(?=[A-Z0-9]*[A-Z]|\d{8,9}(?!\d))[A-Z0-9]{7,11}|[A-Z]{1,2}(?:\s?\d{3,4}){2,3}|\d{2}\s?(?:\d{2})?\s?\d{6,7})(?![A-Za-z0-9])"
)
_OF_CHINESE_REGIONS = re.compile(
    r"(?<![A-Za-z0-9])(?P<id>[A-Z]{1,2}\d{6}\s?\([0-9A]\))"
    r"|(?:身份证|身分证|证件|澳门|澳門|\bID\b)[^0-9\n。;]{0,10}(?P<id2>[157]\d{6}\s?[(/]\s?\d\)?)"
    r"|(?:身份证|身分证|证件|台湾|\bID\b|居留证)[^A-Z0-9\n。;]{0,10}(?P<id3>[A-Z][1289]\d{8})(?!\d)"
)
"""Identity cards of Hong Kong (told by their check digit in brackets), Macao and Taiwan (where a word says so)."""
_OTHER_ID = re.compile(
    r"(?:台胞证|登[记录]证|军官证|士兵证|警官证|驾驶证|驾照|居住证|学生证|社保号|医保号|残疾证|回乡证|居留证|居留许可|签证|海员证|(?:港澳|永居|永久居留|台湾|通行|外国人)证|证件)(?:号码|号)?[\s:是为]{0,3}(?:[\u4e00-\u9fff]{1,2}字第)?(?P<id>[A-Z]{0,4}\d[\d\-\s]{5,20}[\dX])(?![\dA-Za-z])",
    re.I,
)
_DAY = (
    r"(?:(?:19|20)?\d{2}\s?年\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?[日号]?)?|\d{1,2}\s?月\s?\d{1,2}\s?[日号]?|(?:19|20)\d{2}[\-./]\d{1,2}[\-./]\d{1,2}"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)|\d{1,2}[\-./]\d{1,2}[\-./](?:19|20)?\d{2}(?!\d)"
    r"|(?:\d{1,2}(?:st|nd|rd|th)? )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? (?:\d{1,2}(?:st|nd|rd|th)?,? )?(?:19|20)\d{2}"
    r"|(?:[农阴]历)?(?:[一二三四五六七八九零〇]{2,4}年)?[正一二三四五六七八九十冬腊]{1,2}月(?:初?[一二三四五六七八九十廿]{1,3}[日号]?)?)"
)
_BIRTHDAY = re.compile(
    rf"(?:生日|出生(?:日期|年月日?|于|是|在)?|生于|\bDOB\b|\bdate of birth\b|\bbirth ?(?:day|date)\b|\bborn(?: (?:on|in))?\b)(?:应该|登记|填|写)?[的是为在:,\s]{{0,3}}(?:is |was )?(?P<id>{_DAY})"
    rf"|(?P<id2>{_DAY})(?:出生|生人|的?生日|生(?=[,。;\s]|$))",
    re.I,
)
_HASH_MAIL = re.compile(
    r"(?:邮箱|邮件|e-?mail)[^A-Za-z0-9\n]{0,6}(?P<id>[A-Za-z0-9._\-]{2,40}\s?[#＃]\s?[A-Za-z0-9\-]{2,20}\.[A-Za-z]{2,6})",
    re.I,
)
_SECRET = re.compile(
    r"(?:(?:密码|口令|验证码|校验码|password|passcode|verification code|cvv2?|pin)\s?(?:是|为|:|=|is|,|改成|设成)\s?(?P<id>[A-Za-z0-9!@#$%^&*_\-.]{3,32})"
    r"|(?:验证码|校验码|动态码|支付密码|取款密码|开门密码|门锁密码|门禁码?|门锁|verification code|\bOTP|\bPIN)\s?(?:是|为|:)?(?P<id2>[0-9]{4,8}#?)(?![0-9])|密码[^0-9。,，;\n]{0,8}?(?P<id3>[0-9]{4,8}#?)(?![0-9个次位条万元块]))",
    re.I,
)


def find(plain: str) -> list[Finding]:
    """The private pieces of a text of one width that are neither numbers nor names."""
    found = [*_addresses(plain), *_chats(plain)]
    for pattern, kind, masked in _SIMPLE:
        for match in pattern.finditer(plain):
            start, end = match.span(_told(match))
            found.append(Finding(kind, start, end, masked(match)))
    return found


def _told(match: re.Match[str]) -> str | int:
    """The group that holds the private piece: `id`, the same in another form, or all of it."""
    return next((name for name in ("id", "id2", "id3", "id4") if match.groupdict().get(name)), 0)


_SIMPLE: tuple[tuple[re.Pattern[str], FindingKind, Callable[[re.Match[str]], str]], ...] = (
    (_PLATE_SPECIAL, FindingKind.PLATE, lambda m: "***"),
    (_DOOR, FindingKind.ADDRESS, lambda m: "***"),
    (_ADDRESS_ABROAD, FindingKind.ADDRESS, lambda m: "***"),
    (_PLATE, FindingKind.PLATE, lambda m: f"{m['head']}***{m['tail'][-2:]}"),
    (_PLATE_LABELLED, FindingKind.PLATE, lambda m: "***"),
    (_EMAIL, FindingKind.EMAIL, lambda m: f"{m['user'][0]}***@***"),
    (_QQ, FindingKind.WECHAT, lambda m: f"{m['id'][:2]}***"),
    (_SPOKEN_QQ, FindingKind.WECHAT, lambda m: f"{m['id'][:2]}***"),
    (_NUMBERED, FindingKind.WECHAT, lambda m: f"{m['id'][:2]}***"),
    (_OTHER_ID, FindingKind.ID_NUMBER, lambda m: f"{m['id'][:2]}***{m['id'][-2:]}"),
    (_HASH_MAIL, FindingKind.EMAIL, lambda m: f"{m['id'][0]}***"),
    (_PASSPORT, FindingKind.ID_NUMBER, lambda m: f"{m['id'][:2]}***{m['id'][-2:]}"),
    (_OF_CHINESE_REGIONS, FindingKind.ID_NUMBER, lambda m: "***"),
    (_BIRTHDAY, FindingKind.BIRTHDAY, lambda m: "***"),
    (_SECRET, FindingKind.SECRET, lambda m: "***"),
    (_FLAT, FindingKind.ADDRESS, lambda m: "***"),
    (_FLAT_LETTERED, FindingKind.ADDRESS, lambda m: "***"),
    (_ENGLISH_ADDRESS, FindingKind.ADDRESS, lambda m: "***"),
)


def _addresses(plain: str) -> Iterator[Finding]:
    for match in _HOUSE.finditer(plain):
        if not _HOUSE_IS_ONE.search(match["house"]) or _NOT_A_HOUSE.match(plain, match.end() - 1):
            continue
        name = _BEFORE_STREET.search(plain, max(0, match.start() - 24), match.start())
        if name is None:
            continue
        leads = list(_LEADS_TO_PLACE.finditer(plain, name.start(), name.end()))
        start = leads[-1].end() if leads else name.start()
        if start < match.start():
            yield Finding(FindingKind.ADDRESS, _after_city(plain, start, match.start()), match.end(), "***")
    for match in _LABELLED.finditer(plain):
        if _HAS_PLACE.search(match["place"]) and "*" not in match["place"]:
            start, end = match.span("place")
            if told := _GOES_ON.search(plain, start + 3, end):  # speech has no commas
                end = told.start()
            yield Finding(FindingKind.ADDRESS, _after_city(plain, start, end), end, "***")


def _after_city(plain: str, start: int, end: int) -> int:
    """Province, city and district stay: a dispatcher needs them, and very many people live there."""
    match = _KEPT.match(plain, start, end)
    return match.end() if match and match.end() < end else start


def _chats(plain: str) -> Iterator[Finding]:
    """An id after a messenger's name: marked as one, or unlike a word."""
    for match in _CHAT.finditer(plain):
        marked = re.search(r"号|名|昵称|id$|account|number|handle", match["label"], re.I) or re.search(
            "[:=是为叫]|is", match["link"]
        )
        attached = not match["link"] and not match["label"].isascii()
        if marked or attached or re.search(r"[0-9_\-]", match["id"]):
            yield Finding(FindingKind.WECHAT, *match.span("id"), f"{match['id'][0]}***")
