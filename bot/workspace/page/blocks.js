// Every block type that the bot may use; a type that is not known here shows as a red box.
import { drawElement, sources } from "./elements.js";
import { h, safeUrl } from "./dom.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { plain, textObject } from "./text.js";
import { richText } from "./rich.js";
import { t } from "./words.js";

const MARKS = { complete: "check", error: "x" };

function section(block, surface) {
  return h("div", { class: "section" },
    h("div", { class: "section-text" }, block.text ? textObject(block.text) : null,
      block.fields ? h("div", { class: "fields" }, block.fields.map((field) => h("div", {}, textObject(field)))) : null),
    block.accessory ? h("div", { class: "accessory" }, drawElement(block, block.accessory, surface)) : null);
}

function context(block, surface) {
  return h("div", { class: "context" }, block.elements.map((element) =>
    element.type === "image" ? drawElement(block, element, surface) : textObject(element)));
}

function actions(block, surface) {
  return h("div", { class: "actions" }, block.elements.map((element) => drawElement(block, element, surface)));
}

// The label belongs to the control, or names the group of choices; hint and complaint describe it.
function input(block, surface) {
  const node = drawElement(block, block.element, surface);
  const id = `${surface.key}-${block.block_id}`;
  const control = node.matches(".control") ? node : node.querySelector(".control");
  const grouped = node.matches("[role=group], [role=radiogroup]") || !control;
  (grouped ? node : control).id = id;
  const described = [block.hint ? `${id}-hint` : null, `${id}-complaint`].filter(Boolean).join(" ");
  (grouped ? node : control).setAttribute("aria-describedby", described);
  if (grouped) node.setAttribute("aria-labelledby", `${id}-label`);
  if (!block.optional && !grouped) control.setAttribute("aria-required", "true");
  return h("div", { class: "input", data: { block: block.block_id } },
    h("label", { id: `${id}-label`, for: grouped ? null : id }, plain(block.label.text), block.optional ? h("small", {}, t("optional")) : null),
    node,
    block.hint ? h("small", { class: "hint", id: `${id}-hint` }, plain(block.hint.text)) : null,
    h("p", { class: "complaint", id: `${id}-complaint`, role: "alert" }));
}

function image(block, surface) {
  const file = block.slack_file?.id;
  const address = file ? `/control/files/${encodeURIComponent(file)}?user=${surface.user}&shown` : block.image_url || block.slack_file?.url || "";
  return h("figure", {}, block.title ? h("figcaption", {}, plain(block.title.text)) : null,
    h("img", { src: safeUrl(address) || "", alt: block.alt_text }));
}

function table(block) {
  const settings = block.column_settings || [];
  const cell = (tag, content, column) => h(tag, { class: `align-${settings[column]?.align || "left"}` },
    content.type === "rich_text" ? richText(content) : content.text);
  const [head, ...rest] = block.rows;
  return h("div", { class: "table" }, h("table", {},
    h("thead", {}, h("tr", {}, head.map((content, column) => cell("th", content, column)))),
    h("tbody", {}, rest.map((row) => h("tr", {}, row.map((content, column) => cell("td", content, column)))))));
}

function task(block) {
  const mark = h("span", { class: `mark ${block.status}`, role: "img", "aria-label": t(`task.${block.status}`), title: t(`task.${block.status}`) },
    MARKS[block.status] ? icon(MARKS[block.status]) : h("i"));
  const more = [block.details ? richText(block.details) : null, block.output ? richText(block.output) : null,
    block.sources ? sources(block.sources) : null].filter(Boolean);
  const head = [mark, h("span", { class: "task-title" }, block.title)];
  if (!more.length) return h("div", { class: "task" }, head);
  return h("details", { class: "task", data: { keep: `task-${block.task_id || block.title}` } }, h("summary", {}, head), more);
}

function plan(block) {
  const tasks = block.tasks || [];
  const done = tasks.filter((one) => one.status === "complete").length;
  return h("details", { class: "plan", open: done < tasks.length, data: { keep: `plan-${block.block_id || ""}` } },
    h("summary", {}, h("span", {}, block.title), h("small", {}, `${done}/${tasks.length}`)), tasks.map(task));
}

const DRAWN = {
  section, context, actions, input, image, table, plan,
  context_actions: actions,
  task_card: task,
  header: (block) => h("h3", { class: "block-header" }, plain(block.text.text)),
  divider: () => h("hr"),
  markdown: (block) => markdown(block.text),
  rich_text: richText,
};

export function drawBlock(block, surface) {
  const draw = DRAWN[block.type];
  const node = draw ? draw(block, surface) : h("div", { class: "unknown", role: "alert" }, t("unknown.block", { type: block.type }));
  node.classList.add("block");
  return node;
}

export function drawBlocks(blocks, surface) {
  return blocks.map((block) => drawBlock(block, surface));
}
