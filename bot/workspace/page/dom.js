// Small building blocks: elements without innerHTML (text is always text), requests, toasts.
import { t } from "./words.js";

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const byId = (id) => document.getElementById(id);
export const button = (kind, props, ...children) => h("button", { type: "button", class: kind, ...props }, ...children);

export function safeUrl(url) {
  try {
    const parsed = new URL(url, location.href);
    return ["http:", "https:", "mailto:"].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

export function link(url, ...children) {
  const href = safeUrl(url);
  if (href === null) return h("span", { class: "bad-link", title: url }, ...children);
  return h("a", { href, target: "_blank", rel: "noreferrer noopener" }, ...children);
}

export function toast(text, kind = "error") {
  const node = h("div", { class: `toast ${kind}` }, text);
  byId("toasts").append(node);
  setTimeout(() => node.remove(), kind === "error" ? 6000 : 2500);
}

// For those who hear the page: said once, seen by nobody.
export function announce(text) {
  byId("announcer").textContent = "";
  setTimeout(() => { byId("announcer").textContent = text; }, 50);
}

async function answer(response) {
  const body = await response.json().catch(() => ({ error: t("bad.answer") }));
  if (!response.ok) throw new Error(body.error || `HTTP ${response.status}`);
  return body;
}

export async function get(path, query = {}) {
  const search = new URLSearchParams(Object.entries(query).filter(([, v]) => v !== undefined && v !== null));
  return answer(await fetch(`/control/${path}?${search}`));
}

export async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return answer(await fetch(`/control/${path}`, { method: "POST", headers, body: JSON.stringify(body) }));
}

export async function send(form) {
  return answer(await fetch("/control/uploads", { method: "POST", body: form }));
}

// Run what a person did; a failure becomes a toast. Returns undefined on failure.
export async function attempt(work) {
  try {
    const result = await work();
    if (result && result.error) toast(translate(result.error));
    return result;
  } catch (error) {
    toast(translate(error.message));
    return undefined;
  }
}

function translate(sentence) {
  if (sentence.includes("within 3 seconds")) return t("late.ack");
  if (sentence.includes("no bot is connected")) return t("no.bot");
  return sentence;
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // no permission, or not a secure place: the old way
    const area = h("textarea", { class: "unseen" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  toast(t("copied"), "good");
}

// Of several answers to one question the newest asked counts: those that were asked before it may come after it.
// Gives what `ask` gives, or undefined when it was asked again meanwhile.
export function newestOnly(ask) {
  let number = 0;
  return async (...wish) => {
    const mine = ++number;
    const answer = await ask(...wish);
    return mine === number ? answer : undefined;
  };
}

// Work that may wait a little, once however often it is asked for.
export function lazily(work, wait) {
  let pending = null;
  return () => {
    if (pending === null) pending = setTimeout(() => { pending = null; work(); }, wait);
  };
}
