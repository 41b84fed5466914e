"""Hand rules for the values inside elements: addresses, dates, numbers, confirmations."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from bot.workspace.problems import Problem

Json = dict[str, Any]
LONGEST_URL = 3000
CONFIRM_LIMITS = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
LONGEST_LABEL = 75


def element_problems(place: str, node: Json) -> Iterator[Problem]:
    """What is wrong with the values of one object of a payload."""
    for name in ("url", "image_url", "thumb_url", "title_url", "video_url"):
        if isinstance(node.get(name), str):
            yield from _url_rules(f"{place}/{name}", node[name], image=name == "image_url")
    if isinstance(node.get("confirm"), dict) and node.get("type") is not None:
        yield from _confirm_rules(f"{place}/confirm", node["confirm"])
    yield from _moment_rules(place, node)
    if isinstance(node.get("label"), dict) and isinstance(node.get("options"), list):
        text = str(node["label"].get("text", ""))
        if len(text) > LONGEST_LABEL:
            yield _too_long(f"{place}/label/text", LONGEST_LABEL, len(text))
    if str(node.get("type")).startswith("multi_") and node.get("max_selected_items", 1) < 1:
        yield Problem(f"{place}/max_selected_items", "must be at least 1", {"type": "range"})
    if node.get("type") == "number_input":
        yield from _number_rules(place, node)


def _too_long(place: str, most: int, got: int) -> Problem:
    limits = {"type": "max_length", "expected": most, "got": got}
    return Problem(place, f"must be less than {most + 1} characters", limits)


def _url_rules(place: str, url: str, image: bool) -> Iterator[Problem]:
    if len(url) > LONGEST_URL:
        yield _too_long(place, LONGEST_URL, len(url))
    parts = urlsplit(url)
    good = parts.scheme in ("http", "https") and bool(parts.netloc)
    if not good and (image or parts.scheme not in ("mailto", "slack", "tel")):
        yield Problem(place, "must be a valid URL", {"type": "format", "expected": "url", "got": url[:80]})


def _confirm_rules(place: str, confirm: Json) -> Iterator[Problem]:
    for name, most in CONFIRM_LIMITS.items():
        part = confirm.get(name)
        if part is None:
            missing = {"type": "required", "expected": name}
            yield Problem(place, f"missing required field: {name}", missing)
        elif isinstance(part, dict) and len(str(part.get("text", ""))) > most:
            yield _too_long(f"{place}/{name}/text", most, len(part["text"]))


def _moment_rules(place: str, node: Json) -> Iterator[Problem]:
    day, clock, moment = (node.get(f"initial_{what}") for what in ("date", "time", "date_time"))
    if day is not None and not _is_date(day):
        yield Problem(f"{place}/initial_date", "must be a date: YYYY-MM-DD", {"type": "format"})
    if clock is not None and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", str(clock)):
        yield Problem(f"{place}/initial_time", "must be a time: HH:mm", {"type": "format"})
    if moment is not None and not 10**9 <= moment < 10**10:
        yield Problem(
            f"{place}/initial_date_time", "must be a UNIX timestamp of 10 digits", {"type": "range"}
        )


def _is_date(text: Any) -> bool:
    try:
        return re.fullmatch(r"\d{4}-\d\d-\d\d", str(text)) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _number_rules(place: str, node: Json) -> Iterator[Problem]:
    values: dict[str, float] = {}
    for name in ("min_value", "max_value", "initial_value"):
        if node.get(name) is not None:
            try:
                values[name] = float(node[name])
            except (TypeError, ValueError):
                yield Problem(f"{place}/{name}", "must be a number in a string", {"type": "format"})
    least, most = values.get("min_value", float("-inf")), values.get("max_value", float("inf"))
    if least > most:
        yield Problem(f"{place}/min_value", "must not be more than max_value", {"type": "range"})
    if not least <= values.get("initial_value", least if least > float("-inf") else most) <= most:
        yield Problem(f"{place}/initial_value", "must be between min_value and max_value", {"type": "range"})
