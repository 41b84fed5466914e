"""Who is who, who stands in for whom and who is on shift, as told by file, command or Slack groups; reached as
`desk.directory`. Every method is one transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Engine

from tickets import directory_checks, directory_rows, shift_swaps
from tickets.directory_shifts import Attendance
from tickets.directory_told import COMMAND, Facts, GroupRule, GroupState, Overlay, Told, group_rules, merge
from tickets.errors import InvalidInput, NotFound, PeopleError
from tickets.last_good import Stamp, keep, stamp_of
from tickets.people import People, Person, Role
from tickets.rules import Action, require, require_attendance
from tickets.transaction import reading, writing

log = structlog.get_logger(__name__)


class PeopleDesk:
    """Who is who, told by file, command or Slack groups. Safe between threads and processes."""

    def __init__(self, engine: Engine, people: People, clock: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._engine = engine
        self._people = people
        self._clock = clock
        self._zone = zone
        self._turn = threading.Lock()
        self._seen: tuple[int, Stamp] = (-1, stamp_of(people.path))
        self._overlay = Overlay()
        self.copy: Path | None = None
        """Where the people file is copied to when it was read well; whoever opens the desk for long sets it."""
        self.file_fault = people.fault
        """Why the people file as it is now is not believed, in one sentence; empty when it is."""
        people.keep_time(clock, zone)

    # -- keeping up ------------------------------------------------------------------------------

    @property
    def version(self) -> int:
        """Grows with everything that commands and Slack say, as far as it was seen here."""
        return self._seen[0]

    def refresh(self) -> bool:
        """Look whether the file, a command or Slack says something new, and let everybody see it; True when so.

        Cheap when nothing changed. A file that became wrong changes nothing: what it said last stays.
        """
        with self._turn:
            stamp = stamp_of(self._people.path)
            with reading(self._engine) as session:
                version = directory_rows.version(session)
                if (version, stamp) == self._seen:
                    return False
                overlay = self._overlay
                if version != self._seen[0]:
                    swaps = shift_swaps.approved(session, self._clock(), self._zone)
                    overlay = replace(directory_rows.load(session), swaps=swaps)
            told = self._people.told if stamp == self._seen[1] else self._read_file(stamp)
            self._seen, self._overlay = (version, stamp), overlay
            self._people.swap(told, overlay)
            return True

    def _read_file(self, stamp: Stamp) -> Told:
        """What the file says now, or said last when it cannot be used."""
        from tickets.people_file import read  # pydantic, which only a changed file needs

        path = self._people.path
        try:
            told = read(path) if path else self._people.told
        except PeopleError as error:
            self.file_fault = str(error)
            log.warning("people.file_refused", reason=str(error))
            return self._people.told
        self.file_fault = ""
        if path is not None:
            keep(path, self.copy, stamp)
        log.info("people.file_read", people=len(told.people))
        return told

    # -- people ----------------------------------------------------------------------------------

    def set_person(self, actor: Person, person_id: str, facts: Facts) -> Person:
        """Add somebody, or change what is said of them; what `facts` leaves out stays. Somebody new, or taken out
        before, is an agent unless `facts` gives a role.

        Raises NotAllowed, InvalidInput (`person`, `name`, `team`, `organisation`, `deputy`, `duties`).
        """
        require(actor, Action.MANAGE_PEOPLE)
        checked = directory_checks.checked_facts(person_id, facts)
        with writing(self._engine, self._clock(), self._zone) as tx:
            overlay = directory_rows.load(tx.session)
            known = overlay.people.get(person_id, Facts())
            if person_id not in merge(self._people.told, overlay).people:
                checked = replace(checked, role=checked.role or Role.AGENT)  # somebody new is at least that
            said = Facts.from_json({**known.to_json(), **checked.to_json()})
            people, removed = {**overlay.people, person_id: said}, overlay.removed - {person_id}
            after = merge(self._people.told, replace(overlay, people=people, removed=removed))
            directory_checks.check_deputy(after, person_id)
            if said != known or person_id in overlay.removed:
                directory_rows.put_person(tx, actor.id, person_id, said, "people.set")
        log.info("people.set", person=person_id)
        self.refresh()
        return self._people.get(person_id)

    def remove_person(self, actor: Person, person_id: str) -> None:
        """Take somebody out, whoever lists them. Raises NotAllowed, NotFound, InvalidInput (a deputy of somebody)."""
        require(actor, Action.MANAGE_PEOPLE)
        with writing(self._engine, self._clock(), self._zone) as tx:
            known = merge(self._people.told, directory_rows.load(tx.session)).people
            if person_id not in known:
                raise NotFound("person", person_id)
            stood_in = next((one for one in known.values() if one.deputy == person_id), None)
            if stood_in:
                gone = known[person_id].name
                raise InvalidInput(
                    "deputy", f"{gone} is the deputy of {stood_in.name}: name another deputy first."
                )
            directory_rows.put_person(tx, actor.id, person_id, Facts(), "people.removed")
        log.info("people.removed", person=person_id)
        self.refresh()

    def reset(self, actor: Person, person_id: str = "") -> int:
        """Drop what commands say of one person, or of everybody and every group; how many they said something of.

        Raises NotAllowed.
        """
        require(actor, Action.MANAGE_PEOPLE)
        with writing(self._engine, self._clock(), self._zone) as tx:
            overlay = directory_rows.load(tx.session)
            told = {*overlay.people, *overlay.removed}
            people = told & {person_id} if person_id else told
            groups = set() if person_id else set(overlay.groups)
            for one in sorted(people):
                directory_rows.put_person(tx, actor.id, one, Facts(), "people.reset")
            for handle in sorted(groups):
                directory_rows.put_rule(tx, actor.id, handle, None, "group.reset")
        self.refresh()
        return len(people) + len(groups)

    def set_attendance(
        self, actor: Person, person_id: str, *, on: bool, until: datetime | None = None
    ) -> Attendance:
        """Say that somebody is on shift, or not, until the end of their shift (or `until`).

        Raises NotAllowed, InvalidInput (`until` in the past, `person`).
        """
        person = self._people.get(directory_checks.checked_id(person_id))
        require_attendance(actor, person, self._people.ladder_of(person))
        now = self._clock()
        local = now.astimezone(self._zone)
        ends = until or self._people.snapshot.attends_until(person, local)
        if ends <= now:
            raise InvalidInput("until", "The time until which it holds is over already.")
        said = Attendance(on, now, ends, actor.id)
        with writing(self._engine, now, self._zone) as tx:
            directory_rows.put_attendance(tx, person_id, said)
        log.info("attendance.said", person=person_id, on=on)
        self.refresh()
        return said

    # -- Slack groups ----------------------------------------------------------------------------

    def groups(self) -> list[GroupState]:
        """The Slack groups that say something of people: the file's first, then those of commands."""
        with reading(self._engine) as session:
            overlay, readings = directory_rows.load(session), directory_rows.readings(session)
        states = []
        for rule in group_rules(self._people.told, overlay):
            members = overlay.members.get(rule.handle)
            read_at, fault = readings.get(rule.handle, (None, ""))
            listed = members.members if members else {}
            states.append(GroupState(rule, members.group_id if members else "", listed, read_at, fault))
        return states

    def set_group(self, actor: Person, rule: GroupRule) -> None:
        """Say what being in a Slack group means; replaces the file's rule for it. NotAllowed, InvalidInput."""
        require(actor, Action.MANAGE_PEOPLE)
        checked = replace(directory_checks.checked_rule(rule), source=COMMAND)
        with writing(self._engine, self._clock(), self._zone) as tx:
            directory_rows.put_rule(tx, actor.id, checked.handle, checked, "group.set")
        self.refresh()

    def remove_group(self, actor: Person, handle: str) -> None:
        """Being in a group means nothing any more, also when the file says so. NotAllowed, NotFound."""
        require(actor, Action.MANAGE_PEOPLE)
        handle = handle.strip().removeprefix("@")
        with writing(self._engine, self._clock(), self._zone) as tx:
            rules = group_rules(self._people.told, directory_rows.load(tx.session))
            if handle not in {rule.handle for rule in rules}:
                raise NotFound("group", handle)
            directory_rows.put_rule(tx, actor.id, handle, None, "group.removed")
        self.refresh()

    def keep_members(self, handle: str, group_id: str, members: Mapping[str, str]) -> bool:
        """Who is in a group (id and name), as Slack says now; True when it is another answer than before."""
        with writing(self._engine, self._clock(), self._zone) as tx:
            changed = directory_rows.put_members(tx, handle, group_id, members)
            directory_rows.put_reading(tx.session, handle, tx.now, "")
        if changed:
            log.info("people.group_changed", group=handle, members=len(members))
            self.refresh()
        return changed

    def group_unread(self, handle: str, fault: str) -> None:
        """A group could not be read: whoever was in it last stays in it. `fault` is Slack's code, or a sentence."""
        with writing(
            self._engine, self._clock(), self._zone
        ) as tx:  # a turn of its own: two bots may both say so
            directory_rows.put_reading(tx.session, handle, tx.now, fault)

    # -- asking ----------------------------------------------------------------------------------

    def now(self) -> datetime:
        """The time as the desk knows it."""
        return self._clock()

    def named(self, who: str) -> list[Person]:
        """Those meant by an id, a mention or a name: one for an id, as many as bear the name."""
        wanted = who.strip().removeprefix("<@").removesuffix(">").partition("|")[0].removeprefix("@").strip()
        snapshot = self._people.snapshot
        if wanted in snapshot.people:
            return [snapshot.people[wanted]]
        return [person for person in snapshot.people.values() if wanted and person.name == wanted]

    # -- checking --------------------------------------------------------------------------------

    def source(self, person_id: str) -> Mapping[str, str]:
        """By fact (`role`, `team`, …), who told it: file, command, or @handle of a group."""
        return self._people.snapshot.sources.get(person_id, {})

    def concerns(self) -> list[str]:
        """What an admin should look at: one sentence each; empty when all is well."""
        faults = [self.file_fault] if self.file_fault else []
        for state in self.groups():
            if state.fault:
                since = f"; its {len(state.members)} members of before still count" if state.members else ""
                faults.append(f"The Slack group @{state.rule.handle} cannot be read ({state.fault}){since}.")
        return faults + directory_checks.concerns(self._people.snapshot)
