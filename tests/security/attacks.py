"""What is tried at every input, by kind, and every input, with where it is tried."""

from __future__ import annotations

import pytest

SQL = (
    "'; DROP TABLE tickets; --",
    "1 OR 1=1",
    "' UNION SELECT sealed FROM contacts --",
    '"); DELETE FROM audit; --',
    "%_\\",
)
PATHS = (
    "../../../../tmp/kefu-escaped",
    "/tmp/kefu-escaped",
    "..\\..\\kefu-escaped",
    "C:\\kefu-escaped",
    "file:///etc/passwd",
    "kefu\x00escaped",
)
HTML = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=\'owned\'">',
    "{{7*7}}",
    "${7*7}",
    "javascript:alert(1)",
)
FORMULAS = (
    '=HYPERLINK("http://evil.example")',
    "+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "-2+3",
    "\t=1+1",
    " =1+1",
    "＝1+1",
)
SLACK = (
    "<!channel>", "<!here|x>", "<!everyone>", "<@U_ADMIN>", "<!subteam^S1>", "<http://evil.example|手册>", "<mailto:x@evil.example|x>",
    "*粗* _斜_ ~删~ `码`", "<!date^0^{date}|x>", "&lt;!channel&gt;", "@channel",
)  # fmt: skip
CONTROL = ("\x00", "\u202e倒", "\u200b", "\x1b[31m红\x1b[0m", "\r\nX-Injected: 1", "𝕊" * 200)

KINDS: dict[str, tuple[str, ...]] = {
    "SQL": SQL, "path": PATHS, "HTML": HTML, "formula": FORMULAS, "Slack": SLACK, "control": CONTROL,
}  # fmt: skip

TRIED: dict[str, tuple[str, ...]] = {
    "one of each": (
        " ".join(attacks[0] for attacks in KINDS.values()),
        *(attacks[-1] for attacks in KINDS.values()),
    ),
    **KINDS,
}
"""What the default tests try at every input, and beside it what the slow ones do, kind by kind."""
KINDS_TRIED = ["one of each", *(pytest.param(kind, marks=pytest.mark.slow) for kind in KINDS)]

INPUTS: dict[str, str] = {
    "a message in the DM": "test_injections_slack.py",
    "a mention in a channel": "test_injections_slack.py",
    "a message in a thread": "test_injections_slack.py",
    "an edited message": "test_injections_slack.py",
    "a message's menu": "test_injections_slack.py",
    "every argument of the slash command": "test_injections_slack.py",
    "every field of every form": "test_injections_slack.py",
    "what buttons and forms carry": "test_injections_slack.py; test_fuzz_slack.py; test_forged.py",
    "the name of a dropped file": "test_injections_slack.py",
    "names of people, channels and groups in Slack": "test_injections_slack.py",
    "headers and query of the web server": "test_injections_web.py; test_forged.py",
    "OAuth's state, code and error": "test_injections_web.py",
    "the local workspace's page and control": "test_injections_web.py; tests/workspace/test_workspace_page.py",
    "a manual's text": "test_injections_files.py; test_prompt_injection.py",
    "front matter and sidecars": "test_injections_files.py",
    "a manual's file name": "test_injections_files.py",
    "names in a zip file": "test_injections_files.py; tests/ingest/formats/test_archives.py",
    "sizes and nesting of a zip file": "test_injections_files.py; tests/ingest/formats/test_archives.py",
    "the XML of docx, xlsx and pptx": "test_injections_files.py; tests/ingest/malformed.py",
    "HTML manuals": "test_injections_files.py",
    "cells of exported tables": "test_injections_files.py; tests/tickets/test_ticket_export.py",
    "reports, papers and pages": "test_injections_files.py; tests/evaluating/test_runs.py",
    "people, calendar and procedure files": "test_injections_files.py; test_fuzz_parsers.py",
    "sets of questions": "test_injections_files.py; test_fuzz_parsers.py",
    "arguments of the command line": "test_injections_files.py",
    "a backup": "test_injections_files.py; tests/backup/test_backup.py",
    "a model's reply": "test_prompt_injection.py; test_fuzz_parsers.py",
}
"""Every input, and the tests that try it."""


def everything() -> str:
    """All of it as one text."""
    return " ".join(attack for attacks in KINDS.values() for attack in attacks)
