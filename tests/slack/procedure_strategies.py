"""Procedures and values of every kind, for property-based tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from tickets.people import Role
from tickets.procedure_spec import (
    Condition,
    FieldKind,
    FieldSpec,
    Option,
    Procedure,
    StepKind,
    StepSpec,
    Who,
    Wording,
)

_TEXT = st.text(st.sampled_from("客户请求abc <!&>*`\n（）"), min_size=1, max_size=40).filter(
    lambda t: t.strip()
)
_LONG = st.integers(1, 2000).map(lambda length: "长" * length)
WORDINGS = st.builds(Wording, zh=_TEXT | _LONG, en=_TEXT)


@st.composite
def fields(draw: st.DrawFn, key: str, before: tuple[str, ...] = ()) -> FieldSpec:
    """A field; it may depend on one of those before it."""
    kind = draw(st.sampled_from(FieldKind))
    options = draw(st.integers(1, 230)) if kind is FieldKind.CHOICE else 0
    least = draw(st.none() | st.integers(0, 5) | st.floats(0, 5, width=16))
    most = draw(st.none() | st.integers(6, 5000))
    bounded = kind not in (FieldKind.CHOICE, FieldKind.YES_NO, FieldKind.PERSON, FieldKind.CHANNEL)
    when = draw(st.none() | st.sampled_from(before)) if before else None
    return FieldSpec(
        key=key,
        kind=kind,
        label=draw(WORDINGS),
        hint=draw(st.none() | WORDINGS),
        required=draw(st.booleans()),
        when=None if when is None else draw(_conditions(when)),
        options=tuple(Option(value=f"o{n}", label=Wording(zh="选" * 80, en="o")) for n in range(options)),
        least=least if bounded else None,
        most=most if bounded else None,
        whole=draw(st.booleans()),
        part=draw(st.sampled_from(["name", "phone", "address", "other"]))
        if kind is FieldKind.CONTACT
        else "",
        read_back=draw(st.booleans()),
    )


def _conditions(key: str) -> st.SearchStrategy[Condition]:
    return st.just(Condition(field=key, equals=("yes",))) | st.just(Condition(field=key, not_equals=("yes",)))


@st.composite
def procedures(draw: st.DrawFn, most: int = 40) -> Procedure:
    """A procedure with up to `most` fields and a few steps."""
    keys = tuple(f"f{n}" for n in range(draw(st.integers(1, most))))
    asked = tuple(draw(fields(key, keys[:n][-3:])) for n, key in enumerate(keys))
    steps = tuple(
        StepSpec(
            key=f"s{n}", kind=draw(st.sampled_from(StepKind)), label=draw(WORDINGS), by=Who(role=Role.LEADER),
            fields=tuple(draw(fields(f"s{n}f{m}")) for m in range(draw(st.integers(0, 3)))),
        )
        for n in range(draw(st.integers(0, 4)))
    )  # fmt: skip
    return Procedure(
        key="sample", name=draw(WORDINGS), purpose=draw(WORDINGS), prefix="XX", fields=asked, steps=steps,
        guidance=draw(st.none() | WORDINGS),
    )  # fmt: skip


def values(field: FieldSpec) -> st.SearchStrategy[str]:
    """What the field may hold."""
    match field.kind:
        case FieldKind.NUMBER:
            low, high = field.least or 0, field.most or 10_000
            return st.integers(int(low) + 1, int(high)).map(str)
        case FieldKind.DATE:
            return st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(lambda day: day.isoformat())
        case FieldKind.TIME:
            return st.times().map(lambda at: time(at.hour, at.minute).strftime("%H:%M"))
        case FieldKind.MOMENT:
            begin = datetime(2024, 1, 1, tzinfo=UTC)
            return st.integers(0, 10**6).map(lambda n: (begin + timedelta(minutes=n)).isoformat())
        case FieldKind.CHOICE:
            return st.sampled_from([option.value for option in field.options])
        case FieldKind.YES_NO:
            return st.sampled_from(["yes", "no"])
        case FieldKind.PERSON:
            return st.just("U_AGENT2")
        case FieldKind.CHANNEL:
            return st.just("C_FLOOR")
        case FieldKind.CONTACT:
            return st.just("")
        case _:
            return st.text("客户 a<&*", min_size=1, max_size=400).map(str.strip).filter(bool)
