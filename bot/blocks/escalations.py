"""What people see of an escalation: the form, the draft card for the reviewers, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.blocks import contacts, corrections, papers, parts, rungs, views
from bot.blocks.parts import Block
from bot.blocks.references import CardRef
from bot.blocks.rungs import Seen
from bot.blocks.wording import Words
from tickets.people import Role
from tickets.records import UNDECIDED, Escalation, EscalationContent, EscalationState, Urgency
from tickets.rows import escalation_subject
from tickets.rung_records import GIVEN, StepKind

UTC_ZONE = ZoneInfo("UTC")
_UNSEEN = Seen()

APPROVE = "review_approve"
EDIT = "review_edit"
REJECT = "review_reject"
INSTRUCT = "review_instruct"
ASK_BACK = "review_ask_back"
UPWARD = "review_pass_up"

FORM = "escalation_form"
EDIT_FORM = "escalation_edit_form"
REJECT_FORM = "escalation_reject_form"
INSTRUCT_FORM = "escalation_instruct_form"
ASK_BACK_FORM = "escalation_ask_back_form"
UPWARD_FORM = "escalation_pass_up_form"

WHAT_HAPPENED = "what_happened"
WHERE = "where"
WHEN = "when"
TRIED = "tried"
HANDLING = "handling_suggestion"
URGENCY = "urgency"
CATEGORY = "category"
_MOST_OPTIONS = 100
"""What Slack carries of one choice."""
REASON = "reason"
NEXT_ROLE = "next_role"
GROUNDS = "grounds"
SKIP_REASON = "skip_reason"
ACCUSED = "accused"
INSTRUCTION = "instruction"
QUESTION = "back_question"
NOTE = "pass_note"

NO_GROUNDS = "none"


def form(
    content: EscalationContent,
    metadata: str,
    words: Words,
    *,
    hint: str = "",
    editing: bool = False,
    above: Sequence[Role] = (),
    contact: Sequence[Block] = (),
    categories: Sequence[str] = (),
) -> Block:
    """The form, filled with what the draft found. `hint` says to whom it goes and what is missing; `categories` are the
    names to choose from (none: the category is not asked for).

    `above`: the rungs that the filer may address; empty for somebody who may not change to whom it goes. `contact`:
    the inputs for how to reach the customer.
    """
    urgencies = [views.option(words(f"urgency.{level.value}"), level.value) for level in Urgency]
    blocks = [parts.context(hint)] if hint else []
    blocks += [
        views.text_field(
            WHAT_HAPPENED, words("escalation.what_happened"), initial=content.what_happened or content.summary
        ),
        views.text_field(
            WHERE, words("escalation.where"), initial=content.where, multiline=False, optional=True
        ),
        views.text_field(
            WHEN, words("escalation.when"), initial=content.when, multiline=False, optional=True
        ),
        views.text_field(TRIED, words("escalation.tried"), initial=content.tried, optional=True),
        views.text_field(
            HANDLING,
            words("escalation.handling"),
            initial=content.handling_suggestion,
            hint=words("escalation.handling_hint"),
        ),
        views.choice_field(URGENCY, words("escalation.urgency"), urgencies, content.urgency.value),
        *_category(content, words, categories),
    ]
    if above:
        blocks += _routing(content, words, above)
    blocks += contact
    return views.modal(
        EDIT_FORM if editing else FORM,
        words("escalation.edit_title" if editing else "escalation.form_title"),
        blocks,
        close=words("button.cancel"),
        submit=words("button.save" if editing else "button.submit"),
        private_metadata=metadata,
    )


def _category(content: EscalationContent, words: Words, categories: Sequence[str]) -> list[Block]:
    """The choice among the organisation's categories; what was found stays choosable when the file no longer has it."""
    if not categories:
        return []
    named = [name for name in dict.fromkeys([content.category, *categories]) if name][:_MOST_OPTIONS]
    options = [views.option(name, name) for name in named]
    return [views.choice_field(CATEGORY, words("paper.category"), options, content.category)]


