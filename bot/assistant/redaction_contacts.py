"""How to reach the customer of a text: the one place that gives private pieces unmasked.

For the encrypted store of contact details alone. Nothing of it may reach a model, a log, an index or a channel; what
identifies somebody without being needed to reach them (ID numbers, bank cards, plates, passwords) is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.assistant.redaction import FindingKind, find
from bot.assistant.redaction_findings import Finding


@dataclass(frozen=True, slots=True, repr=False)
class WrittenContact:
    """Contact details as written, phone numbers in digits. Empty where the text gives none.

    Its repr says only what there is, so that no traceback and no log shows the details.
    """

    name: str = ""
    """With the title that follows it: 王女士."""
    phones: tuple[str, ...] = ()
    """Digits, a leading + for other countries, an extension behind 转."""
    address: str = ""
    emails: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """WeChat, QQ and other messenger ids."""

    def __bool__(self) -> bool:
        return bool(self.name or self.phones or self.address or self.emails or self.others)

    def __repr__(self) -> str:
        return (
            f"WrittenContact(name={bool(self.name)}, phones={len(self.phones)}, address={bool(self.address)}, "
            f"emails={len(self.emails)}, others={len(self.others)})"
        )


_TITLE = re.compile(
    r"(?:先生|女士|小姐|太太|夫人|师傅|阿姨|大爷|大妈|大哥|大姐|叔叔|奶奶|爷爷|老师|经理|医生|律师)"
)
_EXTENSION = re.compile(r"[\s,，(（]{0,2}(?:转|分机|ext\.?)\s?(?:号)?\s?(\d{1,6})", re.I)
_DISTRICT = re.compile(
    r"(?:[\u3400-\u9fff]{2,8}?(?:省|自治区))?(?:[\u3400-\u9fff]{2,6}?市)?(?:[\u3400-\u9fff]{1,5}?[区县市])?$"
)
_LEADS = re.compile(r"^.*(?:住址|地址|家住|住在|送到|寄到|位于|[:：是在到住去])")
_HOW_MANY = re.compile(r"[二三四五六七八九2-9][位个]")
"""How many digits follow, where a number is told in pieces: 后四位."""
_BETWEEN = re.compile(r"[^。;；!?！？\n]{0,14}")
_DIGITS = str.maketrans("〇零○一二三四五六七八九壹贰叁肆伍陆柒捌玖幺", "0001234567891234567891")
_NAME_BEFORE_PHONE = 30
"""A name that stands so near before the first phone number is its owner's."""
_ENGLISH_NUMBER = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def contacts(text: str) -> WrittenContact:
    """The contact details in an unmasked text."""
    found = find(text)
    of_kind = {kind: [one for one in found if one.kind is kind] for kind in FindingKind}
    phones = of_kind[FindingKind.PHONE]
    return WrittenContact(
        name=_name(text, of_kind[FindingKind.NAME], phones),
        phones=_once([_phone(text, one) for one in phones]),
        address=_address(text, of_kind[FindingKind.ADDRESS]),
        emails=_once([text[one.start : one.end] for one in of_kind[FindingKind.EMAIL]]),
        others=_once([text[one.start : one.end] for one in of_kind[FindingKind.WECHAT]]),
    )


def _once(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _name(text: str, names: Sequence[Finding], phones: Sequence[Finding]) -> str:
    """The name nearest before the first number, else the first name."""
    if not names:
        return ""
    first = phones[0].start if phones else 0
    near = [one for one in names if 0 <= first - one.end <= _NAME_BEFORE_PHONE]
    chosen = near[-1] if near else names[0]
    title = _TITLE.match(text, chosen.end)
    return text[chosen.start : title.end() if title else chosen.end].strip()


def _phone(text: str, finding: Finding) -> str:
    written = unicodedata.normalize("NFKC", text[finding.start : finding.end])
    written = _HOW_MANY.sub("", written)
    spelled = re.findall(r"[a-z]+", written.lower())
    spoken = len(spelled) >= 6
    digits = _from_english(spelled) if spoken else re.sub(r"\D", "", written.translate(_DIGITS))
    if re.fullmatch(r"(?:00)?861[3-9]\d{9}", digits):
        digits = digits[-11:]
    elif written.startswith("+"):
        digits = f"+{digits}"
    extension = _EXTENSION.match(text, finding.end)
    return f"{digits}转{extension[1]}" if extension else digits


def _from_english(words: Sequence[str]) -> str:
    digits, times = "", 1
    for word in words:
        if word in ("double", "triple"):
            times = 2 if word == "double" else 3
            continue
        digits += ("0" if word in ("oh", "o") else str(_ENGLISH_NUMBER.index(word))) * times
        times = 1
    return digits


def _address(text: str, places: Sequence[Finding]) -> str:
    """The first address, from its city or district to its flat, though masking leaves the city to be read."""
    if not places:
        return ""
    start, end = places[0].start, places[0].end
    for place in places[1:]:
        if not _BETWEEN.fullmatch(text, end, place.start):
            break
        end = place.end
    before = text[max(0, start - 20) : start]
    lead = _LEADS.match(before)
    before = before[lead.end() :] if lead else before
    district = _DISTRICT.search(before)
    return ((district[0] if district else "") + text[start:end]).strip()
