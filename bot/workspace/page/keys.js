// Everything by keyboard; dialogs.js lists it under "?".
import { showKeys } from "./dialogs.js";
import { byId } from "./dom.js";
import { toggleInspector } from "./inspector.js";
import { escapeMenu } from "./menus.js";

const GROUPS = [".menu-items", "#sidebar", "[role=tablist]"];
const ITEMS = { ".menu-items": "button", "#sidebar": ".person, .place", "[role=tablist]": "[role=tab]" };
const typing = (node) => Boolean(node.closest("input, textarea, select, [contenteditable]"));

function step(items, at, key) {
  if (key === "Home") return items[0];
  if (key === "End") return items[items.length - 1];
  const by = ["ArrowDown", "ArrowRight"].includes(key) ? 1 : -1;
  return items[(items.indexOf(at) + by + items.length) % items.length];
}

// Arrow keys inside menus, the sidebar, tabs and lists of messages. Whether the key was used.
function moved(event) {
  const { key, target } = event;
  const upDown = ["ArrowDown", "ArrowUp", "Home", "End"].includes(key);
  if (!upDown && !["ArrowLeft", "ArrowRight"].includes(key)) return false;
  for (const group of GROUPS) {
    const home = target.closest(group);
    if (!home || (group === "[role=tablist]") === upDown) continue;
    const items = [...home.querySelectorAll(ITEMS[group])];
    if (!items.includes(target) && group !== ".menu-items") continue;
    step(items, target, key)?.focus();
    return true;
  }
  const message = target.closest(".message");
  if (!upDown || !message || target !== message) return false;
  const all = [...message.closest(".list").querySelectorAll(".message")];
  const next = key === "Home" ? all[0] : key === "End" ? all[all.length - 1] : all[all.indexOf(message) + (key === "ArrowDown" ? 1 : -1)];
  next?.focus();
  return true;
}

function onMessage(app, event) {
  const message = event.target.classList?.contains("message") ? event.target : null;
  if (!message) return false;
  if (event.key.toLowerCase() === "m") { message.querySelector(".toolbar details.menu summary").click(); return true; }
  const one = app.messages.get(message.dataset.ts);
  if (event.key.toLowerCase() === "t" && one && !one.ephemeral) { app.openThread(one.thread_ts || one.ts); return true; }
  return false;
}

function altered(app, event) {
  if (/^Digit[1-9]$/.test(event.code)) {
    const person = app.people.filter((p) => !p.is_bot)[Number(event.code.slice(5)) - 1];
    if (person) app.become(person.id);
    return Boolean(person);
  }
  if (!["ArrowUp", "ArrowDown"].includes(event.key)) return false;
  const all = [...app.channels.filter((c) => !c.is_im), ...app.channels.filter((c) => c.is_im)].map((c) => c.id);
  app.goTo(all[(all.indexOf(app.channel) + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
  return true;
}

// An empty box and the arrow up: the last message of one's own is edited.
function editsLast(app, event) {
  if (event.key !== "ArrowUp" || event.target.value || !["composer-text", "thread-text"].includes(event.target.id)) return false;
  const thread = event.target.id === "thread-text" ? app.thread : null;
  const own = [...app.messages.values()].filter((m) => m.user === app.user && !m.files && (!thread || thread === (m.thread_ts || m.ts)));
  const last = own.sort((a, b) => b.ts - a.ts)[0];
  if (last) app.edit(last);
  return Boolean(last);
}

function escaped(app) {
  if (escapeMenu()) return true;
  if (document.querySelector(".suggestions:not(:empty)")) return false;
  if (document.body.classList.contains("with-sidebar")) { document.body.classList.remove("with-sidebar"); byId("open-sidebar").focus(); return true; }
  if (!byId("inspector").hidden && byId("inspector").contains(document.activeElement)) { toggleInspector(); return true; }
  if (app.thread) { app.closeThread(); return true; }
  if (!byId("inspector").hidden) { toggleInspector(); return true; }
  return false;
}

const LETTERS = { "?": showKeys, i: toggleInspector, c: () => byId("composer-text").focus() };

export function listenToKeys(app) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey) return;
    if (document.querySelector("dialog[open]")) {
      if (event.key === "Escape" ? escapeMenu() : moved(event)) event.preventDefault();
      return;
    }
    const writes = typing(event.target);
    const used = event.key === "Escape" ? escaped(app) : event.altKey ? altered(app, event)
      : writes ? editsLast(app, event) : moved(event) || onMessage(app, event);
    const letter = !writes && !used && !event.altKey && LETTERS[event.key];
    if (letter) letter();
    if (used || letter) event.preventDefault();
  });
}