def _routing(content: EscalationContent, words: Words, above: Sequence[Role]) -> list[Block]:
    """To whom it goes, why rungs are left out, and whom it is about."""
    targets = [views.option(words(f"role.{role.value}"), role.value) for role in above]
    grounds = [views.option(words("grounds.none"), NO_GROUNDS)]
    grounds += [views.option(words(f"grounds.{one.value}"), one.value) for one in GIVEN]
    chosen = content.next_role or above[0]
    return [
        views.choice_field(NEXT_ROLE, words("escalation.next_role"), targets, chosen.value),
        views.choice_field(GROUNDS, words("escalation.grounds"), grounds, (content.grounds or NO_GROUNDS)),
        views.text_field(
            SKIP_REASON,
            words("escalation.skipped"),
            initial=content.skip_reason if content.grounds else "",
            hint=words("escalation.skip_hint"),
            optional=True,
        ),
        views.people_field(
            ACCUSED, words("escalation.accused"), content.accused, hint=words("escalation.accused_hint")
        ),
    ]


def fields(content: EscalationContent, words: Words) -> list[tuple[str, str]]:
    """Label and text of everything that was said, in the order in which a reviewer wants to read it."""
    rows = [
        (words("escalation.what_happened"), content.what_happened or content.summary),
        (words("escalation.where"), content.where),
        (words("escalation.when"), content.when),
        (words("escalation.tried"), content.tried),
        (words("escalation.handling"), content.handling_suggestion),
        (words("paper.category"), content.category),
        (words("escalation.urgency"), words(f"urgency.{content.urgency.value}")),
        (words("escalation.skipped"), skipped(content)),
    ]
    return [(label, text) for label, text in rows if text]


def skipped(content: EscalationContent) -> str:
    """The filer's words on why rungs were left out."""
    return content.skip_reason if content.grounds or content.skip_level_allowed else ""


def report(content: EscalationContent, words: Words) -> str:
    """The whole text that a reviewer reads, for the record."""
    lines = [f"{label}: {text}" for label, text in fields(content, words)]
    for basis in content.policy_basis:
        manual = words("source.manual", title=basis.manual)
        lines.append(f"{words('escalation.basis')}: {manual}{basis.label} {basis.quote}")
    return "\n".join(lines)


def details(content: EscalationContent, words: Words) -> list[Block]:
    """The draft itself: what happened, when, what was tried, what is suggested, and the clauses behind it."""
    rows = fields(content, words)
    blocks = [parts.rich(parts.lines(*[parts.labelled(label, value) for label, value in rows]))]
    for basis in content.policy_basis[:5]:
        place = words("source.manual", title=basis.manual) + (f" {basis.label}" if basis.label else "")
        blocks.append(
            parts.rich(parts.lines(parts.line(parts.styled(place, bold=True))), parts.quote(basis.quote))
        )
    return blocks


def card(escalation: Escalation, words: Words, zone: ZoneInfo, seen: Seen = _UNSEEN) -> list[Block]:
    """The draft card: with buttons while it waits, with who decided afterwards."""
    filed = escalation.created_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    awaiting = words("card.awaiting", role=words(f"role.{escalation.awaiting.value}"))
    who = parts.line(
        parts.styled(words("card.filed_by")),
        parts.mention(escalation.filer_id),
        parts.styled(f" · {filed} · {awaiting}"),
    )
    blocks = [parts.header(words("card.title", number=escalation.number))]
    blocks += [parts.rich(parts.lines(who)), *rungs.head(escalation, seen, words, zone)]
    if escalation.wording > 1:
        blocks.append(parts.context(words("card.revision", revision=escalation.wording)))
    blocks += details(escalation.content, words)
    if seen.contact:
        blocks.append(parts.actions(contacts.button(escalation_subject(escalation.id), words)))
    blocks += rungs.notes(escalation, words, zone)
    blocks += corrections.flag(escalation.content.policy_basis, escalation.changed_basis, words)
    if escalation.state in UNDECIDED:
        if escalation.state is EscalationState.RETURNED:
            blocks.append(parts.context(words("card.returned")))
        if seen.buttons:
            return [*blocks, decision_buttons(escalation, words, can_pass=seen.can_pass)]
        return [*blocks, parts.context(words("card.not_yours"))]
    return [*blocks, parts.divider(), decision(escalation, words, zone), *_paper(escalation, words)]


def _paper(escalation: Escalation, words: Words) -> list[Block]:
    """What was approved can be had as a file."""
    approved = escalation.state is EscalationState.APPROVED
    return [papers.buttons(escalation.id, words)] if approved else []


def closed(words: Words) -> list[Block]:
    """What is left of a card in a place where it must not be read any more."""
    return [parts.context(words("card.closed"))]


