"""The modal that opens at once: Slack waits three seconds, drafting and reading a thread may take longer."""

from __future__ import annotations

from bot.blocks import parts, views
from bot.blocks.parts import Block
from bot.blocks.wording import Words

LOADING = "loading"


def loading(title: str, words: Words) -> Block:
    """A modal without inputs: when the form replaces it, Slack shows the form's initial values."""
    return views.modal(LOADING, title, [parts.section(words("form.loading"))], close=words("button.cancel"))
