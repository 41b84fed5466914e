"""Block Kit's JSON Schema, with errors that point at the culprit.

The schema is a tree of unions (`anyOf`) told apart by `type`. The stock validator reports a failing
union as a whole; here the branch is chosen by the instance's `type` first, so the error names the
property at fault, as Slack's own validator does.
"""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft7Validator, ValidationError
from jsonschema.validators import extend

from bot.workspace.problems import Problem, pointer

Json = dict[str, Any]


def _named(reference: str) -> str:
    return reference.rsplit("/", 1)[-1]


def _leaves(schema: Json, definitions: dict[str, Json]) -> Iterator[Json]:
    """The branches of a union, with unions inside unions flattened."""
    if "$ref" in schema:
        yield from _leaves(definitions[_named(schema["$ref"])], definitions)
    elif "anyOf" in schema:
        for branch in schema["anyOf"]:
            yield from _leaves(branch, definitions)
    else:
        yield schema


def _type_of(schema: Json) -> str | None:
    constant = schema.get("properties", {}).get("type", {}).get("const")
    return constant if isinstance(constant, str) else None


def _any_of(validator: Any, branches: list[Json], instance: Any, schema: Json) -> Iterator[ValidationError]:
    """`anyOf`, but decided by `type` where the branches have one."""
    definitions = load()["definitions"]
    leaves = [leaf for branch in branches for leaf in _leaves(branch, definitions)]
    types = [_type_of(leaf) for leaf in leaves]
    if isinstance(instance, dict) and any(types):
        wanted = instance.get("type")
        leaves = [leaf for leaf, name in zip(leaves, types, strict=True) if name == wanted and name]
        if not leaves:
            names = sorted({name for name in types if name})
            yield ValidationError(
                f"unsupported type: {wanted}" if wanted is not None else "missing required field: type",
                validator="enum",
                validator_value=names,
                path=["type"] if wanted is not None else [],
            )
            return
    attempts = [list(validator.descend(instance, leaf)) for leaf in leaves]
    if attempts and all(attempts):
        yield from min(attempts, key=len)


@cache
def load() -> Json:
    """The schema that comes with the package."""
    text = files("bot.workspace").joinpath("block_kit.schema.json").read_text(encoding="utf-8")
    schema: Json = json.loads(text)
    return schema


@cache
def _validator(definition: str) -> Any:
    schema = {"$ref": f"#/definitions/{definition}", "definitions": load()["definitions"]}
    return extend(Draft7Validator, {"anyOf": _any_of})(schema)  # type: ignore[no-untyped-call]


def _told(error: ValidationError, base: str) -> Problem:
    """One schema error in Slack's words."""
    place = base + pointer(error.absolute_path)
    kind = str(error.validator)
    limit: Any = error.validator_value
    instance: Any = error.instance
    if kind == "required":
        missing = error.message.split("'")[1]
        return Problem(place, f"missing required field: {missing}", {"type": "required", "expected": missing})
    if kind == "additionalProperties":
        known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
        extra = [name for name in instance if name not in known]
        return Problem(place, f"unexpected field: {', '.join(extra)}", {"type": "additional", "got": extra})
    if kind == "maxLength":
        limits = {"type": "max_length", "expected": limit, "got": len(instance)}
        return Problem(place, f"must be less than {limit + 1} characters", limits)
    if kind == "maxItems":
        limits = {"type": "max_items", "expected": limit, "got": len(instance)}
        return Problem(place, f"no more than {limit} items allowed", limits)
    if kind == "minItems":
        return Problem(
            place, f"no fewer than {limit} items allowed", {"type": "min_items", "expected": limit}
        )
    if kind == "type":
        return Problem(place, f"must provide a {limit}", {"type": "type", "expected": limit})
    if kind in ("const", "enum"):
        expected = limit if kind == "enum" else [limit]
        message = (
            error.message if error.message.startswith(("unsupported", "missing")) else "unsupported value"
        )
        return Problem(place, message, {"type": "enum", "expected": expected})
    return Problem(place, error.message, {"type": kind})


def schema_problems(instance: Any, definition: str, base: str = "") -> list[Problem]:
    """What the schema has against an instance of a definition such as KnownBlock or ModalView."""
    return [_told(error, base) for error in _validator(definition).iter_errors(instance)]
