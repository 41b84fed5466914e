"""Role by action, both ways, exhaustively: what is allowed works, what is not is refused in one sentence and nothing is
written."""

from __future__ import annotations

import pytest
from permission_table import TABLE, Row
from security_house import CAST, House

from tickets.errors import InvalidInput, NotAllowed, NotFound


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.method} {row.case}".strip())
def test_allowed_works_and_refused_is_refused_and_writes_nothing(row: Row, furnished: House) -> None:
    furnished.reset()
    before = furnished.fingerprint()
    wrong: list[str] = []
    for name in sorted(CAST, key=lambda name: name in row.may):  # those who may come last: they write
        actor = furnished.actor(name)
        if name not in row.may:
            wrong += _refused(row, furnished, name)
            if furnished.fingerprint() != before:
                wrong.append(f"{name} may not, and something was written")
                furnished.reset()
            continue
        furnished.reset()
        try:
            given = row.attempt(furnished, actor)
        except Exception as error:
            wrong.append(f"{name} may, and was refused: {error!r}")
        else:
            wrong += [f"{name} may see it and sees nothing"] if row.empty and not given else []
    wrong += ["the trail is broken"] if row.may and furnished.desk.verify_audit() is not None else []
    assert not wrong, "\n".join(wrong)


def _refused(row: Row, house: House, name: str) -> list[str]:
    """What is wrong with how somebody was refused."""
    try:
        given = row.attempt(house, house.actor(name))
    except (NotAllowed, NotFound, InvalidInput) as error:
        if isinstance(error, InvalidInput) != (name in row.senseless):
            return [f"{name}: {error!r}"]
        said = str(error)
        return [] if "\n" not in said and said.endswith(".") else [f"{name}: not one sentence: {said}"]
    return [] if row.empty and not given else [f"{name} may not, and could"]
