"""A report in a terminal: readable without colour, true to both texts."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.cli.reports import clause_text, counted, show_report
from bot.keeping.publication import ChangedClause, EditionReport, PublicationReport, RefusalReport
from bot.keeping.publishing import changed_clauses
from knowledge.clauses import ClauseDraft
from knowledge.comparison import compare

ZONE = ZoneInfo("Asia/Shanghai")


def shown(report: PublicationReport) -> str:
    out = io.StringIO()
    show_report(report, Console(file=out, width=80), ZONE)
    return out.getvalue()


def edition(**values: object) -> EditionReport:
    return EditionReport(
        **{"edition_id": 7, "manual_id": 3, "title": "泳池须知", "number": 2, "is_new": False, **values}
    )


def test_words_numbers_and_labels_that_change_are_marked() -> None:
    change = ChangedClause(
        kind="changed",
        old_label="第3条",
        new_label="第4条",
        old_text="收费3元。",
        new_text="收费5元。",
        edits=(("equal", "收费", "收费"), ("replace", "3元", "5元"), ("equal", "。", "。")),
        numbers=(("3元", "5元"), ("", "8折")),
    )
    text = shown(PublicationReport(editions=(edition(changed=1, clauses=(change,)),), days=30))
    assert "  ~ 第3条 → 第4条: 收费[-3元-]{+5元+}。" in text
    assert "numbers: 3元 → 5元, — → 8折" in text
    assert "Nobody was answered" in text


def test_each_kind_of_change_has_its_sign() -> None:
    kinds = {"added": "+", "removed": "-", "moved": "↕", "renumbered": "#"}
    for kind, sign in kinds.items():
        clause = ChangedClause(kind=kind, old_label="第1条", new_label="第1条", old_text="旧", new_text="新")
        assert clause_text(clause).plain.startswith(f"  {sign} 第1条: ")


def test_times_are_of_the_site_and_brackets_are_text() -> None:
    report = PublicationReport(
        editions=(
            edition(
                is_new=True, added=1, title="[red]须知", effective_at=datetime(2028, 12, 31, 16, tzinfo=UTC)
            ),
        ),
        refused=(RefusalReport(source="[a].txt", reason="[a].txt is empty; save it again."),),
        days=30,
    )
    text = shown(report)
    assert "new from 2029-01-01 00:00" in text
    assert "[red]须知" in text
    assert "not taken: [a].txt is empty" in text
    assert "answered" not in text  # nobody can have been answered from a manual that is new


def test_counts_agree_with_their_nouns() -> None:
    assert [counted(0, "clause"), counted(1, "clause"), counted(2, "clause")] == [
        "0 clauses",
        "1 clause",
        "2 clauses",
    ]
    report = PublicationReport(editions=(edition(changed=1),), agents=1, answers=2, days=1)
    assert (
        "1 agent was answered from a clause that changes or goes in the last 1 day (2 answers)."
        in " ".join(shown(report).split())
    )


WORDS = st.text("甲乙丙丁每次收费不得超过0123456789.元天,。", min_size=1, max_size=40)


@given(WORDS, WORDS)
def test_the_marked_words_joined_are_the_old_and_the_new_text(old: str, new: str) -> None:
    comparison = compare([ClauseDraft("第1条", (), old, old)], [ClauseDraft("第1条", (), new, new)])
    for clause in changed_clauses(comparison):
        if clause.kind != "changed":
            continue
        assert "".join(before for _, before, _ in clause.edits) == clause.old_text == old
        assert "".join(after for _, _, after in clause.edits) == clause.new_text == new
        plain = clause_text(clause).plain.removeprefix("  ~ 第1条: ")
        assert re.sub(r"\[-.*?-\]", "", plain).replace("{+", "").replace("+}", "") == new
        assert re.sub(r"\{\+.*?\+\}", "", plain).replace("[-", "").replace("-]", "") == old
