"""Which holiday a question means or a day is: names in Chinese, pinyin and English, the official calendar. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Holiday:
    """One holiday of the Chinese calendar."""

    name: str
    """As manuals call it."""
    english: str
    spoken: re.Pattern[str]
    """Every way in which a question or a clause names it."""
    fixed: tuple[int, int] | None = None
    """Month and day, when it is the same in every year."""


def _holiday(name: str, english: str, spoken: str, fixed: tuple[int, int] | None = None) -> Holiday:
    return Holiday(name, english, re.compile(spoken, re.I), fixed)


HOLIDAYS: tuple[Holiday, ...] = (
    _holiday("元旦", "New Year's Day", r"元旦|\byuan\s?dan\b|(?<!chinese )(?<!lunar )\bnew year'?s? day\b", (1, 1)),
    _holiday(
        "春节",
        "Spring Festival",
        r"春节|过年|大年|除夕|年三十|拜年|\bchun\s?jie\b|\bguo\s?nian\b|\b(?:chinese|lunar) new year\b|\bspring festival\b",
    ),
    _holiday("元宵节", "Lantern Festival", r"元宵|正月十五|\byuan\s?xiao(?:\s?jie)?\b|\blantern festival\b"),
    _holiday("清明节", "Tomb-sweeping Day", r"清明|\bqing\s?ming(?:\s?jie)?\b|\btomb.sweeping\b"),
    _holiday(
        "劳动节", "Labour Day",
        r"劳动节|五一(?!路)|5[.\s]?1(?=节|假|那)|\blao\s?dong\s?jie\b|\bwu\s?yi\b|\blabou?r day\b|\bmay day\b", (5, 1),
    ),
    _holiday("端午节", "Dragon Boat Festival", r"端午|\bduan\s?wu(?:\s?jie)?\b|\bdragon boat\b"),
    _holiday("中秋节", "Mid-Autumn Festival", r"中秋|\bzhong\s?qiu(?:\s?jie)?\b|\bmid.?autumn\b|\bmoon festival\b"),
    _holiday("国庆节", "National Day", r"国庆|十一(?=假|节|长假|那|期间)|\bguo\s?qing(?:\s?jie)?\b|\bnational day\b", (10, 1)),
    _holiday("圣诞节", "Christmas", r"圣诞|\bsheng\s?dan(?:\s?jie)?\b|\bchristmas\b|\bxmas\b", (12, 25)),
)  # fmt: skip
_BY_CALENDAR = {
    "New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-sweeping Day": "清明节", "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节", "National Day": "国庆节", "Mid-autumn Festival": "中秋节",
}  # fmt: skip
"""Names of the package `chinesecalendar`."""


def named(text: str) -> tuple[Holiday, ...]:
    """The holidays that a text names."""
    return tuple(holiday for holiday in HOLIDAYS if holiday.spoken.search(text))


def holiday_of(day: date) -> Holiday | None:
    """The public holiday that a day is off for; None on other days, working days made up for it included.

    Years that the calendar does not know yet (`is_known`) have only the holidays of fixed dates.
    """
    import chinese_calendar  # only for a question about the day

    try:
        is_off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return next((holiday for holiday in HOLIDAYS[:-1] if holiday.fixed == (day.month, day.day)), None)
    wanted = _BY_CALENDAR.get(str(name)) if is_off and name else None
    return next((holiday for holiday in HOLIDAYS if holiday.name == wanted), None)


def is_known(day: date) -> bool:
    """Whether the calendar knows the holidays of the day's year (the State Council announces them each autumn)."""
    import chinese_calendar

    try:
        chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return False
    return True


_TODAY = re.compile(
    r"今天|今日|今儿|今晚|今早|现在|眼下|这会儿|当天(?=怎么|说)|\btoday\b|\btonight\b|\bright now\b", re.I
)
_TOMORROW = re.compile(r"明天|明儿|明日|\btomorrow\b", re.I)
_DATE = re.compile(r"(?:(\d{4})\s*年\s*)?(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*(?:日|号)")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE_EN = re.compile(
    rf"\b({_MONTHS})[a-z]*\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b|\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTHS})[a-z]*\b",
    re.I,
)


def day_asked(text: str, today: date) -> date | None:
    """The day that a question asks the words for (today, tomorrow, a date); None when it names none."""
    found = _DATE.search(text)
    english = _DATE_EN.search(text)
    try:
        if found:
            return date(int(found[1] or today.year), int(found[2]), int(found[3]))
        if english:
            name, number = english[1] or english[4], english[2] or english[3]
            return date(today.year, _MONTHS.split("|").index(name.lower()) + 1, int(number))
    except ValueError:  # the 31st of a short month
        return None
    if _TOMORROW.search(text):
        return today + timedelta(days=1)
    return today if _TODAY.search(text) else None


def without_day(text: str) -> str:
    """A question without the words that name the day: they are in no clause."""
    rest = text
    for pattern in (_DATE, _DATE_EN, _TOMORROW, _TODAY):
        rest = pattern.sub(" ", rest)
    rest = re.sub(r"\s+", " ", rest).strip(" ,，.。")
    return rest if len(rest) >= 4 else text
