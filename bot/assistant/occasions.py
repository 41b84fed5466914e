"""What the day asks to be said: the holiday that a question names, an admin's notice, the calendar, or nothing. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.assistant.answers import Language
from bot.assistant.holidays import HOLIDAYS, Holiday, day_asked, holiday_of, is_known, named, without_day
from bot.assistant.questions import content_terms
from bot.assistant.scripts import script_of
from knowledge.clauses import Clause, Hit
from knowledge.notices import Notice
from knowledge.reading import terms

FITS = 1.5
"""Standard deviations for a clause that is for the occasion, and against one that is for another."""
_ORDINARY = re.compile(
    r"平时|平常|平日|日常|一般情况|普通(的)?(日子|一天|工作日)|(不|没|没有|不是|非|不在)(过|什么|逢|遇上?|在)?(年过节|节日|节假日|假期|过节|节(?![前后目点约省操]))"
    r"|usual|ordinar|normal day|(not|no|isn't) (a |any )?holiday",
    re.I,
)


class Why(StrEnum):
    """Where an occasion comes from."""

    NAMED = "named"
    NOTICE = "notice"
    CALENDAR = "calendar"
    ORDINARY = "ordinary"
    """The day is asked about, and it is none."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a question for words to say is asked for."""

    why: Why
    wording: str = ""
    """The holiday, or what a notice calls its wording; empty for an ordinary day."""
    holiday: Holiday | None = None
    day: date | None = None
    is_today: bool = True
    notice: Notice | None = None

    def fits(self, clause: Clause) -> int:
        """1 for a clause that is for this occasion, -1 for one that is for another holiday, 0 for any other."""
        text = f"{clause.label} {clause.text} {' '.join(clause.heading_path[-1:])}"
        if self.holiday is not None and self.holiday.spoken.search(text):
            return 1
        if self.holiday is None and self.wording and self.wording in text:
            return 1
        return -1 if any(other.spoken.search(text) for other in HOLIDAYS) else 0


def occasion_of(text: str, today: date, in_force: Callable[[date], Sequence[Notice]]) -> Occasion | None:
    """The occasion of a question for words to say; None when neither it nor a notice makes one.

    `in_force` gives the notices that hold on a day, the newest first.
    """
    holidays = named(text)
    if len(holidays) == 1:
        return Occasion(Why.NAMED, holidays[0].name, holidays[0])
    if holidays:
        return None
    if _ORDINARY.search(text):
        return Occasion(Why.ORDINARY)
    asked = day_asked(text, today)
    day = asked or today
    rest = {term for term in content_terms(without_day(text)) if len(term) > 1}
    for notice in in_force(day):
        if not notice.matter or not rest or rest & set(terms(notice.matter)):
            holiday = next(iter(named(notice.wording)), None)
            return Occasion(Why.NOTICE, notice.wording, holiday, day, day == today, notice)
    if asked is None:
        return None
    by_calendar = holiday_of(day)
    if by_calendar is not None:
        return Occasion(Why.CALENDAR, by_calendar.name, by_calendar, day, day == today)
    return Occasion(Why.ORDINARY, day=day, is_today=day == today)


def search_text(text: str, occasion: Occasion) -> str:
    """What to search for: the question without its day, with the name of the occasion where it lacks it."""
    rest = text if occasion.why is Why.NAMED else without_day(text)
    if occasion.why is Why.NAMED and occasion.holiday is not None:  # 「十一」, "chunjie": as manuals call it
        rest = occasion.holiday.spoken.sub(occasion.wording, rest)
    return rest if occasion.wording in rest else f"{occasion.wording} {rest}"


def adjusted(hits: Sequence[Hit], occasion: Occasion) -> list[Hit]:
    """Hits with what is for the occasion first and what is for another one behind."""
    moved = [replace(hit, score=hit.score + FITS * occasion.fits(hit.clause)) for hit in hits]
    return sorted(moved, key=lambda hit: -hit.score)


def of_another_holiday(clause: Clause, lead: Clause, occasion: Occasion | None) -> bool:
    """Whether a clause is words for a holiday that is neither asked for nor that of the lead."""
    if occasion is not None:
        return occasion.fits(clause) < 0
    return not set(named(clause.text)) <= set(named(lead.text))


def lacks_words(hits: Sequence[Hit], occasion: Occasion) -> bool:
    """Whether a holiday is asked for by name for which the hits hold no words, though they do for others: those would
    be read out by mistake."""
    if occasion.why is not Why.NAMED:
        return False
    fits = [occasion.fits(hit.clause) for hit in hits]
    return 1 not in fits and any(
        fit < 0 and script_of(hit.clause) for fit, hit in zip(fits, hits, strict=True)
    )


def reason(occasion: Occasion, language: Language, *, found: bool) -> str:
    """The line that says why this wording: the day, and by what; empty when the question named the holiday itself.

    `found`: the manuals have words for it; else the ordinary ones are given.
    """
    if occasion.day is None:
        return ""
    english = language == "en"
    day = (
        f"{occasion.day:%Y-%m-%d}"
        if english
        else f"{occasion.day.year}年{occasion.day.month}月{occasion.day.day}日"
    )
    opening = (
        (f"Today is {day}" if english else f"今天是{day}")
        if occasion.is_today
        else (f"For {day}" if english else day)
    )
    if occasion.notice is not None:
        notice = occasion.notice
        span = (
            f"{notice.from_on} – {notice.until_on}" if english else f"{notice.from_on} 至 {notice.until_on}"
        )
        note = (f", {notice.note}" if english else f",{notice.note}") if notice.note else ""
        by = (
            f"{opening}; by the admin's notice the wording “{notice.wording}” runs {span}{note}"
            if english
            else f"{opening},按管理员通知用“{notice.wording}”用语({span}{note})"
        )
    elif occasion.holiday is not None:
        name = occasion.holiday.english if english else occasion.holiday.name
        by = f"{opening}, {name} by the calendar" if english else f"{opening},按日历是{name}"
    else:
        unknown = not is_known(occasion.day)
        by = (
            f"{opening}, {'a year that the holiday calendar does not know yet' if unknown else 'no holiday'}, and no notice"
            if english
            else f"{opening},{'节假日日历还没有这一年的安排' if unknown else '不是节假日'},也没有节日用语的通知"
        )
    if not occasion.wording or not found:
        none = bool(occasion.wording)
        by += (
            (";the manuals have no words for it" if none else "") + "; the ordinary wording:"
            if english
            else (",手册里没有它的专门用语" if none else "") + ",按平时用语:"
        )
        return by
    return by + ":"
