"""What a house calls its rungs, in whatever is shown to people: 组长 and not 班长, where its ladder says so."""

from __future__ import annotations

from bot.blocks.wording import Words
from tickets.people import DISPLAY_NAMES, Ladder


def named(words: Words, ladder: Ladder) -> Words:
    """The strings with the ladder's own names of roles; those that the house did not rename stay in the reader's
    language."""
    own = {role: name for role, name in ladder.names.items() if name != DISPLAY_NAMES[role]}
    return words.amended({f"role.{role.value}": name for role, name in own.items()}) if own else words
