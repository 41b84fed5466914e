// The page: who I am, where I am, what is there; kept live by server-sent events.
import { attempt, byId, get, h, post, toast } from "./dom.js";
import { composer, promptChips } from "./composer.js";
import { learnDirectory } from "./elements.js";
import { drawHints } from "./hints.js";
import { callArrived, drawInspector, inspect } from "./inspector.js";
import { avatar, closeMenus, drawMessage, drawStatus, nearBottom, place, toBottom } from "./messages.js";
import { drawHome, showModal } from "./modal.js";
import { learnNames, unescaped } from "./text.js";

const BOT = "U_BOT";
const app = {
  user: "U_AGENT", channel: "D_U_AGENT", tab: "messages", thread: null,
  people: [], channels: [], messages: new Map(), statuses: [], prompts: null, sessions: {}, titles: {},
  unread: {}, manifest: {}, sockets: 0, live: null,
  isDm: () => app.channel.startsWith("D_"),
  shortcuts: () => (app.manifest.features?.shortcuts || []).filter((one) => one.type === "message"),
  commands: () => app.manifest.features?.slash_commands || [],
  inspect,
  openThread(ts) { app.thread = ts; drawThread(); byId("thread-text")?.focus(); },
  stop: (threadTs) => attempt(() => post("stops", { user: app.user, channel: app.channel, thread_ts: threadTs })),
  say(text, threadTs) {
    const body = { user: app.user, channel: app.channel, text: text.replace(/@客服台/g, `<@${BOT}>`) };
    if (threadTs) body.thread_ts = threadTs;
    return post("messages", body);
  },
  edit(message) {
    const area = h("textarea", { class: "control", rows: "3" });
    area.value = unescaped(message.text.replaceAll(`<@${BOT}>`, "@客服台"));
    const done = () => dialog.close();
    const dialog = byId("confirm");
    dialog.replaceChildren(h("h2", {}, "编辑消息"), area, h("footer", {}, h("button", { type: "button", onclick: done }, "取消"),
      h("button", { type: "button", class: "primary", onclick: async () => {
        const text = area.value.replace(/@客服台/g, `<@${BOT}>`);
        if (await attempt(() => post("edits", { user: app.user, channel: message.channel, ts: message.ts, text }))) done();
      } }, "保存")));
    dialog.showModal();
  },
};

// -- sidebar -----------------------------------------------------------------------------------------
function drawSidebar() {
  byId("personas").replaceChildren(...app.people.filter((p) => !p.is_bot).map((person) => h("li", {}, h("button", {
    type: "button", "aria-pressed": String(person.id === app.user), data: { user: person.id },
    onclick: () => become(person.id) }, avatar(person.id, person.name), person.name))));
  const entry = (channel, name) => h("li", {}, h("button", {
    type: "button", "aria-current": channel.id === app.channel ? "page" : null, data: { channel: channel.id },
    onclick: () => goTo(channel.id) }, name, app.unread[channel.id] ? h("span", { class: "unread" }, String(app.unread[channel.id])) : null));
  byId("channels").replaceChildren(...app.channels.filter((c) => !c.is_im).map((c) => entry(c, `${c.is_private ? "🔒" : "#"} ${c.name}`)));
  byId("apps").replaceChildren(...app.channels.filter((c) => c.is_im).map((c) => entry(c, "客服台（私信）")));
  byId("bot-state").textContent = app.sockets ? "● 机器人已连接" : "○ 机器人未连接";
  byId("bot-state").className = `bot-state ${app.sockets ? "on" : "off"}`;
}

function drawHeader() {
  const channel = app.channels.find((c) => c.id === app.channel);
  byId("title").textContent = app.isDm() ? "客服台" : `${channel.is_private ? "🔒" : "#"} ${channel.name}`;
  byId("topic").textContent = app.isDm() ? "问制度、起草上报、记工单" : channel.topic?.value || "";
  const tabs = app.isDm() ? [["messages", "消息"], ["home", "主页"]] : [];
  byId("tabs").replaceChildren(...tabs.map(([name, label]) => h("button", {
    type: "button", role: "tab", "aria-selected": String(app.tab === name), onclick: () => openTab(name) }, label)));
}

// -- messages ----------------------------------------------------------------------------------------
const replyTo = (message) => message.thread_ts && message.thread_ts !== message.ts;
const repliesOf = (ts) => [...app.messages.values()].filter((m) => m.thread_ts === ts && m.ts !== ts).sort((a, b) => a.ts - b.ts);

