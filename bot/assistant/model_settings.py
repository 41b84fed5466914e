"""Settings of the language model: `KEFU_MODEL…` variables, read when asked for and never at import."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class ModelSettings(BaseSettings):
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
    prompts_folder: Path | None = None
    """A folder with own wording (`answer.md`, `draft.md`); prompts that it lacks come from the package."""

    @field_validator("model", "model_base_url")
    @classmethod
    def _without_margins(cls, value: str) -> str:
        return value.strip()

    @field_validator(
        "model_temperature", "model_reports_usage", "prompts_folder", "model_api_key", mode="before"
    )
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value
