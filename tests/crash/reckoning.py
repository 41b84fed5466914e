"""What must hold when all is over: Slack and the database say the same, and every act had its effect once."""

from __future__ import annotations

import re
import time
from collections import Counter
from typing import Any

from crash_surroundings import Surroundings
from sqlalchemy import text
from traffic import Asked, Diary

from bot.blocks import escalations
from bot.blocks.wording import words
from bot.demo.crew import Crew, buttons_of, is_finished, is_from_bot, text_of
from bot.listeners import leftovers, resuming
from bot.once_client import EVENT_TYPE
from bot.workspace import Workspace
from tickets.desk import Desk
from tickets.store import READING

Json = dict[str, Any]
READERS = ("U_AGENT", "U_AGENT2", "U_LEADER", "U_SUPERVISOR", "U_SUPERVISOR2", "U_ADMIN")
_OPEN = "SELECT count(*) FROM notices WHERE delivered_at IS NULL AND given_up_at IS NULL"


class Reckoning:
    """Looks at both sides of what a bot did."""

    def __init__(self, workspace: Workspace, desk: Desk, surroundings: Surroundings) -> None:
        self._workspace, self._desk, self._surroundings = workspace, desk, surroundings
        self._crew = Crew(workspace.control_url)

    # -- waiting -----------------------------------------------------------------------------------------
    def settle(self, patience: float) -> float:
        """Wait until nothing is on its way any more; how many seconds that took.

        Slack sends what was not taken again, so that is waited for first; then what was taken on.
        """
        began = time.monotonic()
        calm = 0
        while calm < 3:  # what one thing ends with may begin another
            calm = 0 if self.on_its_way() else calm + 1
            assert time.monotonic() - began < patience, (
                f"after {patience:.0f} s on its way: {self.on_its_way()}"
            )
            time.sleep(0.3)
        return time.monotonic() - began

    def on_its_way(self) -> dict[str, object]:
        """What is not done yet."""
        trips = self._crew._get("deliveries", {})["deliveries"]
        left = {
            "events": [trip for trip in trips if not trip["done"]],
            "answers": self.rows("SELECT channel, message_ts, owner, attempts FROM answers_underway"),
            "notices": self.rows(
                "SELECT id, kind, subject, attempts FROM notices WHERE delivered_at IS NULL AND given_up_at IS NULL"
            ),
        }
        return {name: what for name, what in left.items() if what}

    def rows(self, query: str) -> list[Any]:
        """What the database says."""
        with self._desk._engine.execution_options(**{READING: True}).connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    # -- the sides against each other --------------------------------------------------------------------
    def faults(self, diary: Diary) -> list[str]:
        """Everything that is lost, doubled, or said differently on the two sides; one line each."""
        found = [
            *self._answers(diary.asked), *self._marks(), *self._notices(), *self._forms(diary), *self._clicks(diary),
            *self._cards(), *self._commands(diary),
        ]  # fmt: skip
        broken = self._desk.verify_audit()
        return found + ([f"audit: {broken}"] if broken is not None else [])

    def _shown(self) -> dict[tuple[str, str], Json]:
        """Every message that somebody sees."""
        seen: dict[tuple[str, str], Json] = {}
        for user in READERS:
            for channel in ("dm", "C_FLOOR", *(() if "AGENT" in user else ("C_REVIEW",))):
                for message in self._crew.messages(user, channel):
                    seen[message["channel"], message["ts"]] = message
        return seen

    def _answers(self, asked: list[Asked]) -> list[str]:
        found: list[str] = []
        entered = Counter(
            (channel, ts)
            for channel, ts in self.rows("SELECT channel, message_ts FROM answers WHERE message_ts <> ''")
        )
        shown = [m for m in self._shown().values() if is_from_bot(m)]
        for question in asked:
            rows = entered[question.channel, question.ts]
            mine = [m for m in shown if _belongs(m, question, self._desk)]
            whole = [m for m in mine if "answer_feedback" in buttons_of(m)]
            broken = [m for m in shown if _is_mark(m, question)]
            if (len(whole), len(broken), rows) not in ((1, 0, 1), (0, 1, 0), (0, 1, 1)):
                trips = self._crew._get("deliveries", {"ts": question.ts})["deliveries"]
                claims = self.rows(f"SELECT key, at FROM claims WHERE key LIKE '%{question.ts}'")
                found.append(
                    f"{question}: {len(whole)} answers, {len(broken)} marks, {rows} rows; {trips}, {claims}"
                )
        thanks = {words(language)("feedback.thanks") for language in ("zh", "en")}
        threads = Counter((question.channel, question.thread_ts) for question in asked)
        for (channel, thread), count in threads.items():
            said = [m for m in shown if m["channel"] == channel and m.get("thread_ts") == thread]
            of_answers = [m for m in said if {"answer_feedback", resuming.ASK_AGAIN} & set(buttons_of(m))]
            others = [
                m for m in said if m not in of_answers and not _is_of_records(m) and m["text"] not in thanks
            ]
            if len(of_answers) != count or others:
                texts = [(m["ts"], m.get("stream"), text_of(m)[:80]) for m in others]
                found.append(
                    f"thread {channel} {thread}: {count} asked, {len(of_answers)} answered, beside: {texts}"
                )
        found += [f"left unfinished: {m['channel']} {m['ts']}" for m in shown if not is_finished(m)]
        return found

    def _marks(self) -> list[str]:
        """No message went out twice: the marks that the bot put on them are there once each."""
        marks = Counter(
            (kind, str(sorted(payload.items())), message["channel"], message.get("thread_ts"))
            for message in self._shown().values()
            for kind, payload in [_mark(message)]
            if kind
        )
        return [f"said {count} times: {mark}" for mark, count in marks.items() if count > 1]

    def _notices(self) -> list[str]:
        """Every delivered notice that remembers its message has one; every message of the outbox has its notice."""
        shown, found = self._shown(), []
        ids = set()
        for number, kind, channel, ts, given_up in self.rows(
            "SELECT id, kind, channel, ts, given_up_at FROM notices ORDER BY id"
        ):
            ids.add(number)
            if given_up is not None and kind not in _MAY_BE_SUPERSEDED:
                found.append(f"notice {number} ({kind}) was given up")
            if ts and (channel, ts) not in shown:
                found.append(f"notice {number} ({kind}) has no message {channel} {ts}")
        for message in shown.values():
            kind, payload = _mark(message)
            if kind == EVENT_TYPE and int(str(payload["notice"]).partition(":")[0]) not in ids:
                found.append(f"{message['channel']} {message['ts']} has no notice")
        return found

    def _forms(self, diary: Diary) -> list[str]:
        """A form that closed is one record; one that did not is none or one."""
        found: list[str] = []
        tables = {"escalation": "escalations", "ticket": "tickets"}
        for what, table in tables.items():
            keys = Counter(key for (key,) in self.rows(f"SELECT key FROM {table}"))
            found += [
                f"{form}: {keys[form.key]} rows"
                for form in diary.submitted
                if form.what == what and (keys[form.key] > 1 or (form.closed and not keys[form.key]))
            ]
        said = Counter(note for (note,) in self.rows("SELECT text FROM ticket_comments"))
        found += [f"said {count} times on a ticket: {note}" for note, count in said.items() if count > 1]
        closed = sum(form.what == "comment" and form.closed for form in diary.submitted)
        if sum(said.values()) < closed:
            found.append(f"{closed} comments were taken, {sum(said.values())} are there")
        return found

    def _clicks(self, diary: Diary) -> list[str]:
        """What was taken has its effect: an escalation its step, an answer its verdict."""
        found: list[str] = []
        steps = Counter(
            (number, kind) for number, kind in self.rows("SELECT escalation_id, kind FROM escalation_steps")
        )
        for kind in ("approved", "rejected", "filed", "withdrawn"):
            found += [f"escalation {n}: {c} × {kind}" for (n, k), c in steps.items() if k == kind and c > 1]
        ends = Counter(number for (number, kind), _ in steps.items() if kind in ("approved", "rejected"))
        found += [
            f"escalation {number} was decided {count} times" for number, count in ends.items() if count > 1
        ]
        acts = [
            (press.about.get("escalation_id"), "approved")
            for press in diary.pressed
            if press.what == escalations.APPROVE and press.acked
        ]
        acts += [
            (form.about.get("escalation_id"), {"reject": "rejected", "ask_back": "returned"}[form.what])
            for form in diary.submitted
            if form.what in ("reject", "ask_back") and form.closed
        ]
        for number, kind in acts:
            if not steps[number, kind] and not ends[number]:
                found.append(f"escalation {number}: {kind} was taken and is not there")
        verdicts = set(self.rows("SELECT answer_id, person_id FROM feedback"))
        likes = [press for press in diary.pressed if press.what == "answer_feedback" and press.acked]
        found += [
            f"{like} is not there"
            for like in likes
            if (like.about.get("answer_id"), like.user) not in verdicts
        ]
        return found

    def _commands(self, diary: Diary) -> list[str]:
        """Who said that they come or go has an entry for each time that it was taken."""
        taken = sum(one.acked for one in diary.commanded)
        entries = self.rows(
            "SELECT count(*) FROM audit_entries WHERE action LIKE 'attendance%' OR action LIKE 'people.attend%'"
        )
        ((there,),) = entries
        return (
            [f"{taken} times came or went, {there} entries"]
            if not taken <= there <= len(diary.commanded)
            else []
        )

    def _cards(self) -> list[str]:
        """What is decided offers no decision any more, anywhere."""
        found: list[str] = []
        states = dict(self.rows("SELECT number, state FROM escalations"))
        for message in self._shown().values():
            if escalations.APPROVE not in buttons_of(message):
                continue
            numbers = set(re.findall(r"E-[\d-]+\d", text_of(message)))
            found += [
                f"{number} is {states[number]} and can be approved at {message['ts']}"
                for number in numbers & set(states)
                if states[number] in ("approved", "rejected", "withdrawn")
            ]
        return found


