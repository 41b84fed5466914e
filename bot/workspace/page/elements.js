// Interactive elements. A surface decides what a click does: surface.act(block, element, value).
import { confirmFirst, h, link, safeUrl } from "./dom.js";
import { plain, textObject } from "./text.js";

let directory = { people: [], channels: [] };
export function learnDirectory(people, channels) { directory = { people, channels }; }

async function guarded(surface, block, element, value, node) {
  if (element.confirm && !(await confirmFirst(element.confirm))) return;
  node.classList.add("busy");
  node.disabled = true;
  await surface.act(block, element, value);
  node.classList.remove("busy");
  node.disabled = false;
}

function button(block, element, surface) {
  const node = h("button", {
    type: "button", class: `block-button ${element.style || ""}`, data: { action: element.action_id },
    "aria-label": element.accessibility_label, onclick: () => {
      const address = element.url && safeUrl(element.url);
      if (address) window.open(address, "_blank", "noopener");
      guarded(surface, block, element, undefined, node);
    },
  }, plain(element.text.text));
  return node;
}

function feedback(block, element, surface) {
  const side = (name, mark) => {
    const part = element[`${name}_button`];
    const node = h("button", {
      type: "button", class: "feedback", data: { action: element.action_id, value: part.value },
      "aria-label": part.accessibility_label || part.text.text, title: part.text.text, onclick: async () => {
        await guarded(surface, block, element, part.value, node);
        node.parentElement.querySelectorAll("button").forEach((b) => b.classList.toggle("chosen", b === node));
      },
    }, `${mark} `, plain(part.text.text).replace(/[👍👎]\s?/gu, ""));
    return node;
  };
  return h("span", { class: "feedback-pair", role: "group" }, side("positive", "👍"), side("negative", "👎"));
}

function iconButton(block, element, surface) {
  if (element.visible_to_user_ids && !element.visible_to_user_ids.includes(surface.user)) return null;
  const node = h("button", {
    type: "button", class: "icon", data: { action: element.action_id }, title: element.text.text,
    "aria-label": element.accessibility_label || element.text.text,
    onclick: () => guarded(surface, block, element, undefined, node),
  }, element.icon === "trash" ? "🗑" : "◻", " ", plain(element.text.text));
  return node;
}

function overflow(block, element, surface) {
  const menu = h("details", { class: "menu" }, h("summary", { "aria-label": "更多" }, "⋯"),
    h("div", { class: "menu-items", role: "menu" }, element.options.map((option) => h("button", {
      type: "button", role: "menuitem", onclick: (event) => {
        menu.open = false;
        guarded(surface, block, element, option.value, event.currentTarget);
      },
    }, plain(option.text.text)))));
  return menu;
}

const optionNode = (option, chosen) => h("option", { value: option.value, selected: option.value === chosen },
  plain(option.text.text));

function select(block, element, surface) {
  const before = surface.initial(block, element);
  const chosen = before?.selected_option?.value;
  const node = h("select", {
    class: "control", data: { action: element.action_id },
    onchange: () => surface.changed(block, element, node.value || null, node),
  }, h("option", { value: "", selected: chosen === undefined }, element.placeholder?.text || "请选择"),
  (element.options || []).map((option) => optionNode(option, chosen)),
  (element.option_groups || []).map((group) => h("optgroup", { label: group.label.text },
    group.options.map((option) => optionNode(option, chosen)))));
  return [node, () => node.value || null];
}

function choices(block, element, surface, several) {
  const before = surface.initial(block, element);
  const chosen = new Set(several ? (before?.selected_options || []).map((o) => o.value) : [before?.selected_option?.value]);
  const name = `${surface.key}-${block.block_id}-${element.action_id}`;
  const boxes = [];
  const read = () => {
    const values = boxes.filter((box) => box.checked).map((box) => box.value);
    return several ? values : values[0] ?? null;
  };
  const all = (element.options || []).concat(...(element.option_groups || []).map((group) => group.options));
  const node = h("div", { class: "choices", role: several ? "group" : "radiogroup", data: { action: element.action_id } },
    all.map((option) => {
      const box = h("input", {
        type: several ? "checkbox" : "radio", name, value: option.value, checked: chosen.has(option.value),
        onchange: () => surface.changed(block, element, read(), node),
      });
      boxes.push(box);
      const more = option.description ? h("small", {}, textObject(option.description)) : null;
      return h("label", {}, box, h("span", {}, textObject(option.text), more));
    }));
  return [node, read];
}

