"""All checks, in the order in which they are made; importing this fills the registry."""

from bot.doctoring import basic, stores, desk, surroundings, slack  # isort: skip
from bot.doctoring.checks import CHECKS

__all__ = ["CHECKS", "basic", "desk", "slack", "stores", "surroundings"]
