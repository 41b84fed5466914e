// The drawer: what passes between Slack and the bot, a message's payload, fault switches.
import { attempt, button, byId, copy, get, h, lazily, newestOnly } from "./dom.js";
import { drawFaults } from "./faults.js";
import { icon } from "./icons.js";
import { t } from "./words.js";

const SHOWN = 80;
let tab = "traffic";
let message = null;
const wanted = { search: "", direction: "", refused: "" };

const text = (value) => JSON.stringify(value, null, 2);
export const json = (value) => h("div", { class: "json-box" },
  button("plain copy", { onclick: () => copy(text(value)) }, icon("copy"), t("copy.json")), h("pre", { class: "json", tabindex: "0" }, text(value)));

function entry(one) {
  const body = () => [
    one.details.length ? h("ul", {}, one.details.map((line) => h("li", {}, typeof line === "string" ? line : JSON.stringify(line)))) : null,
    one.advice.length ? h("ul", { class: "advice" }, one.advice.map((line) => h("li", {}, line))) : null,
    one.envelope ? h("p", { class: "note" }, `${one.envelope.kind}${one.envelope.attempt ? ` · retry ${one.envelope.attempt} (${one.envelope.reason})` : ""}`) : null,
    json(one.payload)].filter(Boolean);
  const node = h("details", { class: `call ${one.ok ? "" : "refused"}`, data: { id: one.id } },
    h("summary", {}, h("span", { class: `way ${one.direction}`, title: t(`traffic.${one.direction}`), role: "img", "aria-label": t(`traffic.${one.direction}`) }, one.direction === "out" ? "→" : "←"),
      h("code", {}, one.name), h("small", {}, one.ok ? `${one.verdict} · ${one.ms} ms` : one.verdict)));
  node.addEventListener("toggle", () => { if (node.open && node.children.length === 1) node.append(...body()); });
  return node;
}

const newestTraffic = newestOnly(() => attempt(() => get("traffic", { limit: SHOWN, ...wanted })));

async function refreshTraffic() {
  const list = byId("traffic-list");
  if (!list) return;
  const answer = await newestTraffic();
  if (!answer || !list.isConnected) return;
  byId("traffic-count").textContent = t("traffic.count", answer);
  const old = new Map([...list.querySelectorAll("details")].map((node) => [node.dataset.id, node]));
  const nodes = answer.traffic.map((one) => old.get(one.id) || entry(one));
  // An entry that somebody reads is not touched; only what is new or gone changes.
  if (nodes.length !== list.children.length || nodes.some((node, number) => list.children[number] !== node)) {
    const focused = document.activeElement;
    list.replaceChildren(...(nodes.length ? nodes : [h("p", { class: "note" }, t("traffic.none"))]));
    if (list.contains(focused)) focused.focus();
  }
}

function drawTraffic(body) {
  const change = (name) => (event) => { wanted[name] = event.target.type === "checkbox" ? (event.target.checked ? "1" : "") : event.target.value; refreshTraffic(); };
  const ways = ["", "out", "in"].map((way) => h("option", { value: way, selected: way === wanted.direction }, t(`traffic.${way || "all"}`)));
  body.replaceChildren(
    h("div", { class: "traffic-tools" },
      h("input", { type: "search", class: "control", id: "traffic-search", placeholder: t("traffic.search"), "aria-label": t("traffic.search"), value: wanted.search, oninput: change("search") }),
      h("select", { class: "control", id: "traffic-direction", "aria-label": t("traffic"), onchange: change("direction") }, ways),
      h("label", {}, h("input", { type: "checkbox", id: "traffic-refused", checked: wanted.refused === "1", onchange: change("refused") }), t("traffic.refused"))),
    h("p", { class: "note", id: "traffic-count", role: "status" }), h("div", { id: "traffic-list" }));
  return refreshTraffic();
}

export function drawInspector() {
  byId("open-inspector").setAttribute("aria-expanded", String(!byId("inspector").hidden));
  if (byId("inspector").hidden) return;
  const names = ["traffic", "message", "faults"];
  byId("inspector-tabs").replaceChildren(...names.map((name) => button("", { role: "tab", data: { tab: name },
    "aria-selected": String(tab === name), onclick: () => open(name) }, t(name))));
  const body = byId("inspector-body");
  if (tab === "message") body.replaceChildren(message ? json(message) : h("p", { class: "note" }, t("message.none")));
  else if (tab === "faults") drawFaults(body, json, () => tab === "faults");
  else drawTraffic(body);
}

function open(name) {
  tab = name;
  drawInspector();
  byId("inspector-tabs").querySelector(`[data-tab=${name}]`).focus();
}

export function toggleInspector() {
  byId("inspector").hidden = !byId("inspector").hidden;
  drawInspector();
  if (byId("inspector").hidden) byId("open-inspector").focus();
  else byId("inspector-tabs").querySelector("[aria-selected=true]").focus();
}

export function inspect(one) {
  message = one;
  byId("inspector").hidden = false;
  open("message");
}

export const trafficArrived = lazily(() => {
  if (tab === "traffic" && !byId("inspector").hidden) refreshTraffic();
}, 400);
