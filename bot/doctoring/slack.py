"""The shape of Slack's tokens, and whether Slack takes them; nothing is sent to anybody."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

from bot import connecting
from bot.connecting import secret
from bot.doctoring.checks import Finding, bad, check, ok, warning
from bot.settings import Settings

CLOCKS_APART = 60.0
"""Seconds."""
STARTS = {"SLACK_BOT_TOKEN": ("xoxb-", "xoxe.xoxb-"), "SLACK_APP_TOKEN": ("xapp-",)}


@check("slack tokens")
def tokens(settings: Settings) -> Finding:
    """Whether what Slack is spoken to with is set, and looks like what it is meant to be."""
    slack = settings.slack
    given = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token}
    wrong = [
        f"{name} must start with {STARTS[name][0]}"
        for name, token in given.items()
        if secret(token) and not secret(token).startswith(STARTS[name])
    ]
    if wrong:
        return bad(f"{'; '.join(wrong)}.", "Copy the tokens again from the Slack app's pages.")
    over_http = bool(secret(slack.signing_secret)) and not secret(slack.app_token)
    try:
        connecting.check(slack, http=over_http)
    except connecting.SlackUnusable as error:
        if slack.by_oauth or over_http:
            return bad(str(error), "`kefu manifest --help` and the README say where it is found.")
    missing = [name for name, token in given.items() if not secret(token)]
    if slack.by_oauth:
        return ok("Workspaces install the app by themselves; what that needs is set.")
    if over_http:
        return ok("For `kefu up --http`: the bot token and the signing secret are set and look right.")
    if missing:
        return warning(
            f"{' and '.join(missing)} not set.",
            "`kefu up` needs them: create the app from bot/manifest.json and copy its tokens (over HTTP: "
            "SLACK_SIGNING_SECRET in place of the app token). `kefu demo` needs none.",
        )
    return ok("Both tokens are set and look right.")


@check("slack")
def answers(settings: Settings) -> Finding:
    """Whether Slack takes the bot token, and which scopes it has that the manifest asks for."""
    from slack_sdk import WebClient
    from slack_sdk.errors import SlackApiError

    from bot.manifest import manifest
    from bot.slack_errors import TROUBLE, code_of

    value = secret(settings.slack.bot_token)
    if not value:
        if settings.slack.by_oauth:
            return ok("Not asked: each workspace that installed the app has a token of its own.")
        return warning("Not asked: SLACK_BOT_TOKEN is not set.", "Set it and run `kefu doctor` again.")
    client = WebClient(token=value, base_url=settings.slack.api_url, timeout=30)
    try:
        who = client.auth_test()
    except SlackApiError as error:
        return bad(f"Slack refuses SLACK_BOT_TOKEN ({code_of(error)}).", "Copy it again from the app's page.")
    except TROUBLE as error:
        return bad(
            f"Slack does not answer at {settings.slack.api_url} ({type(error).__name__}).",
            "Check the network and SLACK_API_URL.",
        )
    wanted = set(manifest()["oauth_config"]["scopes"]["bot"])
    lacking = wanted - set(str(who.headers.get("x-oauth-scopes", "")).split(","))
    if lacking:
        return bad(
            f"The app lacks {', '.join(sorted(lacking))}.",
            "Update the app from bot/manifest.json and install it again.",
        )
    apart = _apart(str(who.headers.get("date", "")))
    if apart > CLOCKS_APART:
        return warning(
            f"Connected to {who['team']} as {who['user']}; this machine's clock is {apart:.0f} s off Slack's.",
            "Let it keep time by NTP: signatures older than five minutes are refused.",
        )
    return ok(f"Connected to {who['team']} as {who['user']}.")


def _apart(date: str) -> float:
    """Seconds between the moment that a web server names and now."""
    try:
        return abs(parsedate_to_datetime(date).timestamp() - time.time())
    except ValueError:
        return 0.0


@check("slack socket")
def socket(settings: Settings) -> Finding:
    """Whether Slack gives this app token an address for Socket Mode. Nothing connects to it."""
    from slack_sdk import WebClient
    from slack_sdk.errors import SlackApiError

    from bot.slack_errors import TROUBLE, code_of

    value = secret(settings.slack.app_token)
    if not value:
        return ok("Not asked: no app token, so requests come over HTTP, or none do.")
    client = WebClient(base_url=settings.slack.api_url, timeout=30)
    try:
        client.apps_connections_open(app_token=value)
    except SlackApiError as error:
        return bad(
            f"Slack refuses SLACK_APP_TOKEN ({code_of(error)}).",
            "Make one with the scope connections:write (Basic Information, App-Level Tokens), and switch Socket Mode on.",
        )
    except TROUBLE as error:
        return bad(
            f"Slack does not answer at {settings.slack.api_url} ({type(error).__name__}).",
            "Check the network and SLACK_API_URL.",
        )
    return ok("Slack takes the app token.")
