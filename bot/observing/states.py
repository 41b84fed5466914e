"""What is said of a part that the bot needs: in health and in figures."""

OK, UNREACHABLE = "ok", "unreachable"
PAUSED, NONE = "paused", "none"
PARTS = ("database", "chroma", "model", "embeddings")
