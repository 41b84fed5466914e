"""Delivering what concerns escalations: cards to those whose turn it is, questions and outcomes to the filer, reminders,
instructions carried out, reports given afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from slack_sdk import WebClient

from bot import cards
from bot.blocks import escalations, parts, rungs
from bot.blocks.parts import Block
from bot.keeping.correction_post import NothingToTell
from bot.listeners import sessions
from bot.listeners.languages import Languages
from bot.listeners.places import Place as SlackPlace
from bot.listeners.places import whisper
from bot.services import Services
from tickets.people import Role
from tickets.records import (
    UNDECIDED,
    Audience,
    Escalation,
    EscalationState,
    Notice,
    NoticeKind,
    Origin,
)
from tickets.rung_records import StepKind

Place = tuple[str, str]
"""Channel and ts of a message; empty when there is none to remember."""


class NobodyToTell(Exception):
    """Nobody stands on the rung that a notice is for; it waits until the people file names somebody."""


class StillAway(Exception):
    """Whoever a notice is for is not on shift yet."""


class Sender(Protocol):
    """Posts what a notice announces."""

    def __call__(self, notice: Notice) -> Place: ...


class RungPost:
    """Renders and posts. Raises NobodyToTell, NothingToTell and Slack's own errors."""

    def __init__(self, services: Services, client: WebClient, languages: Languages) -> None:
        self._services = services
        self._client = client
        self._languages = languages

    @property
    def senders(self) -> Mapping[NoticeKind, Sender]:
        """What sends each kind of notice about escalations."""
        return {
            NoticeKind.ESCALATION_FILED: self.filed,
            NoticeKind.ESCALATION_SUBMITTED: self.submitted,
            NoticeKind.ESCALATION_EDITED: self.edited,
            NoticeKind.ESCALATION_DECIDED: self.decided,
            NoticeKind.ESCALATION_RETURNED: self.returned,
            NoticeKind.ESCALATION_ANSWERED: self.answered,
            NoticeKind.ESCALATION_MOVED: self.moved,
            NoticeKind.ESCALATION_OVERDUE: self.overdue,
            NoticeKind.INSTRUCTION_REMINDER: self.instruction_waits,
            NoticeKind.INSTRUCTION_DONE: self.instruction_done,
            NoticeKind.REPORT_OWED: self.report_owed,
            NoticeKind.REPORT_GIVEN: self.report_given,
            NoticeKind.RUNG_MISSED: self.missed,
        }

    # -- reviewers -------------------------------------------------------------------------------

    def submitted(self, notice: Notice) -> Place:
        """The card to the rung that it waits for; the cards of former rungs lose their buttons."""
        escalation = self._escalation(notice)
        if notice.audience.role is not escalation.awaiting:  # it went on before this was sent
            self._redraw(escalation.id)
            raise NothingToTell
        last = self._cards(escalation, again=notice.maybe_sent)
        self._redraw(escalation.id)  # also what was decided while the cards were on their way
        return last

    def _cards(self, escalation: Escalation, *, again: bool = False, reminder: bool = False) -> Place:
        """The card in the review channel, or in the DM of everybody whose turn it is. `again`: it may be there
        already; `reminder`: it is there and is to be seen once more."""
        desk, subject = self._services.desk, cards.subject(escalation.id)
        channel = self._services.settings.review_channel
        role = Audience(role=escalation.awaiting)
        if channel and not cards.is_shut(escalation, channel, role):
            there = [
                card for card in desk.cards(subject) if card.channel == channel and card.audience == role
            ]
            if again and there:
                return there[-1].channel, there[-1].ts
            last = self._post(channel, cards.draw(self._services, escalation, channel, role))
            desk.place_card(subject, *last, role)
            return last
        reviewers = [person.id for person in desk.rungs.reviewers(escalation)]
        if not reviewers:
            raise NobodyToTell(escalation.awaiting.value)
        placed = {card.channel for card in desk.cards(subject)}
        last = ("", "")
        for user in reviewers:
            dm = self._dm(user)
            if dm in placed and not reminder:  # delivered before this notice failed for somebody else
                continue
            audience = Audience(user_id=user)
            last = self._post(dm, cards.draw(self._services, escalation, dm, audience))
            desk.place_card(subject, *last, audience)
        return last

    def overdue(self, notice: Notice) -> Place:
        """A reminder to the rung, or to the filer who was asked something."""
        escalation = self._escalation(notice)
        if notice.audience.user_id is not None:
            if escalation.state is not EscalationState.RETURNED:
                raise NothingToTell
            return self._to_filer(escalation, cards.asked_subject(escalation.id), cards.draw_asked)
        waiting = escalation.state is EscalationState.SUBMITTED
        if not waiting or notice.audience.role is not escalation.awaiting:
            raise NothingToTell
        last = self._cards(escalation, reminder=True)
        self._redraw(escalation.id)
        return last

    def answered(self, notice: Notice) -> Place:
        """Whoever asked gets the answer; the buttons are on the card."""
        escalation = self._escalation(notice)
        user = notice.audience.user_id or ""
        said = next((s.note for s in escalation.steps[::-1] if s.kind is StepKind.ANSWERED), "")
        if escalation.state not in UNDECIDED or user in escalation.content.accused:
            raise NothingToTell
        reader = self._languages.words(user)
        text = reader("rung.answered", number=escalation.number)
        return self._post(self._dm(user), (text, [parts.markdown(text), parts.rich(parts.quote(said))]))

    def instruction_done(self, notice: Notice) -> Place:
        """Whoever gave an instruction is told that it was carried out, and what there is against it."""
        escalation = self._escalation(notice)
        user = notice.audience.user_id or ""
        done = next((s for s in escalation.steps[::-1] if s.kind is StepKind.CARRIED_OUT), None)
        if done is None:
            raise NothingToTell
        reader = self._languages.words(user)
        text = reader("rung.done", number=escalation.number)
        line = rungs.line(done, reader, self._services.settings.zone)
        return self._post(self._dm(user), (text, [parts.markdown(text), parts.rich(parts.lines(line))]))

    # -- the filer -------------------------------------------------------------------------------

    def filed(self, notice: Notice) -> Place:
        """The filer is told, where they filed it, that it is on its way; the message follows what becomes of it."""
        escalation = self._escalation(notice)
        subject, filer, origin = cards.filed_subject(escalation.id), escalation.filer_id, escalation.origin
        there = [card for card in self._services.desk.cards(subject) if card.audience.user_id == filer]
        if there:
            return there[-1].channel, there[-1].ts
        place = SlackPlace(filer, origin.channel, origin.thread_ts, origin.message_ts, origin.team_id)
        text, blocks = cards.draw_filed(self._services, escalation, self._languages.words(filer))
        told = whisper(self._client, place, text, blocks)
        if told is None:  # only they see it, and nobody can change it later
            return "", ""
        self._services.desk.place_card(subject, *told, Audience(user_id=filer))
        return told

    def edited(self, notice: Notice) -> Place:
        """Everything is redrawn; the filer is told when somebody else changed the wording."""
        escalation = self._escalation(notice)
        self._redraw(escalation.id)
        if notice.audience.user_id is None:
            return "", ""
        reader = self._languages.words(escalation.filer_id)
        drawn = escalations.edited_text(escalation, reader), escalations.edited(escalation, reader)
        return self._tell(escalation.filer_id, escalation.origin, drawn)

    def decided(self, notice: Notice) -> Place:
        """The filer is told how it ended; for the rung, everything is redrawn."""
        escalation = self._escalation(notice)
        if notice.audience.user_id is None:
            self._redraw(escalation.id)
            return "", ""
        told = self._to_filer(escalation, cards.outcome_subject(escalation.id), cards.draw_outcome)
        origin = escalation.origin
        began = SlackPlace(escalation.filer_id, origin.channel, origin.thread_ts, origin.message_ts)
        sessions.show(self._client, began, sessions.CLOSED)
        return told

    def returned(self, notice: Notice) -> Place:
        """The filer is asked something."""
        escalation = self._escalation(notice)
        if escalation.state is not EscalationState.RETURNED:
            raise NothingToTell
        return self._to_filer(escalation, cards.asked_subject(escalation.id), cards.draw_asked)

    def moved(self, notice: Notice) -> Place:
        """The filer is told that it went up, and why."""
        escalation = self._escalation(notice)
        step = next((s for s in escalation.steps[::-1] if s.kind in _UP), None)
        if step is None or escalation.state not in UNDECIDED:
            raise NothingToTell
        reader, zone = self._languages.words(escalation.filer_id), self._services.settings.zone
        role = reader(f"role.{escalation.awaiting.value}")
        text = reader("rung.moved", number=escalation.number, role=role)
        blocks = [parts.markdown(text), parts.rich(parts.lines(rungs.line(step, reader, zone)))]
        return self._tell(escalation.filer_id, escalation.origin, (text, blocks))

    def instruction_waits(self, notice: Notice) -> Place:
        """Whoever has to carry out an instruction is reminded of it."""
        escalation = self._escalation(notice)
        if not escalation.to_carry_out:
            raise NothingToTell
        user = notice.audience.user_id or escalation.filer_id
        reader = self._languages.words(user)
        drawn = cards.draw_outcome(self._services, escalation, reader, lead=reader("rung.carry_out"))
        place = self._tell(user, escalation.origin if user == escalation.filer_id else Origin(), drawn)
        self._place(cards.outcome_subject(escalation.id), place, user)
        return place

    # -- reports owed afterwards -----------------------------------------------------------------

    def report_owed(self, notice: Notice) -> Place:
        """Whoever passed a superior over is told, and reminded, that they owe a report."""
        report = self._services.desk.rungs.owed_report(notice.subject_id)
        if report.done_at is not None:
            raise NothingToTell
        reader = self._languages.words(report.owed_by)
        drawn = rungs.owed_text(report, reader), rungs.owed(report, reader)
        place = self._post(self._dm(report.owed_by), drawn)
        self._place(cards.owed_subject(report.id), place, report.owed_by)
        return place

    def report_given(self, notice: Notice) -> Place:
        """A superior who was passed over gets the report."""
        desk = self._services.desk
        report = desk.rungs.owed_report(notice.subject_id)
        escalation = desk.escalation(report.escalation_id)
        users = (
            [notice.audience.user_id] if notice.audience.user_id else self._on_rung(escalation, report.role)
        )
        users = [user for user in users if user not in escalation.content.accused]
        if not users:
            raise NobodyToTell(report.role.value)
        last = ("", "")
        for user in users:
            reader = self._languages.words(user)
            drawn = rungs.given_text(report, reader), rungs.given(report, reader)
            last = self._post(self._dm(user), drawn)
            self._place(cards.given_subject(report.id), last, user)
        return last

    def missed(self, notice: Notice) -> Place:
        """A superior who could not be reached hears of it, once they are there again."""
        escalation, user = self._escalation(notice), notice.audience.user_id or ""
        if user in escalation.content.accused:
            raise NothingToTell
        if self._services.people.on_shift(user) is False:
            raise StillAway(user)
        reader, zone = self._languages.words(user), self._services.settings.zone
        person = self._services.people.get(user)
        place = self._post(self._dm(user), cards.draw_missed(escalation, person, reader, zone))
        self._place(cards.missed_subject(escalation.id), place, user)
        return place

    def _on_rung(self, escalation: Escalation, role: Role) -> list[str]:
        people = self._services.people
        superiors = people.superiors(people.get(escalation.filer_id), role, escalation.content.accused)
        return [person.id for person in superiors]

    # -- small parts -----------------------------------------------------------------------------

    def _escalation(self, notice: Notice) -> Escalation:
        return self._services.desk.escalation(notice.subject_id)

    def _redraw(self, escalation_id: int) -> None:
        cards.redraw(self._client, self._services, escalation_id, words_of=self._languages.words)

    def _to_filer(self, escalation: Escalation, subject: str, draw: cards.DrawForFiler) -> Place:
        """To the filer, who later sees it change with the escalation."""
        drawn = draw(self._services, escalation, self._languages.words(escalation.filer_id))
        place = self._tell(escalation.filer_id, escalation.origin, drawn)
        self._place(subject, place, escalation.filer_id)
        self._redraw(escalation.id)
        return place

    def _place(self, subject: str, place: Place, user: str) -> None:
        self._services.desk.place_card(subject, *place, Audience(user_id=user))

    def _tell(self, user: str, origin: Origin, drawn: cards.Drawn) -> Place:
        """To one person: in the DM thread where it began, else in their DM; never in a channel."""
        dm = self._dm(user)
        return self._post(dm, drawn, origin.thread_ts if origin.channel == dm else "")

    def _dm(self, user: str) -> str:
        return str(self._client.conversations_open(users=user)["channel"]["id"])

    def _post(self, channel: str, drawn: tuple[str, list[Block]], thread_ts: str = "") -> Place:
        text, blocks = drawn
        sent = self._client.chat_postMessage(
            channel=channel, thread_ts=thread_ts or None, text=parts.fallback(text), blocks=blocks
        )
        return str(sent["channel"]), str(sent["ts"])


_UP = frozenset({StepKind.PASSED_UP, StepKind.OVERDUE})
