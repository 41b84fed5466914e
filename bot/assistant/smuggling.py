"""Text that may not pass: links and mentions in what a model wrote, orders to the program in what it read."""

from __future__ import annotations

import re

from knowledge.statements.quantities import folded

_MARKUP = re.compile(
    r"<[!@#][^>]*>|<https?:|https?://|www\.|mailto:|\bslack\.com|</?\w+[^>]*>|!\[|\]\(|`{3}"
    r"|@(?:channel|here|everyone)\b|[\w.+-]+@[\w-]+\.\w+|\b[\w-]+\.(?:com|cn|net|org|io|top|xyz|info|cc|co|me)\b"
)
# Text that speaks to the program instead of to people.
_TO_THE_MODEL = re.compile(
    r"(?:ignore|disregard|forget|override|bypass) (?:all |any |the |your |every |these |those )*(?:previous|prior|above|earlier|other|"
    r"instruction|rule|system|prompt|manual)|system prompt|\bsystem\s*:|\bassistant\s*:|\bas an ai\b|\byou are (?:now|an? ai|chatgpt)"
    r"|\bai assistant|language model|\bprompt injection|jailbreak|developer mode"
    r"|忽略(?:以上|上述|之前|前面|此前|先前|所有|其他|其它|一切)|无视(?:以上|上述|之前|所有|其他|规则)|系统提示|提示词|你(?:现在|从现在起)是|作为(?:一个)?ai"
    r"|ai助手|人工智能助手|大模型|语言模型|机器人(?:请|必须|应|要|须)|(?:回答|回复|输出)(?:任何|所有)(?:问题|提问)时?"
)


def has_markup(text: str) -> bool:
    """Links, mentions, addresses, tags: nothing that a written text may contain."""
    return bool(_MARKUP.search(folded(text)))


def speaks_to_model(text: str) -> bool:
    """Whether a text gives orders to the program: such a clause supports nothing and is not shown to a model."""
    return bool(_TO_THE_MODEL.search(folded(text)))
