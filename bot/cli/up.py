"""`kefu up`: the bot in Slack, until it is told to stop."""

from __future__ import annotations


def up() -> None:
    """Run the bot in your Slack, until Ctrl-C.

    Over Socket Mode; SLACK_BOT_TOKEN and SLACK_APP_TOKEN must be set.
    """
    import signal
    import threading

    import structlog

    from bot import logs
    from bot.settings import Settings
    from bot.slack_app import SlackApp, tokens
    from bot.wiring import build_services

    logs.configure()
    settings = Settings()
    tokens(settings.slack)  # the commonest mistake, said before anything slow begins
    ending = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ending.set())
    services = build_services(settings)
    try:
        with SlackApp(services):
            services.assistant.warm_up()
            structlog.get_logger(__name__).info("bot.ready")
            ending.wait()
    finally:
        services.close()