_MAY_BE_SUPERSEDED = frozenset(
    {"escalation_submitted", "escalation_edited", "ticket_told", "escalation_returned"}
)


def _mark(message: Json) -> tuple[str, Json]:
    metadata = message.get("metadata") or {}
    return str(metadata.get("event_type") or ""), dict(metadata.get("event_payload") or {})


def _is_of_records(message: Json) -> bool:
    """What the outbox or a form says in a question's thread."""
    return _mark(message)[0] == EVENT_TYPE or bool(message.get("ephemeral"))


def _belongs(message: Json, question: Asked, desk: Desk) -> bool:
    """Whether a message of the bot answers this question: by the ledger's entry that its buttons carry, else by its
    mark."""
    if message["channel"] != question.channel or message.get("thread_ts") != question.thread_ts:
        return False
    number = _answer_id(message)
    if number is not None:
        return desk.answer_record(number).origin.message_ts == question.ts
    kind, payload = _mark(message)
    if kind == leftovers.EVENT_TYPE:
        return question.ts in str(payload.get("answer"))
    return False


def _is_mark(message: Json, question: Asked) -> bool:
    """Whether a message says that the answer to this question was broken off, and offers to ask again."""
    if (message["channel"], message.get("thread_ts")) != (question.channel, question.thread_ts):
        return False
    return any(
        element.get("action_id") == resuming.ASK_AGAIN and element.get("value") == question.text
        for block in message.get("blocks") or []
        for element in block.get("elements") or []
    )


def _answer_id(message: Json) -> int | None:
    from bot.listeners import threads

    return threads.answer_id(message)
