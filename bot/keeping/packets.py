"""What the bot fills into hand-overs and reports by itself: short texts made from the desk and the manuals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import TypeVar

from bot.assistant.draft_categories import of_catalogue, personal
from bot.blocks import parts
from bot.blocks.wording import Words, words
from bot.services import Services
from knowledge.history import Move, PublicationRecord
from knowledge.views import Reader
from tickets.people import Person
from tickets.procedure_finding import Search
from tickets.procedure_records import Record, RecordState
from tickets.procedure_values import holds, read_moment
from tickets.records import Escalation, EscalationState, Ticket, TicketState, Urgency

LONGEST = 2900
"""Characters of one text: it is shown in a form before it is signed."""
HANDOVER = "shift_handover"
"""Key of the procedure since whose last record things are new."""

_LISTED = 15
_TITLE = 60
_CLAUSES = 4
_SEARCHED = 500
_AT_MOST = timedelta(days=3)
"""How far back a hand-over looks when the last one was long ago, or there was none."""
_PROMISED_WITHIN = timedelta(hours=48)
_PRESSING = frozenset({Urgency.URGENT, Urgency.IMPORTANT})

T = TypeVar("T")


class Packets:
    """Computed texts for one person at one moment, in the language of the house: several people read them."""

    def __init__(self, services: Services, person: Person, now: datetime) -> None:
        self._services = services
        self._desk = services.desk
        self._person = person
        self._now = now
        self._zone = services.settings.zone
        self._words: Words = words(services.settings.language)

    def text(self, source: str) -> str:
        """The text of a source as it stands now. Raises KeyError for a source that is not known."""
        made: Mapping[str, Callable[[], str]] = {
            "open_tickets": self.open_tickets,
            "promises_due": self.promises_due,
            "manual_changes": self.manual_changes,
            "unusual_events": self.unusual_events,
            "day_counts": self.day_counts,
            "week_counts": self.week_counts,
        }
        return parts.clip(made[source](), LONGEST)

    # -- hand-over -----------------------------------------------------------------------------------------

    def since(self) -> datetime:
        """When the last hand-over was made: what happened after it is new; a few days at most."""
        filed = self._desk.procedures.list(Search(procedure=HANDOVER), limit=20)
        last = next((one.created_at for one in filed if one.state is not RecordState.WITHDRAWN), None)
        return min(
            max(last or datetime.min.replace(tzinfo=self._now.tzinfo), self._now - _AT_MOST), self._now
        )

    def open_tickets(self) -> str:
        """Tickets that are not closed, the pressing first; of those about a colleague only that there are some."""
        found = self._open()
        order = list(Urgency)[::-1]
        found.sort(key=lambda ticket: (order.index(ticket.content.priority), -ticket.id))
        named = self._desk.procedures.ticket_ids_about_people()
        return self._list(found, lambda one: self._ticket(one, self._title(one, named)))

    def _open(self) -> list[Ticket]:
        """What is not closed, of the own organisation."""
        return [
            ticket
            for state in TicketState
            if state.active
            for ticket in self._desk.tickets(state=state, limit=_SEARCHED)
            if self._is_ours(ticket.owner_id)
        ]

    def _is_ours(self, user: str) -> bool:
        """Whether somebody belongs to the organisation that hands over; whoever belongs to none belongs to all."""
        theirs = self._services.people.get(user).organisation
        return not theirs or self._person.organisation in ("", theirs)

    def _title(self, ticket: Ticket, about_people: Collection[int]) -> str:
        if ticket.id in about_people or self._is_about_a_colleague(ticket):
            return self._words("packet.ticket_concealed")
        return parts.clip(ticket.content.title, _TITLE)

    def _is_about_a_colleague(self, ticket: Ticket) -> bool:
        """Whether the escalation that made a ticket complains about somebody."""
        if ticket.escalation_id is None:
            return False
        content = self._desk.escalation(ticket.escalation_id).content
        categories = of_catalogue(self._desk.procedures.catalogue)
        return bool(content.accused) or personal(content.category, categories)

    def _ticket(self, ticket: Ticket, title: str) -> str:
        owner = self._services.people.get(ticket.owner_id).name
        urgency = self._words(f"urgency.{ticket.content.priority.value}")
        return self._words(
            "packet.ticket",
            number=ticket.number,
            title=title,
            owner=owner,
            urgency=urgency,
        )

    def promises_due(self) -> str:
        """Moments that were promised to customers and have not been kept, up to two days ahead."""
        due = [
            (moment, record.number, parts.clip(record.title, _TITLE))
            for record in self._desk.procedures.list(limit=_SEARCHED)
            if self._is_ours(record.filer_id)
            for moment in self._moments(record)
        ]
        named = self._desk.procedures.ticket_ids_about_people()
        due += [
            (ticket.due_at, ticket.number, self._title(ticket, named))
            for ticket in self._open()
            if ticket.due_at is not None
        ]
        soon = sorted(promise for promise in due if promise[0] <= self._now + _PROMISED_WITHIN)
        return self._list(soon, self._promise)

    def _moments(self, record: Record) -> list[datetime]:
        """The moments that are still to be kept: a record that is done has kept those that have passed."""
        if record.state in (RecordState.REJECTED, RecordState.WITHDRAWN) or self._is_about_somebody(record):
            return []
        procedure = self._desk.procedures.spec_of(record)
        found = []
        for reminder in procedure.reminders:
            try:
                found.append(read_moment(record.facts.get(reminder.field, ""), self._zone))
            except ValueError:
                continue
        done = record.state is RecordState.DONE
        return [moment for moment in found if not done or moment >= self._now]

    def _is_about_somebody(self, record: Record) -> bool:
        """Whether a colleague is complained about in it: whoever takes over may be the one, or their friend."""
        fields = self._desk.procedures.spec_of(record).every_field()
        return any(field.never_acts and record.facts.get(field.key) for field in fields)

    def _promise(self, due: tuple[datetime, str, str]) -> str:
        moment, number, title = due
        late = self._words("packet.late") if moment < self._now else ""
        return self._words("packet.promise", at=self._at(moment), number=number, title=title, late=late)

    def manual_changes(self) -> str:
        """What was published since the last hand-over, of the manuals that everybody may read."""
        library, since = self._services.library, self.since()
        readable = {manual.manual_id for manual in library.view(reader=Reader()).manuals()}
        titles = library.known()
        changed = [
            self._change(publication, move, titles.get(move.manual_id, ""), move.manual_id in readable)
            for publication in library.publications()
            if publication.at > since
            for move in publication.moves
            if move.manual_id in readable or move.after_edition_id is None
        ]
        return self._list(changed[::-1], str)

    def _change(self, publication: PublicationRecord, move: Move, title: str, readable: bool) -> str:
        at = self._at(publication.at)
        if move.after_edition_id is None or not readable:
            return self._words("packet.manual_ended", at=at, title=title)
        if move.before_edition_id is None:
            return self._words("packet.manual_new", at=at, title=title)
        lineage = self._services.lineage
        before = lineage.edition(move.before_edition_id).by_text
        after = lineage.edition(move.after_edition_id).by_text
        fresh = [clause_id for text, clause_id in after.items() if text not in before]
        gone = sum(text not in after for text in before)
        line = self._words("packet.manual_changed", at=at, title=title, changed=len(fresh), gone=gone)
        shown = self._services.library.clauses(fresh[:_CLAUSES])
        texts = [f"  {clause.label} {parts.clip(' '.join(clause.text.split()), _TITLE)}" for clause in shown]
        return "\n".join([line, *texts])

    def unusual_events(self) -> str:
        """Pressing escalations, and records that set off an alarm, since the last hand-over."""
        since = self.since()
        categories = of_catalogue(self._desk.procedures.catalogue)
        pressing = [
            one
            for one in self._desk.escalations(limit=_SEARCHED)
            if one.created_at > since
            and self._is_ours(one.filer_id)
            and one.content.urgency in _PRESSING
            and not one.content.accused
            and not personal(one.content.category, categories)
        ]
        recent = self._desk.procedures.list(Search(since=since), limit=_SEARCHED)
        alarmed = [line for one in recent if self._is_ours(one.filer_id) if (line := self._alarm(one))]
        return self._list([*map(self._escalation, pressing), *alarmed], str)

    def _escalation(self, escalation: Escalation) -> str:
        return self._words(
            "packet.escalation",
            number=escalation.number,
            urgency=self._words(f"urgency.{escalation.content.urgency.value}"),
            summary=parts.clip(escalation.content.summary, _TITLE),
            state=self._words(f"state.{escalation.state.value}"),
        )

    def _alarm(self, record: Record) -> str:
        """The alarms that a record sets off; empty when there are none."""
        if self._is_about_somebody(record):
            return ""
        alarms = self._desk.procedures.spec_of(record).alarms
        messages = [
            alarm.message.in_language(self._words.language)
            for alarm in alarms
            if holds(alarm.when, record.facts)
        ]
        if not messages:
            return ""
        said, title = self._words("list.comma").join(messages), parts.clip(record.title, _TITLE)
        return self._words("packet.alarm", number=record.number, title=title, said=said)

    # -- counts --------------------------------------------------------------------------------------------

    def day_counts(self) -> str:
        """What this person did today."""
        midnight = datetime.combine(self._now.astimezone(self._zone).date(), time(), self._zone)
        return self._counts(midnight)

    def week_counts(self) -> str:
        """What this person did since Monday."""
        today = self._now.astimezone(self._zone).date()
        monday = datetime.combine(today - timedelta(days=today.weekday()), time(), self._zone)
        return self._counts(monday)

    def _counts(self, since: datetime) -> str:
        desk, me = self._desk, self._person.id
        tickets = desk.tickets(person_id=me, limit=_SEARCHED)
        logged = [one for one in tickets if one.logged_by == me and one.created_at >= since]
        closed = [one for one in tickets if one.state is TicketState.CLOSED and one.updated_at >= since]
        filed = [one for one in desk.escalations(filer_id=me, limit=_SEARCHED) if one.created_at >= since]
        decided = [one for one in filed if one.state is not EscalationState.SUBMITTED]
        lines = [
            self._words("packet.tickets", logged=len(logged), closed=len(closed)),
            self._words("packet.escalations", filed=len(filed), decided=len(decided)),
        ]
        kinds = Counter(
            one.procedure for one in desk.procedures.list(Search(filer_id=me, since=since), limit=_SEARCHED)
        )
        catalogue = desk.procedures.catalogue.procedures
        for key, count in kinds.most_common():
            name = catalogue[key].name.in_language(self._words.language) if key in catalogue else key
            lines.append(self._words("packet.records", name=name, count=count))
        return "\n".join(lines)

    # -- writing -------------------------------------------------------------------------------------------

    def _list(self, found: Sequence[T], line: Callable[[T], str]) -> str:
        if not found:
            return self._words("procedure.nothing_found")
        lines = [f"{number}. {line(one)}" for number, one in enumerate(found[:_LISTED], start=1)]
        if len(found) > _LISTED:
            lines.append(self._words("packet.more", count=len(found) - _LISTED))
        return "\n".join(lines)

    def _at(self, moment: datetime) -> str:
        return moment.astimezone(self._zone).strftime("%m-%d %H:%M")
