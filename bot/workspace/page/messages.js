// One message: who, when, what, its reactions, its menu.
import { drawBlocks } from "./blocks.js";
import { attempt, h, post, toast } from "./dom.js";
import { emoji } from "./emoji.js";
import { mrkdwn, personName, unescaped } from "./text.js";

const QUICK = ["+1", "eyes", "white_check_mark"];
export const clock = (ts) => new Date(Number(ts) * 1000).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });

export function avatar(id, name) {
  if (id === "U_BOT") return h("img", { class: "avatar", src: "/page/icon.svg", alt: "" });
  const tone = { U_AGENT: 1, U_AGENT2: 2, U_LEADER: 3, U_SUPERVISOR: 4, U_SUPERVISOR2: 5, U_ADMIN: 6 }[id] || 0;
  return h("span", { class: `avatar tone-${tone}`, "aria-hidden": "true" }, (name || "?").slice(0, 1));
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
  const stream = message.stream;
  const body = message.blocks.length ? drawBlocks(message.blocks, surface(app, message)) : [message.text ? mrkdwn(message.text) : null];
  if (stream?.state === "streaming") {
    body.push(h("span", { class: "cursor", "aria-label": "正在输出" }));
  }
  if (stream?.state === "stopped_by_user") body.push(h("p", { class: "note" }, "已停止"));
  if (stream?.state === "expired") body.push(h("p", { class: "note" }, "输出中断"));
  return body;
}

function attachments(app, message) {
  return (message.files || []).map((file) => h("a", {
    class: "file", href: `/control/files/${encodeURIComponent(file.id)}?user=${app.user}`, download: file.name,
  }, "📄 ", file.title || file.name, h("small", {}, ` ${(file.size / 1024).toFixed(1)} KB`)));
}

function reactions(app, message) {
  if (!message.reactions) return null;
  const toggle = (name) => attempt(() => post("reactions", { user: app.user, channel: message.channel, ts: message.ts, name }));
  return h("div", { class: "reactions" }, message.reactions.map((one) => h("button", {
    type: "button", class: one.users.includes(app.user) ? "mine" : "", title: one.users.map(personName).join("、"),
    onclick: () => toggle(one.name),
  }, `${emoji(one.name)} ${one.count}`)));
}

function menuItems(app, message) {
  const own = message.user === app.user;
  const items = app.shortcuts().map((shortcut) => [shortcut.name, () => attempt(() => post("shortcuts", {
    user: app.user, channel: message.channel, ts: message.ts, callback_id: shortcut.callback_id }))]);
  items.push(["复制文字", async () => { await navigator.clipboard?.writeText(unescaped(message.text)); toast("已复制", "good"); }]);
  if (own && !message.files) items.push(["编辑", () => app.edit(message)]);
  if (own) items.push(["删除", () => attempt(() => post("deletions", { user: app.user, channel: message.channel, ts: message.ts }))]);
  items.push(["查看载荷", () => app.inspect(message)]);
  return items;
}

function toolbar(app, message, inThread) {
  const quick = message.ephemeral ? [] : QUICK.map((name) => h("button", {
    type: "button", title: "回应", "aria-label": `回应 ${emoji(name)}`,
    onclick: () => attempt(() => post("reactions", { user: app.user, channel: message.channel, ts: message.ts, name })),
  }, emoji(name)));
  const reply = inThread || message.ephemeral ? null : h("button", {
    type: "button", title: "在消息串中回复", "aria-label": "在消息串中回复", onclick: () => app.openThread(message.thread_ts || message.ts) }, "💬");
  const menu = h("details", { class: "menu" }, h("summary", { title: "更多操作", "aria-label": "更多操作" }, "⋯"),
    h("div", { class: "menu-items", role: "menu" }, menuItems(app, message).map(([name, act]) => h("button", {
      type: "button", role: "menuitem", onclick: () => { menu.open = false; act(); } }, name))));
  return h("div", { class: "toolbar" }, quick, reply, menu);
}

function stopButton(app, message) {
  if (message.stream?.state !== "streaming") return null;
  return h("button", { type: "button", class: "stop", onclick: () => app.stop(message.thread_ts || message.ts) }, "■ 停止");
}

export function drawMessage(app, message, inThread = false) {
  const name = personName(message.user);
  return h("article", {
    class: `message ${message.ephemeral ? "ephemeral" : ""}`, data: { ts: message.ts }, tabindex: "0",
    "aria-label": `${name} ${clock(message.ts)}`,
  },
  avatar(message.user, name),
  h("div", { class: "message-body" },
    h("div", { class: "byline" }, h("strong", {}, name), message.bot_id ? h("span", { class: "badge" }, "应用") : null,
      h("time", {}, clock(message.ts)), message.edited && !message.bot_id ? h("small", {}, "（已编辑）") : null,
      message.ephemeral ? h("span", { class: "only-you" }, "👁 仅你可见") : null),
    content(app, message), attachments(app, message), stopButton(app, message), reactions(app, message)),
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
  return h("div", { class: "status", role: "status" }, h("span", { class: "dots" }, h("i"), h("i"), h("i")), line,
    h("button", { type: "button", class: "stop", onclick: () => app.stop(status.thread_ts) }, "■ 停止"));
}

// Put a node among its siblings by ts; an old node of the same ts is replaced.
export function place(listNode, node, ts) {
  const old = listNode.querySelector(`:scope > [data-ts="${ts}"]`);
  if (old) { old.replaceWith(node); return; }
  const next = [...listNode.children].find((child) => child.dataset.ts && Number(child.dataset.ts) > Number(ts));
  listNode.insertBefore(node, next || null);
}

export function nearBottom(node) { return node.scrollHeight - node.scrollTop - node.clientHeight < 120; }
export function toBottom(node) { node.scrollTop = node.scrollHeight; }
export const closeMenus = () => document.querySelectorAll("details.menu[open]").forEach((menu) => { menu.open = false; });
