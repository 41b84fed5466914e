"""Keeping manuals, role by action: an admin does, an owner lets theirs hold longer, everybody else is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from security_house import CAST
from test_every_door import public

from bot.keeping.keeper import Keeper
from bot.settings import Settings
from bot.wiring import open_engine, open_library, open_manual_work, open_people
from knowledge.library import Library
from tickets.errors import NotAllowed, NotFound
from tickets.people import Person

FRONT = "---\ntitle: 巡检守则\norganisation: 甲\nowner: U_LEADER\n---\n"


class Manuals(NamedTuple):
    keeper: Keeper
    library: Library
    folder: Path

    def file(self, number: int) -> Path:
        path = self.folder / "巡检守则.md"
        path.write_text(
            f"{FRONT}# 巡检守则\n\n一、每天巡检 {number} 次。\n\n二、发现漏水立即报班长。\n", "utf-8"
        )
        return path

    def staged(self) -> tuple[int, ...]:
        """A new edition that waits."""
        count = len(self.library.staged()) + self.library.generation()
        return self.keeper.stage(CAST["admin"], [self.file(count + 2)]).edition_ids

    def manual(self) -> int:
        return self.library.manuals()[0].manual_id


@pytest.fixture(scope="module")
def manuals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Manuals]:
    folder = tmp_path_factory.mktemp("manuals")
    settings = Settings(home=folder)
    engine = open_engine(settings)
    library = open_library(settings, engine)
    work = open_manual_work(settings, engine, library)
    assert open_people(settings).everybody() == []
    made = Manuals(Keeper(work.publisher, library), library, folder)
    made.keeper.publish(CAST["admin"], made.keeper.stage(CAST["admin"], [made.file(1)]).edition_ids)
    yield made
    library.close()


def later(manuals: Manuals) -> Callable[[Person], object]:
    until = manuals.library.now() + timedelta(days=9)
    return lambda actor: manuals.keeper.extend(actor, manuals.manual(), until)


ACTIONS: dict[str, Callable[[Manuals], Callable[[Person], object]]] = {
    "stage": lambda m: lambda p: m.keeper.stage(p, [m.file(1000)]),
    "report": lambda m: (lambda ids: lambda p: m.keeper.report(p, ids))(m.staged()),
    "changes": lambda m: (lambda ids: lambda p: m.keeper.changes(p, ids))(m.staged()),
    "publish": lambda m: (lambda ids: lambda p: m.keeper.publish(p, ids))(m.staged()),
    "discard": lambda m: (lambda ids: lambda p: m.keeper.discard(p, ids))(m.staged()),
    "to_extend": lambda m: lambda p: m.keeper.to_extend(p, m.manual()),
    "extend": later,
}


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_keeping_is_for_admins_and_extending_for_the_owner_too(manuals: Manuals, action: str) -> None:
    attempt = ACTIONS[action](manuals)
    may = {"admin", "leader"} if action in ("extend", "to_extend") else {"admin"}
    state = (manuals.library.generation(), manuals.library.staged())
    for name, person in CAST.items():
        if name in may:
            continue
        with pytest.raises(NotAllowed):
            attempt(person)
    assert (manuals.library.generation(), manuals.library.staged()) == state
    for name in sorted(may, reverse=True):
        attempt(CAST[name])


def test_a_manual_that_is_not_there_is_nobodys(manuals: Manuals) -> None:
    with pytest.raises(NotAllowed):
        manuals.keeper.to_extend(CAST["leader"], 4711)
    with pytest.raises(NotFound):
        manuals.keeper.to_extend(CAST["admin"], 4711)


def test_every_action_is_tried() -> None:
    assert public(Keeper) == set(ACTIONS)
