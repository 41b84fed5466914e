// One message: who, when, what, its reactions, its menu.
import { drawBlocks } from "./blocks.js";
import { confirmFirst } from "./dialogs.js";
import { attempt, button, copy, h, post } from "./dom.js";
import { emoji } from "./emoji.js";
import { icon } from "./icons.js";
import { menu } from "./menus.js";
import { mrkdwn, personName, unescaped } from "./text.js";
import { language, t } from "./words.js";

const QUICK = { "+1": "up", eyes: "eye", white_check_mark: "check" }; // drawn: not every machine has letters for them
const sign = (name) => (QUICK[name] ? icon(QUICK[name]) : emoji(name));
const LOCALE = language === "zh" ? "zh-CN" : "en-GB";
const date = (ts) => new Date(Number(ts) * 1000);
export const clock = (ts) => date(ts).toLocaleTimeString(LOCALE, { hour: "2-digit", minute: "2-digit" });
export const dayOf = (ts) => (date(ts).toDateString() === new Date().toDateString() ? t("today")
  : date(ts).toLocaleDateString(LOCALE, { month: "long", day: "numeric", weekday: "short" }));

const TONES = { U_AGENT: 1, U_AGENT2: 2, U_LEADER: 3, U_SUPERVISOR: 4, U_SUPERVISOR2: 5, U_ADMIN: 6 };
export function avatar(id, name) {
  if (id === "U_BOT") return h("img", { class: "avatar", src: "/page/icon.svg", alt: "" });
  return h("span", { class: `avatar tone-${TONES[id] || 0}`, "aria-hidden": "true" }, (name || "?").slice(0, 1));
}

function surface(app, message) {
  return {
    key: message.ts, user: app.user,
    initial: (block, element) => {
      const name = Object.keys(element).find((key) => key.startsWith("initial_"));
      return name ? { [name.replace("initial_", "selected_")]: element[name], value: element[name] } : undefined;
    },
    register: () => {},
    act: (block, element, value) => attempt(() => post("clicks", {
      user: app.user, channel: message.channel, ts: message.ts, action_id: element.action_id, block_id: block.block_id, value,
    })),
    changed(block, element, value) {
      if (block.type !== "input" || block.dispatch_action) this.act(block, element, value);
    },
  };
}

function content(app, message) {
  const state = message.stream?.state;
  const body = message.blocks.length ? drawBlocks(message.blocks, surface(app, message)) : [message.text ? mrkdwn(message.text) : null];
  if (state === "streaming") {
    const cursor = h("span", { class: "cursor", role: "img", "aria-label": t("streaming") });
    const last = body[body.length - 1];
    if (last?.classList.contains("markdown")) (last.lastElementChild || last).append(cursor); // where the writing goes on
    else body.push(cursor);
  }
  if (state === "stopped_by_user") body.push(h("p", { class: "note" }, icon("stop"), t("stopped")));
  if (state === "expired") body.push(h("p", { class: "note" }, t("expired")));
  return body;
}

