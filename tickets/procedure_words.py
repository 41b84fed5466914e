"""What is wrong with a value, said to people in both languages of the interface."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tickets.errors import InvalidInput
from tickets.procedure_spec import Wording

_SENTENCES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "missing": ("请填写“{label}”。", "Please fill in “{label}”."),
        "unknown": ("这张表里没有“{key}”这一项。", "This form has no field “{key}”."),
        "too_short": ("“{label}”至少要{least}个字，现在只有{given}个。", "“{label}” needs at least {least} characters; there are {given}."),
        "too_long": ("“{label}”最多{most}个字，现在有{given}个。", "“{label}” takes at most {most} characters; there are {given}."),
        "not_number": ("“{label}”请填数字，例如 3。", "“{label}” must be a number, like 3."),
        "not_whole": ("“{label}”请填整数。", "“{label}” must be a whole number."),
        "too_small": ("“{label}”不能小于{least}。", "“{label}” must not be less than {least}."),
        "too_large": ("“{label}”不能大于{most}。", "“{label}” must not be more than {most}."),
        "not_date": ("“{label}”请填日期，例如 2026-12-03。", "“{label}” must be a date, like 2026-12-03."),
        "not_time": ("“{label}”请填时间，例如 17:00。", "“{label}” must be a time of day, like 17:00."),
        "not_moment": ("“{label}”请填日期和时间，例如 2026-12-03 17:00。", "“{label}” must be a day and a time, like 2026-12-03 17:00."),
        "too_early": ("“{label}”最早是{least}。", "“{label}” must not be before {least}."),
        "too_late": ("“{label}”最晚是{most}。", "“{label}” must not be after {most}."),
        "not_option": ("“{label}”请从这些里选一个：{options}。", "“{label}” must be one of: {options}."),
        "not_yes_no": ("“{label}”请选“是”或“否”。", "“{label}” must be yes or no."),
        "not_person": ("“{label}”请选一个人。", "“{label}” must be a person."),
        "not_channel": ("“{label}”请选一个频道。", "“{label}” must be a channel."),
        "own": ("“{label}”不能是你自己，请选别人。", "“{label}” cannot be yourself; choose somebody else."),
        "read_back": ("“{label}”请先向来电人复述一遍，确认后打勾。", "Please read “{label}” back to the caller and tick it once confirmed."),
        "contact_as_text": ("“{label}”是客户的联系方式，只能单独加密保存，不能写进表里。", "“{label}” is a customer's contact: it is kept apart and encrypted, never in the record."),
        "no_vault": ("没有设置加密密钥，客户的联系方式无法保存；请管理员先设置，或不填联系方式。", "A customer's contact cannot be kept because no encryption key is set up; ask your admin, or leave the contact out."),
        "no_reason": ("请写明原因。", "Please give the reason."),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing that is wrong with what was filled in."""

    field: str
    """Key of the field; `note` for the reason of a step, `contact` for a contact as a whole."""
    code: str
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)
    label: Wording | None = None
    said: Wording | None = None
    """Words of the procedure's own (a limit's message)."""

    def in_language(self, language: str) -> str:
        """One sentence in `zh` or `en`."""
        if self.said is not None:
            return self.said.in_language(language)
        label = self.label.in_language(language) if self.label is not None else self.field
        params = {name: _in_language(value, language) for name, value in self.params.items()}
        return _SENTENCES[self.code][language == "en"].format(label=label, key=self.field, **params)


def both(zh: str, en: str) -> str:
    """A parameter that reads differently in the two languages."""
    return f"{zh}\x1f{en}"


def _in_language(value: str, language: str) -> str:
    zh, _, en = value.partition("\x1f")
    return en if language == "en" and en else zh


class InvalidForm(InvalidInput):
    """What was filled in cannot be recorded; `problems` names every field at fault, `field` is the first of them."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(problems[0].field, " ".join(problem.in_language("en") for problem in problems))
        self.problems = tuple(problems)

    def in_language(self, language: str) -> str:
        """All sentences, in `zh` or `en`."""
        return " ".join(problem.in_language(language) for problem in self.problems)
