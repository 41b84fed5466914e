"""In which line of a TOML file something stands, as somebody who mends it counts. Pure.

The parser forgets lines; what is looked for here are the ordinary headers and keys. An array of tables written inline
has none, and then no line is named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_HEADER = re.compile(r"^\s*\[{1,2}\s*(?P<name>[^\[\]]+?)\s*\]{1,2}")


def line_of(text: str, place: Sequence[int | str]) -> int:
    """The line of a place such as `("people", 1, "role")`, the second `[[people]]`; its header's when the key is
    missing there; 0 when it cannot be said."""
    if not place:
        return 0
    table, rest = str(place[0]), list(place[1:])
    nth = int(rest.pop(0)) if rest and isinstance(rest[0], int) else 0
    lines = text.splitlines()
    headers = [
        (number, found["name"])
        for number, line in enumerate(lines)
        if (found := _HEADER.match(line)) is not None
    ]
    own = [number for number, name in headers if name == table]
    if nth >= len(own):
        return _key_line(lines, 0, headers[0][0] if headers else len(lines), table)
    begins = own[nth]
    ends = next(
        (number for number, name in headers if number > begins and _is_other(name, table)), len(lines)
    )
    names = [str(one) for one in rest if isinstance(one, str)]
    inside = [_key_line(lines, begins + 1, ends, name) for name in names]
    return next((line for line in inside[::-1] if line), begins + 1)


def _is_other(name: str, table: str) -> bool:
    """Whether a header begins something else than a part of the table."""
    return not name.startswith(f"{table}.")


def _key_line(lines: Sequence[str], begins: int, ends: int, key: str) -> int:
    pattern = re.compile(rf"^\s*\"?{re.escape(key)}\"?\s*[=.]")
    return next((n + 1 for n in range(begins, min(ends, len(lines))) if pattern.match(lines[n])), 0)
