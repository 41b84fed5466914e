"""One voice (统一口径): what people see of confirmed answers, from the button below an answer to the card to be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.assistant.answers import Answer, Confirmation, Outcome
from bot.blocks import corrections, parts, views
from bot.blocks.answers import FOOTER_PREFIX, source
from bot.blocks.corrections import Change
from bot.blocks.parts import Block
from bot.blocks.references import AcknowledgementRef, ConfirmedRef, VoiceRef
from bot.blocks.wording import Words
from knowledge.clauses import Citation, Clause
from tickets.confirmed import Acknowledgement, ConfirmedAnswer, ConfirmedContent, ConfirmedState

CONFIRM = "answer_confirm"
CORRECT = "answer_correct"
CONFIRM_AGAIN = "confirmed_again"
CORRECT_STALE = "confirmed_correct"
WITHDRAW = "confirmed_withdraw"
SEND = "confirmed_send"
READ = "acknowledge"
COVERAGE = "acknowledgement_coverage"

FORM = "confirmed_form"
QUESTION = "question"
TEXT = "text"
SOURCES = "sources"
SCOPE = "scope"
SEND_FORM = "confirmed_send_form"
CHANNEL = "channel"
COVERAGE_VIEW = "coverage"

MAX_CHOICES = 10
"""Sources that may be ticked: Slack takes ten checkboxes."""
_EVERYBODY = "*"
_NAMES = 40
_SOURCES = 5


def under(
    answer: Answer, answer_id: int | None, words: Words, zone: ZoneInfo, *, supervised: bool
) -> list[Block]:
    """Below an answer: who stands by it and, where supervisors read (`supervised`), what they can do with it."""
    line = [signed(answer.confirmed, words, zone)] if answer.confirmed else []
    return [*line, *_buttons(answer, answer_id, words)] if supervised else line


def _buttons(answer: Answer, answer_id: int | None, words: Words) -> list[Block]:
    """None where there is nothing to stand by, and none below what holds for a moment or a day only."""
    if answer_id is None or not answer.details.keys().isdisjoint(("as_of", "day")):
        return []
    seen = answer.confirmed
    reference = VoiceRef(answer_id=answer_id, confirmed_id=seen.confirmed_id if seen else None).dump()
    buttons = []
    if answer.outcome in (Outcome.ANSWERED, Outcome.CONFLICT) and seen is None:
        buttons.append(parts.button(CONFIRM, words("button.confirm_answer"), reference))
    if answer.outcome in (Outcome.ANSWERED, Outcome.CONFLICT, Outcome.NOT_FOUND):
        buttons.append(parts.button(CORRECT, words("button.correct_answer"), reference))
    if seen is not None:
        buttons += _kept(ConfirmedRef(confirmed_id=seen.confirmed_id, revision=_revision(answer)), words)
    return [parts.actions(*buttons, block_id=f"{FOOTER_PREFIX}_voice")] if buttons else []


def _revision(answer: Answer) -> int:
    return int(answer.details.get("revision", 0))


def _kept(reference: ConfirmedRef, words: Words) -> list[Block]:
    """What can be done with a confirmed answer: have it read, withdraw it."""
    return [
        parts.button(SEND, words("button.send_to_channel"), reference.dump()),
        _withdraw(reference, words),
    ]


def _withdraw(reference: ConfirmedRef, words: Words) -> Block:
    sure = parts.confirmation(
        words("confirm.withdraw_sure"), words("confirm.withdraw_text"), words("button.withdraw"),
        words("button.cancel"),
    )  # fmt: skip
    return parts.button(WITHDRAW, words("button.withdraw"), reference.dump(), confirm=sure)


def signed(confirmation: Confirmation, words: Words, zone: ZoneInfo) -> Block:
    """Who stands by an answer, and since when."""
    return _signed(confirmation.by, confirmation.at, words, zone, f"{FOOTER_PREFIX}_confirmed")


def _signed(by: str, at: datetime, words: Words, zone: ZoneInfo, block_id: str | None = None) -> Block:
    day = at.astimezone(zone).strftime("%Y-%m-%d")
    runs = (
        parts.styled(words("confirm.by"), bold=True),
        parts.mention(by),
        parts.styled(words("confirm.on", date=day)),
    )
    return parts.rich(parts.lines(parts.line(*runs)), block_id=block_id)


def done(confirmed: ConfirmedAnswer, sentence: str, words: Words) -> list[Block]:
    """What the supervisor reads when it is confirmed, with what can be done next."""
    reference = ConfirmedRef(confirmed_id=confirmed.id, revision=confirmed.revision)
    return [parts.markdown(sentence), parts.actions(*_kept(reference, words))]


# -- the form ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form shows at first."""

    question: str
    text: str
    clauses: tuple[Clause, ...]
    """What may be ticked, the best first."""
    ticked: tuple[int, ...]
    organisation: str = ""


