"""Tables for reading quantities: units, number words, fixed expressions, idioms that are no numbers."""

from __future__ import annotations

from fractions import Fraction


def _units(*rows: tuple[str, int | str, str]) -> dict[str, tuple[str, Fraction]]:
    """word -> (canonical unit, factor), from rows of (canonical unit, factor, words)."""
    return {word: (unit, Fraction(factor)) for unit, factor, words in rows for word in words.split(", ")}


CHINESE_UNITS = _units(
    ("money", 1, "元, 块钱, 块, 元钱, 元人民币"),
    ("eur", 1, "欧元"),
    ("usd", 1, "美元, 美金"),
    ("gbp", 1, "英镑"),
    ("hkd", 1, "港元, 港币"),
    ("jpy", 1, "日元, 日圆"),
    ("minute", 1, "分钟"),
    ("minute", 60, "小时, 个小时, 钟头, 个钟头"),
    ("second", 1, "秒, 秒钟"),
    ("workday", 1, "个工作日, 工作日, 个工作天"),
    ("day", 1, "天, 日, 号, 个自然日, 自然日, 日内"),
    ("week", 1, "周, 个星期, 星期, 个礼拜"),
    ("month", 1, "个月, 月, 月份, 个自然月"),
    ("month", 3, "个季度, 季度"),
    ("year", 1, "年, 周年, 年度"),
    ("age", 1, "岁, 周岁"),
    ("times", 1, "次, 回, 遍, 人次, 趟"),
    ("%", 1, "%, 个百分点"),
    ("fold", 1, "折"),
    ("multiple", 1, "倍"),
    ("point", 1, "分, 积分"),
    ("ring", 1, "声, 响"),
    ("shift", 1, "班, 个班"),
    ("kg", 1, "公斤, 千克"),
    ("kg", "1/2", "斤"),
    ("kg", "1/1000", "克"),
    ("l", 1, "升"),
    ("l", "1/1000", "毫升"),
    ("m", 1, "米"),
    ("m", 1000, "公里, 千米"),
    ("m", "1/100", "厘米"),
    ("m", "1/1000", "毫米"),
    ("w", 1, "瓦"),
    ("w", 1000, "千瓦"),
    ("v", 1, "伏"),
    ("℃", 1, "度, 摄氏度"),
    (
        "#",
        1,
        "册, 箱, 瓶, 盒, 桌, 本, 节, 个, 名, 位, 人, 项, 条, 种, 件, 份, 张, 台, 套, 页, 字, 层, 级, 句, 步, 类, 组, 单, 笔, 通, 行, 户, 家, 道, 起, 例",
    ),
    ("#", 1, "封, 部"),
)

ENGLISH_UNITS = _units(
    ("money", 1, "yuan, rmb, cny, kuai, renminbi"),
    ("eur", 1, "euro, euros, eur"),
    ("usd", 1, "dollar, dollars, usd"),
    ("gbp", 1, "pounds sterling, gbp"),
    ("hkd", 1, "hkd"),
    ("jpy", 1, "yen, jpy"),
    ("minute", 1, "minute, minutes, min, mins"),
    ("minute", 60, "hour, hours, hr, hrs, h"),
    ("second", 1, "seconds, secs, sec, s"),
    ("workday", 1, "working day, working days, workday, workdays, business day, business days"),
    ("day", 1, "day, days"),
    ("week", 1, "week, weeks"),
    ("month", 1, "month, months"),
    ("month", 3, "quarter, quarters"),
    ("year", 1, "year, years"),
    ("age", 1, "years old, years of age"),
    ("times", 1, "time, times, occasion, occasions, offence, offense, offences, offenses, violation"),
    ("times", 1, "violations, occurrence, occurrences, instance, instances, breach, breaches, attempt"),
    ("times", 1, "attempts, absence, absences"),
    ("%", 1, "percent, per cent, percentage points"),
    ("point", 1, "point, points"),
    ("ring", 1, "ring, rings"),
    ("kg", 1, "kg, kilogram, kilograms"),
    ("kg", "1/1000", "g, gram, grams"),
    ("l", 1, "l, litre, litres, liter, liters"),
    ("l", "1/1000", "ml, millilitres, milliliters"),
    ("m", 1, "m, metre, metres, meter, meters"),
    ("m", 1000, "km, kilometre, kilometres, kilometer, kilometers"),
    ("m", "1/100", "cm, centimetres, centimeters"),
    ("m", "1/1000", "mm, millimetres, millimeters"),
    ("w", 1, "w, watt, watts"),
    ("w", 1000, "kw, kilowatt, kilowatts"),
    ("v", 1, "v, volt, volts"),
    ("℃", 1, "℃, °c, degrees, degree"),
    ("#", 1, "people, person, persons, agents, items, item, step, steps, rows, calls, call, customers"),
    ("#", 1, "customer, complaint, complaints, warning, warnings, visit, visits, shift, shifts"),
    ("#", 1, "sentence, sentences, words, pages, cases, case, copies, copy"),
)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")

