// Modals: draw, read the inputs, send, show what the bot objects to.
import { drawBlocks } from "./blocks.js";
import { attempt, byId, h, post } from "./dom.js";
import { plain } from "./text.js";

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
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  const result = await attempt(() => post("submissions", { user: app.user, view_id: view.id, values: typedValues() }));
  button.disabled = false;
  complain(form, result?.errors || {});
}

function complain(form, errors) {
  for (const input of form.querySelectorAll(".input")) {
    const text = errors[input.dataset.block] || "";
    input.querySelector(".complaint").textContent = text;
    input.classList.toggle("wrong", Boolean(text));
  }
  form.querySelector(".input.wrong input, .input.wrong textarea, .input.wrong select")?.focus();
}

export function showModal(app, view) {
  const dialog = byId("modal");
  if (!view) {
    shown = null;
    if (dialog.open) dialog.close();
    return;
  }
  const before = shown?.view.id === view.id ? typedValues() : {};
  if (shown?.view.id === view.id && shown.view.hash === view.hash) return;
  const readers = new Map();
  shown = { view, readers };
  const close = () => attempt(() => post("closings", { user: app.user, view_id: view.id }));
  const form = h("form", { onsubmit: (event) => { event.preventDefault(); submit(app, view, form); }, novalidate: true },
    h("header", {}, h("h2", {}, plain(view.title.text)), h("button", { type: "button", class: "plain", "aria-label": "关闭", onclick: close }, "✕")),
    h("div", { class: "modal-blocks" }, drawBlocks(view.blocks, viewSurface(app, view, readers, before))),
    h("footer", {}, h("button", { type: "button", onclick: close }, view.close ? plain(view.close.text) : "取消"),
      view.submit ? h("button", { type: "submit", class: "primary" }, plain(view.submit.text)) : null));
  dialog.replaceChildren(form);
  dialog.oncancel = (event) => { event.preventDefault(); close(); };
  if (!dialog.open) dialog.showModal();
}

export function drawHome(app, view, node) {
  if (!view) {
    node.replaceChildren(h("p", { class: "empty" }, "应用还没有发布主页。"));
    return;
  }
  node.replaceChildren(h("div", { class: "home-blocks" }, drawBlocks(view.blocks, viewSurface(app, view, new Map()))));
}
