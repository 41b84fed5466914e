"""Characters that some PDF fonts name wrongly: radicals (⼯, ⻔) in the place of the ideographs they look like."""

from __future__ import annotations

import unicodedata

_SUPPLEMENT = dict(
    zip(
        "⺠⻁⻄⻅⻆⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳⺟⻣⻒⻗⻊⻯",
        "民虎西见角车长门青韦页风飞食马鬼鱼鸟卤麦黄齐齿龙龟母骨镸雨足竜",
        strict=True,
    )
)
"""Signs of the radicals supplement that stand for a whole ideograph (Unicode does not equate them itself)."""


def ideographs(char: str) -> str:
    """The ideograph that a radical sign looks like (both are printed alike); any other character as it is."""
    if "\u2e80" <= char <= "\u2fd5":
        return _SUPPLEMENT.get(char) or unicodedata.normalize("NFKC", char)
    return char
