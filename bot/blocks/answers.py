"""What stands below an answer: its sources, the feedback buttons, what can be done next."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.assistant.answers import Answer, Outcome
from bot.blocks import clarifying, parts, splitting
from bot.blocks.parts import Block
from bot.blocks.references import AnswerRef
from bot.blocks.wording import Words
from knowledge.clauses import Citation

FEEDBACK = "answer_feedback"
ESCALATE = "escalate"
LOG_TICKET = "log_ticket"

TEXT_BLOCK = "answer_text"
"""block_id of the text when an answer is sent whole instead of streamed."""
FOOTER_PREFIX = "answer_footer"
"""block_ids of everything below the text start with this: that is how an answer is told from other messages,
and how its text is told from its sources when a thread is read back."""

SOURCE_PREFIX = f"{FOOTER_PREFIX}_source"
_CONTINUES = f"{FOOTER_PREFIX}_continues"

MAX_SOURCES = 8
LONGEST = parts.MAX_MARKDOWN - 500
"""Characters of an answer in one message; what is more goes into further ones. Room for a closing sentence is left."""


def source_line(citation: Citation, words: Words, zone: ZoneInfo) -> str:
    """Organisation · clause · edition · date, as far as they are known."""
    day = citation.published_at.astimezone(zone).strftime("%Y-%m-%d")
    pieces = [
        citation.organisation,
        citation.label,
        words("source.page", number=citation.page) if citation.page else "",
        words("source.edition", number=citation.edition),
        day,
    ]
    return " · ".join(piece for piece in pieces if piece)


def source(citation: Citation, words: Words, zone: ZoneInfo, block_id: str) -> Block:
    """One source: the manual and where in it, and the clause verbatim."""
    notes = []
    if citation.truncated:
        notes.append(words("source.truncated"))
    if citation.has_blank:
        notes.append(words("source.blank"))
    title = parts.lines(
        parts.line(
            parts.styled(words("source.manual", title=citation.manual), bold=True),
            parts.styled(f" {source_line(citation, words, zone)}"),
        )
    )
    elements = [title, parts.quote(citation.quote)]
    if notes:
        elements.append(parts.lines(parts.line(parts.styled(" ".join(notes)))))
    return parts.rich(*elements, block_id=block_id)


def sources(
    title: str, citations: Sequence[Citation], words: Words, zone: ZoneInfo, prefix: str
) -> list[Block]:
    """A titled list of sources, empty when there are none. Their block_ids end with the clauses' ids, so that a thread
    that is read back tells what its answers cite."""
    if not citations:
        return []
    heading = parts.context(title)
    heading["block_id"] = f"{prefix}_title"
    listed = [
        source(citation, words, zone, f"{prefix}_{n}_{citation.clause_id}")
        for n, citation in enumerate(citations, start=1)
    ]
    return [heading, *listed]


def footer(
    answer: Answer, answer_id: int | None, words: Words, zone: ZoneInfo, voice: Sequence[Block] = ()
) -> list[Block]:
    """Everything below the text of an answer. `answer_id` goes with the buttons (None: not recorded); `voice` is
    what supervisors see of it (bot.blocks.voice)."""
    cited = sources(words("answer.sources"), answer.citations[:MAX_SOURCES], words, zone, SOURCE_PREFIX)
    left = len(answer.citations) - MAX_SOURCES
    if left > 0:
        more = parts.context(words("answer.more_sources", count=left))
        more["block_id"] = f"{FOOTER_PREFIX}_more"
        cited.append(more)
    asked = clarifying.options(answer, answer_id, words, FOOTER_PREFIX)
    known = clarifying.known(answer, words, FOOTER_PREFIX)
    steps = next_steps(answer.outcome, answer_id, words)
    return [*spoken(answer), *asked, *known, *cited, feedback(answer_id, words), steps, *voice]


def spoken(answer: Answer) -> list[Block]:
    """Words to say as a block to copy, where the text does not hold them (a model may put them in its own words)."""
    if not answer.script or answer.script in answer.text:
        return []
    return [parts.rich(parts.preformatted(answer.script), block_id=f"{FOOTER_PREFIX}_script")]


def budget_note(words: Words) -> Block:
    """That the day's budget of the language model is spent, and quotes are the answers."""
    note = parts.context(words("answer.budget_spent"))
    note["block_id"] = f"{FOOTER_PREFIX}_budget"
    return note


