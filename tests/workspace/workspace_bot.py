"""An ordinary Bolt app that knows nothing of the local workspace: what it does, it would do on Slack."""

import threading
import time
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(action_id: str, text: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


BUTTONS = {
    "type": "actions",
    "block_id": "buttons",
    "elements": [
        button("open_form", "表单", value="42"),
        button("too_late", "太晚"),
        button("twice", "两次"),
        button("silent", "不应答"),
        button("answer_privately", "私下回答"),
        button("replace", "改写"),
        {
            "type": "static_select",
            "action_id": "pick",
            "options": [{"text": plain("甲"), "value": "a"}, {"text": plain("乙"), "value": "b"}],
        },
    ],
}
FEEDBACK = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "feedback",
            "positive_button": {"text": plain("有用"), "value": "good"},
            "negative_button": {"text": plain("没用"), "value": "bad"},
        }
    ],
}
FORM = {
    "type": "modal",
    "callback_id": "form",
    "notify_on_close": True,
    "title": plain("登记"),
    "submit": plain("提交"),
    "blocks": [
        {
            "type": "input",
            "block_id": "what",
            "label": plain("经过"),
            "element": {"type": "plain_text_input", "action_id": "text", "min_length": 2},
        },
        {
            "type": "input",
            "block_id": "kind",
            "optional": True,
            "label": plain("类别"),
            "element": {
                "type": "radio_buttons",
                "action_id": "kind",
                "options": [{"text": plain("投诉"), "value": "c"}, {"text": plain("咨询"), "value": "q"}],
            },
        },
    ],
}


class SampleBot:
    """The app, and what it has noticed."""

    def __init__(self, api_url: str, bot_token: str, signing_secret: str | None = None) -> None:
        self.client = WebClient(token=bot_token, base_url=api_url)
        self.app = App(client=self.client, signing_secret=signing_secret)
        self.seen: list[Json] = []
        self.errors: list[str] = []
        self.release = threading.Event()
        self._listen_to_events()
        self._listen_to_clicks()
        self._listen_to_forms()

    def events(self, kind: str) -> list[Json]:
        """Bodies of the events of a type, in order of arrival."""
        return [body for body in self.seen if body["event"]["type"] == kind]

    def _listen_to_events(self) -> None:
        app = self.app

        @app.use
        def notice(body: Json, next: Any) -> None:
            if "event" in body:
                self.seen.append(body)
            next()

        @app.event("message")
        def answer(event: Json, say: Any, say_stream: Any, set_status: Any, client: WebClient) -> None:
            text = event.get("text", "")
            if event.get("subtype") or not event["channel"].startswith("D"):
                return
            if text.startswith("流"):
                set_status("正在查阅手册…", loading_messages=["正在查阅手册…"])
                stream = say_stream(buffer_size=1, task_display_mode="plan")
                stream.append(markdown_text="**第一段**")
                self.release.wait(60)
                task = {"type": "task_update", "id": "1", "title": "检索", "status": "complete"}
                stream.append(chunks=[task, {"type": "plan_update", "title": "查找"}])
                stream.stop(markdown_text="第二段", blocks=[FEEDBACK])
            elif text.startswith("按钮"):
                say(text="请选", blocks=[BUTTONS])
            else:
                say(text=f"收到：{text}", thread_ts=event.get("thread_ts") or event["ts"])

        @app.event("app_mention")
        def mentioned(event: Json, say: Any) -> None:
            say(text="在", thread_ts=event.get("thread_ts") or event["ts"])

        @app.event("app_home_opened")
        def home(event: Json, client: WebClient, set_suggested_prompts: Any) -> None:
            if event["tab"] == "messages":
                set_suggested_prompts(prompts=["保修期多久"], title="试试")
                return
            blocks = [{"type": "section", "text": plain("主页"), "accessory": button("open_form", "登记")}]
            client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

        for quiet in ("reaction_added", "agent_session_stopped"):
            app.event(quiet)(lambda: None)

    def _listen_to_clicks(self) -> None:
        app = self.app

        @app.action("open_form")
        def open_form(ack: Any, body: Json, client: WebClient) -> None:
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=FORM)

        @app.action("too_late")
        def too_late(ack: Any, body: Json, client: WebClient) -> None:
            ack()
            time.sleep(0.9)
            self._try(lambda: client.views_open(trigger_id=body["trigger_id"], view=FORM))

        @app.action("twice")
        def twice(ack: Any, body: Json, client: WebClient) -> None:
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=FORM)
            self._try(lambda: client.views_open(trigger_id=body["trigger_id"], view=FORM))

        @app.action("silent")
        def silent() -> None:
            """Never acknowledges."""

        @app.action("answer_privately")
        def answer_privately(ack: Any, respond: Any, body: Json) -> None:
            ack()
            respond(text="只给你看", thread_ts=body["message"]["ts"])

        @app.action("replace")
        def replace(ack: Any, respond: Any) -> None:
            ack()
            respond(text="改好了", replace_original=True)

        @app.action("pick")
        def pick(ack: Any, body: Json, say: Any) -> None:
            ack()
            chosen = body["actions"][0]["selected_option"]["value"]
            held = body["state"]["values"]["buttons"]["pick"]["selected_option"]["value"]
            say(text=f"选了 {chosen} {held}", thread_ts=body["container"]["message_ts"])

        @app.action("feedback")
        def feedback(ack: Any, body: Json, client: WebClient) -> None:
            ack()
            place = body["container"]
            client.chat_postEphemeral(
                channel=place["channel_id"],
                user=body["user"]["id"],
                text=f"谢谢：{body['actions'][0]['value']}",
                thread_ts=place["thread_ts"],
            )

    def _listen_to_forms(self) -> None:
        app = self.app

        @app.view("form")
        def submitted(ack: Any, view: Json, body: Json, client: WebClient) -> None:
            text = view["state"]["values"]["what"]["text"]["value"]
            if text == "不行":
                ack(response_action="errors", errors={"what": "再写清楚些"})
            elif text == "继续":
                ack(response_action="update", view=FORM | {"title": plain("第二步")})
            elif text == "坏的":
                ack(response_action="update", view={"type": "modal", "blocks": []})
            else:
                ack()
                client.chat_postMessage(channel=body["user"]["id"], text=f"已登记：{text}")

        @app.view_closed("form")
        def closed(ack: Any, body: Json, client: WebClient) -> None:
            ack()
            client.chat_postMessage(channel=body["user"]["id"], text="表单关了")

        @app.command("/kefu")
        def command(ack: Any, command: Json) -> None:
            ack(f"你要的是：{command['text']}")

        @app.shortcut("escalate")
        def shortcut(ack: Any, shortcut: Json, client: WebClient) -> None:
            ack()
            client.views_open(trigger_id=shortcut["trigger_id"], view=FORM)

    def _try(self, call: Any) -> None:
        from slack_sdk.errors import SlackApiError

        try:
            call()
        except SlackApiError as error:
            self.errors.append(error.response["error"])
