"""Block Kit's limits, one bad payload each; the good twin must pass."""

from typing import Any

import pytest
from workspace_bot import BUTTONS, FEEDBACK, FORM, button, plain

from bot.workspace.blocks import block_problems, view_problems

Json = dict[str, Any]


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str = "v", text: str = "选项") -> Json:
    return {"text": plain(text), "value": value}


def select(**more: Any) -> Json:
    return {"type": "actions", "elements": [{"type": "static_select", "action_id": "s", **more}]}


def typed(**more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "t", **more}
    return {"type": "input", "label": plain("标签"), "element": element}


def chosen(kind: str, **more: Any) -> Json:
    return {"type": "actions", "elements": [{"type": kind, "action_id": "c", **more}]}


SURE = {"title": plain("x"), "text": plain("y"), "confirm": plain("好"), "deny": plain("不")}
NUMBER = {"type": "number_input", "action_id": "n", "is_decimal_allowed": False}
TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "格"}]]}
# fmt: off
BAD: list[tuple[str, list[Json]]] = [
    ("", [{"type": "divider"}] * 51),
    ("/0/type", [{"type": "fancy"}]),
    ("/0", [{"type": "divider", "colour": "red"}]),
    ("/0", [{"type": "section"}]),
    ("/0/text/text", [{"type": "section", "text": mrkdwn("")}]),
    ("/0/text/text", [{"type": "section", "text": mrkdwn(" ")}]),
    ("/0/text/text", [{"type": "section", "text": mrkdwn("长" * 3001)}]),
    ("/0/fields", [{"type": "section", "fields": [mrkdwn("x")] * 11}]),
    ("/0/fields/0/text", [{"type": "section", "fields": [mrkdwn("长" * 2001)]}]),
    ("/0/text/text", [{"type": "header", "text": plain("长" * 151)}]),
    ("/0/text/type", [{"type": "header", "text": mrkdwn("x")}]),
    ("/0/elements", [{"type": "actions", "elements": []}]),
    ("/0/elements", [{"type": "actions", "elements": [button(f"b{n}", "x") for n in range(26)]}]),
    ("/0/elements/1/action_id", [{"type": "actions", "elements": [button("b", "x"), button("b", "y")]}]),
    ("/0/elements/0/text/text", [{"type": "actions", "elements": [button("b", "长" * 76)]}]),
    ("/0/elements/0/value", [{"type": "actions", "elements": [button("b", "x", value="v" * 2001)]}]),
    ("/0/elements/0/style", [{"type": "actions", "elements": [button("b", "x", style="loud")]}]),
    ("/1/block_id", [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}]),
    ("/0/block_id", [{"type": "divider", "block_id": "长" * 256}]),
    ("/0/elements", [{"type": "context", "elements": [mrkdwn("x")] * 11}]),
    ("/0/elements", [{"type": "context_actions", "elements": FEEDBACK["elements"] * 6}]),
    ("/0/text", [{"type": "markdown", "text": "长" * 12_001}]),
    ("", [{"type": "markdown", "text": "长" * 7_000}] * 2),
    ("/0/elements/0", [select()]),
    ("/0/elements/0/options", [select(options=[option(str(n)) for n in range(101)])]),
    ("/0/elements/0/options/0/text/text", [select(options=[option(text="长" * 76)])]),
    ("/0/elements/0/options/0/value", [select(options=[option("v" * 76)])]),
    ("/0/elements/0/initial_option", [select(options=[option()], initial_option=option("w"))]),
    ("/0/elements/0/placeholder/text", [select(options=[option()], placeholder=plain("长" * 151))]),
    ("/0/label/text", [typed() | {"label": plain("长" * 2001)}]),
    ("/0/element/max_length", [typed(max_length=3001)]),
    ("/0/element/initial_value", [typed(max_length=3, initial_value="四个字符")]),
    ("/0/rows", [TABLE | {"rows": TABLE["rows"] * 101}]),
    ("/1", [TABLE, TABLE]),
    ("/0/elements/0/url", [{"type": "actions", "elements": [button("b", "x", url="https://a.b/" + "x" * 3000)]}]),
    ("/0/elements/0/url", [{"type": "actions", "elements": [button("b", "x", url="manual.pdf")]}]),
    ("/0/elements/0/confirm", [{"type": "actions", "elements": [button("b", "x", confirm={"title": plain("x"), "text": plain("y")})]}]),
    ("/0/elements/0/confirm/text/text", [{"type": "actions", "elements": [button("b", "x", confirm=SURE | {"text": plain("长" * 301)})]}]),
    ("/0/elements/0/option_groups/0/label/text", [select(option_groups=[{"label": plain("长" * 76), "options": [option()]}])]),
    ("/0/elements/0/initial_date", [chosen("datepicker", initial_date="2026-02-30")]),
    ("/0/elements/0/initial_time", [chosen("timepicker", initial_time="24:00")]),
    ("/0/elements/0/initial_date_time", [chosen("datetimepicker", initial_date_time=1_700_000_000_000)]),
    ("/0/element/max_selected_items", [typed() | {"element": {"type": "multi_users_select", "action_id": "m", "max_selected_items": 0}}]),
    ("/0/element/min_value", [typed() | {"element": NUMBER | {"min_value": "9", "max_value": "1"}}]),
    ("/0/element/initial_value", [typed() | {"element": NUMBER | {"max_value": "1", "initial_value": "2"}}]),
    ("/0/image_url", [{"type": "image", "image_url": "/a.png", "alt_text": "x"}]),
    ("/0/alt_text", [{"type": "image", "image_url": "https://example.com/a.png", "alt_text": ""}]),
]
# fmt: on