ENGLISH_WORDS: dict[str, int] = {
    **{word: n for n, word in enumerate(ORDINALS, 1)},
    **{
        word: n
        for n, word in enumerate(
            (
                *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
                *(
                    "twelve",
                    "thirteen",
                    "fourteen",
                    "fifteen",
                    "sixteen",
                    "seventeen",
                    "eighteen",
                    "nineteen",
                ),
            ),
            1,
        )
    },
    **{
        word: 10 * n
        for n, word in enumerate(
            ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2
        )
    },
    "hundred": 100,
    "thousand": 1000,
}

# Whole expressions with one meaning, read before everything else (folded text).
FIXED: tuple[tuple[str, Fraction, str], ...] = (
    (r"当日|当天|同日|(?:the )?same day", Fraction(0), "day"),
    (r"次日|第二天|隔天|翌日|(?:the )?(?:next|following) day", Fraction(1), "day after"),
    (r"一个半小时|an hour and a half|one and a half hours", Fraction(90), "minute"),
    (r"半个?(?:小时|钟头)|half an hour|half-hour", Fraction(30), "minute"),
    (r"一刻钟|a quarter of an hour", Fraction(15), "minute"),
    (r"正午|\bnoon\b|\bmidday\b", Fraction(720), "clock"),
    (r"半个月", Fraction(1, 2), "month"),
    (r"半年|half a year", Fraction(6), "month"),
    (r"半天|half a day", Fraction(1, 2), "day"),
    (r"百分之百|百分百", Fraction(100), "%"),
    (r"减半|一半|半价|半数|\bhalf\b|\bhalved\b", Fraction(50), "%"),
    (r"双倍|加倍|翻倍|翻一番|\bdoubled?\b|\btwofold\b", Fraction(2), "multiple"),
    (r"\btripled?\b|\bthreefold\b", Fraction(3), "multiple"),
    (r"\btwice\b", Fraction(2), "times"),
    (r"\bonce (?=per |an? |every |each )", Fraction(1), "times"),
    (r"首次|初次", Fraction(1), "times"),
    (r"\ban hour\b", Fraction(60), "minute"),
    (r"\ba minute\b", Fraction(1), "minute"),
    (r"(?:within|for|after|every) a day\b", Fraction(1), "day"),
    (r"(?:within|for|after) a week\b", Fraction(1), "week"),
    (r"(?:within|for|after) a month\b", Fraction(1), "month"),
)

# Written with numerals, but no numbers.
IDIOMS: tuple[str, ...] = (
    *("一般", "一定", "一律", "一旦", "一经", "一起", "一样", "一些", "一切", "一致", "一线", "一直", "一边"),
    *("一下", "一方", "一并", "一同", "一面", "一时", "一流", "一味", "一贯", "一点", "统一", "唯一", "单一"),
    *("万一", "千万", "万分", "百般", "十分(?!钟)", "三方", "第三者", "双方", "四舍五入", "五险一金", "三包"),
    *(
        "之一",
        "逐一",
        "首问",
        "一对一",
        "一问",
        "不一",
        "一视同仁",
        "一份力",
        "再一次",
        "又一次",
        "七天无理由",
    ),
)