def form(draft: Draft, metadata: str, words: Words) -> Block:
    """The wording to give, the clauses that it rests on, and whom it is for."""
    offered = draft.clauses[:MAX_CHOICES]
    options = [_source_option(clause, words) for clause in offered]
    ticked = [o for o, clause in zip(options, offered, strict=True) if clause.id in draft.ticked]
    checkboxes: Block = {"type": "checkboxes", "action_id": views.INPUT, "options": options}
    if ticked:
        checkboxes["initial_options"] = ticked
    sources: Block = {
        "type": "input", "block_id": SOURCES, "label": parts.plain(words("confirm.sources")), "element": checkboxes
    }  # fmt: skip
    names = dict.fromkeys(clause.organisation for clause in offered if clause.organisation)
    scopes = [views.option(words("confirm.scope_all"), _EVERYBODY), *(views.option(n, n) for n in names)]
    return views.modal(
        FORM,
        words("confirm.form_title"),
        [
            parts.context(words("confirm.form_hint")),
            views.text_field(QUESTION, words("confirm.question"), initial=draft.question, multiline=False),
            views.text_field(TEXT, words("confirm.text"), initial=draft.text),
            sources,
            views.choice_field(SCOPE, words("confirm.scope"), scopes, parts.clip(draft.organisation, 75)),
        ],
        close=words("button.cancel"),
        submit=words("button.save"),
        private_metadata=metadata,
    )


def scope_of(value: str) -> str:
    """The organisation that was chosen; empty for everybody."""
    return "" if value == _EVERYBODY else value


def _source_option(clause: Clause, words: Words) -> Block:
    place = f"{words('source.manual', title=clause.manual)}{clause.label}"
    option = views.option(place, str(clause.id))
    option["description"] = parts.plain(" ".join(clause.text.split()), 75)
    return option


# -- going stale ---------------------------------------------------------------------------------------


def stale_block_id(confirmed: ConfirmedAnswer) -> str:
    """How the card is known again: one for each time that its supervisor is asked."""
    return f"confirmed_{confirmed.id}_{confirmed.revision}_{confirmed.asked_at_generation}"


def stale(confirmed: ConfirmedAnswer, changes: Sequence[Change], words: Words, zone: ZoneInfo) -> list[Block]:
    """The card that asks its supervisor again: what it says, what its clauses said and say now."""
    reference = ConfirmedRef(
        confirmed_id=confirmed.id, revision=confirmed.revision, generation=confirmed.asked_at_generation
    )
    buttons = [
        parts.button(CORRECT_STALE, words("button.correct_answer"), reference.dump()),
        _withdraw(reference, words),
    ]
    if any(clause.stands is not None for clause in confirmed.clauses):
        again = parts.button(CONFIRM_AGAIN, words("button.confirm_again"), reference.dump(), style="primary")
        buttons.insert(0, again)
    return [
        parts.header(words("confirm.stale_title")),
        parts.markdown(words("confirm.stale", id=confirmed.id), stale_block_id(confirmed)),
        *_said(confirmed.content, words("confirm.stale_question"), words("confirm.stale_text")),
        *corrections.listed(changes, words, zone),
        parts.actions(*buttons),
    ]


def _said(content: ConfirmedContent, question: str, text: str = "") -> list[Block]:
    rows = [parts.line(parts.styled(question, bold=True), parts.styled(content.question))]
    if text:
        rows.append(parts.line(parts.styled(text, bold=True)))
    return [parts.rich(parts.lines(*rows)), parts.markdown(content.text)]


def settled(sentence: str) -> list[Block]:
    """A card that needs nothing any more."""
    return [parts.markdown(sentence)]