// In direct messages a thread stands under its question; in channels it hides behind a button.
function drawRoot(message) {
  const node = h("div", { class: "root", data: { ts: message.ts } }, drawMessage(app, message));
  const replies = repliesOf(message.ts);
  const statuses = app.statuses.filter((s) => s.thread_ts === message.ts);
  if (app.isDm()) {
    const title = app.titles[message.ts];
    const inner = h("div", { class: "inline-thread" }, replies.map((reply) => drawMessage(app, reply, true)),
      statuses.map((status) => drawStatus(app, status)));
    if (title) inner.prepend(h("div", { class: "session-title" }, title));
    if (replies.length) {
      inner.append(h("button", { type: "button", class: "follow-up", onclick: () => app.openThread(message.ts) }, "↳ 追问"));
    }
    if (inner.childNodes.length) node.append(inner);
  } else if (replies.length || statuses.length) {
    node.append(h("button", { type: "button", class: "replies", onclick: () => app.openThread(message.ts) },
      statuses.length ? `${statuses[0].status}` : `💬 ${replies.length} 条回复`));
  }
  return node;
}

function drawAll() {
  const roots = [...app.messages.values()].filter((m) => !replyTo(m)).sort((a, b) => a.ts - b.ts);
  const list = byId("messages");
  list.replaceChildren(...roots.map(drawRoot));
  if (!roots.length) {
    list.append(h("p", { class: "empty" }, app.isDm() ? "直接问客服台一个问题，例如制度、话术或处理流程。" : "这里还没有消息。在频道里用 @客服台 提问。"));
  }
  toBottom(list);
  drawThread();
}

function refreshRoot(ts) {
  const list = byId("messages");
  const stay = nearBottom(list);
  const root = app.messages.get(ts);
  if (root && !replyTo(root)) {
    list.querySelector(":scope > .empty")?.remove();
    place(list, drawRoot(root), ts);
  }
  if (stay) toBottom(list);
}

function drawThread() {
  const pane = byId("thread");
  pane.hidden = app.thread === null || !app.messages.has(app.thread);
  document.body.classList.toggle("with-thread", !pane.hidden);
  if (pane.hidden) { pane.dataset.thread = ""; return; }
  const list = byId("thread-messages");
  const fresh = pane.dataset.thread !== app.thread;
  const stay = fresh || nearBottom(list);
  const root = app.messages.get(app.thread);
  byId("thread-title").textContent = app.titles[app.thread] || "";
  list.replaceChildren(...[root, ...repliesOf(app.thread)].map((m) => drawMessage(app, m, true)),
    ...app.statuses.filter((s) => s.thread_ts === app.thread).map((s) => drawStatus(app, s)));
  if (fresh) {
    pane.dataset.thread = app.thread;
    byId("thread-composer").replaceChildren(composer(app, { id: "thread-text", threadTs: () => app.thread, placeholder: "在消息串中回复…" }));
  }
  if (stay) toBottom(list);
}

function drawComposer() {
  const where = app.isDm() ? "问客服台…" : "在频道里发言，@客服台 提问…";
  const typed = byId("composer-text")?.value || "";
  byId("composer").replaceChildren(...[promptChips(app, app.isDm() ? app.prompts : null),
    composer(app, { id: "composer-text", threadTs: () => null, placeholder: where })].filter(Boolean));
  byId("composer-text").value = typed;
}

function showTab() {
  const home = app.tab === "home";
  byId("home").hidden = !home;
  byId("messages").hidden = home;
  byId("composer").hidden = home;
  drawHints(app);
}

// -- moving about -------------------------------------------------------------------------------------
async function become(user) {
  app.user = user;
  app.unread = {};
  app.thread = null;
  app.channels = (await get("channels", { user })).channels;
  const kept = app.channels.some((c) => c.id === app.channel) ? app.channel : `D_${user}`;
  learnNames(Object.fromEntries(app.people.map((p) => [p.id, p.name])), Object.fromEntries(app.channels.map((c) => [c.id, c.name])));
  learnDirectory(app.people.filter((p) => !p.is_bot), app.channels.filter((c) => !c.is_im));
  listen();
  await goTo(kept);
  await refreshViews();
}

async function goTo(channel) {
  app.channel = channel;
  app.tab = "messages";
  app.thread = null;
  delete app.unread[channel];
  document.body.classList.remove("with-sidebar");
  history.replaceState(null, "", `#${app.user}/${channel}`);
  drawSidebar();
  drawHeader();
  await load();
  showTab();
  drawComposer();
  if (app.isDm()) await attempt(() => post("home", { user: app.user, tab: "messages" }));
  if (matchMedia("(min-width: 800px)").matches) byId("composer-text").focus();
}

