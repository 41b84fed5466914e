"""What people press: buttons and selects, forms, slash commands, shortcuts. Each waits for the bot's ack."""

from collections.abc import Callable
from typing import Any

from bot.workspace import elements, interactions
from bot.workspace.blocks import check_view
from bot.workspace.delivery import Delivery
from bot.workspace.errors import Refused, SlackError
from bot.workspace.messages import Message
from bot.workspace.people import Channel
from bot.workspace.response_urls import post_answer
from bot.workspace.sockets import Ack
from bot.workspace.views import View
from bot.workspace.world import World

Json = dict[str, Any]
Note = Callable[[str, Json, SlackError | None], None]
"""Writes down what the bot put into an acknowledgement: what it answers to, the payload, the objection."""


class Clicks:
    """Interactions that Slack delivers once and gives three seconds."""

    def __init__(self, world: World, delivery: Delivery, note: Note) -> None:
        self._world = world
        self._delivery = delivery
        self._note = note

    # -- buttons and selects -------------------------------------------------------------------------
    def _pick(self, blocks: list[Json], wish: Json) -> tuple[Json, Json]:
        """The element meant by action_id, block_id and value."""
        named = [
            (block, element)
            for block, element in elements.elements_of(blocks)
            if element["action_id"] == wish.get("action_id")
            and wish.get("block_id") in (None, "", block.get("block_id"))
        ]
        if not named:
            offered = sorted({element["action_id"] for _, element in elements.elements_of(blocks)})
            raise Refused(
                f"no element {wish.get('action_id')!r} there; there are {', '.join(offered) or 'none'}", 404
            )
        for block, element in named:
            if len(named) > 1 and wish.get("value") not in (None, element.get("value")):
                continue
            return block, element
        return named[0]

    async def on_message(self, user: str, message: Message, wish: Json) -> Ack:
        """Press or change an element of a message."""
        block, element = self._pick(message.all_blocks, wish)
        if user not in (element.get("visible_to_user_ids") or [user]):
            raise Refused(f"{user} does not see this button", 403)
        action = elements.action(block, element, wish.get("value"), self._world.next_ts())
        choices = message.choices.setdefault(user, {})
        for other_block, other in elements.elements_of(message.all_blocks):
            if elements.is_stateful(other):
                kept = choices.setdefault(other_block["block_id"], {})
                kept.setdefault(other["action_id"], elements.initial_entry(other))
        if elements.is_stateful(element):
            choices[block["block_id"]][element["action_id"]] = elements.entry(element, wish.get("value"))
        payload = interactions.message_click(self._world, user, message, action)
        return await self._delivery.interaction(payload)

    async def on_view(self, user: str, view: View, wish: Json) -> Ack:
        """Press or change an element of a modal or Home tab."""
        block, element = self._pick(view.body["blocks"], wish)
        action = elements.action(block, element, wish.get("value"), self._world.next_ts())
        self._fill(view, wish.get("values") or {})
        if elements.is_stateful(element):
            values = view.state.setdefault(block["block_id"], {})
            values[element["action_id"]] = elements.entry(element, wish.get("value"))
        return await self._delivery.interaction(interactions.view_click(self._world, user, view, action))

    # -- forms ---------------------------------------------------------------------------------------
    def _fill(self, view: View, values: Json) -> None:
        """Take over what the person entered: {action_id: v}, {block_id: v} or {block_id: {action_id: v}}."""
        used: set[str] = set()
        for block, element in elements.elements_of(view.body["blocks"]):
            if not elements.is_stateful(element):
                continue
            block_id, action_id = block["block_id"], element["action_id"]
            kept = view.state.setdefault(block_id, {})
            kept.setdefault(action_id, elements.initial_entry(element))
            for key in (block_id, action_id):
                if key in values:
                    value = values[key]
                    if isinstance(value, dict) and action_id in value:
                        value = value[action_id]
                    kept[action_id] = elements.entry(element, value)
                    used.add(key)
        unknown = sorted(set(values) - used)
        if unknown:
            known = [
                e["action_id"]
                for _, e in elements.elements_of(view.body["blocks"])
                if elements.is_stateful(e)
            ]
            raise Refused(f"the form has no input {', '.join(unknown)}; it has {', '.join(known) or 'none'}")

    def _complaints(self, view: View) -> dict[str, str]:
        """What Slack's client objects to before it sends a form: block_id → sentence."""
        complaints: dict[str, str] = {}
        for block, element in elements.elements_of(view.body["blocks"]):
            if block["type"] != "input" or not elements.is_stateful(element):
                continue
            state = view.state[block["block_id"]][element["action_id"]]
            if elements.is_empty(state):
                if not block.get("optional"):
                    complaints[block["block_id"]] = "请填写此项。"
            elif text := elements.complaint(element, state):
                complaints[block["block_id"]] = text
        return complaints

    async def submit(self, user: str, view: View, values: Json) -> Json:
        """Send a form and do what the answer says (errors, update, push, clear, or close it)."""
        if view.body["type"] != "modal":
            raise Refused("only modals can be submitted")
        self._fill(view, values)
        complaints = self._complaints(view)
        if complaints:
            return {"sent": False, "acked": False, "ms": 0, "errors": complaints, "closed": False}
        ack = await self._delivery.interaction(interactions.submission(self._world, user, view))
        out: Json = {"sent": True, **told(ack), "errors": {}, "closed": False, "response_action": None}
        if not ack.acked:
            return out
        try:
            out |= self._follow(user, view, ack.payload or {})
        except SlackError as error:
            self._note("view_submission", ack.payload or {}, error)
            return out | {
                "error": f"the bot's answer to the form is refused: {error.code}",
                "details": error.messages,
            }
        if ack.payload:
            self._note("view_submission", ack.payload, None)
        self._world.feed.publish("views", user=user)
        return out

    def _follow(self, user: str, view: View, answer: Json) -> Json:
        """Carry out a response_action."""
        wanted = answer.get("response_action")
        views = self._world.views
        if wanted is None:
            if answer:
                raise SlackError("invalid_response", "a form's answer needs a response_action")
            views.close(view.id)
            return {"closed": True}
        if wanted == "errors":
            errors = answer.get("errors")
            inputs = {b["block_id"] for b in view.body["blocks"] if b["type"] == "input"}
            if not isinstance(errors, dict) or not errors or set(errors) - inputs:
                raise SlackError("invalid_response", "errors must name block_ids of inputs of the form")
            return {"response_action": "errors", "errors": errors}
        if wanted == "clear":
            views.clear(user)
            return {"response_action": "clear", "closed": True}
        if wanted not in ("update", "push"):
            raise SlackError("invalid_response", f"unknown response_action {wanted!r}")
        body = check_view(answer.get("view"), "modal")
        shown = views.update(view, body) if wanted == "update" else views.push(user, body)
        return {"response_action": wanted, "view_id": shown.id}

    async def close(self, user: str, view: View) -> Json:
        """Close a modal without sending it; the bot hears of it only with notify_on_close."""
        whole = bool(view.body.get("clear_on_close"))
        if whole:
            self._world.views.clear(user)
        else:
            self._world.views.close(view.id)
        self._world.feed.publish("views", user=user)
        if not view.body.get("notify_on_close"):
            return {"acked": False, "ms": 0, "notified": False}
        ack = await self._delivery.interaction(interactions.closing(self._world, user, view, whole))
        return {**told(ack), "notified": True}

    # -- commands and shortcuts ----------------------------------------------------------------------
    async def command(self, user: str, channel: Channel, command: Any, text: Any) -> Json:
        """Type a slash command; what the acknowledgement says is shown to the person."""
        if not isinstance(command, str) or not command.startswith("/") or " " in command or len(command) < 2:
            raise Refused("command must be one word that begins with a slash, such as /kefu")
        if not isinstance(text, str):
            raise Refused("text must be a string")
        self._must_have("slash_commands", "command", command)
        payload = interactions.slash_command(self._world, user, channel, command, text)
        ack = await self._delivery.command(payload)
        out = told(ack)
        if ack.acked and ack.payload:
            place = {"channel": channel.id, "user": user}
            try:
                out["ts"] = post_answer(self._world, place, ack.payload).ts
            except SlackError as error:
                self._note(command, ack.payload, error)
                return out | {"error": f"the bot's answer to the command is refused: {error.code}"}
            self._note(command, ack.payload, None)
        return out

    async def shortcut(self, user: str, message: Message | None, callback_id: Any) -> Ack:
        """Choose a shortcut, from a message's menu or the global one."""
        if not isinstance(callback_id, str) or not callback_id:
            raise Refused("callback_id must name a shortcut")
        self._must_have("shortcuts", "callback_id", callback_id)
        if message is None:
            payload = interactions.global_shortcut(self._world, user, callback_id)
        else:
            payload = interactions.message_shortcut(self._world, user, message, callback_id)
        return await self._delivery.interaction(payload)

    def _must_have(self, feature: str, name: str, wanted: str) -> None:
        """Refuse what the app's manifest does not have; without a manifest there is everything."""
        features = self._world.manifest.get("features")
        if not features:
            return
        offered = [entry[name] for entry in features.get(feature, [])]
        if wanted not in offered:
            raise Refused(f"the app has no {wanted}; its manifest has {', '.join(offered) or 'none'}", 404)


def told(ack: Ack) -> Json:
    """An acknowledgement as the control API reports it."""
    out: Json = {"acked": ack.acked, "ms": ack.ms}
    if ack.error in ("timeout", "http_timeout"):
        out["error"] = "the bot did not acknowledge within 3 seconds"
    elif ack.error == "http_error":
        out["error"] = "the bot answered with an HTTP error"
    elif ack.error == "not_installed":
        out["error"] = "the app is not installed in this team"
    elif ack.error:
        out["error"] = "no bot is connected, or its socket closed before it acknowledged"
    return out
