"""A sample of each block and element that the bot may send, and everything that its views make."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.blocks.wording import Words

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


OPTIONS = [
    {"text": plain("甲"), "value": "a"},
    {"text": plain("乙"), "value": "b", "description": plain("说明")},
]
RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "粗", "style": {"bold": True}},
                {"type": "link", "url": "https://example.com", "text": "链接"},
                {"type": "user", "user_id": "U_AGENT"},
                {"type": "channel", "channel_id": "C_FLOOR"},
                {"type": "usergroup", "usergroup_id": "S1"},
                {"type": "broadcast", "range": "here"},
                {"type": "emoji", "name": "eyes"},
                {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "那天"},
            ],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "引文"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "照抄"}]},
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "一"}]}],
        },
    ],
}
SURFACES: dict[str, Json] = {
    "header": {"type": "header", "block_id": "s1", "text": plain("标题")},
    "section": {
        "type": "section",
        "block_id": "s2",
        "text": {"type": "mrkdwn", "text": "*粗* <@U_AGENT> `码` ~划掉~"},
        "fields": [plain("甲"), plain("乙")],
    },
    "context": {"type": "context", "block_id": "s3", "elements": [plain("旁注")]},
    "divider": {"type": "divider", "block_id": "s4"},
    "markdown": {"type": "markdown", "block_id": "s5", "text": "# 题\n\n**粗** [链](https://example.com)\n\n> 引\n\n1. 一\n2. 二\n\n| a | b |\n|---|---|\n| 1 | 2 |"},
    "rich_text": {"block_id": "s6", **RICH},
    "table": {"type": "table", "block_id": "s7", "rows": [[{"type": "raw_text", "text": "甲"}], [{"type": "raw_text", "text": "乙"}]]},
    "actions": {"type": "actions", "block_id": "s8", "elements": [{"type": "button", "action_id": "x1", "text": plain("按"), "style": "primary"}, {"type": "button", "action_id": "x2", "text": plain("删"), "style": "danger"}]},
    "context_actions": {
        "type": "context_actions",
        "block_id": "s9",
        "elements": [
            {"type": "feedback_buttons", "action_id": "x3", "positive_button": {"text": plain("有用"), "value": "y"}, "negative_button": {"text": plain("没用"), "value": "n"}}
        ],
    },
    "task_card": {"type": "task_card", "block_id": "s10", "task_id": "t", "title": "检索", "status": "complete"},
    "plan": {"type": "plan", "block_id": "s11", "title": "计划", "tasks": [{"type": "task_card", "task_id": "t2", "title": "查", "status": "in_progress"}]},
    "image": {"type": "image", "block_id": "s12", "image_url": "/page/icon.svg", "alt_text": "图"},
    "input": {"type": "input", "block_id": "s13", "label": plain("填写"), "hint": plain("提示"), "element": {"type": "plain_text_input", "action_id": "x4", "multiline": True}},
}  # fmt: skip
ELEMENTS: dict[str, Json] = {
    kind: {"type": kind, "action_id": f"e_{kind}", **more}
    for kind, more in {
        "button": {"text": plain("按")},
        "icon_button": {"icon": "trash", "text": plain("删")},
        "overflow": {"options": OPTIONS},
        "static_select": {"options": OPTIONS, "placeholder": plain("选")},
        "multi_static_select": {"options": OPTIONS},
        "radio_buttons": {"options": OPTIONS},
        "checkboxes": {"options": OPTIONS},
        "users_select": {},
        "multi_users_select": {},
        "conversations_select": {},
        "multi_conversations_select": {},
        "channels_select": {},
        "datepicker": {"initial_date": "2026-01-02"},
        "timepicker": {"initial_time": "08:00"},
        "datetimepicker": {"initial_date_time": 1_800_000_000},
        "plain_text_input": {},
        "number_input": {"is_decimal_allowed": False},
        "email_text_input": {},
        "url_text_input": {},
    }.items()
}


def samples_of_ours(words: Words) -> Iterator[tuple[str, list[Json]]]:
    """Every message and view of the bot's own tests, by name."""
    folder = str(Path(__file__).parents[1] / "slack")
    if folder not in sys.path:
        sys.path.append(folder)
    import test_blocks

    for name, message in test_blocks.MESSAGES.items():
        yield name, message(words)
    for name, view in test_blocks.VIEWS.items():
        yield name, view(words)["blocks"]