async function openTab(name) {
  app.tab = name;
  drawHeader();
  showTab();
  if (name === "home") await refreshHome();
  await attempt(() => post("home", { user: app.user, tab: name }));
}

async function load() {
  const answer = await attempt(() => get("messages", { channel: app.channel, user: app.user }));
  if (!answer) return;
  app.messages = new Map(answer.messages.map((m) => [m.ts, m]));
  takeSurroundings(answer);
  drawAll();
}

function takeSurroundings({ statuses, prompts, sessions, titles }) {
  Object.assign(app, { statuses, prompts, sessions, titles });
}

async function refreshViews() {
  const views = await attempt(() => get("views", { user: app.user }));
  if (views) showModal(app, views.modal);
}

async function refreshHome() {
  const views = await attempt(() => get("views", { user: app.user }));
  if (views) drawHome(app, views.home, byId("home"));
}

// -- live ---------------------------------------------------------------------------------------------
const ON = {
  message({ channel, ts, message }) {
    if (channel !== app.channel) {
      const fresh = message.user !== app.user && !message.edited && !message.reply_count;
      if (fresh && !(message.stream && message.stream.appends > 1)) app.unread[channel] = (app.unread[channel] || 0) + 1;
      drawSidebar();
      return;
    }
    app.messages.set(ts, message);
    refreshRoot(replyTo(message) ? message.thread_ts : ts);
    if (app.thread && [message.thread_ts, ts].includes(app.thread)) drawThread();
  },
  gone({ channel, ts }) {
    if (channel !== app.channel) return;
    const message = app.messages.get(ts);
    app.messages.delete(ts);
    byId("messages").querySelector(`:scope > [data-ts="${ts}"]`)?.remove();
    if (message && replyTo(message)) refreshRoot(message.thread_ts);
    drawThread();
  },
  status: surroundings, session: surroundings, title: surroundings,
  prompts(change) { if (change.channel === app.channel) { takeSurroundings(change); drawComposer(); } },
  views: refreshViews,
  home: () => { if (app.tab === "home") refreshHome(); },
  sockets({ count }) { app.sockets = count; drawSidebar(); },
  manifest: async () => { app.manifest = await get("manifest"); drawAll(); drawComposer(); },
  call: callArrived,
  reload: load,
};

function surroundings(change) {
  if (change.channel !== app.channel) return;
  takeSurroundings(change);
  refreshRoot(change.thread_ts);
  if (app.thread === change.thread_ts) drawThread();
}

function listen() {
  app.live?.close();
  const live = new EventSource(`/control/live?user=${app.user}`);
  let lost = false;
  live.onmessage = (event) => { const change = JSON.parse(event.data); ON[change.kind]?.(change); };
  live.onerror = () => { if (!lost) toast("与工作区的连接断了，正在重连…"); lost = true; };
  live.onopen = () => { if (lost) { lost = false; load(); refreshViews(); } };
  app.live = live;
}

// -- start --------------------------------------------------------------------------------------------
const toggle = (id) => () => { byId(id).hidden = !byId(id).hidden; drawInspector(); };
byId("open-inspector").onclick = toggle("inspector");
byId("close-inspector").onclick = toggle("inspector");
byId("close-thread").onclick = () => { app.thread = null; drawThread(); };
byId("open-sidebar").onclick = () => document.body.classList.toggle("with-sidebar");
byId("open-hints").onclick = () => drawHints(app, true);
document.addEventListener("click", (event) => {
  if (!event.target.closest("details.menu")) closeMenus();
  if (!event.target.closest("#sidebar, #open-sidebar")) document.body.classList.remove("with-sidebar");
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeMenus(); });

(async function start() {
  const [{ people }, { count }, manifest] = await Promise.all([get("people"), get("sockets"), get("manifest")]);
  Object.assign(app, { people, sockets: count, manifest });
  const [user, channel] = location.hash.slice(1).split("/");
  const linked = /^\/archives\/([^/]+)\/p(\d+)/.exec(location.pathname);
  if (linked) app.channel = linked[1];
  else if (channel) app.channel = channel;
  await become(people.some((p) => p.id === user && !p.is_bot) ? user : "U_AGENT");
  if (linked) document.querySelector(`[data-ts="${linked[2].slice(0, -6)}.${linked[2].slice(-6)}"]`)?.scrollIntoView();
})();
