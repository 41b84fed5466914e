"""In which language a command tells what went wrong: that of the terminal."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.assistant.answers import Language


def language() -> Language:
    """`zh` where the locale of messages is Chinese (LC_ALL, LC_MESSAGES, LANG, the first that is set), else `en`."""
    locale = next((set_ for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (set_ := os.environ.get(name))), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def told(sentence: str) -> str:
    """An error's sentence in the terminal's language, as far as there is one."""
    if language() == "en":
        return sentence
    from bot.blocks.refusals import refusal

    return refusal(sentence, "zh")
