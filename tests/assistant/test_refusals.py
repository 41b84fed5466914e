"""Every unsafe question of the batch is refused, none of the harmless ones that look like it is."""

import pytest
from refusal_cases import HARMLESS, UNSAFE

from bot.assistant.refusals import Refusal, reason_to_refuse, refusal_sentence


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in UNSAFE.items() for text in texts])
def test_the_unsafe_is_refused(kind: Refusal, text: str) -> None:
    # Which of the reasons is named matters less than that none is missed: some fit two.
    assert reason_to_refuse(text) is not None


@pytest.mark.parametrize("text", HARMLESS)
def test_the_harmless_is_not(text: str) -> None:
    assert reason_to_refuse(text) is None


@pytest.mark.parametrize("refusal", Refusal)
def test_a_refusal_says_what_can_be_done_instead_in_both_languages(refusal: Refusal) -> None:
    assert refusal_sentence(refusal, "zh") != refusal_sentence(refusal, "en")