def decision_buttons(escalation: Escalation, words: Words, *, can_pass: bool = True) -> Block:
    """What a reviewer may do, each button carrying the revision that is on the card."""
    seen = CardRef(escalation_id=escalation.id, revision=escalation.revision).dump()
    approve = [
        parts.button(APPROVE, words("button.approve"), seen, style="primary"),
        parts.button(INSTRUCT, words("button.instruct"), seen),
    ]
    reject = parts.button(REJECT, words("button.reject"), seen, style="danger")
    way = parts.button(rungs.WAY, words("button.way"), seen)
    more = [parts.button(EDIT, words("button.edit"), seen)]
    if escalation.state is EscalationState.SUBMITTED:
        more.append(parts.button(ASK_BACK, words("button.ask_back"), seen))
        more += [parts.button(UPWARD, words("button.pass_up"), seen)] if can_pass else []
    block_id = f"review_{escalation.id}_{escalation.revision}"
    return parts.actions(*approve, *more, reject, way, block_id=block_id)


def decision(escalation: Escalation, words: Words, zone: ZoneInfo) -> Block:
    """Who decided what, when, with which words, and whether it was carried out."""
    moment = escalation.decided_at or escalation.updated_at
    runs = [
        parts.styled(words(f"state.{escalation.state.value}"), bold=True),
        parts.styled(" · "),
        parts.mention(escalation.decided_by or escalation.changed_by),
        parts.styled(f" · {moment.astimezone(zone).strftime('%Y-%m-%d %H:%M')}"),
    ]
    if escalation.ticket_number:
        runs.append(parts.styled(f" · {words('card.ticket', number=escalation.ticket_number)}"))
    elements = [parts.lines(parts.line(*runs))]
    if escalation.decision_note:
        elements.append(parts.quote(escalation.decision_note))
    done = [step for step in escalation.steps if step.kind is StepKind.CARRIED_OUT]
    elements += [parts.lines(rungs.line(step, words, zone)) for step in done]
    if escalation.to_carry_out:
        elements.append(parts.lines(parts.line(parts.styled(words("card.to_carry_out")))))
    return parts.rich(*elements)


def card_text(escalation: Escalation, words: Words) -> str:
    """The plain `text` of the card, not yet escaped."""
    summary = parts.clip(escalation.content.summary, 300)
    return words("card.text", number=escalation.number, summary=summary)


def filed(
    escalation: Escalation, words: Words, seen: Seen = _UNSEEN, zone: ZoneInfo = UTC_ZONE
) -> list[Block]:
    """What the filer sees at once: the draft as it was handed in, and what they can do while it waits."""
    path = parts.context(words("rung.path", path=rungs.path_line(escalation, seen.filer_role, words)))
    blocks = [parts.markdown(filed_text(escalation, words)), path, *details(escalation.content, words)]
    waiting = escalation.state in UNDECIDED
    if not waiting:
        return [*blocks, decision(escalation, words, zone)]
    said = rungs.notes(escalation, words, zone)
    return [*blocks, *said, *rungs.own_buttons(escalation, seen, words)]


def filed_text(escalation: Escalation, words: Words) -> str:
    """One sentence: whom it waits for, or how it ended."""
    if escalation.state is EscalationState.SUBMITTED:
        role = words(f"role.{escalation.awaiting.value}")
        return words("escalation.filed", number=escalation.number, role=role)
    state = words(f"state.{escalation.state.value}")
    return words("rung.standing", number=escalation.number, state=state)


def outcome(escalation: Escalation, words: Words, zone: ZoneInfo, *, lead: str = "") -> list[Block]:
    """What the filer is told when somebody decided; with an instruction, how to confirm that it was carried out."""
    blocks = [parts.markdown(outcome_text(escalation, words)), decision(escalation, words, zone)]
    blocks += [*rungs.own_buttons(escalation, Seen(), words), *_paper(escalation, words)]
    return [*([parts.section(lead)] if lead else []), *blocks]


def outcome_text(escalation: Escalation, words: Words) -> str:
    """One sentence: approved with a ticket number, or rejected (the reason stands below)."""
    if escalation.state is EscalationState.APPROVED:
        return words("escalation.approved", number=escalation.number, ticket=escalation.ticket_number or "")
    return words("escalation.rejected", number=escalation.number)


def edited(escalation: Escalation, words: Words) -> list[Block]:
    """What the filer is told when somebody else changed the draft."""
    return [parts.markdown(edited_text(escalation, words)), *details(escalation.content, words)]


def edited_text(escalation: Escalation, words: Words) -> str:
    """One sentence: which wording it is now."""
    return words("escalation.edited", number=escalation.number, revision=escalation.wording)
