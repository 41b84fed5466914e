// The left side: who I am, where I can be, who has something waiting; and the header of the place.
import { button, byId, h } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./messages.js";
import { patch } from "./patching.js";
import { personName } from "./text.js";
import { language, roleName, switchLanguage, t } from "./words.js";
import { showKeys } from "./dialogs.js";

const badge = (count) => (count ? h("span", { class: "unread", "aria-label": t("unread", { count }), title: t("unread", { count }) }, String(count)) : null);
const waitingFor = (app, user) => Object.values(app.waiting[user] || {}).reduce((sum, count) => sum + count, 0);

// Only marks change: what somebody is about to press, or stands on by keys, stays the same node.
function mark(node, count) {
  const shown = node.querySelector(".unread");
  if ((shown?.textContent || "") === String(count || "")) return;
  shown?.remove();
  if (count) node.append(badge(count));
}

const entry = (key, make, update) => {
  const updated = (node) => { update(node.firstElementChild); return node; };
  return { key, version: "", make: () => updated(h("li", {}, make())), patch: updated };
};

function person(app, one) {
  return entry(one.id, () => button("person", { data: { user: one.id }, onclick: () => app.become(one.id) },
    avatar(one.id, personName(one.id)), h("span", { class: "who" }, personName(one.id), h("small", {}, roleName(one.role)))), (node) => {
    const mine = one.id === app.user;
    node.setAttribute("aria-pressed", String(mine));
    mark(node, mine ? 0 : waitingFor(app, one.id));
  });
}

function place(app, channel, sign, name) {
  return entry(channel.id, () => button("place", { data: { channel: channel.id }, onclick: () => app.goTo(channel.id) },
    icon(sign), h("span", {}, name)), (node) => {
    const count = app.waiting[app.user]?.[channel.id];
    node.classList.toggle("waiting", Boolean(count));
    if (channel.id === app.channel) node.setAttribute("aria-current", "page");
    else node.removeAttribute("aria-current");
    mark(node, count);
  });
}

export function drawSidebar(app) {
  patch(byId("personas"), app.people.filter((p) => !p.is_bot).map((one) => person(app, one)));
  patch(byId("channels"), app.channels.filter((c) => !c.is_im).map((c) => place(app, c, c.is_private ? "lock" : "hash", c.name)));
  patch(byId("apps"), app.channels.filter((c) => c.is_im).map((c) => place(app, c, "reply", t("dm.entry"))));
  byId("bot-state").replaceChildren(h("i", { class: "dot" }), t(app.sockets ? "bot.on" : "bot.off"));
  byId("bot-state").className = `bot-state ${app.sockets ? "on" : "off"}`;
  const others = app.people.filter((p) => p.id !== app.user).reduce((sum, p) => sum + waitingFor(app, p.id), 0);
  mark(byId("open-sidebar"), others);
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
  byId("open-sidebar").replaceChildren(icon("menu"));
  byId("open-inspector").replaceChildren(icon("code"), h("span", {}, t("inspector")));
  for (const id of ["close-thread", "close-inspector"]) byId(id).replaceChildren(icon("x"));
}
