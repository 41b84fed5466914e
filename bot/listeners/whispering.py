"""One answer to its asker alone, in a channel that is not to read it (yet)."""

from __future__ import annotations

from collections.abc import Sequence

from slack_bolt import Args
from slack_sdk import WebClient

from bot.blocks import answers, parts
from bot.blocks.parts import Block
from bot.blocks.wording import Words
from bot.listeners import places, sessions
from bot.listeners.places import Place
from knowledge.clauses import Citation


class WhisperedAnswer:
    """Collects an answer and says it to the asker when it is whole: nothing of it can be taken back later."""

    def __init__(self, client: WebClient, place: Place, words: Words) -> None:
        self._client = client
        self._place = place
        self._words = words
        self._written = ""

    def begin(self) -> None:
        """Nothing is shown before the answer is there; the status says that it is worked on."""

    def write(self, text: str) -> None:
        """Add verified text."""
        self._written += text

    def finish(self, fallback: str, below: Sequence[Block], sources: Sequence[Citation]) -> None:
        """Say it. Raises SlackApiError."""
        sessions.show(self._client, self._place, sessions.IDLE)
        sessions.look(self._client, self._place, "")
        for blocks in answers.messages(self._written or fallback, below, self._words):
            places.whisper(self._client, self._place, answers.plain_text(blocks), blocks)

    def break_off(self, sentence: str) -> None:
        """Say what went wrong."""
        self._written = sentence
        self.finish(sentence, [], ())

    def suspend(self) -> None:
        """The process ends before it was said; the next one says it."""

    def abandon(self) -> None:
        """It was stopped before it was said."""
        self._written = ""
        self.finish(self._words("ask.stopped"), [], ())


_QUESTION = 300


def respond(args: Args, question: str, text: str, below: Sequence[Block], words: Words) -> None:
    """An answer to a command, or to a click below one: the question first, for nobody else sees it."""
    asked = parts.markdown(f"> {parts.clip(' '.join(question.split()), _QUESTION)}")
    for number, blocks in enumerate(answers.messages(text, below, words)):
        shown = blocks if number else [asked, *blocks][: parts.MAX_MESSAGE_BLOCKS]
        args.respond(
            text=answers.fallback(blocks), blocks=shown, response_type="ephemeral", replace_original=False
        )
