"""views.open, push, update, publish."""

from typing import Any

from bot.workspace.arguments import Arguments
from bot.workspace.blocks import check_view
from bot.workspace.errors import SlackError
from bot.workspace.methods import method
from bot.workspace.pictures import check_pictures
from bot.workspace.triggers import Trigger

Json = dict[str, Any]


def _trigger(call: Arguments) -> Trigger:
    trigger_id = call.text("trigger_id") or call.text("interactivity_pointer")
    if not trigger_id:
        raise SlackError("invalid_arguments", "missing required field: trigger_id")
    return call.world.triggers.exchange(trigger_id)


@method("views.open", "view", "trigger_id interactivity_pointer", tier=4)
def open_view(call: Arguments) -> Json:
    """Show a modal to the person who clicked."""
    body = check_view(call.structure("view"), "modal")
    check_pictures(call.world, body["blocks"], "invalid_arguments", "/view/blocks")
    trigger = _trigger(call)
    view = call.world.views.open(trigger.user, body)
    call.world.feed.publish("views", user=trigger.user)
    return {"view": view.to_slack()}


@method("views.push", "view", "trigger_id interactivity_pointer", tier=4)
def push_view(call: Arguments) -> Json:
    """Put a modal on top of the one that was clicked in."""
    body = check_view(call.structure("view"), "modal")
    check_pictures(call.world, body["blocks"], "invalid_arguments", "/view/blocks")
    trigger = _trigger(call)
    if trigger.view_id is None:
        raise SlackError("invalid_trigger_id", "views.push needs a trigger_id that comes from a modal")
    view = call.world.views.push(trigger.user, body)
    call.world.feed.publish("views", user=trigger.user)
    return {"view": view.to_slack()}


@method("views.update", "view", "view_id external_id hash", tier=4)
def update_view(call: Arguments) -> Json:
    """Replace the content of an open modal."""
    if not call.text("view_id") and not call.text("external_id"):
        raise SlackError("invalid_arguments", "view_id or external_id is needed")
    body = check_view(call.structure("view"), "modal")
    view = call.world.views.find(call.text("view_id"), call.text("external_id"))
    if view.body["type"] != "modal":
        raise SlackError("not_found", "views.update is for modals; use views.publish for Home")
    call.world.views.update(view, body, call.text("hash"))
    call.world.feed.publish("views", user=view.user)
    return {"view": view.to_slack()}


@method("views.publish", "user_id view", "hash interactivity_pointer", tier=4)
def publish_view(call: Arguments) -> Json:
    """Show a Home tab."""
    person = call.person("user_id")
    body = check_view(call.structure("view"), "home")
    for stored in check_pictures(call.world, body["blocks"], "invalid_arguments", "/view/blocks"):
        stored.readers.add(person.id)
    view = call.world.views.publish(person.id, body, call.text("hash"))
    call.world.feed.publish("home", user=person.id)
    return {"view": view.to_slack()}
