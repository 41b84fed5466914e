// Every block type that the bot may use; a type that is not known here shows as a red box.
import { drawElement, sources } from "./elements.js";
import { h, safeUrl } from "./dom.js";
import { markdown, plain, richText, textObject } from "./text.js";

const MARKS = { pending: "○", in_progress: "◐", complete: "✓", error: "✕" };
const MEANINGS = { pending: "等待", in_progress: "进行中", complete: "完成", error: "失败" };

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

function input(block, surface) {
  const control = drawElement(block, block.element, surface);
  const id = `${surface.key}-${block.block_id}`;
  if (control.classList?.contains("control")) control.id = id;
  return h("div", { class: "input", data: { block: block.block_id } },
    h("label", { for: id }, plain(block.label.text), block.optional ? h("small", {}, "（选填）") : null),
    control,
    block.hint ? h("small", { class: "hint" }, plain(block.hint.text)) : null,
    h("p", { class: "complaint", role: "alert" }));
}

function image(block) {
  const address = block.image_url || block.slack_file?.url || "";
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
  const mark = h("span", { class: `mark ${block.status}`, "aria-label": MEANINGS[block.status] }, MARKS[block.status] || "?");
  const more = [block.details ? richText(block.details) : null, block.output ? richText(block.output) : null,
    block.sources ? sources(block.sources) : null].filter(Boolean);
  const head = [mark, h("span", { class: "task-title" }, block.title)];
  if (!more.length) return h("div", { class: "task" }, head);
  return h("details", { class: "task" }, h("summary", {}, head), more);
}

function plan(block) {
  const tasks = block.tasks || [];
  const done = tasks.filter((one) => one.status === "complete").length;
  return h("details", { class: "plan", open: done < tasks.length },
    h("summary", {}, block.title, h("small", {}, `${done}/${tasks.length}`)), tasks.map(task));
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
  const node = draw ? draw(block, surface) : h("div", { class: "unknown" }, `未知的块类型：${block.type}`);
  node.classList.add("block");
  return node;
}

export function drawBlocks(blocks, surface) {
  return blocks.map((block) => drawBlock(block, surface));
}
