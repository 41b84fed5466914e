// The page: who I am, where I am, what is there.
import { composer, promptChips } from "./composer.js";
import { askForText } from "./dialogs.js";
import { attempt, byId, get, h, newestOnly, post } from "./dom.js";
import { learnDirectory } from "./elements.js";
import { guideChanged, watchTour } from "./guide.js";
import { inspect, toggleInspector } from "./inspector.js";
import { listenToKeys } from "./keys.js";
import { listen, load, refreshHome, refreshViews } from "./live.js";
import { closeMenus } from "./menus.js";
import { drawHeader, drawSidebar, drawTools } from "./sidebar.js";
import { learnNames, unescaped } from "./text.js";
import { drawAll, drawThread } from "./timeline.js";
import { t, translatePage } from "./words.js";

const BOT = "U_BOT";
const named = (text) => text.replace(/@客服台/g, `<@${BOT}>`);
const wide = matchMedia("(min-width: 800px)");

const app = {
  user: "U_AGENT", channel: "D_U_AGENT", tab: "messages", thread: null,
  people: [], channels: [], messages: new Map(), statuses: [], prompts: null, sessions: {}, titles: {}, drawn: false,
  waiting: {}, manifest: {}, sockets: 0, guide: {},
  isDm: () => app.channel.startsWith("D_"),
  shortcuts: () => (app.manifest.features?.shortcuts || []).filter((one) => one.type === "message"),
  commands: () => app.manifest.features?.slash_commands || [],
  inspect, become, goTo, openTab, drawPlace,
  openThread(ts) { app.thread = ts; drawThread(app); byId("thread-text")?.focus(); },
  closeThread() { const ts = app.thread; app.thread = null; drawThread(app); document.querySelector(`#messages [data-ts="${ts}"] > .message`)?.focus(); },
  stop: (threadTs) => attempt(() => post("stops", { user: app.user, channel: app.channel, thread_ts: threadTs })),
  say(text, threadTs) {
    const body = { user: app.user, channel: app.channel, text: named(text) };
    if (threadTs) body.thread_ts = threadTs;
    return post("messages", body);
  },
  async edit(message) {
    const text = await askForText(t("edit.title"), unescaped(message.text.replaceAll(`<@${BOT}>`, "@客服台")));
    if (text) await attempt(() => post("edits", { user: app.user, channel: message.channel, ts: message.ts, text: named(text) }));
  },
};

// -- drawing -------------------------------------------------------------------------------------------
function drawComposer() {
  const name = app.channels.find((c) => c.id === app.channel)?.name;
  const where = app.isDm() ? t("ask.placeholder") : t("say.placeholder", { channel: name });
  const typed = byId("composer-text")?.value;
  const writing = document.activeElement?.id === "composer-text";
  byId("composer").replaceChildren(h("div", { id: "prompts", class: "prompts", hidden: !app.isDm() }),
    composer(app, { id: "composer-text", threadTs: () => null, placeholder: where, typed }));
  if (writing) byId("composer-text").focus();
  promptChips(app);
}

function drawPlace() {
  drawSidebar(app);
  drawHeader(app);
  byId("messages").replaceChildren();
  drawAll(app);
  drawComposer();
}

function showTab() {
  const home = app.tab === "home";
  byId("home").hidden = !home;
  byId("messages").hidden = home;
  byId("composer").hidden = home;
}

// -- moving about ----------------------------------------------------------------------------------------
const channelsOf = newestOnly((user) => get("channels", { user }));

async function become(user, channel = null) {
  const answer = await channelsOf(user);
  if (!answer) return; // somebody else was chosen meanwhile
  const { channels } = answer;
  if (user !== app.user) byId("home").replaceChildren(); // nobody sees another's
  const here = channel || app.channel;
  const kept = channels.some((c) => c.id === here) ? here : `D_${user}`;
  Object.assign(app, { user, channels, channel: kept, thread: null }); // at once: nobody is where they may not be
  learnNames(Object.fromEntries(app.people.map((p) => [p.id, p.name])), Object.fromEntries(app.channels.map((c) => [c.id, c.name])));
  learnDirectory(app.people.filter((p) => !p.is_bot), app.channels.filter((c) => !c.is_im));
  listen(app);
  await goTo(kept);
  await refreshViews();
}

async function goTo(channel) {
  app.channel = channel;
  app.tab = "messages";
  app.thread = null;
  document.body.classList.remove("with-sidebar");
  history.replaceState(null, "", `#${app.user}/${channel}`);
  // What stood there goes at once: nobody presses it as somebody else, or answers in a thread that is elsewhere.
  Object.assign(app, { messages: new Map(), statuses: [], prompts: null, drawn: false });
  byId("messages").replaceChildren();
  drawThread(app);
  drawSidebar(app);
  drawHeader(app);
  showTab();
  drawComposer();
  // At once: later it would take the keys from whoever has gone on.
  if (wide.matches && !document.activeElement?.closest("#sidebar, dialog, #tour")) byId("composer-text").focus();
  await load();
  if (app.isDm()) await attempt(() => post("home", { user: app.user, tab: "messages" }));
  watchTour(app);
}

async function openTab(name) {
  app.tab = name;
  app.thread = null;
  drawThread(app);
  drawHeader(app);
  showTab();
  byId("tabs").querySelector(`[data-tab=${name}]`)?.focus();
  if (name === "home") await refreshHome();
  await attempt(() => post("home", { user: app.user, tab: name }));
}

// -- start ----------------------------------------------------------------------------------------------
byId("open-inspector").onclick = toggleInspector;
byId("close-inspector").onclick = toggleInspector;
byId("close-thread").onclick = app.closeThread;
byId("open-sidebar").onclick = () => {
  document.body.classList.toggle("with-sidebar");
  if (document.body.classList.contains("with-sidebar")) byId("sidebar").querySelector("[aria-pressed=true]")?.focus();
};
document.addEventListener("click", (event) => {
  const menu = event.target.closest("details.menu");
  closeMenus(menu);
  const summary = event.target.closest("summary");
  if (summary) summary.parentElement.dataset.touched = "1";
  if (!event.target.closest("#sidebar, #open-sidebar")) document.body.classList.remove("with-sidebar");
});

(async function start() {
  translatePage();
  drawTools();
  listenToKeys(app);
  const [{ people }, { count }, manifest, guide] = await Promise.all([get("people"), get("sockets"), get("manifest"), get("guide")]);
  Object.assign(app, { people, sockets: count, manifest, guide });
  const [user, channel] = location.hash.slice(1).split("/");
  const linked = /^\/archives\/([^/]+)\/p(\d+)/.exec(location.pathname);
  app.channel = linked ? linked[1] : channel || app.channel;
  await become(people.some((p) => p.id === user && !p.is_bot) ? user : "U_AGENT");
  guideChanged(app, guide);
  if (linked) document.querySelector(`[data-ts="${linked[2].slice(0, -6)}.${linked[2].slice(-6)}"]`)?.scrollIntoView();
})();
