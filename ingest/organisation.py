"""Whose rules a manual states, guessed from its words."""

from __future__ import annotations


def organisation(title: str, body: str) -> str:
    return ""
