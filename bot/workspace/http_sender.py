"""HTTP mode: events, interactions and commands as signed requests to the app's request URL."""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
import structlog

from bot.workspace.errors import WorkspaceError
from bot.workspace.grid import Grid
from bot.workspace.sockets import Ack

Json = dict[str, Any]
log = structlog.get_logger(__name__)
VERIFICATION_TOKEN = "local-verification-token"  # noqa: S105 - deprecated by Slack, checked by nobody
AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"
MOST_REDIRECTS = 2
RETRIABLE = "events_api"


def signature(secret: str, timestamp: str, body: str) -> str:
    """`X-Slack-Signature` of a body, version v0."""
    basis = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), basis, hashlib.sha256).hexdigest()


class HttpSender:
    """Posts to one request URL, as Bolt's adapters expect (`/slack/events` takes everything)."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self.url = ""
        self._session: aiohttp.ClientSession | None = None

    async def use(self, url: str) -> None:
        """Send to this address from now on, once it has answered the challenge. Raises WorkspaceError."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise WorkspaceError(f"{url!r} is no request URL: it must begin with http:// or https://.")
        await self._challenge(url)
        self.url = url

    async def _challenge(self, url: str) -> None:
        challenge = secrets.token_hex(24)
        asked = {"token": VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}
        status, kind, text, error = await self._post(url, *_json_body(asked), {})
        if error:
            raise WorkspaceError(f"The request URL {url} did not answer the challenge ({error}).")
        if status != 200:
            raise WorkspaceError(f"The request URL {url} answered the challenge with HTTP {status}.")
        if _challenge_in(kind, text) != challenge:
            raise WorkspaceError(f"The request URL {url} did not give the challenge back.")

    # -- as a transport ---------------------------------------------------------------------------------
    async def wait_until_connected(self, seconds: float) -> bool:
        """A request URL is there or it is not; nobody waits for it."""
        return bool(self.url)

    async def send(self, kind: str, payload: Json, attempt: int = 0, reason: str = "") -> Ack:
        """One request, acknowledged by a 200 within the time. Redirects are followed twice."""
        slow = self._grid.faults.take("slow_socket", type=kind)
        if slow:
            await asyncio.sleep(slow.seconds)
        if kind == "events_api":
            body, content_type = _json_body(payload)
        elif kind == "slash_commands":
            body, content_type = _form_body(payload)
        else:
            body, content_type = _form_body({"payload": json.dumps(payload, ensure_ascii=False)})
        extra = {}
        if attempt:
            extra = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        started = time.monotonic()
        status, answer_type, text, error = await self._post(self.url, body, content_type, extra)
        ms = round((time.monotonic() - started) * 1000)
        if self._grid.faults.take("lose_ack", type=kind):
            return Ack(False, ms, error="http_timeout")
        if error or status != 200:
            return Ack(False, ms, error=error or "http_error", final=status == -1)
        return Ack(True, ms, _answer(answer_type, text))

    async def _post(
        self, url: str, body: str, content_type: str, extra: dict[str, str]
    ) -> tuple[int, str, str, str]:
        """Status, content type and text of the answer, or what kept it from coming.

        Status -1: the app answered with an error and `X-Slack-No-Retry: 1`.
        """
        timestamp = str(int(self._grid.clock().timestamp()))
        signed = signature(self._grid.signing_secret, timestamp, body)
        if self._grid.faults.take("bad_signature"):
            signed = signature(secrets.token_hex(16), timestamp, body)
        headers = {
            "Content-Type": content_type,
            "User-Agent": AGENT,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signed,
            **extra,
        }
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        limit = aiohttp.ClientTimeout(total=self._grid.timing.ack)
        try:
            async with self._session.post(
                url, data=body.encode(), headers=headers, timeout=limit, max_redirects=MOST_REDIRECTS
            ) as answer:
                text = await answer.text()
                final = answer.status != 200 and answer.headers.get("X-Slack-No-Retry") == "1"
                return (-1 if final else answer.status), answer.content_type, text, ""
        except TimeoutError:
            return 0, "", "", "http_timeout"
        except aiohttp.TooManyRedirects:
            return 0, "", "", "too_many_redirects"
        except aiohttp.ClientSSLError:
            return 0, "", "", "ssl_error"
        except (aiohttp.ClientConnectionError, ConnectionError):
            return 0, "", "", "connection_failed"
        except (aiohttp.ClientError, UnicodeDecodeError) as error:
            log.info("http.trouble", error=type(error).__name__)
            return 0, "", "", "unknown_error"

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _json_body(payload: Json) -> tuple[str, str]:
    return json.dumps(payload, ensure_ascii=False), "application/json"


def _form_body(fields: Json) -> tuple[str, str]:
    return urlencode(fields), "application/x-www-form-urlencoded"


def _challenge_in(kind: str, text: str) -> str:
    """The challenge in an answer: plain text, or the field `challenge` of JSON or a form."""
    if kind == "application/json":
        try:
            body = json.loads(text)
        except json.JSONDecodeError:
            return ""
        return str(body.get("challenge", "")) if isinstance(body, dict) else ""
    return text.strip().removeprefix("challenge=")


def _answer(kind: str, text: str) -> Json | None:
    """What came with a 200: a JSON object, or plain text (Bolt's `ack("text")`), or nothing."""
    if not text.strip():
        return None
    try:
        body = json.loads(text)
    except json.JSONDecodeError:
        return {"text": text}
    if isinstance(body, dict):
        return body
    return {"text": text}
