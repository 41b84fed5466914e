"""The bot's web server: Slack's requests in HTTP mode, the pages of an installation, and `/healthz`."""