@pytest.mark.parametrize(("place", "blocks"), BAD, ids=[f"{n}{place}" for n, (place, _) in enumerate(BAD)])
def test_a_bad_payload_is_pointed_at(place: str, blocks: list[Json]) -> None:
    pointers = [problem.pointer for problem in block_problems(blocks, "message", "")]
    assert place in pointers


@pytest.mark.parametrize(
    "blocks",
    [
        [BUTTONS, FEEDBACK, TABLE, {"type": "divider"}],
        [{"type": "section", "text": mrkdwn("长" * 3000)}],
        [{"type": "section", "fields": [mrkdwn("长" * 2000)] * 10}],
        [{"type": "header", "text": plain("长" * 150)}, {"type": "markdown", "text": "长" * 12_000}],
        [select(options=[option(str(n)) for n in range(100)])],
        [select(option_groups=[{"label": plain("组"), "options": [option()]}])],
        [typed(max_length=3000, placeholder=plain("请写"))],
        [chosen("datepicker", initial_date="2028-02-29"), chosen("timepicker", initial_time="23:59")],
        [typed() | {"element": NUMBER | {"min_value": "1", "max_value": "1", "initial_value": "1"}}],
        [{"type": "actions", "elements": [button("b", "x", url="https://a.b/c", confirm=SURE)]}],
    ],
)
def test_payloads_at_the_limit_pass(blocks: list[Json]) -> None:
    assert block_problems(blocks, "message") == []


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("/view/title/text", {"title": plain("长" * 25)}),
        ("/view/submit/text", {"submit": plain("长" * 25)}),
        ("/view/private_metadata", {"private_metadata": "x" * 3001}),
        ("/view/callback_id", {"callback_id": "x" * 256}),
        ("/view/external_id", {"external_id": "x" * 256}),
        ("/view/blocks", {"blocks": [{"type": "divider"}] * 101}),
        ("/view/blocks/0/type", {"blocks": [{"type": "markdown", "text": "x"}]}),
        ("/view", {"colour": "red"}),
        ("/view/type", {"type": "profile"}),
    ],
)
def test_a_bad_view_is_pointed_at(place: str, change: Json) -> None:
    assert place in [problem.pointer for problem in view_problems(FORM | change)]


def test_a_form_with_inputs_needs_a_submit_button() -> None:
    assert view_problems(FORM) == []
    form = {name: value for name, value in FORM.items() if name != "submit"}
    assert [problem.pointer for problem in view_problems(form)] == ["/view"]


def test_home_takes_no_title() -> None:
    assert view_problems({"type": "home", "blocks": [{"type": "divider"}]}) == []
    assert view_problems({"type": "home", "title": plain("x"), "blocks": []}) != []
