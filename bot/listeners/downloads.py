"""Fetching a file from Slack: with the bot's token, only from Slack, only up to a size."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

from bot.listeners.errors import Declined
from bot.listeners.shared import Shared

_CHUNK = 1 << 16
_TIMEOUT = 60


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token elsewhere (Slack redirects to its login page when it is refused)."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def fetch(shared: Shared, file: Mapping[str, Any], folder: Path) -> Path:
    """Download one file of a message into `folder`; its path.

    Raises Declined with a sentence: too large, not on Slack, or the download failed.
    """
    name = safe_name(str(file.get("name") or "file"))
    limit = shared.services.settings.max_upload_mb
    if int(file.get("size") or 0) > limit << 20:
        raise Declined("manuals.too_large", name=name, limit=limit)
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    if not is_slack(url, shared.client.base_url):
        raise Declined("manuals.not_on_slack", name=name)
    # Slack gives addresses with Chinese names in them; HTTP takes ASCII only.
    request = urllib.request.Request(
        quote(url, safe="%/:?&=+,;@~"), headers={"Authorization": f"Bearer {shared.client.token}"}
    )
    path = unused(folder / name)
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=_TIMEOUT) as answer:
            _save(answer, path, limit)
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        raise Declined("manuals.download_failed", name=name) from error
    return path


def _save(answer: Any, path: Path, limit_mb: int) -> None:
    written = 0
    with path.open("wb") as out:
        while chunk := answer.read(_CHUNK):
            written += len(chunk)
            if written > limit_mb << 20:
                raise Declined("manuals.too_large", name=path.name, limit=limit_mb)
            out.write(chunk)


def is_slack(url: str, api_url: str) -> bool:
    """Whether the token may be sent there: Slack's own hosts over https, or the very server of the API."""
    address, api = urlsplit(url), urlsplit(api_url)
    if (address.scheme, address.netloc) == (api.scheme, api.netloc):
        return True
    host = address.hostname or ""
    return address.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))


def safe_name(name: str) -> str:
    """The last part of a name, usable as a file name anywhere."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(". ")
    return kept[-120:] or "file"


def unused(path: Path) -> Path:
    """`path`, or the same with a number when two files of one message share their name."""
    number, candidate = 1, path
    while candidate.exists():
        number += 1
        candidate = path.with_stem(f"{path.stem}-{number}")
    return candidate
