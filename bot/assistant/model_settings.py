"""Settings of the language model: `KEFU_MODEL…` variables, read when asked for and never at import."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import SettingsConfigDict

from bot.assistant.metering import Prices
from bot.secrets_file import SecretSettings
from tickets.usage_records import Allowance

_BUDGET = re.compile(r"(?P<amount>\d+(?:\.\d+)?)\s*(?P<unit>[A-Za-z]{3}|tokens)?")


class ModelSettings(SecretSettings):
    """Which language model writes answers, and how long it may take.

    An empty `model` means: no language model, answers are quotes. An empty `model_api_key` leaves the key to
    the provider's own variable (for example OPENAI_API_KEY).
    """

    model_config = SettingsConfigDict(env_prefix="KEFU_", extra="ignore", protected_namespaces=())

    model: str = ""
    """`provider:name` as LangChain's `init_chat_model` takes it, for example `openai:gpt-4o-mini`."""
    model_base_url: str = ""
    """Address of an OpenAI-compatible server, when it is not the provider's own."""
    model_api_key: SecretStr | None = None
    model_first_token_seconds: float = Field(default=8.0, gt=0, le=120)
    """How long the first piece of the reply may take; a caller is waiting."""
    model_total_seconds: float = Field(default=40.0, gt=0, le=600)
    model_max_retries: int = Field(default=1, ge=0, le=10)
    model_max_tokens: int = Field(default=1200, ge=64, le=32000)
    model_temperature: float | None = Field(default=None, ge=0, le=2)
    """Left to the provider when not set: some models refuse any value but their own."""
    model_reports_usage: bool | None = None
    """Ask for token counts while streaming. None: only where the provider is known to give them."""
    model_currency: str = Field(default="", max_length=8)
    """What the prices are in, for example CNY."""
    model_price_in: Decimal | None = Field(default=None, ge=0)
    """Price of a million tokens sent. Without both prices nothing is said of costs."""
    model_price_out: Decimal | None = Field(default=None, ge=0, validate_default=True)
    """Price of a million tokens written."""
    budget_user_day: str = ""
    """What one person's answers and drafts may take on a day of the site: tokens (`200000`), or money in the currency
    of the prices (`2.50 CNY`). Empty: no limit. Once it is spent, answers are quotes until the site's midnight."""
    budget_day: str = ""
    """The same for everybody together."""
    prompts_folder: Path | None = None
    """A folder with own wording (`answer.md`, `draft.md`); prompts that it lacks come from the package."""

    @field_validator("model", "model_base_url")
    @classmethod
    def _without_margins(cls, value: str) -> str:
        return value.strip()

    @field_validator(
        "model_temperature",
        "model_reports_usage",
        "prompts_folder",
        "model_api_key",
        "model_price_in",
        "model_price_out",
        mode="before",
    )
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("model_price_out")
    @classmethod
    def _both_prices(cls, value: Decimal | None, info: ValidationInfo) -> Decimal | None:
        if (value is None) != (info.data.get("model_price_in") is None):
            raise ValueError("give KEFU_MODEL_PRICE_IN and KEFU_MODEL_PRICE_OUT, or neither")
        return value

    @field_validator("budget_user_day", "budget_day")
    @classmethod
    def _readable_budget(cls, value: str, info: ValidationInfo) -> str:
        value = value.strip().replace(",", "")
        match = _BUDGET.fullmatch(value)
        if value and match is None:
            raise ValueError("write tokens (200000) or money (2.50 CNY)")
        unit = match["unit"] if match else None
        if unit in (None, "tokens"):
            if match and "." in match["amount"]:
                raise ValueError("tokens are whole; for money add the currency (2.50 CNY)")
            return value
        priced = info.data.get("model_price_out") is not None
        if not priced or unit.upper() != info.data.get("model_currency", "").upper():
            raise ValueError(
                "a budget in money needs KEFU_MODEL_PRICE_IN, KEFU_MODEL_PRICE_OUT and the same KEFU_MODEL_CURRENCY"
            )
        return value

    @property
    def prices(self) -> Prices | None:
        """What tokens cost; None when that is not known."""
        if self.model_price_in is None or self.model_price_out is None:
            return None
        return Prices(self.model_price_in, self.model_price_out, self.model_currency.upper())

    @property
    def allowance(self) -> Allowance:
        """The budgets as numbers."""
        person_tokens, person_micros = _limits(self.budget_user_day)
        site_tokens, site_micros = _limits(self.budget_day)
        return Allowance(person_tokens, person_micros, site_tokens, site_micros)


def _limits(budget: str) -> tuple[int | None, int | None]:
    """A budget as tokens or as millionths of its currency."""
    match = _BUDGET.fullmatch(budget)
    if match is None:
        return None, None
    if match["unit"] in (None, "tokens"):
        return int(match["amount"]), None
    return None, int(Decimal(match["amount"]) * 1_000_000)
