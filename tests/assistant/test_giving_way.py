"""Whoever pressed something goes before answers that are about to be computed."""

from __future__ import annotations

import threading
import time

import pytest

from bot.assistant import turns
from bot.assistant.turns import Pressed, computing


@pytest.fixture
def pressed(monkeypatch: pytest.MonkeyPatch) -> Pressed:
    """Nobody's buttons but this test's, and answers that wait for them as long as it takes."""
    mine = Pressed()
    monkeypatch.setattr(turns, "pressed", mine)
    monkeypatch.setattr(Pressed, "PATIENCE", 60.0)
    monkeypatch.setattr(Pressed, "FORGOTTEN_SECONDS", 60.0)
    return mine


def _answer(begun: threading.Event) -> threading.Thread:
    def compute() -> None:
        with computing():
            begun.set()

    thread = threading.Thread(target=compute)
    thread.start()
    return thread


def test_an_answer_begins_when_everything_pressed_is_done(pressed: Pressed) -> None:
    begun = threading.Event()
    pressed.begin("a card")
    with pressed.held():
        thread = _answer(begun)
        pressed.end("a card")
        assert not begun.wait(0.3)
    assert begun.wait(60)
    thread.join(60)


def test_what_is_never_ended_holds_nobody_back_for_ever(
    pressed: Pressed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pressed, "FORGOTTEN_SECONDS", 0.0)
    pressed.begin("its socket went away")
    time.sleep(0.01)
    begun = threading.Event()
    _answer(begun).join(30)
    assert begun.is_set()


def test_buttons_pressed_without_a_pause_do_not_starve_answers(
    pressed: Pressed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pressed, "PATIENCE", 0.05)
    with pressed.held():
        begun = threading.Event()
        _answer(begun).join(30)
        assert begun.is_set()


def test_what_was_not_begun_can_be_ended(pressed: Pressed) -> None:
    pressed.end("unknown")
    with computing():
        pass
