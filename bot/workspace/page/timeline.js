// The messages of a place and of a thread: drawn, kept in order, followed while they grow.
import { composer } from "./composer.js";
import { button, byId, h } from "./dom.js";
import { icon } from "./icons.js";
import { dayOf, drawMessage, drawStatus } from "./messages.js";
import { welcome } from "./guide.js";
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

// -- keeping what a person did to a message that is drawn anew ----------------------------------------
function carry(old, fresh) {
  for (const was of old.querySelectorAll("details[data-touched]")) {
    const now = fresh.querySelector(`details[data-keep="${CSS.escape(was.dataset.keep)}"]`);
    if (now) { now.open = was.open; now.dataset.touched = "1"; }
  }
  const focused = document.activeElement;
  if (focused === old) return () => fresh.focus();
  if (!old.contains(focused) || !focused.dataset.action) return () => {};
  return () => [...fresh.querySelectorAll(`[data-action="${CSS.escape(focused.dataset.action)}"]`)]
    .find((one) => one.textContent === focused.textContent)?.focus();
}

function put(list, node) {
  const ts = node.dataset.ts;
  const old = list.querySelector(`:scope > [data-ts="${ts}"]`);
  if (old) {
    const refocus = carry(old, node);
    old.replaceWith(node);
    refocus();
    return;
  }
  const next = [...list.children].find((child) => !child.dataset.ts ? child.classList.contains("tail") : Number(child.dataset.ts) > Number(ts));
  list.insertBefore(node, next || null);
}

// -- a place ------------------------------------------------------------------------------------------
// In direct messages a thread stands under its question; in channels it hides behind a button.
function drawRoot(app, message) {
  const node = h("div", { class: "root", data: { ts: message.ts, day: dayOf(message.ts) } }, drawMessage(app, message));
  const replies = repliesOf(app, message.ts);
  const statuses = app.statuses.filter((s) => s.thread_ts === message.ts);
  if (app.isDm()) {
    const title = app.titles[message.ts];
    const inner = h("div", { class: "inline-thread" }, replies.map((reply) => drawMessage(app, reply, true)),
      statuses.map((status) => drawStatus(app, status)));
    if (title && !squeezed(message.text).startsWith(squeezed(title).replace(/…$/, ""))) inner.prepend(h("div", { class: "session-title" }, title));
    const writing = replies.some((reply) => reply.stream?.state === "streaming");
    if (replies.length && !statuses.length && !writing) inner.append(button("follow-up", { onclick: () => app.openThread(message.ts) }, icon("reply"), t("thread.more")));
    if (inner.childNodes.length) node.append(inner);
  } else if (replies.length || statuses.length) {
    node.append(button("replies", { onclick: () => app.openThread(message.ts) }, statuses.length
      ? [h("span", { class: "dots" }, h("i"), h("i"), h("i")), statuses[0].status] : [icon("reply"), t("replies", { count: replies.length })]));
  }
  return node;
}

function drawDays(list) {
  list.querySelectorAll(":scope > .day").forEach((node) => node.remove());
  let day = null;
  for (const root of list.querySelectorAll(":scope > .root")) {
    if (root.dataset.day !== day) root.before(h("div", { class: "day" }, h("span", {}, root.dataset.day)));
    day = root.dataset.day;
  }
}

export function drawAll(app) {
  const roots = [...app.messages.values()].filter((m) => !replyTo(m)).sort(byTime);
  const list = byId("messages");
  list.replaceChildren(...roots.map((root) => drawRoot(app, root)));
  drawEmpty(app);
  drawDays(list);
  follow(list);
  drawThread(app);
}

export function drawEmpty(app) {
  const list = byId("messages");
  list.querySelectorAll(":scope > .empty").forEach((node) => node.remove());
  if (!list.querySelector(":scope > .root")) list.append(app.isDm() ? welcome(app) : h("p", { class: "empty" }, t("empty.channel")));
}

export function refreshRoot(app, ts, mine = false) {
  const list = byId("messages");
  const stay = mine || follows(list);
  const root = app.messages.get(ts);
  if (root && !replyTo(root)) {
    list.querySelectorAll(":scope > .empty").forEach((node) => node.remove());
    const old = list.querySelector(`:scope > [data-ts="${ts}"]`);
    const fresh = drawRoot(app, root);
    if (old) mend(old, fresh);
    else { put(list, fresh); drawDays(list); }
  }
  if (stay) follow(list);
}

// Only what changed is put in place of the old: a growing answer does not disturb its neighbours.
function mend(old, fresh) {
  const inner = old.querySelector(":scope > .inline-thread");
  const next = fresh.querySelector(":scope > .inline-thread");
  if (!inner || !next) {
    const refocus = carry(old, fresh);
    old.replaceWith(fresh);
    refocus();
    return;
  }
  const was = old.firstElementChild;
  const refocusRoot = carry(was, fresh.firstElementChild);
  was.replaceWith(fresh.firstElementChild);
  refocusRoot();
  const refocus = carry(inner, next);
  inner.replaceWith(next);
  refocus();
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
  byId("thread-title").textContent = squeezed(root.text).startsWith(squeezed(title).replace(/…$/, "")) ? "" : title;
  const fresh = [root, ...repliesOf(app, app.thread)].map((m) => drawMessage(app, m, true));
  const refocus = first ? () => {} : carry(list, h("div", {}, fresh));
  list.replaceChildren(...fresh, ...app.statuses.filter((s) => s.thread_ts === app.thread).map((s) => drawStatus(app, s)));
  refocus();
  if (first) {
    pane.dataset.thread = app.thread;
    byId("thread-composer").replaceChildren(composer(app, { id: "thread-text", threadTs: () => app.thread, placeholder: t("thread.placeholder") }));
  }
  if (stay) follow(list);
}
