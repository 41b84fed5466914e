"""What people see of an escalation: the form, the draft card for the reviewers, and how it ended."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.blocks import corrections, parts, views
from bot.blocks.parts import Block
from bot.blocks.references import CardRef
from bot.blocks.wording import Words
from tickets.records import Escalation, EscalationContent, EscalationState, Urgency

APPROVE = "review_approve"
EDIT = "review_edit"
REJECT = "review_reject"

FORM = "escalation_form"
EDIT_FORM = "escalation_edit_form"
REJECT_FORM = "escalation_reject_form"

WHAT_HAPPENED = "what_happened"
WHERE = "where"
WHEN = "when"
TRIED = "tried"
HANDLING = "handling_suggestion"
URGENCY = "urgency"
REASON = "reason"


def form(
    content: EscalationContent, metadata: str, words: Words, *, hint: str = "", editing: bool = False
) -> Block:
    """The form, filled with what the draft found. `hint` says to whom it goes and what is missing."""
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
    ]
    return views.modal(
        EDIT_FORM if editing else FORM,
        words("escalation.edit_title" if editing else "escalation.form_title"),
        blocks,
        close=words("button.cancel"),
        submit=words("button.save" if editing else "button.submit"),
        private_metadata=metadata,
    )


def reject_form(escalation: Escalation, metadata: str, words: Words) -> Block:
    """The modal that asks why; without a reason nothing is rejected."""
    return views.modal(
        REJECT_FORM,
        words("escalation.reject_title"),
        [
            parts.context(words("escalation.reject_hint", number=escalation.number)),
            views.text_field(REASON, words("escalation.reason")),
        ],
        close=words("button.cancel"),
        submit=words("button.reject"),
        private_metadata=metadata,
    )


def fields(content: EscalationContent, words: Words) -> list[tuple[str, str]]:
    """Label and text of everything that was said, in the order in which a reviewer wants to read it."""
    rows = [
        (words("escalation.what_happened"), content.what_happened or content.summary),
        (words("escalation.where"), content.where),
        (words("escalation.when"), content.when),
        (words("escalation.tried"), content.tried),
        (words("escalation.handling"), content.handling_suggestion),
        (words("escalation.urgency"), words(f"urgency.{content.urgency.value}")),
        (words("escalation.skipped"), content.skip_reason if content.skip_level_allowed else ""),
    ]
    return [(label, text) for label, text in rows if text]


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


def card(escalation: Escalation, words: Words, zone: ZoneInfo) -> list[Block]:
    """The draft card: with buttons while it waits, with who decided afterwards."""
    filed = escalation.created_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    awaiting = words("card.awaiting", role=words(f"role.{escalation.awaiting.value}"))
    who = parts.line(
        parts.styled(words("card.filed_by")),
        parts.mention(escalation.filer_id),
        parts.styled(f" · {filed} · {awaiting}"),
    )
    blocks = [parts.header(words("card.title", number=escalation.number)), parts.rich(parts.lines(who))]
    # Deciding makes a revision too, but no new wording.
    wording = escalation.revision - (1 if escalation.decided_at else 0)
    if wording > 1:
        blocks.append(parts.context(words("card.revision", revision=wording)))
    blocks += details(escalation.content, words)
    blocks += corrections.flag(escalation.content.policy_basis, escalation.changed_basis, words)
    if escalation.state is EscalationState.SUBMITTED:
        return [*blocks, decision_buttons(escalation, words)]
    return [*blocks, parts.divider(), decision(escalation, words, zone)]


def decision_buttons(escalation: Escalation, words: Words) -> Block:
    """Approve, edit, reject, carrying the revision that is on the card."""
    seen = CardRef(escalation_id=escalation.id, revision=escalation.revision).dump()
    return parts.actions(
        parts.button(APPROVE, words("button.approve"), seen, style="primary"),
        parts.button(EDIT, words("button.edit"), seen),
        parts.button(REJECT, words("button.reject"), seen, style="danger"),
        block_id=f"review_{escalation.id}_{escalation.revision}",
    )


def decision(escalation: Escalation, words: Words, zone: ZoneInfo) -> Block:
    """Who decided what, when, and with which words."""
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
    return parts.rich(*elements)


def card_text(escalation: Escalation, words: Words) -> str:
    """The plain `text` of the card, not yet escaped."""
    summary = parts.clip(escalation.content.summary, 300)
    return words("card.text", number=escalation.number, summary=summary)


def filed(escalation: Escalation, words: Words) -> list[Block]:
    """What the filer sees at once: the draft as it was handed in."""
    line = words(
        "escalation.filed", number=escalation.number, role=words(f"role.{escalation.awaiting.value}")
    )
    return [parts.markdown(line), *details(escalation.content, words)]


def outcome(escalation: Escalation, words: Words, zone: ZoneInfo) -> list[Block]:
    """What the filer is told when somebody decided."""
    return [parts.markdown(outcome_text(escalation, words)), decision(escalation, words, zone)]


def outcome_text(escalation: Escalation, words: Words) -> str:
    """One sentence: approved with a ticket number, or rejected (the reason stands below)."""
    if escalation.state is EscalationState.APPROVED:
        return words("escalation.approved", number=escalation.number, ticket=escalation.ticket_number or "")
    return words("escalation.rejected", number=escalation.number)


def edited(escalation: Escalation, words: Words) -> list[Block]:
    """What the filer is told when somebody else changed the draft."""
    line = words("escalation.edited", number=escalation.number, revision=escalation.revision)
    return [parts.markdown(line), *details(escalation.content, words)]
