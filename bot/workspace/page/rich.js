// rich_text blocks, drawn as DOM nodes.
import { emoji } from "./emoji.js";
import { h, link } from "./dom.js";
import { channelName, mention, personName } from "./text.js";
import { t } from "./words.js";

function richInline(element) {
  let node;
  if (element.type === "text") node = document.createTextNode(element.text);
  else if (element.type === "link") node = link(element.url, element.text || element.url);
  else if (element.type === "user") node = mention(`@${personName(element.user_id)}`);
  else if (element.type === "channel") node = mention(`#${channelName(element.channel_id)}`);
  else if (element.type === "broadcast") node = mention(`@${element.range}`);
  else if (element.type === "usergroup") node = mention(`@${element.usergroup_id}`);
  else if (element.type === "emoji") node = document.createTextNode(emoji(element.name, element.unicode));
  else if (element.type === "date") node = document.createTextNode(element.fallback || new Date(element.timestamp * 1000).toLocaleString());
  else if (element.type === "team") node = mention(`@${element.team_id}`);
  else if (element.type === "color") node = h("code", {}, element.value);
  else return h("span", { class: "unknown inline" }, t("unknown.element", { type: element.type }));
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
    return h("div", { class: "unknown" }, t("unknown.element", { type: part.type }));
  }));
}
