// Slack's own mrkdwn and plain text, drawn as DOM nodes; markdown.js and rich.js draw the other two kinds.
import { emoji } from "./emoji.js";
import { h, link } from "./dom.js";

let names = { people: {}, channels: {} };
export function learnNames(people, channels) { names = { people, channels }; }

export const mention = (text) => h("span", { class: "mention" }, text);
// "小林（坐席）" is 小林; the role stands beside it where there is room.
export const personName = (id) => (names.people[id] || id).split("（")[0];
export const channelName = (id, label) => names.channels[id] || label || id;

// -- mrkdwn ---------------------------------------------------------------------------------------
export function angle(inner, label) {
  if (inner.startsWith("@")) return mention(`@${personName(inner.slice(1))}`);
  if (inner.startsWith("#")) return mention(`#${channelName(inner.slice(1), label)}`);
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
