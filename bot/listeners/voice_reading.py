"""传达到每位业务代表: sending a confirmed answer to a channel, 已阅, and who has not read it."""

from __future__ import annotations

from collections.abc import Iterator

from slack_bolt import Args
from slack_sdk.errors import SlackApiError

from bot.assistant.one_voice import standing
from bot.blocks import views, voice
from bot.blocks.references import AcknowledgementRef, ConfirmedRef, VoiceFormRef
from bot.listeners import errors, forms, places
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from bot.slack_errors import PLACE_GONE
from bot.voice_cards import redraw_acknowledgement
from knowledge.views import Reader
from tickets.rules import Action, require

_PAGE = 200
_NOT_READABLE = PLACE_GONE | {"missing_scope", "fetch_members_failed"}


def on_button(shared: Shared, args: Args) -> None:
    """Ask which channel."""
    args.ack()
    place = places.of_interaction(args.body)
    require(shared.person(place.user), Action.CONFIRM_ANSWER)
    seen = ConfirmedRef.load(str(args.body["actions"][0].get("value") or ""))
    at = forms.opened_at(place)
    metadata = VoiceFormRef(**at.model_dump(), confirmed_id=seen.confirmed_id, revision=seen.revision).dump()
    view = voice.send_form(metadata, shared.words(place.user))
    shared.client.views_open(trigger_id=str(args.body["trigger_id"]), view=view)


def on_submit(shared: Shared, args: Args) -> None:
    """The channel was chosen: its members of now are to read it."""
    view = args.body["view"]
    hidden = VoiceFormRef.load(str(view.get("private_metadata") or ""))
    place = places.of_form(args.body, hidden)
    chosen = str(forms.held(view, voice.CHANNEL, views.INPUT).get("selected_conversation") or "")
    if hidden.confirmed_id is None or not chosen:
        raise errors.Declined("error.outdated")
    require(shared.person(place.user), Action.CONFIRM_ANSWER)
    args.ack()
    number = hidden.confirmed_id
    errors.run_in_pool(shared, place, lambda: send(shared, place, number, hidden.revision, chosen))


def send(shared: Shared, place: Place, confirmed_id: int, revision: int, channel: str) -> None:
    """Have a channel read a confirmed answer. Raises Declined, and what the desk raises."""
    desk, words = shared.services.desk.confirmed, shared.words(place.user)
    content = desk.get(confirmed_id).content
    if standing(shared.services.library.view(reader=Reader(channel=channel)), content.clause_ids) is None:
        raise errors.Declined("ack.not_for_channel")
    readers = [user for user in members(shared, channel) if not _is_bot(shared, user)]
    sent, new = desk.send(shared.person(place.user), confirmed_id, revision, channel, readers)
    shared.nudge()
    counts = {"count": len(sent.readers)}
    sentence = words("ack.sent", **counts) if new else words("ack.sent_before", read=len(sent.read), **counts)
    errors.whisper(shared, place, sentence)


def members(shared: Shared, channel: str) -> Iterator[str]:
    """Who is in a channel, over all pages. Raises Declined when that cannot be read."""
    cursor = ""
    while True:
        try:
            page = shared.client.conversations_members(channel=channel, limit=_PAGE, cursor=cursor or None)
        except SlackApiError as error:
            if error.response.get("error") in _NOT_READABLE:
                raise errors.Declined("ack.no_channel") from error
            raise
        yield from map(str, page.get("members") or ())
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return


def _is_bot(shared: Shared, user: str) -> bool:
    """Whether a member is an app, or has left: neither reads."""
    if user == shared.bot_user:
        return True
    found = shared.client.users_info(user=user).get("user") or {}
    return bool(found.get("is_bot") or found.get("deleted"))


def on_read(shared: Shared, args: Args) -> None:
    """已阅, in the channel or in a reminder."""
    args.ack()
    place = places.of_interaction(args.body)
    number = AcknowledgementRef.load(str(args.body["actions"][0].get("value") or "")).acknowledgement_id
    words = shared.words(place.user)
    sent, asked = shared.services.desk.confirmed.read(shared.person(place.user), number)
    if not asked:
        raise errors.Declined("ack.not_asked")
    redraw_acknowledgement(shared.client, shared.services, number)
    errors.whisper(shared, place, words("ack.recorded") if sent.ended_at is None else words("ack.ended"))


def on_coverage(shared: Shared, args: Args) -> None:
    """Who has not read it yet."""
    args.ack()
    place = places.of_interaction(args.body)
    number = AcknowledgementRef.load(str(args.body["actions"][0].get("value") or "")).acknowledgement_id
    sent = shared.services.desk.confirmed.coverage(shared.person(place.user), number)
    view = voice.coverage(sent, shared.words(place.user))
    shared.client.views_open(trigger_id=str(args.body["trigger_id"]), view=view)


LISTENERS = (
    Listener(Kind.ACTION, voice.SEND, on_button),
    Listener(Kind.VIEW, voice.SEND_FORM, on_submit, scopes=("channels:read", "groups:read", "users:read")),
    Listener(Kind.ACTION, voice.READ, on_read, writes=True),
    Listener(Kind.ACTION, voice.COVERAGE, on_coverage),
)
