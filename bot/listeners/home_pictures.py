"""The week's picture in a supervisor's App Home: drawn and uploaded when its figures have changed, and not twice within
minutes: where many ask, they change all the time, and the figures of the moment stand beside it in words."""

from __future__ import annotations

import hashlib
import threading
import time

import structlog
from slack_sdk.errors import SlackApiError

from bot.blocks import home_lists
from bot.blocks.parts import Block
from bot.blocks.wording import Words
from bot.listeners.shared import Shared
from bot.reporting import weekly
from bot.reporting.weekly import Week
from bot.slack_errors import TROUBLE, code_of
from tickets.figures import Stretch

_log = structlog.get_logger(__name__)
_FRESH_SECONDS = 600
_TRIES = 3
_PAUSE_SECONDS = 2.0
"""Slack takes a moment until a file that was uploaded can be shown."""
_drawing: set[str] = set()
_lock = threading.Lock()


def key_of(shared: Shared, found: Week, title: str, words: Words) -> str:
    """What a picture is of: the same figures under the same words, uploaded by the same bot."""
    told = repr((shared.bot_user, words.language, title, found.figures, sorted(found.names.items())))
    return hashlib.sha256(told.encode()).hexdigest()


def recent_key(shared: Shared, title: str, words: Words) -> str:
    """What a picture of these minutes is of, whatever its figures."""
    minutes = int(shared.services.desk.board.now().timestamp() // _FRESH_SECONDS)
    return hashlib.sha256(repr((shared.bot_user, words.language, title, minutes)).encode()).hexdigest()


def known(shared: Shared, key: str) -> str:
    """The file that shows it; empty when there is none yet."""
    return shared.services.desk.kept.picture(key)


def newest(shared: Shared, found: Week, title: str, words: Words) -> str:
    """The file that shows these figures, else one of these minutes; empty when there is neither."""
    exact = known(shared, key_of(shared, found, title, words))
    return exact or known(shared, recent_key(shared, title, words))


def shows(view: Block) -> bool:
    """Whether a Home has its picture."""
    return any(block.get("block_id") == home_lists.WEEK_PICTURE for block in view["blocks"])


def draw(shared: Shared, found: Week, stretch: Stretch, words: Words) -> bool:
    """Upload the picture of a week unless it is there or somebody is at it; whether it is there now. What fails is
    logged: the figures stand there in words."""
    title = weekly.title(stretch, words, shared.zone)
    key = key_of(shared, found, title, words)
    if known(shared, key):
        return True
    with _lock:
        if key in _drawing:
            return False
        _drawing.add(key)
    try:
        # Into no channel: nobody but the Home that shows it needs to find it.
        sent = shared.client.files_upload_v2(
            file_uploads=[
                {
                    "filename": f"kefu-{stretch.since.astimezone(shared.zone):%Y-%m-%d}.png",
                    "title": title,
                    "alt_txt": words("week.picture_alt", title=title),
                    "content": weekly.picture(found, words),
                }
            ],
        )
        for one in (key, recent_key(shared, title, words)):
            shared.services.desk.kept.keep_picture(one, str(sent["files"][0]["id"]))
    except TROUBLE as error:
        _log.warning("home_picture.not_uploaded", error=code_of(error))
        return False
    finally:
        with _lock:
            _drawing.discard(key)
    return True


def publish(shared: Shared, user_id: str, view: Block) -> None:
    """Show a Home; without its picture when Slack does not take that. Raises Slack's other errors."""
    if not shows(view):
        shared.client.views_publish(user_id=user_id, view=view)
        return
    without = {**view, "blocks": [b for b in view["blocks"] if b.get("block_id") != home_lists.WEEK_PICTURE]}
    for left in reversed(range(_TRIES)):
        try:
            shared.client.views_publish(user_id=user_id, view=view)
        except SlackApiError as error:
            if error.response.get("error") not in ("invalid_arguments", "invalid_blocks"):
                raise
            _log.info("home_picture.not_taken", error=code_of(error))
            if left == _TRIES - 1:
                shared.client.views_publish(user_id=user_id, view=without)
            if left:
                time.sleep(_PAUSE_SECONDS)
        else:
            return
