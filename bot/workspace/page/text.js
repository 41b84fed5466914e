// mrkdwn (Slack's own), Markdown (markdown blocks and streams) and rich_text, drawn as DOM nodes.
import { emoji } from "./emoji.js";
import { h, link } from "./dom.js";

let names = { people: {}, channels: {} };
export function learnNames(people, channels) { names = { people, channels }; }

const mention = (text) => h("span", { class: "mention" }, text);
export const personName = (id) => names.people[id] || id;

// -- mrkdwn ---------------------------------------------------------------------------------------
function angle(inner, label) {
  if (inner.startsWith("@")) return mention(`@${personName(inner.slice(1))}`);
  if (inner.startsWith("#")) return mention(`#${names.channels[inner.slice(1)] || label || inner.slice(1)}`);
  if (inner.startsWith("!date^")) return document.createTextNode(label || inner);
  if (inner.startsWith("!")) return mention(`@${inner.slice(1).split("^")[0]}`);
  return link(inner, label || inner);
}

// Slack takes *…* for bold only at word borders; inside Chinese text the asterisks stay visible.
const BORDER_BEFORE = "(?<=^|[\\s(\\[{\"'.,;:!?>~_*-])";
const BORDER_AFTER = "(?=$|[\\s)\\]}\"'.,;:!?<~_*-])";
const styled = (mark) => `${BORDER_BEFORE}\\${mark}(?=\\S)([^\\n]*?\\S)\\${mark}${BORDER_AFTER}`;
const INLINE = new RegExp(
  "`([^`\\n]+)`|<([^<>|\\n]+)(?:\\|([^<>\\n]*))?>|:([a-z0-9_+-]+):|" +
  [styled("*"), styled("_"), styled("~")].join("|"), "gm");

export const unescaped = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

function mrkdwnInline(text) {
  const out = [];
  let last = 0;
  for (const m of text.matchAll(INLINE)) {
    out.push(unescaped(text.slice(last, m.index)));
    last = m.index + m[0].length;
    if (m[1] !== undefined) out.push(h("code", {}, unescaped(m[1])));
    else if (m[2] !== undefined) out.push(angle(unescaped(m[2]), m[3] && unescaped(m[3])));
    else if (m[4] !== undefined) out.push(emoji(m[4]));
    else if (m[5] !== undefined) out.push(h("strong", {}, ...mrkdwnInline(m[5])));
    else if (m[6] !== undefined) out.push(h("em", {}, ...mrkdwnInline(m[6])));
    else out.push(h("s", {}, ...mrkdwnInline(m[7])));
  }
  out.push(unescaped(text.slice(last)));
  return out;
}

export function mrkdwn(text) {
  const out = h("div", { class: "mrkdwn" });
  text.split(/```([\s\S]*?)```/g).forEach((piece, index) => {
    if (index % 2) { out.append(h("pre", {}, unescaped(piece.replace(/^\n/, "")))); return; }
    for (const part of piece.split(/((?:^(?:&gt;|>)[^\n]*\n?)+)/m)) {
      if (!part) continue;
      if (/^(?:&gt;|>)/.test(part)) {
        out.append(h("blockquote", {}, ...mrkdwnInline(part.replace(/^(?:&gt;|>) ?/gm, "").replace(/\n$/, ""))));
      } else out.append(h("span", { class: "lines" }, ...mrkdwnInline(part)));
    }
  });
  return out;
}

export function textObject(object) {
  if (!object) return "";
  if (object.type === "mrkdwn") return mrkdwn(object.text);
  return h("span", { class: "lines" }, plain(object.text));
}

export const plain = (text) => text.replace(/:([a-z0-9_+-]+):/g, (all, name) => emoji(name));

// -- Markdown -------------------------------------------------------------------------------------
const MD_INLINE = new RegExp(
  "`([^`\\n]+)`|!?\\[([^\\]\\n]*)\\]\\(([^)\\s]+)[^)]*\\)|\\*\\*([^\\n]+?)\\*\\*|__([^\\n]+?)__|" +
  "\\*([^*\\n]+)\\*|~~([^\\n]+?)~~|<(https?:[^>\\s]+)>|<([@#!][^>\\s]+)>|:([a-z0-9_+-]+):|(https?:\\/\\/[^\\s)<>，。；]+)", "g");

function mdInline(text) {
  const out = [];
  let last = 0;
  for (const m of text.matchAll(MD_INLINE)) {
    out.push(unescaped(text.slice(last, m.index)));
    last = m.index + m[0].length;
    if (m[1] !== undefined) out.push(h("code", {}, m[1]));
    else if (m[3] !== undefined) out.push(link(m[3], ...mdInline(m[2])));
    else if (m[4] !== undefined || m[5] !== undefined) out.push(h("strong", {}, ...mdInline(m[4] ?? m[5])));
    else if (m[6] !== undefined) out.push(h("em", {}, ...mdInline(m[6])));
    else if (m[7] !== undefined) out.push(h("s", {}, ...mdInline(m[7])));
    else if (m[8] !== undefined) out.push(link(m[8], m[8]));
    else if (m[9] !== undefined) out.push(angle(m[9]));
    else if (m[10] !== undefined) out.push(emoji(m[10]));
    else out.push(link(m[11], m[11]));
  }
  out.push(unescaped(text.slice(last)));
  return out;
}

