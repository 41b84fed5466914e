"""Secrets (and any other setting) from a file that only its owner can read: `KEFU_SECRETS_FILE`.

Lines like `SLACK_BOT_TOKEN=xoxb-…`, as python-dotenv reads them. What the environment says goes before it.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource

from bot.startup import StartupError

VARIABLE = "KEFU_SECRETS_FILE"


class SecretSettings(BaseSettings):
    """Settings that also stand in the secrets file, if one is named."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, the environment, the file. Raises StartupError for a file that cannot be used."""
        file = secrets_file()
        if file is None:
            return init_settings, env_settings
        return (
            init_settings,
            env_settings,
            DotEnvSettingsSource(settings_cls, env_file=file, env_file_encoding="utf-8"),
        )


def secrets_file() -> Path | None:
    """The file that is named, after a look at who may read it. Raises StartupError with one sentence."""
    named = os.environ.get(VARIABLE, "").strip()
    if not named:
        return None
    file = Path(named).expanduser()
    try:
        found = file.stat()
        file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise StartupError(f"{VARIABLE} names {file}, which is not text in UTF-8.") from error
    except OSError as error:
        raise StartupError(f"{VARIABLE} names {file}, which cannot be read ({error.strerror}).") from error
    if not stat.S_ISREG(found.st_mode):
        raise StartupError(f"{VARIABLE} names {file}, which is not a file.")
    if os.name == "posix":
        if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise StartupError(f"Others may read the secrets in {file}: run `chmod 600 {file}`.")
        if found.st_uid not in (os.geteuid(), 0):
            raise StartupError(f"The secrets in {file} belong to somebody else: make the file your own.")
    return file
