// Menus that open under a button: moved in by arrow keys, closed by Escape or a click elsewhere.
import { button, h } from "./dom.js";
import { icon } from "./icons.js";

// `items`: [[label, what it does, class?], …]
export function menu(label, items, keep) {
  const list = h("div", { class: "menu-items", role: "menu" }, items.map(([name, act, kind]) => button(kind || "", {
    role: "menuitem", tabindex: "-1", onclick: (event) => { node.open = false; event.stopPropagation(); act(event.currentTarget); } }, name)));
  const node = h("details", { class: "menu", data: keep ? { keep } : {} },
    h("summary", { title: label, "aria-label": label, "aria-haspopup": "menu" }, icon("dots")), list);
  node.addEventListener("toggle", () => {
    if (!node.open) return;
    place(node, list);
    list.firstElementChild?.focus();
  });
  return node;
}

// Menus near the lower edge open upwards.
function place(node, list) {
  const frame = node.closest(".list, .modal-blocks, #home")?.getBoundingClientRect();
  const { bottom } = list.getBoundingClientRect();
  list.classList.toggle("upwards", bottom > (frame?.bottom ?? innerHeight));
}

export const closeMenus = (but = null) => document.querySelectorAll("details.menu[open]").forEach((one) => { if (one !== but) one.open = false; });

// Whether Escape closed one; the focus goes back to its button.
export function escapeMenu() {
  const open = document.querySelector("details.menu[open]");
  if (!open) return false;
  open.open = false;
  open.querySelector("summary").focus();
  return true;
}