# -- being read ----------------------------------------------------------------------------------------


def send_form(metadata: str, words: Words) -> Block:
    """Which channel is to read it."""
    field: Block = {
        "type": "input",
        "block_id": CHANNEL,
        "label": parts.plain(words("ack.channel")),
        "hint": parts.plain(words("ack.channel_hint")),
        "element": {
            "type": "conversations_select",
            "action_id": views.INPUT,
            "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        },
    }
    return views.modal(
        SEND_FORM, words("ack.form_title"), [field], close=words("button.cancel"), submit=words("button.send"),
        private_metadata=metadata,
    )  # fmt: skip


def card_block_id(acknowledgement: Acknowledgement) -> str:
    """How the card is known again in its channel."""
    return f"acknowledgement_{acknowledgement.id}"


def card(
    sent: Acknowledgement,
    confirmed: ConfirmedAnswer,
    citations: Sequence[Citation],
    words: Words,
    zone: ZoneInfo,
    *,
    reminder: bool = False,
) -> list[Block]:
    """The confirmed answer with 已阅; `reminder`: for one person who has not read it, in their DM."""
    by = _signed(confirmed.confirmed_by, confirmed.confirmed_at, words, zone)
    head = parts.header(words("ack.title", id=confirmed.id))
    head["block_id"] = card_block_id(sent)
    said = _said(sent.content, words("ack.question"))
    blocks = [head, *([parts.context(words("ack.reminder"))] if reminder else []), *said, by]
    if sent.ended_at is not None:
        return [*blocks, parts.context(words("ack.ended"))]
    prefix = f"{card_block_id(sent)}_source"
    blocks += [
        source(one, words, zone, f"{prefix}_{n}") for n, one in enumerate(citations[:_SOURCES], start=1)
    ]
    if confirmed.state is ConfirmedState.STALE:
        return [*blocks, parts.context(words("ack.stale"))]
    reference = AcknowledgementRef(acknowledgement_id=sent.id).dump()
    buttons = [parts.button(READ, words("button.read"), reference, style="primary")]
    if not reminder:
        blocks.append(parts.context(progress(sent, words)))
        buttons.append(parts.button(COVERAGE, words("button.coverage"), reference))
    return [*blocks, parts.actions(*buttons)]


def progress(sent: Acknowledgement, words: Words) -> str:
    """How many have read it."""
    return words("ack.progress", read=len(sent.read), total=len(sent.readers))


def coverage(sent: Acknowledgement, words: Words) -> Block:
    """Who has not read it, for the supervisor."""
    blocks = [parts.section(f"#{sent.confirmed_id} {parts.clip(sent.content.question, 200)}")]
    blocks.append(parts.header(progress(sent, words)))
    if not sent.missing:
        blocks.append(parts.context(words("ack.everybody")))
    for start in range(0, len(sent.missing), _NAMES):
        runs = [parts.styled(words("ack.missing"), bold=True)]
        for reader in sent.missing[start : start + _NAMES]:
            runs += [parts.mention(reader.person_id), parts.styled(" ")]
        blocks.append(parts.rich(parts.lines(parts.line(*runs))))
    return views.modal(COVERAGE_VIEW, words("ack.coverage_title"), blocks, close=words("button.close"))


def title(count: int, words: Words) -> Block:
    """Heads the list of confirmed answers."""
    return parts.header(words("confirm.home", count=count))


def listed(
    confirmed: Sequence[tuple[ConfirmedAnswer, Sequence[Acknowledgement]]], words: Words
) -> list[Block]:
    """Confirmed answers for a supervisor's home, one line each, with how many have read them."""
    if not confirmed:
        return [parts.context(words("confirm.none"))]
    rows = []
    for one, sent in confirmed:
        pieces = [words(f"confirm.state.{one.state.value}"), parts.clip(one.content.question, 80)]
        current = [a for a in sent if a.ended_at is None]
        read, total = sum(len(a.read) for a in current), sum(len(a.readers) for a in current)
        if total:
            pieces.append(words("confirm.coverage", read=read, total=total))
        rows.append(
            parts.line(parts.styled(f"#{one.id}", bold=True), parts.styled(f"  {' · '.join(pieces)}"))
        )
    return [parts.rich(parts.lines(*rows))]
