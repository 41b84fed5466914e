"""Every view, in both languages, with ordinary and with hostile, over-long content: Slack would take it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import block_samples as samples
import pytest

from bot.assistant.answers import Outcome
from bot.blocks import (
    answers,
    audit,
    channels,
    corrections,
    escalations,
    expiries,
    feedbacks,
    gaps,
    homes,
    manuals,
    parts,
    preferences,
    publication,
    review_forms,
    rung_lists,
    rungs,
    sharing,
    ticket_cards,
    ticket_forms,
    tickets,
    views,
)
from bot.blocks.corrections import Change
from bot.blocks.loading import loading
from bot.blocks.references import AnswerRef, ShareRef, StagedRef, TicketListRef
from bot.blocks.wording import LANGUAGES, Words, words
from bot.keeping.publication import PublicationReport
from bot.workspace.blocks import block_problems, view_problems
from tickets.channel_settings import ChannelSetting, Reach
from tickets.people import Person, Role
from tickets.preferences import Owner, Preference
from tickets.records import EscalationState, TicketState

Z = samples.ZONE
LONG = samples.HOSTILE

MESSAGES: dict[str, Callable[[Words], list[dict[str, Any]]]] = {
    "answer": lambda w: answers.footer(samples.answer(1), 12, w, Z),
    "answer with many sources": lambda w: answers.footer(samples.answer(30), 12, w, Z),
    "answer unrecorded": lambda w: answers.footer(samples.answer(0, Outcome.NOT_FOUND), None, w, Z),
    "answer whole": lambda w: answers.messages(LONG * 4, answers.footer(samples.answer(30), 12, w, Z), w)[-1],
    "answer whole, first part": lambda w: answers.messages(LONG * 4, [], w)[0],
    "answer to share": lambda w: [
        *sharing.choice(ShareRef(answer_id=7, thread_ts="1.1"), w),
        *answers.footer(samples.answer(2), 7, w, Z),
    ],
    "answer kept": lambda w: [sharing.only_you("share.kept", w), *answers.footer(samples.answer(2), 7, w, Z)],
    "answer shared": lambda w: [sharing.shared_by("U_AGENT", LONG, w)],
    "answer outdated": lambda w: sharing.outdated(
        w("revise.older", question=LONG[:200]), answers.footer(samples.answer(30), 12, w, Z)
    ),
    "source cut off": lambda w: [
        answers.source(samples.citation(LONG, truncated=True, has_blank=True, organisation=""), w, Z, "b")
    ],
    "card": lambda w: escalations.card(samples.escalation(), w, Z),
    "card long": lambda w: escalations.card(samples.escalation(text=LONG), w, Z),
    "card approved": lambda w: escalations.card(samples.escalation(EscalationState.APPROVED), w, Z),
    "card rejected": lambda w: escalations.card(samples.escalation(EscalationState.REJECTED, LONG), w, Z),
    "card on its way": lambda w: escalations.card(
        samples.gone_far(LONG), w, Z, rungs.Seen(due_at=samples.NOW)
    ),
    "card asked back": lambda w: escalations.card(samples.gone_far(LONG, EscalationState.RETURNED), w, Z),
    "card carried out": lambda w: escalations.card(samples.gone_far(LONG, EscalationState.APPROVED), w, Z),
    "card closed": escalations.closed,
    "asked": lambda w: rungs.asked(samples.gone_far(LONG, EscalationState.RETURNED), rungs.Seen(), w, Z),
    "report owed": lambda w: rungs.owed(samples.owed_report(), w),
    "report given": lambda w: rungs.given(samples.owed_report(LONG[:3000]), w),
    "escalation shown": lambda w: rungs.shown(samples.gone_far(LONG), rungs.Seen(), w, Z),
    "escalations listed": lambda w: rung_lists.listed([samples.gone_far(LONG)] * 90, lambda _: True, w, Z),
    "filed": lambda w: escalations.filed(samples.escalation(text=LONG), w),
    "outcome": lambda w: escalations.outcome(samples.escalation(EscalationState.REJECTED, LONG), w, Z),
    "edited": lambda w: escalations.edited(samples.escalation(), w),
    "correction": lambda w: corrections.message(
        5, "借期？", samples.NOW, [Change(samples.clause(), samples.clause("最多 9 本"))], w, Z, address="U_A"
    ),
    "correction long": lambda w: corrections.message(
        5,
        LONG,
        samples.NOW,
        [Change(samples.clause(LONG, LONG), samples.clause(LONG + "!", LONG))] * 30,
        w,
        Z,
    ),
    "correction ended": lambda w: corrections.message(
        5,
        "借期？",
        samples.NOW,
        [Change(samples.clause(), None, "expired"), Change(None, samples.clause())],
        w,
        Z,
    ),
    "flagged": lambda w: corrections.flagged(5, LONG, [Change(samples.clause(LONG), None)], w, Z),
    "card flagged": lambda w: escalations.card(replace(samples.escalation(), changed_basis=(0, 9)), w, Z),
    "ticket": lambda w: ticket_cards.card(samples.ticket_view(), w, Z, samples.NOW),
    "ticket long": lambda w: ticket_cards.card(
        samples.ticket_view(LONG),
        w,
        Z,
        samples.NOW,
        reader="U_B",
        links=samples.LINKS,
        contact=True,
        note=LONG,
    ),
    "ticket closed": lambda w: ticket_cards.card(
        samples.ticket_view(LONG, TicketState.CLOSED), w, Z, samples.NOW, contact=True
    ),
    "ticket merged": lambda w: ticket_cards.card(
        samples.ticket_view("补卡", TicketState.MERGED), w, Z, samples.NOW
    ),
    "ticket told": lambda w: ticket_cards.told(
        samples.ticket_view(LONG).history[0], samples.ticket(LONG), w, Z, "told_1"
    ),
    "tickets": lambda w: tickets.page(
        TicketListRef(which="search", text=LONG[:200]), samples.ticket_page(LONG), w, Z, samples.NOW
    ),
    "no tickets": lambda w: tickets.listed([], w, Z),
    "audit": lambda w: audit.trail("T-1", [samples.audit_entry()] * 90, True, w, Z),
    "audit broken": lambda w: audit.trail("T-1", [samples.audit_entry("new.action")], False, w, Z),
    "audit empty": lambda w: audit.trail("T-1", [], True, w, Z),
    "publication": lambda w: publication.card(samples.publication(), w, Z),
    "publication many": lambda w: publication.card(samples.publication(200, LONG), w, Z),
    "publication of nothing": lambda w: publication.card(PublicationReport(), w, Z),
    "expires": lambda w: expiries.message(samples.manual(LONG), w, Z),
    "manuals": lambda w: manuals.listed([samples.manual(LONG)] * 80, w, Z),
    "ended": lambda w: manuals.ended(LONG, LONG),
    "help": lambda w: homes.usage(w, Role.ADMIN, commands=True),
    "gap answered": lambda w: gaps.answered(
        3, LONG, samples.NOW, samples.clause(LONG), w, Z, address="U_AGENT"
    ),
    "ticket changed": lambda w: [parts.markdown(tickets.changed_text(samples.ticket(LONG), w))],
}


def replace_id(listed: gaps.Listed, gap_id: int) -> gaps.Listed:
    return replace(listed, gap=replace(listed.gap, id=gap_id))


PERSON = Person("U_AGENT", LONG[:200], Role.AGENT)
VIEWS: dict[str, Callable[[Words], dict[str, Any]]] = {
    "loading": lambda w: loading(w("escalation.form_title"), w),
    "escalate": lambda w: escalations.form(samples.content(LONG), "{}", w, hint=LONG),
    "escalate empty": lambda w: escalations.form(samples.content(""), "{}", w),
    "edit": lambda w: escalations.form(samples.content(), "{}", w, editing=True),
    "ticket": lambda w: tickets.form(tickets.Logged(LONG, LONG), "{}", w, Z),
    "ticket asked before": lambda w: tickets.form(
        tickets.Logged(LONG, LONG, "own_kind", "urgent", 1790000000),
        "{}",
        w,
        Z,
        before=samples.asked_before(LONG),
        contact=True,
    ),
    "ticket offer": lambda w: ticket_forms.offer(samples.ticket_view(LONG).ticket, "{}", w),
    "ticket decline": lambda w: ticket_forms.decline(samples.ticket(LONG), "{}", w),
    "ticket comment": lambda w: ticket_forms.comment(samples.ticket(LONG), "{}", w, again=False),
    "ticket again": lambda w: ticket_forms.comment(samples.ticket(LONG), "{}", w, again=True),
    "ticket close": lambda w: ticket_forms.close(samples.ticket(LONG), "{}", w),
    "ticket reopen": lambda w: ticket_forms.reopen(samples.ticket(LONG), "{}", w),
    "ticket merge": lambda w: ticket_forms.merge(samples.ticket(LONG), samples.asked_before(LONG), "{}", w),
    "ticket change": lambda w: ticket_forms.change(samples.ticket_view(LONG).ticket, "{}", w),
    "ticket history": lambda w: ticket_cards.history(samples.ticket_view(LONG), w, Z),
    "ticket in a modal": lambda w: ticket_cards.modal(
        ticket_cards.card(samples.ticket_view(LONG), w, Z, samples.NOW), "{}", w
    ),
    "ticket list": lambda w: tickets.list_view(
        tickets.page(TicketListRef(), samples.ticket_page(LONG), w, Z, samples.NOW), w
    ),
    "home tickets": lambda w: homes.extended(
        homes.agent(PERSON, [], list(samples.ticket_page(LONG).tickets), w, Z),
        tickets.home(TicketListRef(which="overdue"), samples.ticket_page(LONG), w, Z, samples.NOW),
    ),
    "escalate upwards": lambda w: escalations.form(
        replace(samples.content(LONG), accused=("U_LEADER",)), "{}", w, above=(Role.LEADER, Role.MANAGER)
    ),
    "instruct": lambda w: review_forms.instruct_form(samples.escalation(), "{}", w),
    "ask back": lambda w: review_forms.ask_back_form(samples.escalation(), "{}", w),
    "pass up": lambda w: review_forms.pass_up_form(samples.escalation(), "{}", w),
    "whole way": lambda w: rungs.whole_way(
        samples.gone_far(LONG), [samples.owed_report(LONG[:3000])] * 4, rungs.Seen(), w, Z
    ),
    "home with duties": lambda w: homes.extended(
        homes.agent(PERSON, [], [], w, Z),
        [
            *rung_lists.own([replace(samples.gone_far(LONG), id=n) for n in range(30)], [5], w),
            *rung_lists.duties(
                [replace(samples.gone_far(LONG, EscalationState.APPROVED), id=n) for n in range(50, 90)],
                [replace(samples.owed_report(), id=n) for n in range(30)],
                w,
            ),
            *rung_lists.overdue([samples.gone_far(LONG)] * 30, w, Z),
        ],
    ),
    "reject": lambda w: review_forms.reject_form(samples.escalation(), "{}", w),
    "feedback": lambda w: feedbacks.form("{}", w),
    "channel": lambda w: preferences.form(
        Owner.CHANNEL,
        Preference(LONG[:100]),
        [],
        [],
        "{}",
        w,
        channels.inputs(
            ChannelSetting((50, 3), Reach.ASKER_FIRST, "22:15", "07:00"),
            [replace(samples.manual(LONG), manual_id=n) for n in range(200)],
            w,
        ),
    ),
    "all changes": lambda w: publication.details(samples.publication(9, LONG), w),
    "extend": lambda w: expiries.form(samples.manual(LONG), "{}", w, Z),
    "home agent": lambda w: homes.agent(
        PERSON, [samples.escalation()] * 20, list(samples.ticket_page("x").tickets), w, Z
    ),
    "home reviewer": lambda w: homes.reviewer(PERSON, [samples.escalation(text=LONG)] * 90, [], w, Z),
    "home admin": lambda w: homes.admin(PERSON, [samples.manual()] * 90, w, Z),
    "home admin with gaps": lambda w: homes.admin(
        PERSON,
        [samples.manual()] * 90,
        w,
        Z,
        [samples.gap(LONG, LONG), *(replace_id(samples.gap(LONG), n) for n in range(2, 30))],
        400,
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MESSAGES)
def test_slack_takes_the_message(name: str, language: str) -> None:
    blocks = MESSAGES[name](words(language))  # type: ignore[arg-type]
    assert block_problems(blocks, "message") == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", VIEWS)
def test_slack_takes_the_view(name: str, language: str) -> None:
    view = VIEWS[name](words(language))  # type: ignore[arg-type]
    assert view_problems(view) == []


@pytest.mark.parametrize("name", MESSAGES)
def test_nobody_can_be_called_by_what_others_wrote(name: str) -> None:
    """No mrkdwn anywhere, and Markdown in which mentions are broken; people are named by user elements only."""
    for block in MESSAGES[name](words("zh")):
        assert '"mrkdwn"' not in json.dumps(block)
        if block["type"] == "markdown":
            assert "<!" not in block["text"]
            assert "<@" not in block["text"]


def test_no_meaning_by_emoji_alone() -> None:
    for button in answers.feedback(3, words("zh"))["elements"][0].values():
        if isinstance(button, dict):
            assert any(character.isalpha() for character in button["text"]["text"])
            assert button["accessibility_label"]


def test_prompts_are_four_for_every_role() -> None:
    for role in Role:
        assert len(homes.prompts(role, words("zh"))) == 4


def test_what_buttons_carry_comes_back() -> None:
    assert AnswerRef.load(AnswerRef(answer_id=7).dump()).answer_id == 7
    assert AnswerRef.load("").answer_id is None
    ids = (9, 3, 4, 5, 12)
    assert StagedRef.load(StagedRef.of(ids).dump()).edition_ids == (3, 4, 5, 9, 12)


@pytest.mark.parametrize("text", ['{"answer_id": "x"}', '{"other": 1}', "nonsense", '{"editions": "1;drop"}'])
def test_what_was_not_sent_is_not_believed(text: str) -> None:
    for kind in (AnswerRef, StagedRef):
        with pytest.raises(ValueError, match="validation error"):
            kind.load(text)


def test_texts_are_cut_where_slack_cuts_them() -> None:
    assert len(parts.plain("长" * 5000, 75)["text"]) == 75
    with pytest.raises(ValueError, match="2001"):
        parts.button("a", "b", "x" * 2001)
    with pytest.raises(ValueError, match="3001"):
        views.modal("a", "b", [], close="c", private_metadata="x" * 3001)


def test_a_long_quote_is_cut_so_that_the_difference_is_seen() -> None:
    same = "甲" * 1500
    old, new = samples.clause(same + "收 6 元" + "乙" * 900), samples.clause(same + "收 8 元" + "乙" * 900)
    shown = corrections.message(5, "问", samples.NOW, [Change(old, new)], words("zh"), Z)
    quotes = [e["elements"][0]["text"] for e in shown[1]["elements"] if e["type"] == "rich_text_quote"]
    assert ["收 6 元" in quotes[0], "收 8 元" in quotes[1]] == [True, True]
    assert all(len(quote) <= 600 for quote in quotes)
