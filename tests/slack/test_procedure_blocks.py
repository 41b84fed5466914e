"""Procedures as forms and cards: whatever a file asks for, Slack takes it, and what was typed comes back whole."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import procedure_strategies as made
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.blocks import (
    contacts,
    procedure_inputs,
    procedure_reading,
    procedures,
    record_lists,
    records,
    views,
)
from bot.blocks.procedures import Filling
from bot.blocks.wording import LANGUAGES, words
from bot.workspace import elements
from bot.workspace.blocks import block_problems, view_problems
from tickets.people import Role
from tickets.procedure_records import Act, Record, RecordState, Taken
from tickets.procedure_spec import Condition, FieldKind, FieldSpec, Option, Procedure, StepSpec, Wording
from tickets.records import Origin

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
WORDS = words("zh")
TYPED = {"state": {"values": {}}}

few = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
many = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def wording(text: str) -> Wording:
    return Wording(zh=text, en=text)


def field(key: str, kind: FieldKind = FieldKind.TEXT, **more: Any) -> FieldSpec:
    return FieldSpec(key=key, kind=kind, label=wording(key), **more)


def procedure(*fields: FieldSpec, **more: Any) -> Procedure:
    return Procedure(
        key="sample", name=wording("样例"), purpose=wording("样例"), prefix="XX", fields=fields, **more
    )


def form(sample: Procedure, values: dict[str, str], page: int = 0, language: str = "zh") -> dict[str, Any]:
    return procedures.form(sample, Filling(values, page), "{}", words(language), ZONE)  # type: ignore[arg-type]


def submitted(view: dict[str, Any]) -> dict[str, Any]:
    """The view as it comes back when nothing was changed in it."""
    state: dict[str, Any] = {}
    for block, element in elements.elements_of(view["blocks"]):
        if elements.is_stateful(element):
            state.setdefault(block["block_id"], {})[element["action_id"]] = elements.initial_entry(element)
    return {**view, "state": {"values": state}}


@few
@given(sample=made.procedures(), data=st.data(), language=st.sampled_from(LANGUAGES))
def test_any_procedure_gives_views_that_slack_takes_and_nothing_filled_in_is_lost(
    sample: Procedure, data: st.DataObject, language: str
) -> None:
    _views_hold_everything(sample, data, language)


@pytest.mark.slow
@many
@given(sample=made.procedures(), data=st.data(), language=st.sampled_from(LANGUAGES))
def test_many_procedures_give_views_that_slack_takes_and_nothing_filled_in_is_lost(
    sample: Procedure, data: st.DataObject, language: str
) -> None:
    _views_hold_everything(sample, data, language)


def _views_hold_everything(sample: Procedure, data: st.DataObject, language: str) -> None:
    wanted = {
        one.key: data.draw(made.values(one)) for one in sample.fields if one.kind is not FieldKind.CONTACT
    }
    page: int | None = 0
    filled: dict[str, str] = dict(wanted)
    seen: set[str] = set()
    while page is not None:
        view = form(sample, filled, page, language)
        assert view_problems(view) == []
        back = submitted(view)
        filled = procedures.kept(back, sample) | procedure_reading.given(back, sample.fields, ZONE)
        seen |= set(procedure_reading.shown(back))
        filled = {key: wanted[key] for key in wanted if key not in filled} | filled
        page = procedures.next_page(sample, filled, page)
    for one in procedures.asked(sample.fields, wanted):
        if one.kind is FieldKind.MOMENT:
            assert datetime.fromisoformat(filled[one.key]) == datetime.fromisoformat(wanted[one.key])
        elif one.kind is not FieldKind.CONTACT:
            assert filled[one.key] == wanted[one.key]
        assert one.key in seen or one.kind is FieldKind.COMPUTED


def record(sample: Procedure, values: dict[str, str], **changes: Any) -> Record:
    step = sample.steps[0].key if sample.steps else ""
    state = RecordState.WAITING if step else RecordState.DONE
    told = [Taken(Act.FILED, "", "U_AGENT", NOW), *(Taken(a, step, "U_LEADER", NOW, "长" * 900) for a in Act)]
    basic: dict[str, Any] = {
        "id": 3, "number": "XX-20260304-0001", "procedure": "sample", "state": state, "revision": 4,
        "title": "题" * 300, "fields": values, "filer_id": "U_AGENT", "step": step,
        "waiting_for": ("U_LEADER", "U_SUPERVISOR"), "waiting_role": Role.LEADER, "path": tuple(told * 5),
        "origin": Origin(), "created_at": NOW, "updated_at": NOW, "has_contact": True, "facts": values,
        "exceeded": tuple(str(n + 1) for n in range(len(sample.limits))), "ticket_number": "T-20260304-0001",
    }  # fmt: skip
    return Record(**(basic | changes))


@few
@given(sample=made.procedures(30), data=st.data(), language=st.sampled_from(LANGUAGES))
def test_any_record_gives_a_card_and_steps_that_slack_takes(
    sample: Procedure, data: st.DataObject, language: str
) -> None:
    _record_is_taken(sample, data, language)


@pytest.mark.slow
@many
@given(sample=made.procedures(30), data=st.data(), language=st.sampled_from(LANGUAGES))
def test_many_records_give_cards_and_steps_that_slack_takes(
    sample: Procedure, data: st.DataObject, language: str
) -> None:
    _record_is_taken(sample, data, language)


def _record_is_taken(sample: Procedure, data: st.DataObject, language: str) -> None:
    reader = words(language)  # type: ignore[arg-type]
    values = {one.key: data.draw(made.values(one)) for one in sample.fields}
    shown = record(sample, {key: value for key, value in values.items() if value})
    for user in ("", "U_LEADER", "U_AGENT", "U_AGENT2"):
        assert block_problems(records.card(shown, sample, reader, ZONE, user), "message") == []
    assert view_problems(records.details(shown, sample, reader, ZONE)) == []
    for step in sample.steps:
        for takes in (True, False):
            view = procedures.step_form(step, {}, "{}", reader, ZONE, takes=takes)
            assert view_problems(view) == []
    home = record_lists.home([sample] * 20, [(shown, sample)] * 90, [(shown, sample)] * 9, reader, ZONE)
    assert view_problems(views.home(home)) == []
    assert block_problems(record_lists.broadcast(shown, sample, "长" * 20_000, 12, reader), "message") == []
    assert view_problems(procedures.menu([sample], [sample], "长" * 3000, "{}", reader)) == []


def test_long_records_are_cut_on_the_card_and_whole_in_the_details() -> None:
    sample = procedure(*(field(f"f{n}", FieldKind.LONG_TEXT) for n in range(12)))
    shown = record(sample, {f"f{n}": f"{n}头" + "长" * 2900 + f"尾{n}" for n in range(12)})
    card = records.card(shown, sample, WORDS, ZONE)
    assert block_problems(card, "message") == []
    assert len(str(card)) < 40_000
    assert "尾3" not in str(card)
    assert records.DETAILS in str(card)
    whole = records.details(shown, sample, WORDS, ZONE)
    assert view_problems(whole) == []
    assert "尾3" in str(whole)


def test_a_condition_shows_its_field_and_what_it_depends_on_redraws_the_form() -> None:
    sample = procedure(
        field("charged", FieldKind.YES_NO),
        field("amount", FieldKind.NUMBER, when=Condition(field="charged", equals=("yes",))),
    )
    before, after = form(sample, {"charged": "no"}), form(sample, {"charged": "yes"})
    assert procedure_reading.shown(before) == ["charged"]
    assert procedure_reading.shown(after) == ["charged", "amount"]
    asks = before["blocks"][0]
    assert asks["dispatch_action"] is True
    assert asks["element"]["action_id"] == procedure_inputs.WATCHED


def test_read_back_follows_each_thing_in_its_order_and_must_be_ticked() -> None:
    sample = procedure(
        field("matter", FieldKind.TEXT, read_back=True),
        field("address", FieldKind.CONTACT, part="address", read_back=True),
        field("phone", FieldKind.CONTACT, part="phone", read_back=True),
    )
    view = form(sample, {})
    asked = [(block["block_id"], block["optional"]) for block in view["blocks"] if block["type"] == "input"]
    keys = ("matter", "address", "phone")
    assert asked == [(name, False) for key in keys for name in (key, f"{key}.read_back")]
    assert "加密保存" in view["blocks"][2]["label"]["text"]
    back = submitted(view)
    back["state"]["values"]["matter.read_back"]["value"]["selected_options"] = [{"value": "yes"}]
    assert procedure_reading.given(back, sample.fields, ZONE)["matter.read_back"] == "yes"


def test_how_to_reach_a_customer_comes_back_apart_from_the_record() -> None:
    typed = {"address": "南京路 1 号", "name": "王小明", "phone": "13800001234"}
    sample = procedure(field("matter"), *(field(f"c_{p}", FieldKind.CONTACT, part=p) for p in typed))
    view = submitted(form(sample, {"matter": "漏水"}))
    assert procedure_reading.contact(view, sample.fields) is None
    for part, text in typed.items():
        view["state"]["values"][f"c_{part}"]["value"]["value"] = text
    found = procedure_reading.contact(view, sample.fields)
    assert found is not None
    assert (found.address, found.name, found.phone) == tuple(typed.values())
    assert procedure_reading.given(view, sample.fields, ZONE) == {"matter": "漏水"}


def test_many_fields_are_asked_on_pages_and_the_contact_last() -> None:
    sample = procedure(
        field("customer", FieldKind.CONTACT, part="phone"),
        *(field(f"f{n}", FieldKind.LONG_TEXT) for n in range(40)),
    )
    portions = procedures.pages(sample.fields)
    assert len(portions) == 3
    assert portions[-1][-1].key == "customer"
    first = form(sample, {})
    assert first["submit"]["text"] == WORDS("procedure.next")
    filled = {f"f{n}": f"答{n}" for n in range(40)}
    last = form(sample, filled, 2)
    assert last["submit"]["text"] == WORDS("button.submit")
    assert procedures.kept(last, sample) == {f"f{n}": f"答{n}" for n in range(32)}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FieldKind.NUMBER, "约三"),
        (FieldKind.NUMBER, "11"),
        (FieldKind.DATE, "明天"),
        (FieldKind.TIME, "25:00"),
        (FieldKind.MOMENT, "下午"),
        (FieldKind.CHOICE, "o9"),
        (FieldKind.YES_NO, "maybe"),
        (FieldKind.PERSON, "小林"),
        (FieldKind.CHANNEL, "D_U_AGENT"),
    ],
)
def test_what_does_not_fit_is_not_filled_in(kind: FieldKind, value: str) -> None:
    options = (Option(value="o1", label=wording("一")),) if kind is FieldKind.CHOICE else ()
    bounds = {"least": 1, "most": 10} if kind is FieldKind.NUMBER else {}
    view = form(procedure(field("x", kind, options=options, **bounds)), {"x": value})
    assert view_problems(view) == []
    assert procedure_reading.given(submitted(view), (), ZONE) == {"x": ""}


def test_buttons_fit_the_reader_and_the_step() -> None:
    def offered(reader: str, **changes: Any) -> list[str]:
        card = records.card(record(sample, {"matter": "x"}, **changes), sample, WORDS, ZONE, reader)
        found = [e["action_id"] for b in card if b["type"] == "actions" for e in b["elements"]]
        return [action for action in found if action != contacts.LOOK]

    steps = tuple(
        StepSpec(key=kind, kind=kind, label=wording(kind), by={"role": "leader"})  # type: ignore[arg-type]
        for kind in ("approve", "accept", "sign", "do")
    )
    sample = procedure(field("matter"), steps=steps)
    assert offered("U_LEADER") == [records.TAKE, records.SEND_BACK, records.REJECT]
    assert offered("U_LEADER", step="accept") == [records.TAKE, records.SEND_BACK, records.REJECT]
    assert offered("U_LEADER", step="sign") == [records.TAKE, records.SEND_BACK]
    assert offered("U_AGENT2") == []
    assert offered("U_AGENT") == [records.CORRECT, records.WITHDRAW]
    assert offered("U_AGENT", state=RecordState.RETURNED) == [records.CORRECT, records.WITHDRAW]
    assert offered("U_LEADER", state=RecordState.DONE) == []
    assert offered("U_LEADER", state=RecordState.DONE, may_revoke=("U_LEADER",)) == [records.REVOKE]
