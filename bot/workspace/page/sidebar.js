// The left side: who I am, where I can be, who has something waiting; and the header of the place.
import { button, byId, h } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./messages.js";
import { personName } from "./text.js";
import { language, roleName, switchLanguage, t } from "./words.js";
import { showKeys } from "./dialogs.js";

const badge = (count) => (count ? h("span", { class: "unread", "aria-label": t("unread", { count }), title: t("unread", { count }) }, String(count)) : null);
const waitingFor = (app, user) => Object.values(app.waiting[user] || {}).reduce((sum, count) => sum + count, 0);

function person(app, one) {
  const mine = one.id === app.user;
  return h("li", {}, button("person", { "aria-pressed": String(mine), data: { user: one.id }, onclick: () => app.become(one.id) },
    avatar(one.id, personName(one.id)), h("span", { class: "who" }, personName(one.id), h("small", {}, roleName(one.role))),
    mine ? null : badge(waitingFor(app, one.id))));
}

function place(app, channel, mark, name) {
  const count = app.waiting[app.user]?.[channel.id];
  return h("li", {}, button(count ? "place waiting" : "place", { "aria-current": channel.id === app.channel ? "page" : null,
    data: { channel: channel.id }, onclick: () => app.goTo(channel.id) }, icon(mark), h("span", {}, name), badge(count)));
}

// Redrawn while somebody may be moving in it by keys: the focus stays where it was.
export function drawSidebar(app) {
  const at = document.activeElement?.dataset;
  const kept = at?.user ? `[data-user="${at.user}"]` : at?.channel ? `#sidebar [data-channel="${at.channel}"]` : null;
  byId("personas").replaceChildren(...app.people.filter((p) => !p.is_bot).map((one) => person(app, one)));
  byId("channels").replaceChildren(...app.channels.filter((c) => !c.is_im).map((c) => place(app, c, c.is_private ? "lock" : "hash", c.name)));
  byId("apps").replaceChildren(...app.channels.filter((c) => c.is_im).map((c) => place(app, c, "reply", t("dm.entry"))));
  byId("bot-state").replaceChildren(h("i", { class: "dot" }), t(app.sockets ? "bot.on" : "bot.off"));
  byId("bot-state").className = `bot-state ${app.sockets ? "on" : "off"}`;
  const others = app.people.filter((p) => p.id !== app.user).reduce((sum, p) => sum + waitingFor(app, p.id), 0);
  byId("open-sidebar").replaceChildren(...[icon("menu"), badge(others)].filter(Boolean));
  if (kept) document.querySelector(kept)?.focus();
}

export function drawHeader(app) {
  const channel = app.channels.find((c) => c.id === app.channel);
  byId("title").replaceChildren(...(app.isDm() ? [t("dm.name")] : [icon(channel.is_private ? "lock" : "hash"), channel.name]));
  byId("topic").textContent = app.isDm() ? t("dm.topic") : channel.topic?.value ?? channel.topic ?? "";
  const tabs = app.isDm() ? ["messages", "home"] : [];
  byId("tabs").replaceChildren(...tabs.map((name) => button("", { role: "tab", data: { tab: name },
    "aria-selected": String(app.tab === name), onclick: () => app.openTab(name) }, t(`tab.${name}`))));
}

export function drawTools() {
  byId("tools").replaceChildren(
    button("plain", { id: "open-keys", title: t("help"), onclick: showKeys }, icon("keyboard"), t("help")),
    button("plain", { id: "switch-language", "aria-label": t("language.label"), lang: language === "zh" ? "en" : "zh-CN", onclick: switchLanguage }, icon("globe"), t("language")));
  byId("open-inspector").replaceChildren(icon("code"), h("span", {}, t("inspector")));
  for (const id of ["close-thread", "close-inspector"]) byId(id).replaceChildren(icon("x"));
}
