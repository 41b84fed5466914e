"""Procedure files: those that come with the product, an organisation's own, and a sentence for every mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from tickets import procedure_files
from tickets.procedure_files import BUILT_IN, check, load
from tickets.procedure_spec import FieldKind, Wording

BUILT_IN_KEYS = {
    "callback", "complaint", "daily_report", "desk_leave", "escalation", "incident_broadcast", "office_supplies",
    "repair_call", "shift_handover", "shift_swap", "training_record", "transfer_slip", "visitor_log",
    "weekly_summary",
}  # fmt: skip
HEAD = """
key = "errand"
prefix = "ER"
name = { zh = "外出", en = "Errand" }
purpose = { zh = "外出办事登记。", en = "Errands out of the office." }
"""
FIELD = """
[[fields]]
key = "what"
kind = "text"
label = { zh = "办什么", en = "What" }
"""
WHO = """
[[fields]]
key = "who"
kind = "person"
label = { zh = "谁", en = "Who" }
"""


def written(folder: Path, text: str, name: str = "errand.toml") -> list[str]:
    """The problems that a file has, as they are shown."""
    (folder / name).write_text(text, encoding="utf-8")
    return [str(problem) for problem in load(folder).problems]


def step(by: str, more: str = "", kind: str = "approve") -> str:
    label = 'label = { zh = "一步", en = "A step" }'
    return f'[[steps]]\nkey = "one"\nkind = "{kind}"\n{label}\nby = {by}\n{more}\n'


# -- those that come with the product ----------------------------------------------------------------


def test_every_built_in_file_loads_without_a_mistake() -> None:
    assert [str(problem) for one in procedure_files.built_in() for problem in one.problems] == []
    found = load(None)
    assert set(found.procedures) == BUILT_IN_KEYS
    assert set(found.sources.values()) == {BUILT_IN}
    assert found.problems == ()


def wordings(value: object) -> list[Wording]:
    if isinstance(value, Wording):
        return [value]
    if isinstance(value, tuple):
        return [word for part in value for word in wordings(part)]
    parts = getattr(type(value), "model_fields", {})
    return [word for name in parts for word in wordings(getattr(value, name))]


@pytest.mark.parametrize("key", sorted(BUILT_IN_KEYS))
def test_a_built_in_procedure_speaks_both_languages(key: str) -> None:
    for wording in wordings(load(None).get(key)):
        assert any("\u4e00" <= sign <= "\u9fff" for sign in wording.zh), wording
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in wording.en), wording


def test_phrases_and_prefixes_belong_to_one_procedure_each() -> None:
    found = load(None).procedures.values()
    names = [name for one in found for name in {one.key, one.name.zh, one.name.en.lower(), *one.phrases}]
    assert len(names) == len(set(names))
    assert len({one.prefix for one in found}) == len(found)


@pytest.mark.parametrize(
    ("said", "key"), [("换班", "shift_swap"), (" Shift  Swap", "shift_swap"), ("日报", "daily_report")]
)
def test_a_procedure_is_found_by_what_people_call_it(said: str, key: str) -> None:
    found = load(None).named(said)
    assert found is not None
    assert found.key == key
    assert load(None).named("休假计划") is None


def test_the_repair_call_asks_in_order_and_reads_everything_back() -> None:
    asked = load(None).get("repair_call").fields
    assert [field.key for field in asked[:4]] == ["fault", "address", "customer_name", "phone"]
    assert all(field.read_back for field in asked[:4])
    assert [field.kind for field in asked[1:4]] == [FieldKind.CONTACT] * 3


def test_the_categories_of_drafts_are_those_of_the_escalation_file() -> None:
    from bot.assistant import draft_words

    category = load(None).get("escalation").field("category")
    assert category is not None
    options = {(option.label.zh, option.label.en) for option in category.options}
    known = [*draft_words._MATTERS.values(), draft_words._OTHER, draft_words._ACCUSED]
    assert {(words.category, words.category_en) for words in known} <= options


# -- an organisation's own ---------------------------------------------------------------------------


def test_an_own_file_adds_replaces_and_switches_off(tmp_path: Path) -> None:
    (tmp_path / "errand.toml").write_text(HEAD + FIELD, encoding="utf-8")
    swap = (Path(procedure_files.__file__).parent / "procedures" / "shift_swap.toml").read_text(
        encoding="utf-8"
    )
    (tmp_path / "ours.toml").write_text(swap.replace("most = 2", "most = 3"), encoding="utf-8")
    (tmp_path / "visitor_log.toml").write_text("disabled = true\n", encoding="utf-8")
    found = load(tmp_path)
    assert found.problems == ()
    assert set(found.procedures) == BUILT_IN_KEYS - {"visitor_log"} | {"errand"}
    assert found.get("shift_swap").limits[0].most == 3
    assert (found.sources["shift_swap"], found.sources["errand"]) == ("ours.toml", "errand.toml")
    assert found.disabled == ("visitor_log",)


def test_without_a_folder_the_built_in_ones_are_there(tmp_path: Path) -> None:
    assert set(load(tmp_path / "none").procedures) == BUILT_IN_KEYS
    (problem,) = check(tmp_path / "none").problems
    assert "no such folder" in str(problem)


def test_a_broken_own_file_leaves_the_built_in_one_working(tmp_path: Path) -> None:
    (tmp_path / "shift_swap.toml").write_text('key = "shift_swap"\nprefix = "SS"\n', encoding="utf-8")
    found = load(tmp_path)
    assert found.get("shift_swap").limits[0].most == 2
    assert found.sources["shift_swap"] == BUILT_IN
    assert {problem.place for problem in found.problems} == {"name", "purpose", "fields"}


def test_all_mistakes_of_all_files_are_listed(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("key = [", encoding="utf-8")
    (tmp_path / "b.toml").write_bytes("名".encode("gbk"))
    wrong = '\n[[fields]]\nkey = "x"\nkind = "color"\nlabel = { zh = "色", en = "Colour" }\n'
    problems = written(tmp_path, HEAD + FIELD + FIELD.replace('"what"', '"W"') + wrong)
    assert problems[0].startswith("a.toml: The file is not valid TOML (")
    assert problems[1] == "b.toml: The file is not UTF-8 text: save it as UTF-8."
    assert [problem.split(":")[0] for problem in problems[2:]] == [
        "errand.toml, fields.W.key",
        "errand.toml, fields.x.kind",
    ]


CASES = {
    "unknown kind": (
        FIELD.replace('"text"', '"color"'),
        "fields.what.kind: 'color' is not possible: write one of text, long_text, number,",
    ),
    "missing part": (FIELD.replace('kind = "text"\n', ""), "fields.what.kind: kind is missing: add it."),
    "one language only": (
        FIELD.replace(', en = "What"', ""), "fields.what.label.en: en is missing: add it.",
    ),
    "empty words": (FIELD.replace('"What"', '""'), "fields.what.label.en: en is empty: fill it in."),
    "unknown name": (
        FIELD + "must = true", "fields.what.must: must is not known here: correct the name or take it out.",
    ),
    "no field": ("", "fields: fields is missing: add it."),
    "bad key": (
        FIELD.replace('"what"', '"What?"'),
        "fields.What?.key: 'What?' has the wrong form: up to 32 small letters, digits and underscores, beginning with a letter.",
    ),
    "no number": (FIELD + 'least = "many"', "fields.what.least: input should be a valid number"),
    "same field twice": (FIELD + FIELD, "fields.what: The key what is there twice: rename one."),
    "same step twice": (
        FIELD + step("{ role = 'leader' }") * 2, "steps.one: The key one is there twice: rename one.",
    ),
    "role twice": (
        "filed_by = ['agent', 'agent']" + FIELD, "filed_by: The role agent is there twice: take one out.",
    ),
    "choice without options": (
        FIELD.replace('"text"', '"choice"'),
        "fields.what.options: A choice needs at least two options: add them.",
    ),
    "options without choice": (
        FIELD + "options = [{ value = 'a', label = { zh = '甲', en = 'A' } }]",
        "fields.what.options: A field of kind text has no options: make it a choice.",
    ),
    "same option twice": (
        FIELD.replace('"text"', '"choice"') + "options = [" + "{ value = 'a', label = { zh = '甲', en = 'A' } }," * 2 + "]",
        "fields.what.options: The option a is there twice: take one out.",
    ),
    "least of a person": (WHO + "least = 1", "fields.who: A field of kind person has no least and most: take them out."),
    "least above most": (FIELD + "least = 9\nmost = 3", "fields.what: The least is more than the most: exchange them."),
    "whole text": (FIELD + "whole = true", "fields.what.whole: Only a number can be whole: take it out."),
    "contact without part": (
        FIELD.replace('"text"', '"contact"'),
        "fields.what.part: A contact field asks for one part of the contact: set part to name, phone, address or other.",
    ),
    "part of a text": (FIELD + "part = 'name'", "fields.what.part: Only a contact field has a part: take it out."),
    "text never acts": (
        FIELD + "never_acts = true", "fields.what.never_acts: Only a person can be kept from acting: make the kind person.",
    ),
    "computed without source": (
        FIELD.replace('"text"', '"computed"'), "fields.what.source: A computed field needs a source: write one of day_counts,",
    ),
    "source of a text": (
        FIELD + "source = 'open_tickets'", "fields.what.source: open_tickets fills computed fields only: make the kind computed.",
    ),
    "default that does not fit": (
        FIELD + "source = 'today'", "fields.what.source: 'today' is no default for a field of kind text: use one of today (date),",
    ),
    "condition on an unknown field": (
        FIELD + "when = { field = 'where', equals = ['x'] }",
        "fields.what.when: The field where does not exist: name one that is asked before.",
    ),
    "condition on a later field": (
        FIELD + "when = { field = 'who', equals = ['U1'] }" + WHO,
        "fields.what.when: The field who is asked only later: name one that is asked before.",
    ),
    "step's condition on a later step": (
        FIELD + step("{ role = 'leader' }", "when = { field = 'done', equals = ['yes'] }")
        + step("{ role = 'leader' }", "[[steps.fields]]\nkey = 'done'\nkind = 'yes_no'\nlabel = { zh = '好', en = 'Done' }", "do").replace('"one"', '"two"'),
        "steps.one.when: The field done is asked only later: name one that is asked before.",
    ),
    "condition without comparison": (
        FIELD + WHO + "when = { field = 'what' }",
        "fields.who.when: The condition compares with nothing: add equals, not_equals, at_least or at_most.",
    ),
    "numbers of a text": (
        FIELD + WHO + "when = { field = 'what', at_least = 3 }",
        "fields.who.when: what is no number: compare it with equals or not_equals.",
    ),
    "impossible value": (
        FIELD.replace('"text"', '"yes_no"') + WHO + "when = { field = 'what', equals = ['maybe'] }",
        "fields.who.when: what is never 'maybe': write one of yes, no.",
    ),
    "condition on a contact": (
        FIELD.replace('"text"', '"contact"\npart = "name"') + WHO + "when = { field = 'what', equals = ['x'] }",
        "fields.who.when: The contact what is not in the record: name another field.",
    ),
    "step by nobody": (
        FIELD + step("{}"),
        "steps.one.by: It says in no way who acts: set exactly one of role, next_rung, filer, field, duty, taker.",
    ),
    "two tellings": (
        FIELD + step("{ role = 'leader', duty = 'office_manager' }"),
        "steps.one.by: It says in several ways who acts: set exactly one of role, next_rung, filer, field, duty, taker.",
    ),
    "step by an unknown field": (
        FIELD + step("{ field = 'partner' }"),
        "steps.one.by: The field partner is not asked before this: name a person field that is.",
    ),
    "step by a text": (FIELD + step("{ field = 'what' }"), "steps.one.by: what is no person: name a field of kind person."),
    "step by who never acts": (
        WHO + "never_acts = true\n" + step("{ field = 'who' }"), "steps.one.by: who never acts: name another field.",
    ),
    "step by agents": (
        FIELD + step("{ role = 'agent' }"), "steps.one.by: Agents stand on no rung: name a person by a field, or a higher role.",
    ),
    "step by an unknown step": (
        FIELD + step("{ taker = 'one' }"), "steps.one.by.taker: There is no step one before this one: name an earlier step.",
    ),
    "approving one's own": (
        FIELD + step("{ filer = true }"), "steps.one.by: Nobody may approve their own: name somebody else than the filer.",
    ),
    "signature with fields": (
        FIELD + step("{ role = 'leader' }", "[[steps.fields]]\nkey = 'x'\nkind = 'text'\nlabel = { zh = '好', en = 'X' }", "sign"),
        "steps.one.fields: A signature asks nothing: make the kind do, or take the fields out.",
    ),
    "passing up without time": (
        FIELD + step("{ role = 'leader' }", "pass_up = true"), "steps.one.pass_up: Passing up needs a time: add within_hours.",
    ),
    "no ticket to take": (
        FIELD + step("{ role = 'leader' }", "takes_ticket = true"), "steps.one.takes_ticket: There is no ticket to take: set effect.ticket.",
    ),
    "in person without field": (
        FIELD + step("{ role = 'leader', in_person = true }"), "steps.one.by.in_person: Only who is named by a field acts in person: take it out.",
    ),
    "above nobody": (
        WHO + step("{ field = 'who', or_above = true }"), "steps.one.by.or_above: Only a rung has others above it: use it with role or next_rung.",
    ),
    "limit by an unknown field": (
        FIELD + "[[limits]]\nmost = 1\nper = 'day'\nby = 'thing'\nmessage = { zh = '够了', en = 'Enough' }",
        "limits.[1].by: The filer is not asked for thing: name one of what.",
    ),
    "limit of no number": (
        FIELD + "[[limits]]\nmost = 1\nper = 'day'\namount = 'what'\nmessage = { zh = '够了', en = 'Enough' }",
        "limits.[1].amount: what is no number: name a field of kind number.",
    ),
    "limit per week": (
        FIELD + "[[limits]]\nmost = 1\nper = 'week'\nmessage = { zh = '够了', en = 'Enough' }",
        "limits.[1].per: 'week' is not possible: write one of day, month or year.",
    ),
    "reminder of no moment": (
        FIELD + "[[reminders]]\nfield = 'what'\nwho = { filer = true }\nmessage = { zh = '到了', en = 'Now' }",
        "reminders.[1].field: what is no moment: name a field of kind moment.",
    ),
    "alarm on an unknown field": (
        FIELD + "[[alarms]]\nrole = 'leader'\nwhen = { field = 'x', equals = ['y'] }\nmessage = { zh = '到了', en = 'Now' }",
        "alarms.[1].when: The field x does not exist: name one that is asked before.",
    ),
    "weekly without time": (
        FIELD + "[recurrence]\nweekday = 6", "recurrence.at: A weekly duty needs a time of day: add at.",
    ),
    "no time of day": (FIELD + "[recurrence]\nat = '29:00'", "recurrence.at: 29:00 is no time of day: write one like 17:00."),
    "strange time": (FIELD + "[recurrence]\nat = '5 pm'", "recurrence.at: '5 pm' has the wrong form: write a time like 17:00."),
    "template with an unknown field": (
        FIELD + "[effect]\ntitle = '{what} {where}'", "effect.title: {where} is no field that is kept: use one of what.",
    ),
    "broadcast without channel": (
        FIELD + "[effect]\nbroadcast = '{what}'",
        "effect.broadcast: A broadcast goes to the channel in the field channel: add that field, of kind channel.",
    ),
    "nothing to acknowledge": (
        FIELD + "[effect]\nacknowledge = true", "effect.acknowledge: Only a broadcast can be acknowledged: set effect.broadcast.",
    ),
    "unknown successor": (
        FIELD + "[effect]\nstarts = 'journey'", "effect.starts: There is no procedure journey: name one that exists.",
    ),
    "steps of the escalations": (
        'machine = "escalations"\n' + FIELD + step("{ role = 'leader' }"),
        "steps: The escalations decide this one by themselves: take the steps out.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", list(CASES))
def test_each_mistake_has_its_sentence(tmp_path: Path, case: str) -> None:
    text, sentence = CASES[case]
    problems = written(tmp_path, HEAD + text)
    assert len(problems) == 1, problems
    assert problems[0].startswith(f"errand.toml, {sentence}"), problems[0]
    assert "errand" not in load(tmp_path).procedures


@pytest.mark.parametrize(
    ("prefix", "sentence"),
    [
        ("SS", "The procedure shift_swap has the prefix SS already: choose another."),
        ("T", "T numbers the tickets: choose another prefix."),
        ("E", "E numbers the escalations: choose another prefix."),
        ("er", "'er' has the wrong form: one to three capital letters."),
    ],
)
def test_a_prefix_that_is_taken_is_refused(tmp_path: Path, prefix: str, sentence: str) -> None:
    text = HEAD.replace('"ER"', f'"{prefix}"') + FIELD
    assert written(tmp_path, text) == [f"errand.toml, prefix: {sentence}"]
    assert load(tmp_path).sources["shift_swap"] == BUILT_IN


def test_a_second_file_of_the_same_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "errand.toml").write_text(HEAD + FIELD, encoding="utf-8")
    problems = written(tmp_path, HEAD + FIELD, "walk.toml")
    assert problems == [
        "walk.toml, key: errand.toml has the key errand already: give one of them another key."
    ]
    assert "errand" in load(tmp_path).procedures


def test_switching_off_what_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    problems = written(tmp_path, "disabled = true", "vistor_log.toml")
    expected = "vistor_log.toml, disabled: There is no procedure vistor_log to switch off: check the key."
    assert problems == [expected]
