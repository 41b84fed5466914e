// Modals: draw, read the inputs, send, show what the bot objects to.
import { drawBlocks } from "./blocks.js";
import { attempt, button, byId, h, post } from "./dom.js";
import { icon } from "./icons.js";
import { plain } from "./text.js";
import { t } from "./words.js";

let shown = null; // { view, readers: Map(block_id → Map(action_id → read)) }

function typedValues() {
  const values = {};
  for (const [blockId, readers] of shown?.readers || []) {
    values[blockId] = Object.fromEntries([...readers].map(([actionId, read]) => [actionId, read()]));
  }
  return values;
}

// What an input shows at first: what was typed before a redraw, else the view's state, else initial_….
function initialOf(view, before) {
  return (block, element) => {
    const typed = before[block.block_id]?.[element.action_id];
    const all = (element.options || []).concat(...(element.option_groups || []).map((group) => group.options));
    if (typed !== undefined) {
      const picked = all.filter((option) => [].concat(typed).includes(option.value));
      return { value: typed, selected_option: picked[0], selected_options: picked, selected_date: typed, selected_time: typed,
        selected_date_time: typed, selected_user: typed, selected_users: typed, selected_channel: typed, selected_conversation: typed };
    }
    const kept = view.state?.values?.[block.block_id]?.[element.action_id];
    if (kept) return kept;
    const name = Object.keys(element).find((key) => key.startsWith("initial_"));
    return name ? { [name.replace("initial_", "selected_")]: element[name], value: element[name] } : undefined;
  };
}

export function viewSurface(app, view, readers, before = {}) {
  const surface = {
    key: view.id, user: app.user,
    initial: initialOf(view, before),
    register(block, element, read) {
      if (!readers.has(block.block_id)) readers.set(block.block_id, new Map());
      readers.get(block.block_id).set(element.action_id, read);
    },
    async act(block, element, value) {
      const values = Object.fromEntries([...readers].map(([id, inner]) => [id, Object.fromEntries([...inner].map(([a, r]) => [a, r()]))]));
      const body = { user: app.user, view_id: view.id, action_id: element.action_id, block_id: block.block_id, value, values };
      await attempt(() => post("clicks", body));
    },
    changed(block, element, value) {
      if (block.type !== "input" || block.dispatch_action) surface.act(block, element, value);
    },
  };
  return surface;
}

async function submit(app, view, form) {
  const sender = form.querySelector("button[type=submit]");
  if (!sender || sender.classList.contains("busy")) return;
  sender.classList.add("busy");
  const result = await attempt(() => post("submissions", { user: app.user, view_id: view.id, values: typedValues() }));
  sender.classList.remove("busy");
  // The form may have been drawn anew meanwhile: what is wrong stands in the one that is there now.
  if (shown?.view.id === view.id) shown.errors = result?.errors || {};
  complain(byId("modal").querySelector("form") || form, result?.errors || {});
}

// Each complaint stands at its field; the first wrong field gets the focus.
function complain(form, errors) {
  for (const input of form.querySelectorAll(".input")) {
    const given = errors[input.dataset.block] || "";
    const text = given === "请填写此项。" ? t("required") : given;
    input.querySelector(".complaint").textContent = text;
    input.classList.toggle("wrong", Boolean(text));
    const control = input.querySelector(".control, .choices");
    if (text) control?.setAttribute("aria-invalid", "true");
    else control?.removeAttribute("aria-invalid");
  }
  const wrong = form.querySelector(".input.wrong");
  wrong?.querySelector("input, textarea, select")?.focus();
  wrong?.scrollIntoView({ block: "nearest" });
}

const text = (part, fallback) => (part ? plain(part.text) : fallback);

function head(view, depth, close) {
  return h("header", {},
    depth > 1 ? button("plain", { "aria-label": t("back"), title: t("back"), onclick: close }, icon("back")) : null,
    h("h2", { id: "modal-title" }, plain(view.title.text)), depth > 1 ? h("small", {}, t("step", { number: depth })) : null,
    button("plain", { "aria-label": t("close"), title: t("close"), onclick: close }, icon("x")));
}

// `depth`: how many views lie upon each other; closing one shows the one below.
export function showModal(app, view, depth = 1) {
  const dialog = byId("modal");
  if (!view) {
    shown = null;
    if (dialog.open) dialog.close();
    return;
  }
  const same = shown?.view.id === view.id;
  if (same && shown.view.hash === view.hash) return;
  const before = same ? typedValues() : {};
  const at = same ? place(dialog) : null;
  const errors = (same && shown.errors) || {};
  const readers = new Map();
  shown = { view, readers, errors };
  const close = () => attempt(() => post("closings", { user: app.user, view_id: view.id }));
  const form = h("form", { onsubmit: (event) => { event.preventDefault(); submit(app, view, form); }, novalidate: true },
    head(view, depth, close),
    h("div", { class: "modal-blocks" }, drawBlocks(view.blocks, viewSurface(app, view, readers, before))),
    h("footer", {}, button("", { onclick: close }, text(view.close, t("cancel"))),
      view.submit ? h("button", { type: "submit", class: "primary" }, text(view.submit, "")) : null));
  dialog.replaceChildren(form);
  if (Object.keys(errors).length) complain(form, errors);
  dialog.oncancel = (event) => { event.preventDefault(); close(); };
  dialog.onclose = () => { if (shown) close(); };
  if (!dialog.open) dialog.showModal();
  if (at) restore(dialog, at);
  else (form.querySelector("[autofocus]") || form.querySelector(".modal-blocks :is(input, textarea, select, button)"))?.focus();
}

// A form that another answer makes longer or shorter stays where the person is.
function place(dialog) {
  const focused = document.activeElement;
  return { top: dialog.querySelector(".modal-blocks").scrollTop, action: focused?.dataset.action || focused?.closest("[data-action]")?.dataset.action, value: focused?.value };
}

function restore(dialog, { top, action, value }) {
  const home = action && dialog.querySelector(`[data-action="${CSS.escape(action)}"]`);
  const inner = home && [...home.querySelectorAll("input")].find((one) => one.value === value);
  (inner || home)?.focus({ preventScroll: true });
  dialog.querySelector(".modal-blocks").scrollTop = top;
}

const homes = new WeakMap(); // what is drawn

export function drawHome(app, view, node) {
  if (!view) {
    node.replaceChildren(h("p", { class: "empty" }, t("home.none")));
    return;
  }
  const shows = JSON.stringify([view.id, view.blocks]);
  if (node.firstElementChild && homes.get(node.firstElementChild) === shows) return; // what is being pressed stays the same node
  const top = node.scrollTop;
  const action = node.contains(document.activeElement) && document.activeElement.dataset.action;
  node.replaceChildren(h("div", { class: "home-blocks" }, drawBlocks(view.blocks, viewSurface(app, view, new Map()))));
  homes.set(node.firstElementChild, shows);
  if (action) node.querySelector(`[data-action="${CSS.escape(action)}"]`)?.focus({ preventScroll: true });
  node.scrollTop = top;
}
