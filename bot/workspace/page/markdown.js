// Markdown as Slack's markdown blocks and streams take it, drawn as DOM nodes.
import { emoji } from "./emoji.js";
import { h, link } from "./dom.js";
import { angle, unescaped } from "./text.js";

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
