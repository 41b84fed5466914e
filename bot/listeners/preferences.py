"""Telling the bot whose rules are meant, for oneself or for a channel: a form, from the home or by command."""

from __future__ import annotations

from collections.abc import Sequence

from slack_bolt import Args

from bot.blocks import channels, preferences
from bot.blocks.references import PreferenceFormRef
from bot.listeners import errors, forms, homes, places
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from knowledge.views import ManualSummary, Reader
from tickets.channel_settings import ChannelSetting, Reach
from tickets.errors import InvalidInput
from tickets.preferences import Owner, Preference
from tickets.rules import Action, require


def on_open(shared: Shared, args: Args) -> None:
    """The button in the home, or below an answer that was chosen by what is known."""
    args.ack()
    place = places.of_interaction(args.body)
    open_form(shared, place, str(args.body["trigger_id"]), Owner.PERSON)


def open_form(shared: Shared, place: Place, trigger_id: str, owner: Owner) -> None:
    """Show the form. Raises NotAllowed, InvalidInput (a channel's form outside a channel)."""
    kept, words = shared.services.desk.preferences, shared.words(place.user)
    if owner is Owner.CHANNEL:
        require(shared.person(place.user), Action.SET_CHANNEL)
        if not place.channel or place.is_dm:
            raise InvalidInput("channel", "There is no channel here.")
    told = kept.of_person(place.user) if owner is Owner.PERSON else kept.of_channel(place.channel)
    manuals = _readable(shared, place)
    of_channel = owner is Owner.CHANNEL
    below = (
        channels.inputs(kept.channel_setting(place.channel), choosable(shared, place), words)
        if of_channel
        else []
    )
    metadata = PreferenceFormRef(
        channel=place.channel,
        thread_ts=place.thread_ts,
        message_ts=place.message_ts,
        owner=owner.value,
    ).dump()
    view = preferences.form(owner, told, organisations(manuals), products(manuals), metadata, words, below)
    shared.client.views_open(trigger_id=trigger_id, view=view)


def on_submit(shared: Shared, args: Args) -> None:
    """The form: kept before it closes; an empty one forgets."""
    view = args.body["view"]
    hidden = PreferenceFormRef.load(str(view.get("private_metadata") or ""))
    place = places.of_form(args.body, hidden)
    given = forms.values(view)
    actor, words = shared.person(place.user), shared.words(place.user)
    kept, manuals = shared.services.desk.preferences, _readable(shared, place)
    before = kept.of_channel(place.channel) if hidden.owner == Owner.CHANNEL else kept.of_person(place.user)
    told = Preference(
        preferences.chosen(
            given.get(preferences.ORGANISATION, ""), organisations(manuals), before.organisation
        ),
        preferences.chosen(given.get(preferences.PRODUCT, ""), products(manuals), before.product),
        given.get(preferences.STAFF_NUMBER, ""),
    )
    if hidden.owner == Owner.CHANNEL:
        setting = _setting(given)
        kept.set_channel(actor, place.channel, told, setting)
        known = f"{preferences.summary(told, words)} {channels.summary(setting, words)}"
    else:
        kept.set_person(actor, told)
        known = preferences.summary(told, words)
    args.ack()
    errors.whisper(shared, place, words("preference.saved", summary=known))
    if hidden.owner == Owner.PERSON:
        homes.refresh(shared, actor)


def choosable(shared: Shared, place: Place) -> list[ManualSummary]:
    """The manuals that may be quoted in a channel at all, whoever asks."""
    return shared.services.library.view(reader=Reader(channel=place.channel)).manuals()


def _setting(given: forms.Values) -> ChannelSetting:
    """How the channel is to be answered, as the form says."""
    chosen = given.get(channels.REACH, "")
    return ChannelSetting(
        tuple(int(number) for number in given.get(channels.MANUALS, "").split(",") if number.isdecimal()),
        Reach(chosen) if chosen in set(Reach) else Reach.EVERYBODY,
        channels.hour(given.get(channels.QUIET_FROM, "")),
        channels.hour(given.get(channels.QUIET_UNTIL, "")),
    )


def organisations(manuals: Sequence[ManualSummary]) -> list[str]:
    """What an asker may belong to: organisations as the manuals name them."""
    return sorted({manual.organisation for manual in manuals if manual.organisation})


def products(manuals: Sequence[ManualSummary]) -> list[str]:
    """The products that manuals are about."""
    return sorted({manual.product for manual in manuals if manual.product})


def _readable(shared: Shared, place: Place) -> list[ManualSummary]:
    return shared.view(place, private=True).manuals()


LISTENERS = (
    Listener(Kind.ACTION, preferences.OPEN, on_open),
    Listener(Kind.VIEW, preferences.FORM, on_submit),
)
