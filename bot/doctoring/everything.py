"""All checks, in the order in which they are made; importing this fills the registry."""

from bot.doctoring import basic, slack
from bot.doctoring.checks import CHECKS

__all__ = ["CHECKS", "basic", "slack"]
