"""The part of the story that plays at the desk: hand-over, way up, procedure, and the week in figures."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.blocks import escalations, procedures, records, rungs, ticket_cards, ticket_forms
from bot.blocks import tickets as tickets_blocks
from bot.demo.crew import Json, NotSeen, buttons_of, choices_of, text_of
from bot.demo.transcript import must

if TYPE_CHECKING:
    from bot.demo.story import Story

AGENT, AMY, SUPERVISOR, SECOND = "U_AGENT", "U_AGENT2", "U_SUPERVISOR", "U_SUPERVISOR2"
FLOOR, REVIEW, DM = "C_FLOOR", "C_REVIEW", "dm"


class DeskStory:
    """Plays at the desk of a story; everything is done and seen through the workspace alone."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._crew = story.crew

    # -- handing a ticket over -----------------------------------------------------------------------
    def hand_over(self, step: Json) -> None:
        """A ticket changes hands only when the colleague accepts it."""
        crew, story = self._crew, self._story
        crew.click(AGENT, crew.reply(AGENT, story.known("asked")), "log_ticket")
        before = story.newest(AGENT, DM)
        sent = crew.submit(
            AGENT, crew.form(AGENT, tickets_blocks.FORM), {tickets_blocks.TITLE: step["title"]}
        )
        must(sent.get("closed"), "工单没有登记")
        mine = self._newest(AGENT, DM, lambda m: m["ts"] > before and ticket_cards.OFFER in buttons_of(m))
        story.transcript.said(AGENT, f"转交：{step['note']}")
        crew.click(AGENT, mine, ticket_cards.OFFER)
        offer = {ticket_forms.TO: AMY, ticket_forms.NOTE: step["note"]}
        must(crew.submit(AGENT, crew.form(AGENT, ticket_forms.OFFER_FORM), offer).get("closed"), "没有转交")
        offered = self._newest(
            AMY, DM, lambda m: step["note"] in text_of(m) and ticket_cards.ACCEPT in buttons_of(m)
        )
        crew.click(AMY, story.hear(offered), ticket_cards.ACCEPT)
        story.hear(crew.seen(AGENT, DM, "接手工单", after=before))

    # -- up the ladder ---------------------------------------------------------------------------------
    def out_of_reach(self, step: Json) -> None:
        """The shift leader cannot be reached: the next rung has it, and the way stays visible."""
        crew, story = self._crew, self._story
        before = story.newest(AGENT, DM)
        seen = story.newest(SUPERVISOR, REVIEW)
        crew.command(AGENT, DM, f"escalate {step['question']}")
        story.transcript.said(AGENT, f"/kefu escalate {step['question']}")
        sent = crew.submit(AGENT, crew.form(AGENT, escalations.FORM), dict(step["form"]))
        must(sent.get("closed"), f"上报没有提交：{sent.get('errors')}")
        mine = self._newest(AGENT, DM, lambda m: m["ts"] > before and rungs.UNREACHABLE in buttons_of(m))
        crew.click(AGENT, mine, rungs.UNREACHABLE)
        story.transcript.said(AGENT, f"联系不上班长：{step['circumstances']}")
        form = crew.form(AGENT, rungs.UNREACHABLE_FORM)
        must(crew.submit(AGENT, form, {rungs.CIRCUMSTANCES: step["circumstances"]}).get("closed"), "没有记下")
        card = self._newest(
            SUPERVISOR,
            REVIEW,
            lambda m: (
                m["ts"] > seen
                and escalations.APPROVE in buttons_of(m)
                and step["circumstances"] in text_of(m)
                and step["way"] in text_of(m)
            ),
        )
        crew.click(SECOND, story.hear(card), escalations.APPROVE)
        decided = crew.wait(lambda: self._now(card, lambda m: not choices_of(m)), "处理过的卡片")
        must(SECOND in str(decided["blocks"]), "卡片没有写明是哪位主管批准的")

    # -- a procedure -------------------------------------------------------------------------------------
    def swap(self, step: Json) -> None:
        """A colleague agrees to swap shifts, a supervisor approves."""
        crew, story = self._crew, self._story
        before = story.newest(AGENT, DM)
        crew.command(AGENT, FLOOR, step["question"])
        story.transcript.said(AGENT, f"/kefu {step['question']}")
        form = crew.form(AGENT, procedures.FORM)
        day = (datetime.now() + timedelta(days=3)).date().isoformat()  # noqa: DTZ005 - any day soon
        values = {"shift_date": day, "partner": AMY, "reason": step["reason"]}
        sent = crew.submit(AGENT, form, values)
        must(sent.get("closed"), f"换班没有提交：{sent.get('errors')}")
        self._take(AMY)
        self._take(SUPERVISOR)
        story.hear(crew.seen(AGENT, DM, step["expects"], after=before))

    def _take(self, user: str) -> None:
        """Press the button with which a step is agreed to, whichever card carries it by now."""
        crew = self._crew

        def pressed() -> Json | None:
            card = next((m for m in self._all(user, DM) if records.TAKE in buttons_of(m)), None)
            if card is None:
                return None
            try:
                crew.click(user, card, records.TAKE)
            except NotSeen:  # a newer card has just replaced it
                return None
            return card

        card: Json = crew.wait(pressed, f"等 {user} 同意的卡片")
        self._story.hear(card)
        form = crew.wait(lambda: self._settled(user, card), f"{user} 同意之后")
        if form.get("type") == "modal":
            must(crew.submit(user, form, {}).get("closed"), "没有同意")

    def _settled(self, user: str, card: Json) -> Json | None:
        """The form that the step asks, or the card without its button."""
        view = self._crew.modal(user)
        if view and view["callback_id"] == procedures.STEP_FORM:
            return view
        revision = _revision(card)
        shown = [m for m in self._all(user, DM) if records.TAKE in buttons_of(m) and _revision(m) == revision]
        return None if shown else card

    # -- figures -----------------------------------------------------------------------------------------
    def week(self, over: Callable[[], None]) -> None:
        """The supervisor gets the week in figures; `over` makes it Monday."""
        before = self._story.newest(SUPERVISOR, DM)
        over()
        told = self._newest(SUPERVISOR, DM, lambda m: m["ts"] > before and len(m.get("files") or []) == 2)
        self._story.hear(told)
        must("提问" in text_of(told), "周报里没有提问数")
        names = "、".join(str(file["name"]) for file in told["files"])
        self._story.transcript.said("附件", names)

    # -- small parts ---------------------------------------------------------------------------------------
    def _all(self, user: str, channel: str) -> list[Json]:
        return self._crew.messages(user, channel)[::-1]

    def _newest(self, user: str, channel: str, wanted: Callable[[Json], object]) -> Json:
        found: Json = self._crew.wait(
            lambda: next((m for m in self._all(user, channel) if m.get("bot_id") and wanted(m)), None),
            f"等 {user} 看到",
        )
        return found

    def _now(self, card: Json, wanted: Callable[[Json], object]) -> Json | None:
        listed = self._crew.messages(SUPERVISOR, REVIEW)
        return next((m for m in listed if m["ts"] == card["ts"] and wanted(m)), None)


def _revision(card: Json) -> object:
    """Which state of which record the card's button stands for."""
    elements = (e for block in card.get("blocks") or [] for e in block.get("elements") or [])
    value = next((str(e["value"]) for e in elements if e.get("action_id") == records.TAKE), "{}")
    seen = json.loads(value)
    return tuple(sorted((name, str(seen[name])) for name in seen))
