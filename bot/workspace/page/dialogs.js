// Small dialogs: a confirmation, editing one's message, the list of keys.
import { button, byId, h } from "./dom.js";
import { t } from "./words.js";

// Shows `content` and the buttons; each is [label, class, what it gives]. Resolves null when closed.
function ask(title, content, buttons) {
  const dialog = byId("confirm");
  return new Promise((resolve) => {
    const done = (value) => { dialog.close(); resolve(value); };
    dialog.replaceChildren(h("h2", { id: "confirm-title" }, title), h("div", { class: "confirm-body" }, content),
      h("footer", {}, buttons.map(([label, kind, value]) => button(kind, { onclick: () => done(value()) }, label))));
    dialog.oncancel = () => resolve(null);
    dialog.showModal();
    dialog.querySelector("textarea, footer button:last-child")?.focus();
  });
}

// A confirm object of Block Kit, or of the page itself.
export async function confirmFirst(wish) {
  const text = (part, fallback) => (part && part.text) || fallback;
  return Boolean(await ask(text(wish.title, t("sure")), h("p", {}, text(wish.text, "")), [
    [text(wish.deny, t("cancel")), "", () => false],
    [text(wish.confirm, t("ok")), wish.style === "danger" ? "danger" : "primary", () => true]]));
}

export async function askForText(title, before) {
  const area = h("textarea", { class: "control", rows: "4", "aria-label": title });
  area.value = before;
  return ask(title, area, [[t("cancel"), "", () => null], [t("save"), "primary", () => area.value.trim() || null]]);
}

const KEYS = [["Enter", "send"], ["Shift Enter", "newline"], ["Esc", "escape"], ["↑ ↓ Home End", "lists"], ["T", "thread"], ["M", "menu"],
  ["↑", "edit"], ["Alt ↑ · Alt ↓", "place"], ["Alt 1 … 6", "person"], ["C", "composer"], ["I", "inspector"], ["?", "help"]];

export function showKeys() {
  return ask(t("help"), h("dl", { class: "keys-list" }, KEYS.map(([keys, what]) => [
    h("dt", {}, keys.split(" ").map((key) => (/^[·…]$/.test(key) ? ` ${key} ` : h("kbd", {}, key)))), h("dd", {}, t(`key.${what}`))])),
  [[t("close"), "primary", () => true]]);
}
