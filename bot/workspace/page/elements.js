// What can be pressed; pickers.js holds what can be filled in. A surface decides what a click does: surface.act(block, element, value).
import { confirmFirst } from "./dialogs.js";
import { button as press, h, link, safeUrl } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./menus.js";
import { HELD } from "./pickers.js";
import { plain } from "./text.js";
import { t } from "./words.js";

export { learnDirectory } from "./pickers.js";

async function guarded(surface, block, element, value, node) {
  if (element.confirm && !(await confirmFirst(element.confirm))) { node.focus(); return; }
  node.classList.add("busy");
  node.setAttribute("aria-disabled", "true");
  await surface.act(block, element, value);
  node.classList.remove("busy");
  node.removeAttribute("aria-disabled");
}

function button(block, element, surface) {
  const node = press(`block-button ${element.style || ""}`, { data: { action: element.action_id },
    "aria-label": element.accessibility_label, onclick: () => {
      if (node.classList.contains("busy")) return;
      const address = element.url && safeUrl(element.url);
      if (address) window.open(address, "_blank", "noopener");
      guarded(surface, block, element, undefined, node);
    } }, plain(element.text.text));
  return node;
}

function feedback(block, element, surface) {
  const side = (name, mark) => {
    const part = element[`${name}_button`];
    const node = press("feedback", { data: { action: element.action_id, value: part.value }, "aria-pressed": "false",
      "aria-label": part.accessibility_label || part.text.text, title: part.text.text, onclick: async () => {
        await guarded(surface, block, element, part.value, node);
        node.parentElement.querySelectorAll("button").forEach((one) => {
          one.classList.toggle("chosen", one === node);
          one.setAttribute("aria-pressed", String(one === node));
        });
      } }, icon(mark), plain(part.text.text).replace(/[👍👎]\s?/gu, ""));
    return node;
  };
  return h("span", { class: "feedback-pair", role: "group" }, side("positive", "up"), side("negative", "down"));
}

function iconButton(block, element, surface) {
  if (element.visible_to_user_ids && !element.visible_to_user_ids.includes(surface.user)) return null;
  const node = press("icon", { data: { action: element.action_id }, title: element.text.text,
    "aria-label": element.accessibility_label || element.text.text,
    onclick: () => guarded(surface, block, element, undefined, node) },
  icon(element.icon === "trash" ? "trash" : "dots"), plain(element.text.text));
  return node;
}

function overflow(block, element, surface) {
  const node = menu(t("more"), element.options.map((option) => [plain(option.text.text), () => {
    const address = option.url && safeUrl(option.url);
    if (address) window.open(address, "_blank", "noopener");
    guarded(surface, block, element, option.value, node.querySelector("summary"));
  }]));
  node.dataset.action = element.action_id;
  return node;
}

const PRESSED = { button, feedback_buttons: feedback, icon_button: iconButton, overflow, workflow_button: button };

// Draw an element. A surface's register(block, element, read) learns how to read inputs.
export function drawElement(block, element, surface) {
  if (PRESSED[element.type]) return PRESSED[element.type](block, element, surface);
  if (HELD[element.type]) {
    const confirmed = { ...surface, changed: async (b, e, value, node) => {
      if (e.confirm && !(await confirmFirst(e.confirm))) return;
      surface.changed(b, e, value, node);
    } };
    const [node, read] = HELD[element.type](block, element, confirmed);
    surface.register(block, element, read);
    return node;
  }
  if (element.type === "image") return h("img", { class: "thumb", src: safeUrl(element.image_url) || "", alt: element.alt_text });
  return h("span", { class: "unknown inline", role: "alert" }, t("unknown.element", { type: element.type }));
}

export function sources(list) {
  return h("div", { class: "sources" }, list.map((source) => link(source.url, source.text || source.url)));
}
