"""Everything that bots send to the local workspace in the whole run: counted, checked once more, and told in one line.

A call that the workspace refuses for what it says (schema, hand rules, missing scope, unknown argument …), that
slack_sdk's own validators refuse, or that is a message without a plain text, fails the run. Tests that provoke a
refusal on purpose carry the marker `refusals`.

With pytest-xdist each process counts for itself; the first one sums up. `--record-payloads FILE` writes one anonymous
example of everything that was sent in a shape of its own; `bot/doctoring/payloads.jsonl` is made so.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from payload_shapes import Payload, anonymous, cover, payloads_of, shape_of
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.workspace.calls import Call, CallLog

REFUSED = {
    "unknown_method", "invalid_arguments", "invalid_blocks", "invalid_blocks_format", "invalid_attachments",
    "invalid_chunks", "invalid_metadata_format", "metadata_too_large", "msg_too_long", "msg_blocks_too_long",
    "msg_blocks_too_many", "no_text", "markdown_text_conflict", "view_too_large", "invalid_payload",
    "invalid_response", "missing_scope", "not_allowed_token_type", "not_in_channel", "missing_argument",
    "missing_recipient_user_id", "missing_recipient_team_id", "invalid_name",
    "push_limit_reached", "duplicate_external_id", "invalid_json", "json_not_object", "invalid_status",
}  # fmt: skip
"""Refusals that lie in what was sent, and not in what happened meanwhile."""
TEXTLESS = "missing_text_in_message"
MOST_TOLD = 20


class PayloadRecorder:
    """A pytest plugin; one in each process."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._seen: set[int] = set()
        self._on_purpose = False
        self._test = ""
        self.calls = 0
        self.payloads = 0
        self.provoked = 0
        self.shapes: set[str] = set()
        self.samples: dict[str, Payload] = {}
        self.refused: list[str] = []
        CallLog.listeners.append(self.note)

    # -- listening --------------------------------------------------------------------------------------
    def note(self, call: Call) -> None:
        """One call, as the workspace wrote it down (in the workspace's own thread)."""
        with self._lock:
            self.calls += 1
            found = list(payloads_of(call))
            self.payloads += len(found)
            by_itself = call.error in REFUSED and call.details != ["fault switch"]
            problems = [f"{call.error}: {call.details}"] if by_itself else []
            if not call.error:
                problems += [advice for advice in call.advice if advice.startswith(TEXTLESS)]
                for payload in found:
                    problems += self._keep(payload)
            if self._on_purpose:
                self.provoked += bool(problems)
            else:
                self.refused += [f"{call.method} in {self._test}: {problem}"[:600] for problem in problems]

    def _keep(self, payload: Payload) -> list[str]:
        """What slack_sdk has against a payload that the workspace took; each is looked at once."""
        key = hash(json.dumps(payload.body, sort_keys=True))
        if key in self._seen:
            return []
        self._seen.add(key)
        if not self._on_purpose:
            shape = shape_of(payload)
            self.shapes.add(shape)
            self.samples.setdefault(shape, payload)
        return [f"slack_sdk: {problem}" for problem in sdk_problems(payload)]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Which test is running, and whether it provokes refusals."""
        self._test = item.nodeid
        self._on_purpose = item.get_closest_marker("refusals") is not None
        return (yield)

    # -- telling ----------------------------------------------------------------------------------------
    def _told(self) -> dict[str, Any]:
        return {
            "calls": self.calls,
            "payloads": self.payloads,
            "provoked": self.provoked,
            "shapes": sorted(self.shapes),
            "samples": {shape: [one.kind, one.body] for shape, one in self.samples.items()},
            "refused": self.refused,
        }

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """What another process counted."""
        other = getattr(node, "workeroutput", {}).get("payloads")
        if other is None:
            return
        told = json.loads(other)
        self.calls += told["calls"]
        self.payloads += told["payloads"]
        self.provoked += told["provoked"]
        self.shapes |= set(told["shapes"])
        self.refused += told["refused"]
        for shape, (kind, body) in told["samples"].items():
            self.samples.setdefault(shape, Payload(kind, body))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand over to the first process; the first process fails the run if anything was refused."""
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output["payloads"] = json.dumps(self._told())
        elif self.refused and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if output is None and (place := self._config.getoption("--record-payloads")):
            self._write(Path(place))

    def _write(self, place: Path) -> None:
        chosen = cover([anonymous(self.samples[shape]) for shape in sorted(self.samples)])
        lines = [json.dumps({one.kind: one.body}, ensure_ascii=False) for one in chosen]
        place.write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The one line, and what was refused."""
        if not self.calls:
            return
        terminalreporter.write_line(
            f"Slack: {self.calls} calls, {self.payloads} payloads, {len(self.shapes)} distinct shapes of views"
            f" and messages, {len(self.refused)} rejected ({self.provoked} more provoked on purpose)"
        )
        for line in self.refused[:MOST_TOLD]:
            terminalreporter.write_line(f"  rejected: {line}", red=True)


def sdk_problems(payload: Payload) -> list[str]:
    """What slack_sdk's models refuse; to_dict checks everything inside, too."""
    try:
        if payload.kind == "view":
            View(**payload.body).to_dict()
        for block in payload.blocks:
            parsed = Block.parse(block)
            if parsed is None:
                return [f"unknown block type {block.get('type')}"]
            parsed.to_dict()
    except SlackObjectFormationError as error:
        return [str(error)]
    return []