def by_words_note(words: Words) -> Block:
    """That the search went by the words alone, because the server that embeds questions is away."""
    note = parts.context(words("answer.by_words"))
    note["block_id"] = f"{FOOTER_PREFIX}_by_words"
    return note


def late_note(words: Words) -> Block:
    """That the question was heard long after it was asked."""
    note = parts.context(words("answer.late"))
    note["block_id"] = f"{FOOTER_PREFIX}_late"
    return note


def feedback(answer_id: int | None, words: Words) -> Block:
    """The two feedback buttons."""
    reference = AnswerRef(answer_id=answer_id).dump()
    return {
        "type": "context_actions",
        "block_id": f"{FOOTER_PREFIX}_feedback",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": FEEDBACK,
                "positive_button": {
                    "text": parts.plain(words("feedback.good"), 75),
                    "accessibility_label": words("feedback.good_label"),
                    "value": f"good {reference}",
                },
                "negative_button": {
                    "text": parts.plain(words("feedback.bad"), 75),
                    "accessibility_label": words("feedback.bad_label"),
                    "value": f"bad {reference}",
                },
            }
        ],
    }


def next_steps(outcome: Outcome, answer_id: int | None, words: Words) -> Block:
    """Escalate and Log ticket; where no manual answers, escalating is what is offered first."""
    reference = AnswerRef(answer_id=answer_id).dump()
    unanswered = outcome in (Outcome.NOT_FOUND, Outcome.REFUSED)
    return parts.actions(
        parts.button(ESCALATE, words("button.escalate"), reference, style="primary" if unanswered else None),
        parts.button(LOG_TICKET, words("button.log_ticket"), reference),
        block_id=f"{FOOTER_PREFIX}_actions",
    )


def messages(text: str, below: Sequence[Block], words: Words) -> list[list[Block]]:
    """An answer for where it is not streamed: as many messages as its text needs, the last with what stands below."""
    *before, last = splitting.split(parts.harmless(text), LONGEST)
    first = [[parts.markdown(piece, TEXT_BLOCK), continues(words, number(below))] for piece in before]
    return [*first, [parts.markdown(last, TEXT_BLOCK), *below][: parts.MAX_MESSAGE_BLOCKS]]


def continues(words: Words, answer_id: int | None = None) -> Block:
    """That the answer goes on in the next message; its number stands there, too, for it has no buttons."""
    note = parts.context(words("answer.continues"))
    note["block_id"] = f"{_CONTINUES}{'' if answer_id is None else f'_{answer_id}'}"
    return note


def number(blocks: Sequence[Block]) -> int | None:
    """The number in the ledger of the answer that a message shows, or a part of; None for other messages."""
    for block in blocks:
        named = str(block.get("block_id") or "")
        if named == f"{FOOTER_PREFIX}_feedback":
            value = str(block["elements"][0]["positive_button"]["value"]).partition(" ")[2]
            return AnswerRef.load(value).answer_id
        if named.startswith(f"{_CONTINUES}_") and named.removeprefix(f"{_CONTINUES}_").isdecimal():
            return int(named.removeprefix(f"{_CONTINUES}_"))
    return None


def plain_text(blocks: Sequence[Block]) -> str:
    """What an answer says, without its sources; not yet escaped."""
    return "\n".join(str(block["text"]) for block in blocks if block.get("type") == "markdown")


def fallback(blocks: Sequence[Block]) -> str:
    """The plain `text` of a message with an answer: what notifications and screen readers get."""
    return parts.clip(parts.fallback(plain_text(blocks)), 3000)
