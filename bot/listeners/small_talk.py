"""Telling thanks and assent from questions: nobody wants to hear that the manuals don't say 「谢谢」."""

from __future__ import annotations

import re
import unicodedata

_SAID = (
    r"好(的|滴|嘞|哒|吧|哈|啊)?|好好的?|谢谢?(你|您|啦|了|哈|大家|各位)?|多谢(了|啦)?|感谢|感恩|辛苦(你|您)?(了|啦)?|收到(了)?|明白(了|啦)?|知道(了|啦)"
    r"|了解(了)?|懂(了|啦)|清楚(了)?|嗯+|哦+|噢+|喔+|行(了|吧)?|没(事|问题)(了|啦)?|不用(了|谢)|不客气|没关系|哈+|嘿+|赞|厉害|学到了|原来如此|搞定(了)?|解决了"
    r"|thanks?|thank you|thankyou|thx|ty|tks|cheers|so much|very much|a lot|all|everyone|mate|team|ok|okay|okey|k|got it|gotcha|great|perfect|nice"
    r"|cool|sure|understood|noted|will do|awesome|good to know|makes sense|that helps|lol|haha+|you're welcome|no problem|np|alright|all right|fine|done|i see|ah+|oh+"
)
_SMALL_TALK = re.compile(rf"(?:(?:{_SAID})[\s,.，。、!！~～…;；]*)+", re.I)
_SHORTCODE = re.compile(r":[a-z0-9_+'-]+:")


def is_small_talk(text: str) -> bool:
    """Whether a message only thanks, agrees or takes note, in words or in emoji; an empty one doesn't.

    >>> [is_small_talk(t) for t in ("好的,谢谢!", "OK thanks :+1:", "👍", "好的那第三次呢", "行不行")]
    [True, True, True, False, False]
    """
    bare = _SHORTCODE.sub(" ", unicodedata.normalize("NFKC", text)).replace("’", "'")
    bare = "".join(c for c in bare if unicodedata.category(c) not in ("So", "Sk", "Cf", "Mn")).strip()
    return bool(text.strip()) and (not bare or _SMALL_TALK.fullmatch(bare) is not None)
