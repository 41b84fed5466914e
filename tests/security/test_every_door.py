"""The table is whole, and listeners reach the services only by what it names."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path

from permission_table import DOORS, MACHINE, TABLE
from security_house import House

from bot.keeping.keeper import Keeper

LISTENERS = Path(__file__).parents[2] / "bot" / "listeners"
OURS = ("tickets.", "bot.keeping.")


def services(house: House) -> Mapping[str, type]:
    """Every part of the desk by its name, and the keeper of the manuals."""
    parts = {
        f"desk.{name}": type(part) for name, part in vars(house.desk).items() if not name.startswith("_")
    }
    ours = {name: kind for name, kind in parts.items() if kind.__module__.startswith(OURS)}
    ours.pop("desk.people")  # values in memory: who is who, which everybody may ask
    return {"desk": type(house.desk), **ours, "keeper": Keeper}


def public(kind: type) -> set[str]:
    """The methods and properties that a class offers."""
    return {
        name
        for name, member in vars(kind).items()
        if not name.startswith("_")
        and (inspect.isfunction(member) or isinstance(member, property) or hasattr(member, "func"))
    }


def test_every_public_function_of_every_service_has_a_row(furnished: House) -> None:
    tried = {row.method for row in TABLE} | {
        f"keeper.{name}" for name in public(Keeper)
    }  # test_keeping_manuals.py
    known = {f"{part}.{name}" for part, names in MACHINE.items() for name in names.split()}
    known |= {f"{part}.{name}" for part, names in DOORS.items() for name in names}
    there = {f"{part}.{name}" for part, kind in services(furnished).items() for name in public(kind)}
    assert there - tried - known == set(), "say in tests/security/permission_table.py who may do this"
    assert known - there == set(), "the table names what is not there any more"
    assert (tried & known) == set(), "both tried and said to know no person"


def test_no_listener_does_what_only_the_machinery_may() -> None:
    reached = {
        (file.name, name)
        for file in LISTENERS.glob("*.py")
        for name in calls(ast.parse(file.read_text("utf-8")))
    }
    assert len(reached) > 100  # it finds what it looks for
    forbidden = {f"{part}.{name}" for part, names in MACHINE.items() for name in names.split()} - {
        "desk.claim"
    }
    wrong = {one for one in reached if one[1] in forbidden}
    wrong |= {one for one in reached if one[1].startswith(("publisher.", "work.", "corrections."))}
    wrong |= {
        one
        for one in reached
        if one[1] in ("library.publish", "library.discard", "library.extend", "library.withdraw")
    }
    assert not wrong, "go through the service that asks who it is"


def calls(tree: ast.Module) -> Iterator[str]:
    """What is called of services in a module: `desk.rungs.view`, also by a local name for `….desk.rungs`."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        known: dict[str, str] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign):
                for target, value in pairs(node.targets[0], node.value):
                    path = chain(value, known)
                    if path:
                        known[target] = path
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute):
                path = chain(node, known)
                if path:
                    yield path


def pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, given in zip(target.elts, value.elts, strict=True):
            yield from pairs(one, given)


def chain(node: ast.expr, known: Mapping[str, str]) -> str:
    """`shared.services.desk.rungs.view` as `desk.rungs.view`; empty for anything else."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    if node.id in known and names:
        return ".".join([known[node.id], *names])
    if node.id == "services":
        return ".".join(names)
    return ".".join(names[1:]) if names[:1] == ["services"] else ""


def test_a_call_by_a_local_name_is_found() -> None:
    source = """
def f(shared, args):
    words, desk = shared.words(1), shared.services.desk
    desk.audit("x")
    rungs = shared.services.desk.rungs
    rungs.watch()
    shared.services.publisher.publish([1])
"""
    found = set(calls(ast.parse(source)))
    assert {"desk.audit", "desk.rungs.watch", "publisher.publish"} <= found
