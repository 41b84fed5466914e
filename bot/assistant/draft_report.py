"""The report as a superior reads it: headings, the writer's own words, the rules that it rests on."""

from __future__ import annotations

from bot.assistant.drafts import EscalationDraft, Route, Urgency

_URGENCY = {
    Urgency.NORMAL: ("一般", "normal"),
    Urgency.IMPORTANT: ("重要", "important"),
    Urgency.URGENT: ("特急", "urgent"),
}
_TITLES = {
    Route.LADDER: ("请示报告（草稿）", "Escalation report (draft)"),
    Route.TRANSFER: ("转办单（草稿）", "Transfer slip (draft)"),
    Route.ANSWER: ("咨询事项", "Question"),
    Route.ASK_FOR_DETAILS: ("待补充的情况", "Details needed"),
}
_LABELS = (
    ("category", "类别", "Category"),
    ("urgency", "紧急程度", "Urgency"),
    ("summary", "事由", "Subject"),
    ("what_happened", "经过", "What happened"),
    ("when", "时间", "When"),
    ("where", "地点", "Where"),
    ("tried", "已采取的措施", "Tried so far"),
    (
        "handling_suggestion",
        "处理意见（建议，未经批准不向客户承诺）",
        "Handling suggestion (for the approver to decide; promise nothing before)",
    ),
    ("next", "拟请示", "To be decided by"),
    ("skip_reason", "越级说明", "Passing rungs over"),
    ("afterwards", "事后汇报", "Afterwards"),
    ("policy_basis", "制度依据", "Policy basis"),
    ("missing", "待补充", "Still missing"),
    ("original", "原文（个人信息已脱敏）", "Original text (private data masked)"),
)


def report(draft: EscalationDraft, masked_text: str) -> str:
    """The whole text of the draft. `masked_text` is quoted verbatim, so that no fact is lost."""
    english = draft.language == "en"
    values = _values(draft, masked_text, english)
    lines = [f"【{_TITLES[draft.route][english]}】"]
    for key, chinese, name in _LABELS:
        value = values.get(key, "")
        if value:
            lines.append(f"{name}: {value}" if english else f"{chinese}：{value}")
    return "\n".join(lines)


def _values(draft: EscalationDraft, masked_text: str, english: bool) -> dict[str, str]:
    separator = "; " if english else "；"
    values = {
        "summary": draft.summary,
        "missing": separator.join(draft.missing),
        "original": masked_text.strip(),
        "policy_basis": _basis(draft),
        "handling_suggestion": draft.handling_suggestion,
    }
    if draft.route is not Route.LADDER:
        return values
    values |= {
        "category": draft.category,
        "urgency": _URGENCY[draft.urgency][english],
        "what_happened": draft.what_happened,
        "when": draft.when,
        "where": draft.where,
        "tried": draft.tried,
        "next": f"{draft.next_approver}{' - ' if english else '。'}{draft.next_reason}",
        "skip_reason": draft.skip_reason,
    }
    if draft.after_the_fact_report:
        values["afterwards"] = (
            "report to those passed over as soon as they can be reached, and keep trying."
            if english
            else "继续联系被越过的上级，联系上后及时补报。"
        )
    return values


def _basis(draft: EscalationDraft) -> str:
    return "".join(f"\n- 《{c.manual}》{c.label}：“{c.quote}”" for c in draft.policy_basis)
