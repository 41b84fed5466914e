"""The shape of Slack's tokens, and whether Slack takes them; nothing is sent to anybody."""

from __future__ import annotations

from bot.doctoring.checks import Finding, bad, check, ok, warning
from bot.settings import Settings

STARTS = {"SLACK_BOT_TOKEN": ("xoxb-", "xoxe.xoxb-"), "SLACK_APP_TOKEN": ("xapp-",)}


@check("slack tokens")
def tokens(settings: Settings) -> Finding:
    """Whether the tokens are set and look like what they are meant to be."""
    given = {"SLACK_BOT_TOKEN": settings.slack.bot_token, "SLACK_APP_TOKEN": settings.slack.app_token}
    missing, wrong = [], []
    for name, starts in STARTS.items():
        token = given[name]
        value = token.get_secret_value().strip() if token else ""
        if not value:
            missing.append(name)
        elif not value.startswith(starts):
            wrong.append(f"{name} must start with {starts[0]}")
    if wrong:
        return bad(f"{'; '.join(wrong)}.", "Copy the tokens again from the Slack app's pages.")
    if missing:
        return warning(
            f"{' and '.join(missing)} not set.",
            "`kefu up` needs them: create the app from bot/manifest.json and copy its tokens. `kefu demo` does not.",
        )
    return ok("Both tokens are set and look right.")


@check("slack")
def answers(settings: Settings) -> Finding:
    """Whether Slack takes the bot token, and which scopes it has that the manifest asks for."""
    from slack_sdk import WebClient
    from slack_sdk.errors import SlackApiError

    from bot.manifest import manifest
    from bot.slack_errors import TROUBLE, code_of

    token = settings.slack.bot_token
    value = token.get_secret_value().strip() if token else ""
    if not value:
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
    return ok(f"Connected to {who['team']} as {who['user']}.")