function typed(block, element, surface) {
  const before = surface.initial(block, element);
  const kinds = { email_text_input: "email", url_text_input: "url", number_input: "text" };
  const props = {
    class: "control", placeholder: element.placeholder?.text, data: { action: element.action_id },
    maxlength: element.max_length ? String(element.max_length) : null, autofocus: element.focus_on_load === true,
  };
  const node = element.multiline ? h("textarea", { ...props, rows: "4" })
    : h("input", { ...props, type: kinds[element.type] || "text", inputmode: element.type === "number_input" ? "decimal" : null });
  node.value = before?.value ?? "";
  const dispatches = element.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
  if (block.dispatch_action) {
    node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing && dispatches.includes("on_enter_pressed")) {
        event.preventDefault();
        surface.act(block, element, node.value);
      }
    });
  }
  return [node, () => node.value];
}

function when(block, element, surface, type, property) {
  const before = surface.initial(block, element)?.[property];
  const node = h("input", { class: "control", type, data: { action: element.action_id },
    onchange: () => surface.changed(block, element, read(), node) });
  const offset = new Date().getTimezoneOffset() * 60;
  if (before) node.value = type === "datetime-local" ? new Date((before - offset) * 1000).toISOString().slice(0, 16) : before;
  const read = () => {
    if (!node.value) return null;
    return type === "datetime-local" ? Math.floor(new Date(node.value).getTime() / 1000) : node.value;
  };
  return [node, read];
}

function directorySelect(block, element, surface) {
  const users = element.type.includes("users");
  const rows = users ? directory.people.map((p) => [p.id, p.name]) : directory.channels.map((c) => [c.id, c.name || "客服台"]);
  const options = rows.map(([value, name]) => ({ value, text: { type: "plain_text", text: name } }));
  const several = element.type.startsWith("multi_");
  const property = { users_select: "selected_user", channels_select: "selected_channel", conversations_select: "selected_conversation" }[element.type.replace("multi_", "")];
  const before = surface.initial(block, element)?.[several ? `${property}s` : property];
  const pick = (value) => options.find((option) => option.value === value);
  const shim = { ...surface, initial: () => (several
    ? { selected_options: (before || []).map(pick).filter(Boolean) } : { selected_option: pick(before) }) };
  const shown = { ...element, options };
  return several ? choices(block, shown, shim, true) : select(block, shown, shim);
}

const PRESSED = { button, feedback_buttons: feedback, icon_button: iconButton, overflow, workflow_button: button };
const HELD = {
  static_select: select,
  radio_buttons: (b, e, s) => choices(b, e, s, false),
  checkboxes: (b, e, s) => choices(b, e, s, true),
  multi_static_select: (b, e, s) => choices(b, e, s, true),
  plain_text_input: typed, email_text_input: typed, url_text_input: typed, number_input: typed,
  datepicker: (b, e, s) => when(b, e, s, "date", "selected_date"),
  timepicker: (b, e, s) => when(b, e, s, "time", "selected_time"),
  datetimepicker: (b, e, s) => when(b, e, s, "datetime-local", "selected_date_time"),
  users_select: directorySelect, multi_users_select: directorySelect,
  channels_select: directorySelect, multi_channels_select: directorySelect,
  conversations_select: directorySelect, multi_conversations_select: directorySelect,
};

// Draw an element. A surface's register(block, element, read) learns how to read inputs.
export function drawElement(block, element, surface) {
  if (PRESSED[element.type]) return PRESSED[element.type](block, element, surface);
  if (HELD[element.type]) {
    const [node, read] = HELD[element.type](block, element, surface);
    surface.register(block, element, read);
    return node;
  }
  if (element.type === "image") return h("img", { class: "thumb", src: safeUrl(element.image_url) || "", alt: element.alt_text });
  return h("span", { class: "unknown inline" }, `未知元素 ${element.type}`);
}

export function sources(list) {
  return h("div", { class: "sources" }, list.map((source) => link(source.url, source.text || source.url)));
}
