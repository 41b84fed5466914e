"""Playing procedures in the local workspace: filing a form, acting on cards, and what everybody sees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from running_bot import Desk, running

from bot.blocks import procedures, records
from bot.demo.crew import Crew, Json, NotSeen, buttons_of, text_of
from bot.workspace.people import BOT_USER, Channel, Person
from tickets.procedure_finding import Search
from tickets.procedure_records import Record
from tickets.vault import new_key

PEOPLE = """
[ladder]
rungs = ["leader", "supervisor", "manager", "general_manager"]

[[people]]
id = "U_AGENT"
name = "小林"
role = "agent"

[[people]]
id = "U_AGENT2"
name = "Amy"
role = "agent"

[[people]]
id = "U_LEADER"
name = "周岚"
role = "leader"

[[people]]
id = "U_SUPERVISOR"
name = "陈静"
role = "supervisor"

[[people]]
id = "U_SUPERVISOR2"
name = "吴桐"
role = "manager"

[[people]]
id = "U_ADMIN"
name = "老何"
role = "admin"

[[people]]
id = "U_BOSS"
name = "何总"
role = "general_manager"
"""
"""The people of the workspace, and one more: a manager and a general manager sign too."""

STEP_BUTTONS = (records.TAKE, records.SEND_BACK, records.REJECT, records.CORRECT, records.WITHDRAW)


LONG_FORM = """
key = "stock_taking"
prefix = "ST"
name = { zh = "盘点", en = "Stock-taking" }
purpose = { zh = "按货架盘点", en = "Shelf by shelf" }

[[fields]]
key = "keeper"
kind = "contact"
part = "phone"
label = { zh = "仓管电话", en = "Phone of the keeper" }
""" + "".join(
    f"""
[[fields]]
key = "shelf_{number}"
kind = "long_text"
label = {{ zh = "货架 {number}", en = "Shelf {number}" }}
required = {str(number != 2).lower()}
"""
    for number in range(1, 21)
)
"""An organisation's own procedure, too long for one page."""


@contextmanager
def walking(home: Path, folder: Path) -> Iterator[Desk]:
    """A bot with people on every rung and a key for contacts."""
    people = home / "crew.toml"
    people.write_text(PEOPLE, encoding="utf-8")
    (home / "procedures").mkdir()
    (home / "procedures" / "stock.toml").write_text(LONG_FORM, encoding="utf-8")
    with running(home, folder, people=people, contact_key=SecretStr(new_key())) as bot:
        world = bot.workspace.world
        world.people["U_BOSS"] = Person("U_BOSS", "何总（总经理）", "hezong", "总经理")
        world.channels["D_U_BOSS"] = Channel("D_U_BOSS", "", ("U_BOSS", BOT_USER), is_im=True)
        world.messages["D_U_BOSS"] = {}
        yield bot


@dataclass
class Walk:
    """One procedure on its way."""

    desk: Desk
    crew: Crew
    filer: str = "U_AGENT"
    number: str = ""

    @property
    def record(self) -> Record:
        return self.desk.services.desk.procedures.get(self.number)

    def open(self, text: str, channel: str = "C_FLOOR") -> Json:
        """`/kefu text`; the form."""
        assert self.crew.command(self.filer, channel, text)["acked"]
        return self.crew.form(self.filer, procedures.FORM)

    def fill(self, form: Json, values: Json) -> Json:
        """The form with values in it; those on which others depend are changed one by one, as on the page."""
        for key, value in values.items():
            element = self._element(form, key)
            if element is not None and element["action_id"] != "value":
                before = form["hash"]
                self.crew.change(
                    self.filer, form, key, element["action_id"], value, self._shown(form, values)
                )
                form = self.crew.wait(
                    lambda before=before: (v := self.crew.modal(self.filer)) and v["hash"] != before and v,
                    f"the form after {key}",
                )
        return form

    def file(self, form: Json, values: Json) -> Record:
        """Fill in and submit; the record."""
        form = self.fill(form, values)
        sent = self.crew.submit(self.filer, form, self._shown(form, values))
        assert sent["closed"], (sent, list(self._fields(form)))
        newest = self.desk.services.desk.procedures.list(Search(filer_id=self.filer), limit=1)[0]
        self.number = newest.number
        return newest

    def card(self, user: str, button: str = "") -> Json:
        """The newest card of the record in somebody's DM, with a button when one is named."""

        def look() -> Json | None:
            listed = self.crew.messages(user, "dm")[::-1]
            listed += [m for top in listed for m in self.crew.messages(user, "dm", top["ts"])[1:]]
            mine = records.block_id(self.record)
            found = (m for m in listed if any(b.get("block_id") == mine for b in m.get("blocks") or []))
            return next((m for m in found if not button or self._is_of_today(m, button)), None)

        card: Json = self.crew.wait(look, f"the card of {self.number} for {user} with {button}")
        return card

    def act(self, user: str, button: str, values: Json | None = None) -> None:
        """Press a button of the newest card; when it asks something, answer with `values`."""
        before = self.record.revision
        self.press(user, button)
        if values is not None:
            form = self.crew.form(user, procedures.STEP_FORM)
            sent = self.crew.submit(user, form, values)
            assert sent["closed"], sent
        self.crew.wait(lambda: self.record.revision > before, f"{button} by {user}")

    def press(self, user: str, button: str) -> None:
        """Press a button of the newest card; one that a newer card has just replaced is left alone."""

        def pressed() -> bool:
            try:
                return bool(self.crew.click(user, self.card(user, button), button))
            except NotSeen:
                return False

        self.crew.wait(pressed, f"{button} of {self.number} for {user}")

    def bare(self, user: str) -> None:
        """The newest card in somebody's DM has no buttons any more."""

        def look() -> bool:
            return not set(buttons_of(self.card(user))) & set(STEP_BUTTONS)

        self.crew.wait(look, f"the card of {self.number} for {user} without buttons")

    def told(self, fragment: str, user: str = "") -> Json:
        """What the filer (or `user`) reads of it."""
        user = user or self.filer

        def look() -> Json | None:
            listed = self.crew.messages(user, "dm")[::-1]
            found = (m for m in listed if self.number in text_of(m) and fragment in text_of(m))
            return next(found, None)

        said: Json = self.crew.wait(look, f"“{fragment}” about {self.number} for {user}")
        return said

    def _is_of_today(self, message: Json, button: str) -> bool:
        """Whether the button stands there for the record as it is now: an older one is told so and changes nothing."""
        elements = (e for block in message.get("blocks") or [] for e in block.get("elements") or [])
        seen = next((e["value"] for e in elements if e.get("action_id") == button), "")
        return bool(seen) and json.loads(seen).get("revision") == self.record.revision

    @staticmethod
    def _fields(form: Json) -> Iterator[tuple[str, Any]]:
        return ((b["block_id"], b["element"]) for b in form["blocks"] if b["type"] == "input")

    def _element(self, form: Json, key: str) -> Any:
        return next((element for block_id, element in self._fields(form) if block_id == key), None)

    def _shown(self, form: Json, values: Json) -> Json:
        shown = {block_id for block_id, _ in self._fields(form)}
        return {key: value for key, value in values.items() if key in shown}