const size = (bytes) => (bytes < 1e6 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const placeOf = (app, file) => `/control/files/${encodeURIComponent(file.id)}?user=${app.user}`;

function attachments(app, message) {
  const pictures = (message.files || []).filter((file) => PICTURES.includes(file.mimetype));
  return [...pictures.map((file) => h("figure", {}, h("img", { src: `${placeOf(app, file)}&shown`, alt: file.alt_txt || file.title || file.name }))),
    ...(message.files || []).map((file) => tile(app, file))];
}

function tile(app, file) {
  return h("a", { class: "file", href: placeOf(app, file), download: file.name }, icon("file"), h("span", {}, file.title || file.name, h("small", {}, `${(file.filetype || "").toUpperCase()} · ${size(file.size)}`)));
}

function react(app, message, name) {
  return attempt(() => post("reactions", { user: app.user, channel: message.channel, ts: message.ts, name }));
}

function reactions(app, message) {
  if (!message.reactions) return null;
  return h("div", { class: "reactions" }, message.reactions.map((one) => button(one.users.includes(app.user) ? "mine" : "", {
    title: one.users.map(personName).join("、"), "aria-pressed": String(one.users.includes(app.user)),
    onclick: () => react(app, message, one.name) }, sign(one.name), String(one.count))));
}

function menuItems(app, message) {
  const own = message.user === app.user;
  const items = app.shortcuts().map((shortcut) => [[icon("bolt"), shortcut.name], () => attempt(() => post("shortcuts", {
    user: app.user, channel: message.channel, ts: message.ts, callback_id: shortcut.callback_id }))]);
  const remove = async () => {
    if (await confirmFirst({ title: { text: t("delete.sure") }, confirm: { text: t("delete") }, style: "danger" })) {
      await attempt(() => post("deletions", { user: app.user, channel: message.channel, ts: message.ts }));
    }
  };
  items.push([[icon("copy"), t("copy.text")], () => copy(unescaped(message.text))]);
  if (own && !message.files) items.push([[icon("keyboard"), t("edit")], () => app.edit(message)]);
  if (own) items.push([[icon("trash"), t("delete")], remove, "danger-text"]);
  items.push([[icon("code"), t("payload.show")], () => app.inspect(message)]);
  return items;
}

function toolbar(app, message, inThread) {
  const quick = message.ephemeral ? [] : Object.keys(QUICK).map((name) => button("", {
    title: t("react", { emoji: emoji(name) }), "aria-label": t("react", { emoji: emoji(name) }), tabindex: "-1",
    onclick: () => react(app, message, name) }, sign(name)));
  const reply = inThread || message.ephemeral ? null : button("", { title: t("thread.open"), "aria-label": t("thread.open"), tabindex: "-1",
    onclick: () => app.openThread(message.thread_ts || message.ts) }, icon("reply"));
  return h("div", { class: "toolbar" }, quick, reply, menu(t("more"), menuItems(app, message), "toolbar"));
}

const stopButton = (app, threadTs) => button("stop", { onclick: () => app.stop(threadTs) }, icon("stop"), t("stop"));

function tombstone(message) {
  return h("article", { class: "message tombstone", data: { ts: message.ts, from: "nobody" }, tabindex: "0" },
    h("span", { class: "avatar", "aria-hidden": "true" }, icon("trash")), h("div", { class: "message-body" }, h("p", { class: "note" }, t("deleted"))));
}

export function drawMessage(app, message, inThread = false) {
  if (message.subtype === "tombstone") return tombstone(message);
  const name = personName(message.user);
  const writing = message.stream?.state === "streaming";
  return h("article", {
    class: `message${message.ephemeral ? " ephemeral" : ""}`, data: { ts: message.ts, from: message.bot_id ? "bot" : "person" }, tabindex: "0",
    "aria-label": `${name} ${clock(message.ts)}${message.ephemeral ? `，${t("only.you")}` : ""}`, "aria-busy": writing ? "true" : null,
  },
  avatar(message.user, name),
  h("div", { class: "message-body" },
    message.ephemeral ? h("div", { class: "only-you" }, icon("eye"), t("only.you")) : null,
    h("div", { class: "byline" }, h("strong", {}, name), message.bot_id ? h("span", { class: "badge" }, t("app")) : null,
      h("time", {}, clock(message.ts)), message.edited && !message.bot_id ? h("small", {}, t("edited")) : null),
    content(app, message), attachments(app, message), writing ? stopButton(app, message.thread_ts || message.ts) : null, reactions(app, message)),
  toolbar(app, message, inThread));
}

export function drawStatus(app, status) {
  const texts = status.loading_messages?.length ? status.loading_messages : [status.status];
  const line = h("span", {}, texts[0]);
  let turn = 0;
  if (texts.length > 1) {
    const timer = setInterval(() => {
      if (!line.isConnected && turn > 0) { clearInterval(timer); return; }
      turn += 1;
      line.textContent = texts[turn % texts.length];
    }, 1800);
  }
  return h("div", { class: "status tail", role: "status" }, h("span", { class: "dots" }, h("i"), h("i"), h("i")), line, stopButton(app, status.thread_ts));
}
