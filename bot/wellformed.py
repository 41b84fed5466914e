"""Texts without what is no letter and no database takes: NUL, and halves of surrogate pairs (`\\ud83d` alone, which JSON
may carry)."""

from __future__ import annotations

import json
import re
from typing import Any

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def cleaned(body: dict[str, Any]) -> dict[str, Any]:
    """An object of JSON without them; the same one where there is none."""
    written = json.dumps(body, ensure_ascii=False)
    try:
        written.encode("utf-8")
    except UnicodeEncodeError:
        written = written.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    else:
        if "\\u0000" not in written or not _NUL.search(written):
            return body
    found = json.loads(written)
    return {str(name): _without_nul(value) for name, value in found.items()}


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(one) for one in value]
    if isinstance(value, dict):
        return {_without_nul(name): _without_nul(inner) for name, inner in value.items()}
    return value
