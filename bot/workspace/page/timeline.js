// The messages of a place and of a thread: drawn, kept in order, followed while they grow.
import { composer } from "./composer.js";
import { button, byId, h } from "./dom.js";
import { icon } from "./icons.js";
import { dayOf, drawMessage, drawStatus } from "./messages.js";
import { welcome } from "./guide.js";
import { patch } from "./patching.js";
import { t } from "./words.js";

export const replyTo = (message) => message.thread_ts && message.thread_ts !== message.ts;
const byTime = (a, b) => a.ts - b.ts;
const repliesOf = (app, ts) => [...app.messages.values()].filter((m) => m.thread_ts === ts && m.ts !== ts).sort(byTime);
const squeezed = (text) => (text || "").replace(/\s+/g, "");

// -- following --------------------------------------------------------------------------------------
// A list stays at its end while things arrive, but never pushes the question that is being answered out of sight.
const placed = new WeakMap();

function target(list) {
  const end = list.scrollHeight - list.clientHeight;
  const all = [...list.querySelectorAll(".message")].sort((a, b) => a.dataset.ts - b.dataset.ts);
  const [before, newest] = all.slice(-2);
  const last = all.length < 2 ? all[0] : newest.dataset.from === "bot" && before.dataset.from === "person" ? before : newest;
  if (!last) return Math.max(0, end);
  const top = last.getBoundingClientRect().top - list.getBoundingClientRect().top + list.scrollTop;
  return Math.max(0, Math.min(end, top - 8));
}

export function follows(list) {
  return list.scrollHeight - list.scrollTop - list.clientHeight < 80 || Math.abs(list.scrollTop - (placed.get(list) ?? -999)) < 60;
}

export function follow(list) {
  list.scrollTop = target(list);
  placed.set(list, list.scrollTop);
}

// -- a place ------------------------------------------------------------------------------------------
const message = (app, one, inThread) => ({ key: one.ts, version: one, make: () => drawMessage(app, one, inThread) });
const status = (app, one) => ({ key: `status-${one.thread_ts}`, version: JSON.stringify(one), make: () => drawStatus(app, one) });
const statusesOf = (app, ts) => app.statuses.filter((one) => one.thread_ts === ts).map((one) => status(app, one));
const news = (title, text) => title && !squeezed(text).startsWith(squeezed(title).replace(/…$/, ""));

// In direct messages a thread stands under its question.
function threadItems(app, root) {
  const replies = repliesOf(app, root.ts);
  const statuses = statusesOf(app, root.ts);
  const title = app.titles[root.ts];
  const busy = statuses.length || replies.some((reply) => reply.stream?.state === "streaming");
  return [
    ...(news(title, root.text) ? [{ key: "title", version: title, make: () => h("div", { class: "session-title" }, title) }] : []),
    ...replies.map((reply) => message(app, reply, true)), ...statuses,
    ...(replies.length && !busy ? [{ key: "more", version: "", make: () => button("follow-up", { onclick: () => app.openThread(root.ts) }, icon("reply"), t("thread.more")) }] : []),
  ];
}

// In channels it hides behind a button.
function repliesItem(app, root) {
  const replies = repliesOf(app, root.ts).length;
  const [doing] = app.statuses.filter((one) => one.thread_ts === root.ts);
  if (!replies && !doing) return [];
  return [{ key: "replies", version: doing ? doing.status : replies, make: () => button("replies", { onclick: () => app.openThread(root.ts) }, doing
    ? [h("span", { class: "dots" }, h("i"), h("i"), h("i")), doing.status] : [icon("reply"), t("replies", { count: replies })]) }];
}

function rootItems(app, root) {
  if (!app.isDm()) return [message(app, root, false), ...repliesItem(app, root)];
  const items = threadItems(app, root);
  const fill = (node) => { patch(node, items); return node; };
  return [message(app, root, false), ...(items.length ? [{ key: "thread", version: "", patch: fill, make: () => fill(h("div", { class: "inline-thread" })) }] : [])];
}

function drawRoots(app) {
  const list = byId("messages");
  const roots = [...app.messages.values()].filter((m) => !replyTo(m)).sort(byTime);
  const items = [];
  let day = null;
  for (const root of roots) {
    const now = dayOf(root.ts);
    if (now !== day) items.push({ key: `day-${now}`, version: "", make: () => h("div", { class: "day" }, h("span", {}, now)) });
    day = now;
    const fill = (node) => { patch(node, rootItems(app, root)); return node; };
    items.push({ key: root.ts, version: "", patch: fill, make: () => fill(h("div", { class: "root", data: { ts: root.ts } })) });
  }
  patch(list, items);
}

export function drawAll(app) {
  drawRoots(app);
  drawEmpty(app);
  follow(byId("messages"));
  drawThread(app);
}

export function drawEmpty(app) {
  const list = byId("messages");
  list.querySelectorAll(":scope > .empty").forEach((node) => node.remove());
  if (!list.querySelector(":scope > .root")) list.append(app.isDm() ? welcome(app) : h("p", { class: "empty" }, t("empty.channel")));
}

// Something came, went or changed; `mine`: what I wrote is always followed.
export function refresh(app, mine = false) {
  const list = byId("messages");
  if (!app.messages.size && list.querySelector(":scope > .empty")) return;
  const stay = mine || follows(list);
  drawRoots(app);
  if (!app.messages.size) drawEmpty(app);
  if (stay) follow(list);
}

// -- a thread -----------------------------------------------------------------------------------------
export function drawThread(app) {
  const pane = byId("thread");
  const root = app.messages.get(app.thread);
  pane.hidden = !root;
  document.body.classList.toggle("with-thread", !pane.hidden);
  if (!root) { pane.dataset.thread = ""; return; }
  const list = byId("thread-messages");
  const first = pane.dataset.thread !== app.thread;
  const stay = first || follows(list);
  const title = app.titles[app.thread] || "";
  byId("thread-title").textContent = news(title, root.text) ? title : "";
  if (first) list.replaceChildren();
  patch(list, [...[root, ...repliesOf(app, app.thread)].map((one) => message(app, one, true)), ...statusesOf(app, app.thread)]);
  if (first) {
    pane.dataset.thread = app.thread;
    byId("thread-composer").replaceChildren(composer(app, { id: "thread-text", threadTs: () => app.thread, placeholder: t("thread.placeholder") }));
  }
  if (stay) follow(list);
}
