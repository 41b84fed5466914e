// What changes arrives as server-sent events; here it finds its place on the screen.
import { promptChips } from "./composer.js";
import { announce, attempt, byId, get, lazily, newestOnly, post, toast } from "./dom.js";
import { guideChanged, watchTour } from "./guide.js";
import { trafficArrived } from "./inspector.js";
import { drawHome, showModal } from "./modal.js";
import { drawSidebar } from "./sidebar.js";
import { personName } from "./text.js";
import { drawAll, drawEmpty, drawThread, refresh } from "./timeline.js";
import { t } from "./words.js";

let app = null;
let source = null;
let passed = []; // the last changes, for what was read before they came

const views = () => attempt(() => get("views", { user: app.user }));
const newestViews = newestOnly(views);
const newestHome = newestOnly(views);

export async function refreshViews() {
  const views = await newestViews();
  if (views) showModal(app, views.modal, views.stack.length);
  watchTour(app);
}

export async function refreshHome() {
  const user = app.user;
  const views = await newestHome();
  if (views && user === app.user) drawHome(app, views.home, byId("home"));
}

// What is on the screen is read; who has something waiting is asked with it.
const unread = newestOnly((visible) => (visible ? post("reads", { user: app.user, channel: app.channel }) : get("unread")).catch(() => null));

async function markRead() {
  const answer = await unread(document.visibilityState === "visible");
  if (!answer || JSON.stringify(answer.unread) === JSON.stringify(app.waiting)) return;
  app.waiting = answer.unread;
  drawSidebar(app);
}

const refreshUnread = lazily(markRead, 300);

export function takeSurroundings({ statuses, prompts, sessions, titles }) {
  Object.assign(app, { statuses, prompts, sessions, titles });
}

function surroundings(change) {
  if (change.channel !== app.channel) return;
  takeSurroundings(change);
  refresh(app);
  if (app.thread === change.thread_ts) drawThread(app);
}

function tellWhenFinished(before, message) {
  const writing = (one) => one?.stream?.state === "streaming";
  if (message.bot_id && !writing(message) && (!before || writing(before))) {
    announce(`${t("finished", { name: personName(message.user) })}：${message.text.slice(0, 300)}`);
  }
}

const ON = {
  message({ channel, ts, message }) {
    refreshUnread();
    if (channel !== app.channel) return;
    const before = app.messages.get(ts);
    app.messages.set(ts, message);
    refresh(app, !before && message.user === app.user);
    if (app.thread && [message.thread_ts, ts].includes(app.thread)) drawThread(app);
    tellWhenFinished(before, message);
    watchTour(app);
  },
  gone({ channel, ts }) {
    if (channel !== app.channel) return;
    app.messages.delete(ts);
    refresh(app);
    drawThread(app);
    refreshUnread();
  },
  elsewhere: refreshUnread,
  status: surroundings, session: surroundings, title: surroundings,
  prompts(change) {
    if (change.channel !== app.channel) return;
    takeSurroundings(change);
    promptChips(app);
    if (!app.guide.tries && !app.messages.size) drawEmpty(app); // without a guide, they are what is offered
  },
  views: refreshViews,
  home: () => { if (app.tab === "home") refreshHome(); },
  sockets({ count }) {
    const came = count && !app.sockets;
    app.sockets = count;
    drawSidebar(app);
    if (came && app.isDm()) attempt(() => post("home", { user: app.user, tab: app.tab })); // it could not hear of us before
  },
  manifest: async () => { app.manifest = await get("manifest"); app.drawPlace(); },
  guide: () => guideChanged(app),
  call: trafficArrived,
  reload: () => load(),
};

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// Once the place is on the screen, what did not change meanwhile is left alone. Changes that came while the state was
// on its way are newer than it and are taken once more.
export async function load() {
  const { user, channel } = app;
  const answer = await attempt(() => get("messages", { channel, user }));
  if (!answer || channel !== app.channel || user !== app.user) return;
  const before = app.messages;
  app.messages = new Map(answer.messages.map((m) => [m.ts, same(before.get(m.ts), m) ? before.get(m.ts) : m]));
  takeSurroundings(answer);
  if (app.drawn) { refresh(app); drawThread(app); } else drawAll(app);
  if (!app.drawn) markRead(); // at once: whoever goes on quickly has seen it all the same
  app.drawn = true;
  promptChips(app);
  for (const change of passed.filter((one) => one.seq > answer.seq)) ON[change.kind]?.(change);
}

export function listen(state) {
  app = state;
  source?.close();
  passed = []; // what another person was told
  source = new EventSource(`/control/live?user=${app.user}`);
  let lost = false;
  // What came about before the connection stood, the first one too, is asked for once it stands.
  source.onopen = () => { lost = false; load(); refreshViews(); refreshUnread(); };
  source.onmessage = (event) => {
    const change = JSON.parse(event.data);
    if (change.channel) passed = [...passed.slice(-99), change];
    ON[change.kind]?.(change);
  };
  source.onerror = () => { if (!lost) toast(t("lost")); lost = true; };
}
