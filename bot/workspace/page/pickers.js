// What can be filled in or chosen. Each gives its node and how to read it; the native controls work on phones and by keyboard.
import { h } from "./dom.js";
import { personName, plain, textObject } from "./text.js";
import { t } from "./words.js";

const MANY = 8;
const PAUSE = 500;
let directory = { people: [], channels: [] };
export function learnDirectory(people, channels) { directory = { people, channels }; }

const optionNode = (option, chosen) => h("option", { value: option.value, selected: option.value === chosen }, plain(option.text.text));
const allOptions = (element) => (element.options || []).concat(...(element.option_groups || []).map((group) => group.options));

function select(block, element, surface) {
  const chosen = surface.initial(block, element)?.selected_option?.value;
  const node = h("select", {
    class: "control", data: { action: element.action_id }, autofocus: element.focus_on_load === true,
    "aria-label": block.type === "input" ? null : element.placeholder?.text || t("choose"),
    onchange: () => surface.changed(block, element, node.value || null, node),
  }, h("option", { value: "", selected: chosen === undefined }, element.placeholder?.text || t("choose")),
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
  const line = (option) => {
    const box = h("input", { type: several ? "checkbox" : "radio", name, value: option.value, checked: chosen.has(option.value),
      onchange: () => surface.changed(block, element, read(), node) });
    boxes.push(box);
    return h("label", {}, box, h("span", {}, textObject(option.text), option.description ? h("small", {}, textObject(option.description)) : null));
  };
  const all = allOptions(element);
  const lines = all.map(line);
  const node = h("div", { class: "choices", role: several ? "group" : "radiogroup", data: { action: element.action_id } },
    all.length > MANY ? filterOf(lines) : null, h("div", { class: all.length > MANY ? "many" : "" }, lines));
  return [node, read];
}

function filterOf(lines) {
  const node = h("input", { type: "search", class: "control filter", placeholder: t("filter"), "aria-label": t("filter"),
    oninput: () => lines.forEach((one) => { one.hidden = !one.textContent.toLowerCase().includes(node.value.trim().toLowerCase()); }),
    onkeydown: (event) => { if (event.key === "Enter") event.preventDefault(); } });
  return node;
}

function typed(block, element, surface) {
  const before = surface.initial(block, element);
  const kinds = { email_text_input: "email", url_text_input: "url", number_input: "text" };
  const props = {
    class: "control", placeholder: element.placeholder?.text, data: { action: element.action_id },
    maxlength: element.max_length ? String(element.max_length) : null, autofocus: element.focus_on_load === true,
  };
  const node = element.multiline ? h("textarea", { ...props, rows: "3" })
    : h("input", { ...props, type: kinds[element.type] || "text", autocomplete: "off", inputmode: element.type === "number_input" ? "decimal" : null });
  node.value = before?.value ?? "";
  const moments = element.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
  if (block.dispatch_action) dispatching(node, moments, () => surface.act(block, element, node.value));
  return [node, () => node.value];
}

function dispatching(node, moments, act) {
  let pending = null;
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !moments.includes("on_enter_pressed")) return;
    event.preventDefault();
    act();
  });
  node.addEventListener("input", (event) => {
    if (event.isComposing || !moments.includes("on_character_entered")) return;
    clearTimeout(pending);
    pending = setTimeout(act, PAUSE);
  });
}

function when(block, element, surface, type, property) {
  const before = surface.initial(block, element)?.[property];
  const node = h("input", { class: "control when", type, data: { action: element.action_id }, autofocus: element.focus_on_load === true,
    "aria-label": block.type === "input" ? null : element.placeholder?.text || t("choose"),
    onchange: () => surface.changed(block, element, read(), node) });
  const offset = new Date().getTimezoneOffset() * 60;
  if (before) node.value = type === "datetime-local" ? new Date((before - offset) * 1000).toISOString().slice(0, 16) : before;
  const read = () => {
    if (!node.value) return null;
    return type === "datetime-local" ? Math.floor(new Date(node.value).getTime() / 1000) : node.value;
  };
  return [node, read];
}

const SELECTED = { users_select: "selected_user", channels_select: "selected_channel", conversations_select: "selected_conversation" };

function directorySelect(block, element, surface) {
  const people = directory.people.map((p) => [p.id, personName(p.id) + (p.role ? ` · ${p.role}` : "")]);
  const rows = element.type.includes("users") ? people : directory.channels.map((c) => [c.id, c.name || t("dm.name")]);
  const options = rows.map(([value, name]) => ({ value, text: { type: "plain_text", text: name } }));
  const several = element.type.startsWith("multi_");
  const property = SELECTED[element.type.replace("multi_", "")];
  const before = surface.initial(block, element)?.[several ? `${property}s` : property];
  const pick = (value) => options.find((option) => option.value === value);
  const shim = { ...surface, initial: () => (several
    ? { selected_options: (before || []).map(pick).filter(Boolean) } : { selected_option: pick(before) }) };
  const shown = { ...element, options };
  return several ? choices(block, shown, shim, true) : select(block, shown, shim);
}

export const HELD = {
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