const cells = (line) => line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim());
const ITEM = /^(\s*)([-*+•]|\d+[.)、])\s+(.*)$/;
const START = /^\s*(#{1,6}\s|>|```|([-*+•]|\d+[.)])\s|---+\s*$|\|.*\|\s*$)/;

export function markdown(text) {
  const out = h("div", { class: "markdown" });
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  let at = 0;
  while (at < lines.length) {
    const line = lines[at];
    if (!line.trim()) { at += 1; continue; }
    at = codeBlock(lines, at, out) ?? table(lines, at, out) ?? quote(lines, at, out) ?? list(lines, at, out) ??
      single(lines, at, out) ?? paragraph(lines, at, out);
  }
  return out;
}

function codeBlock(lines, at, out) {
  if (!lines[at].trim().startsWith("```")) return null;
  let end = at + 1;
  while (end < lines.length && !lines[end].trim().startsWith("```")) end += 1;
  out.append(h("pre", {}, lines.slice(at + 1, end).join("\n")));
  return end + 1;
}

function table(lines, at, out) {
  const rule = lines[at + 1];
  if (!lines[at].includes("|") || !rule || !/^\s*\|?[\s:|-]+\|?\s*$/.test(rule) || !rule.includes("-")) return null;
  const body = [];
  let end = at + 2;
  while (end < lines.length && lines[end].includes("|")) { body.push(cells(lines[end])); end += 1; }
  out.append(h("div", { class: "table" }, h("table", {},
    h("thead", {}, h("tr", {}, cells(lines[at]).map((cell) => h("th", {}, ...mdInline(cell))))),
    h("tbody", {}, body.map((row) => h("tr", {}, row.map((cell) => h("td", {}, ...mdInline(cell)))))))));
  return end;
}

function quote(lines, at, out) {
  if (!/^\s*>/.test(lines[at])) return null;
  let end = at;
  while (end < lines.length && /^\s*>/.test(lines[end])) end += 1;
  const inner = lines.slice(at, end).map((line) => line.replace(/^\s*> ?/, "")).join("\n");
  out.append(h("blockquote", {}, ...markdown(inner).childNodes));
  return end;
}

function list(lines, at, out) {
  const first = ITEM.exec(lines[at]);
  if (!first) return null;
  const ordered = /\d/.test(first[2]);
  const node = h(ordered ? "ol" : "ul", ordered ? { start: parseInt(first[2], 10) } : {});
  let end = at;
  while (end < lines.length) {
    const item = ITEM.exec(lines[end]);
    if (!item || (item[1].length <= first[1].length && /\d/.test(item[2]) !== ordered)) break;
    if (item[1].length > first[1].length + 1 && node.lastChild) {
      end = list(lines, end, node.lastChild);
      continue;
    }
    if (item[1].length < first[1].length) break;
    node.append(h("li", {}, ...mdInline(item[3])));
    end += 1;
    while (end < lines.length && /^\s{2,}\S/.test(lines[end]) && !ITEM.test(lines[end])) {
      node.lastChild.append(h("br"), ...mdInline(lines[end].trim()));
      end += 1;
    }
  }
  out.append(node);
  return end;
}

function single(lines, at, out) {
  const heading = /^\s*(#{1,6})\s+(.*?)#*\s*$/.exec(lines[at]);
  if (heading) { out.append(h(`h${Math.min(6, heading[1].length + 2)}`, {}, ...mdInline(heading[2]))); return at + 1; }
  if (/^\s*(---+|\*\*\*+)\s*$/.test(lines[at])) { out.append(h("hr")); return at + 1; }
  return null;
}

function paragraph(lines, at, out) {
  let end = at + 1;
  while (end < lines.length && lines[end].trim() && !START.test(lines[end])) end += 1;
  out.append(h("p", { class: "lines" }, ...mdInline(lines.slice(at, end).join("\n"))));
  return end;
}

// -- rich_text ------------------------------------------------------------------------------------
function richInline(element) {
  let node;
  if (element.type === "text") node = document.createTextNode(element.text);
  else if (element.type === "link") node = link(element.url, element.text || element.url);
  else if (element.type === "user") node = mention(`@${personName(element.user_id)}`);
  else if (element.type === "channel") node = mention(`#${names.channels[element.channel_id] || element.channel_id}`);
  else if (element.type === "broadcast") node = mention(`@${element.range}`);
  else if (element.type === "usergroup") node = mention(`@${element.usergroup_id}`);
  else if (element.type === "emoji") node = document.createTextNode(emoji(element.name, element.unicode));
  else if (element.type === "date") node = document.createTextNode(element.fallback || new Date(element.timestamp * 1000).toLocaleString("zh-CN"));
  else return h("span", { class: "unknown inline" }, `未知元素 ${element.type}`);
  const style = element.style || {};
  for (const [name, tag] of [["bold", "strong"], ["italic", "em"], ["strike", "s"], ["code", "code"], ["underline", "u"]]) {
    if (style[name]) node = h(tag, {}, node);
  }
  return node;
}

export function richText(block) {
  return h("div", { class: "rich" }, block.elements.map((part) => {
    const inner = () => part.elements.map(richInline);
    if (part.type === "rich_text_section") return h("div", { class: "lines" }, inner());
    if (part.type === "rich_text_quote") return h("blockquote", { class: "lines" }, inner());
    if (part.type === "rich_text_preformatted") return h("pre", {}, inner());
    if (part.type === "rich_text_list") {
      return h(part.style === "ordered" ? "ol" : "ul", { class: `indent-${part.indent || 0}` },
        part.elements.map((item) => h("li", { class: "lines" }, item.elements.map(richInline))));
    }
    return h("div", { class: "unknown" }, `未知的富文本 ${part.type}`);
  }));
}
