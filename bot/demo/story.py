"""The story of the product, played over the same sockets as by hand; each step is checked by its content.

What is asked and which figures must come back is in story.toml, made from the sample manuals.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.blocks import preferences, voice
from bot.blocks.wording import words
from bot.demo.crew import Crew, Json, NotSeen, buttons_of, choices_of, text_of
from bot.demo.desk_story import DeskStory
from bot.demo.transcript import Transcript, must

AGENT, SUPERVISOR, ADMIN = "U_AGENT", "U_SUPERVISOR", "U_ADMIN"
FLOOR, REVIEW, DM = "C_FLOOR", "C_REVIEW", "dm"
PHONE = "13800001234"

FORM = {
    "what_happened": "新同事来问婚假天数，手册里查不到，对方在等答复",
    "when": "今天上午",
    "tried": f"问了同组两位同事，又给人事打电话 {PHONE}，没有接通",
}
HANDLING = "建议请主管向人事确认婚假天数，并补进员工手册"


def squeezed(text: str) -> str:
    """`text` without white space, for comparing with manuals that are typeset differently."""
    return "".join(text.split())


def steps(folder: Path) -> list[Json]:
    """What is asked in the story, in order."""
    found: list[Json] = tomllib.loads((folder / "story.toml").read_text(encoding="utf-8"))["step"]
    return found


@dataclass
class Story:
    """Plays the steps in order and remembers what later steps need."""

    crew: Crew
    transcript: Transcript
    folder: Path
    week_over: Callable[[], None] = lambda: None
    """Makes it next Monday, as far as the week's figures go."""
    seen: dict[str, Json] = field(default_factory=dict)
    ticket: str = ""
    escalation: str = ""

    def play(self) -> bool:
        """All steps; whether every one of them really happened."""
        by_kind = {step["kind"]: step for step in steps(self.folder)}
        desk = DeskStory(self)
        acts: list[tuple[str, Callable[[], None]]] = [
            ("坐席私信提问，得到条款原文和出处", lambda: self.ask(by_kind["ask"])),
            ("在同一话题里追问", lambda: self.follow_up(by_kind["follow_up"])),
            ("在频道里 @客服台 提问", lambda: self.mention(by_kind["mention"])),
            ("主管确认口径，坐席在别的话里问到，得到这个口径", lambda: self.confirmed(by_kind)),
            ("坐席填好单位，规定不一时先答自己单位的", lambda: self.own_rule(by_kind["own_rule"])),
            ("手册里没有的，直说没有，并提议上报", lambda: self.absent(by_kind["absent"])),
            ("按“上报”：表单已预填，缺处理意见不能提交", self.escalate),
            ("补上处理意见后提交，坐席看到草稿", self.file),
            ("主管在审核频道看到草稿卡片", self.card),
            ("无权的人按“批准”，被服务端拒绝", self.wrong_role),
            ("主管批准，卡片收起按钮，工单登记", self.approve),
            ("坐席收到工单号", self.told),
            ("审计轨迹写明谁做了什么", self.audit),
            ("坐席把工单转交同事，同事接手后才换负责人", lambda: desk.hand_over(by_kind["hand_over"])),
            (
                "联系不上班长，上一级接着办，另一位主管批准",
                lambda: desk.out_of_reach(by_kind["out_of_reach"]),
            ),
            ("换班：同事同意，主管批准", lambda: desk.swap(by_kind["swap"])),
            ("改版前先问一次", lambda: self.before(by_kind["update"])),
            ("管理员发来改版手册，核对变化后发布", lambda: self.update(by_kind["update"])),
            ("之前问过的坐席在原话题里收到更正", lambda: self.corrected(by_kind["update"])),
            ("同一个问题得到新规定", lambda: self.after(by_kind["update"])),
            ("周一，主管收到一周的数字、图和表格", lambda: desk.week(self.week_over)),
            ("机器人发出的每个请求都被工作区接受", self.accepted),
        ]
        happened = [self.transcript.step(title, act) for title, act in acts]  # all are played, whatever fails
        return all(happened)

    # -- asking --------------------------------------------------------------------------------------
    def ask(self, step: Json) -> None:
        asked = self.say(AGENT, DM, step["question"])
        self.seen["asked"] = asked
        self.cited(self.crew.reply(AGENT, asked), step["expects"], step["source"])

    def follow_up(self, step: Json) -> None:
        thread = self.known("asked")
        again = self.say(AGENT, DM, step["question"], thread["ts"])
        answer = self.crew.reply(AGENT, again | {"thread_ts": thread["ts"]})
        self.cited(answer, step["expects"], step["source"])

    def mention(self, step: Json) -> None:
        asked = self.say(AGENT, FLOOR, f"<@U_BOT> {step['question']}")
        self.cited(self.crew.reply(AGENT, asked), step["expects"], step["source"])

    def confirmed(self, by_kind: dict[str, Json]) -> None:
        asked = self.say(SUPERVISOR, DM, by_kind["ask"]["question"])
        answer = self.crew.reply(SUPERVISOR, asked)
        must(voice.CONFIRM in buttons_of(answer), "主管看不到“确认为口径”")
        self.crew.click(SUPERVISOR, answer, voice.CONFIRM)
        self.hear(self.crew.seen(SUPERVISOR, DM, "已确认为统一口径", thread_ts=asked["ts"]))
        step = by_kind["confirmed"]
        given = self.crew.reply(AGENT, self.say(AGENT, DM, step["question"]))
        self.cited(given, step["expects"], step["source"])
        must("统一口径" in text_of(given) and SUPERVISOR in str(given["blocks"]), "没有写明是谁确认的口径")

    def own_rule(self, step: Json) -> None:
        self.crew.command(AGENT, FLOOR, "me")
        self.transcript.said(AGENT, f"/kefu me：{step['organisation']}")
        form = self.crew.form(AGENT, preferences.FORM)
        sent = self.crew.submit(AGENT, form, {preferences.ORGANISATION: f"n:{step['organisation']}"})
        must(sent.get("closed"), "单位没有保存")
        answer = self.crew.reply(AGENT, self.say(AGENT, DM, step["question"]))
        self.cited(answer, step["expects"], step["source"])
        must(f"按你所属的“{step['organisation']}”" in text_of(answer), "没有先答所属单位的规定")

    def absent(self, step: Json) -> None:
        asked = self.say(AGENT, DM, step["question"])
        answer = self.hear(self.crew.reply(AGENT, asked))
        must(words("zh")("answer.sources") not in text_of(answer), "没有出处的回答不该列出处")
        must("escalate" in buttons_of(answer), "回答下方没有“上报”按钮")
        self.seen["unanswered"] = answer

    # -- escalating ----------------------------------------------------------------------------------
    def escalate(self) -> None:
        self.crew.click(AGENT, self.known("unanswered"), "escalate")
        form = self.crew.form(AGENT, "escalation_form")
        must("婚假" in str(form["blocks"]), "表单没有按话题预填")
        refused = self.crew.submit(AGENT, form, FORM | {"handling_suggestion": "  "})
        sentence = refused["errors"].get("handling_suggestion", "")
        must(sentence and not refused.get("closed"), "没有处理意见也提交了")
        self.transcript.said("表单", sentence)
        self.seen["form"] = form

    def file(self) -> None:
        before = self.newest(AGENT, DM)
        sent = self.crew.submit(AGENT, self.known("form"), FORM | {"handling_suggestion": HANDLING})
        must(sent.get("closed"), "表单没有被接受")
        draft = self.hear(self.crew.seen(AGENT, DM, "E-", after=before))
        must(HANDLING in text_of(draft), "草稿里没有处理意见")
        must(PHONE not in text_of(draft), "草稿里的电话号码没有遮盖")
        self.escalation = number_in(text_of(draft), "E-")

    def card(self) -> None:
        must(self.escalation, "没有上报编号")
        card = self.hear(self.crew.seen(SUPERVISOR, REVIEW, self.escalation))
        must(HANDLING in text_of(card), "卡片里没有处理意见")
        must({"review_approve", "review_edit", "review_reject"} <= set(buttons_of(card)), "卡片没有按钮")
        self.seen["card"] = card

    def wrong_role(self) -> None:
        card = self.known("card")
        self.crew.click(ADMIN, card, "review_approve")
        refusal = words("zh")("error.not_allowed.wrong_role")
        self.hear(self.crew.seen(ADMIN, REVIEW, refusal, after=card["ts"]))
        must("review_approve" in buttons_of(self.card_now()), "卡片被无权的人改变了")

    def approve(self) -> None:
        self.crew.click(SUPERVISOR, self.known("card"), "review_approve")
        decided: Json = self.crew.wait(self.card_without_buttons, "收起按钮的卡片")
        self.ticket = number_in(text_of(decided), "T-")
        must(SUPERVISOR in str(decided["blocks"]), "卡片没有写明谁批准的")
        self.transcript.said("审核频道", f"{self.escalation} 已批准，工单 {self.ticket}")

    def told(self) -> None:
        must(self.ticket, "没有工单号")
        self.hear(self.crew.seen(AGENT, DM, self.ticket))

    def audit(self) -> None:
        must(self.ticket, "没有工单号")
        self.crew.command(SUPERVISOR, REVIEW, f"audit {self.ticket}")
        self.transcript.said(SUPERVISOR, f"/kefu audit {self.ticket}")
        say = words("zh")
        trail = self.hear(self.crew.seen(SUPERVISOR, REVIEW, say("audit.title", subject=self.ticket)))
        for action in ("escalation.filed", "escalation.approved", "ticket.logged"):
            must(
                say(f"audit_action.{action}") in text_of(trail),
                f"审计里没有“{say(f'audit_action.{action}')}”",
            )
        must(AGENT in str(trail["blocks"]) and SUPERVISOR in str(trail["blocks"]), "审计里没有人名")
        must(say("audit.intact") in text_of(trail), "审计链校验没有通过")

    # -- a new edition -------------------------------------------------------------------------------
    def before(self, step: Json) -> None:
        asked = self.say(AGENT, DM, step["question"])
        self.cited(self.crew.reply(AGENT, asked), [step["before"]], step["source"])
        self.seen["before"] = asked

    def update(self, step: Json) -> None:
        file = self.folder / step["file"]
        dropped = self.crew.drop(ADMIN, DM, str(file))
        self.transcript.said(ADMIN, f"[文件] {file.name}")
        title = words("zh")("manuals.staged_title")
        card = self.hear(self.crew.seen(ADMIN, DM, title, after=dropped["ts"], thread_ts=dropped["ts"]))
        must(step["source"] in text_of(card), "卡片没有写明改了哪本手册")
        self.crew.click(ADMIN, card, "manuals_publish")
        self.hear(self.crew.seen(ADMIN, DM, "已发布", thread_ts=dropped["ts"]))

    def corrected(self, step: Json) -> None:
        asked = self.known("before")
        title = words("zh")("correction.title")
        told = self.hear(self.crew.seen(AGENT, DM, title, after=asked["ts"], thread_ts=asked["ts"]))
        for fragment in (step["before"], step["after"]):
            must(squeezed(fragment) in squeezed(text_of(told)), f"更正里没有“{fragment}”")

    def after(self, step: Json) -> None:
        asked = self.say(AGENT, DM, step["question"])
        answer = self.crew.reply(AGENT, asked)
        self.cited(answer, [step["after"]], step["source"])
        must(squeezed(step["before"]) not in squeezed(text_of(answer)), "回答里还有旧规定")
        must(words("zh")("source.edition", number=2) in text_of(answer), "出处没有写明是第2版")

    def accepted(self) -> None:
        calls = self.crew.calls()
        must(calls["total"] > 0, "没有任何请求")
        bad = [f"{call['method']}: {call['verdict']}" for call in calls["calls"] if not call["ok"]]
        must(not bad, "被拒绝的请求：" + "，".join(bad[:3]))
        self.transcript.said("工作区", f"{calls['total']} 个请求，全部符合 Slack 的规则")

    # -- small parts ---------------------------------------------------------------------------------
    def say(self, user: str, channel: str, text: str, thread_ts: str = "") -> Json:
        """Say and write it down."""
        self.transcript.said(user, text)
        return self.crew.say(user, channel, text, thread_ts)

    def hear(self, message: Json) -> Json:
        """Write down what the bot said."""
        self.transcript.heard(message)
        return message

    def cited(self, answer: Json, expects: list[str], source: str) -> None:
        """The answer holds every figure and names the manual."""
        shown = squeezed(text_of(self.hear(answer)))
        for fragment in expects:
            must(squeezed(fragment) in shown, f"回答里没有“{fragment}”")
        must(squeezed(source) in shown, f"没有写明出处《{source}》")

    def known(self, name: str) -> Json:
        """Something that an earlier step left behind."""
        must(name in self.seen, "前面的步骤没有完成")
        return self.seen[name]

    def card_now(self) -> Json:
        """The draft card as it stands."""
        ts = self.known("card")["ts"]
        return next(m for m in self.crew.messages(SUPERVISOR, REVIEW) if m["ts"] == ts)

    def card_without_buttons(self) -> Json | None:
        """The draft card once it is decided."""
        card = self.card_now()
        return None if choices_of(card) else card

    def newest(self, user: str, channel: str) -> str:
        """The ts of the newest message that a person sees."""
        listed = self.crew.messages(user, channel)
        return str(listed[-1]["ts"]) if listed else ""


def number_in(text: str, start: str) -> str:
    """The first ticket or escalation number in a text. Raises NotSeen."""
    for word in text.replace("*", " ").replace("，", " ").replace("。", " ").split():
        if word.startswith(start):
            return word
    raise NotSeen(f"no number {start}… was shown")
