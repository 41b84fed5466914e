// A guided walk through the story: each step says what to do, does it at one press, and notices when it happened.
import { attempt, button, byId, h, send } from "./dom.js";
import { icon } from "./icons.js";
import { personName } from "./text.js";
import { either, t } from "./words.js";

const KEY = "kefu-tour";
const run = { number: -1, since: 0, shown: "", waiting: false, held: 0 };
const card = byId("tour"); // a dialog that is drawn anew throws it out of the document: it is kept here
const stepsOf = (app) => app.guide.tour || [];
const place = (step) => (step.channel === "dm" || !step.channel ? `D_${step.user}` : step.channel);
const isThere = (app, step) => app.user === step.user && app.channel === place(step);
const fresh = (app) => [...app.messages.values()].filter((m) => m.bot_id && m.stream?.state !== "streaming" && Number(m.ts) > run.since);
const newest = (app) => Math.max(0, ...[...app.messages.keys()].map(Number)); // what is there already does not count
const holds = (message, text) => JSON.stringify([message.text, message.blocks]).includes(text);
const lastOf = (action) => [...document.querySelectorAll(`#messages [data-action="${CSS.escape(action)}"]`)].pop();

// Whether what a step waits for has come about.
const REACHED = {
  answer: (app) => fresh(app).some((m) => m.thread_ts),
  text: (app, wanted) => fresh(app).some((m) => holds(m, wanted)),
  button: (app, action) => fresh(app).some((m) => holds(m, `"${action}"`)),
  form: () => byId("modal").open,
  without(app, action) { // one fewer than there were: older cards that nobody pressed do not hold it up
    const count = [...app.messages.values()].filter((m) => holds(m, `"${action}"`)).length;
    run.held = Math.max(run.held, count);
    return app.messages.size > 0 && count < run.held;
  },
};

function reached(app, step) {
  if (!step.until || !isThere(app, step)) return false;
  return Object.entries(step.until).every(([kind, value]) => REACHED[kind]?.(app, value));
}

// -- doing it for them --------------------------------------------------------------------------------
const lastOwnRoot = (app) => [...app.messages.values()].filter((m) => m.user === app.user && (!m.thread_ts || m.thread_ts === m.ts)).sort((a, b) => b.ts - a.ts)[0]?.ts;

function fill(values) {
  for (const [action, value] of Object.entries(values)) {
    const name = CSS.escape(action);
    const control = byId("modal").querySelector(`.control[data-action="${name}"], [data-block="${name}"] .control`);
    if (control && !control.value.trim()) control.value = either(value);
  }
  byId("modal").querySelector("button[type=submit]")?.focus();
}

async function drop(app, { name, content }) {
  const form = new FormData();
  form.append("user", app.user);
  form.append("channel", app.channel);
  form.append("file", new File([content], name, { type: "text/plain" }));
  await attempt(() => send(form));
}

async function act(app, step) {
  const wish = step.do;
  run.waiting = Boolean(step.until) && !wish.fill && !wish.press;
  run.since = newest(app);
  draw(app);
  if (wish.say) await attempt(() => app.say(either(wish.say), null));
  else if (wish.reply) await attempt(() => app.say(either(wish.reply), lastOwnRoot(app)));
  else if (wish.press) lastOf(wish.press)?.click();
  else if (wish.fill) fill(wish.fill);
  else if (wish.tab) await app.openTab(wish.tab);
  else if (wish.file) await drop(app, wish.file);
}

// -- the card -------------------------------------------------------------------------------------------
function light(step) {
  document.querySelectorAll(".lit").forEach((node) => node.classList.remove("lit"));
  const node = step?.light && (byId("modal").open ? byId("modal").querySelector(step.light === "submit" ? "button[type=submit]" : null) : lastOf(step.light));
  if (!node) return;
  node.classList.add("lit");
  if (!byId("modal").open) node.scrollIntoView({ block: "nearest" });
}

function mainButton(app, step) {
  if (!isThere(app, step)) {
    const channel = step.channel && step.channel !== "dm" ? either(step.place) : t("dm.entry");
    return button("primary", { onclick: () => app.become(step.user, place(step)) }, icon("right"), `${personName(step.user)} · ${channel}`);
  }
  if (run.waiting) return h("span", { class: "status" }, h("span", { class: "dots" }, h("i"), h("i"), h("i")), t("tour.wait"));
  if (step.do) return button("primary", { onclick: () => act(app, step) }, icon("right"), either(step.label));
  return button("primary", { onclick: () => go(app, run.number + 1) }, run.number + 1 < stepsOf(app).length ? t("tour.next") : t("tour.done"));
}

function draw(app) {
  const node = card;
  const step = stepsOf(app)[run.number];
  node.hidden = !step;
  if (!step) { light(null); return; }
  // What lies below an open dialog cannot be pressed: the card goes into it.
  if (byId("modal").open) byId("modal").querySelector("form > header").after(node);
  else if (node.parentElement !== byId("main")) byId("composer").before(node);
  const focused = node.contains(document.activeElement);
  node.replaceChildren(
    h("div", { class: "tour-text" }, h("small", {}, t("tour.step", { number: run.number + 1, total: stepsOf(app).length })),
      h("h2", {}, either(step.title)), h("p", { "aria-live": "polite" }, either(step.text))),
    h("div", { class: "tour-buttons" }, mainButton(app, step),
      step.until || !isThere(app, step) ? button("plain", { onclick: () => go(app, run.number + 1) }, t("tour.skip")) : null,
      button("plain", { "aria-label": t("tour.end"), title: t("tour.end"), onclick: () => go(app, -1) }, icon("x"))));
  if (focused) node.querySelector(".tour-buttons button")?.focus();
  light(isThere(app, step) ? step : null);
}

function go(app, number) {
  run.number = number < stepsOf(app).length ? number : -1;
  run.waiting = false;
  run.held = 0;
  run.since = newest(app);
  run.shown = "";
  if (run.number < 0) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, String(run.number));
  document.body.append(card);
  watchTour(app);
}

export function startTour(app) { go(app, 0); }

export function resumeTour(app) {
  const kept = Number(localStorage.getItem(KEY) ?? -1);
  if (run.number < 0 && kept >= 0 && stepsOf(app)[kept]) go(app, kept);
}

// Called whenever something changed: goes on when the step is reached, draws anew when what it shows would differ.
export function watchTour(app) {
  const step = stepsOf(app)[run.number];
  if (!step) { draw(app); return; }
  if (reached(app, step)) { go(app, run.number + 1); return; }
  const now = [run.number, isThere(app, step), run.waiting, byId("modal").open, card.isConnected].join();
  if (now !== run.shown) { run.shown = now; draw(app); } else light(isThere(app, step) ? step : null);
}
