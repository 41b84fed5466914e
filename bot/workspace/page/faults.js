// Fault switches, drawn from what the workspace lists: a kind that this page has never heard of gets a switch as well.
import { attempt, button, get, h, post, toast } from "./dom.js";
import { icon } from "./icons.js";
import { either, t } from "./words.js";

// What makes a switch useful at one press; a listing may bring its own under `example`.
const EXAMPLES = { delay: { seconds: 2 }, slow_socket: { seconds: 2 }, rate_limit: { retry_after: 1 }, rate_limits: { seconds: 60 } };

function nameOf(one) {
  const key = `fault.${one.kind}`;
  return one.title ? either(one.title) : t(key) === key ? one.kind.replaceAll("_", " ") : t(key);
}

function wishOf(one) {
  const wish = { kind: one.kind, ...(one.example || EXAMPLES[one.kind] || {}) };
  return wish;
}

function row(one, redraw) {
  const wish = wishOf(one);
  const more = Object.entries(wish).filter(([name]) => name !== "kind").map(([name, value]) => `${name}: ${value}`).join(" · ");
  return h("li", { class: "fault" }, h("span", {}, h("strong", {}, nameOf(one)), h("small", {}, h("code", {}, one.kind), more ? ` ${more}` : "", one.note ? ` ${either(one.note)}` : "")),
    button(one.kind === "clear" ? "danger" : "", { data: { fault: one.kind }, "aria-label": `${t(one.at_once ? "faults.strike" : "faults.arm")}：${nameOf(one)}`, onclick: async () => {
      if (await attempt(() => post("faults", wish))) { toast(t("faults.done", { name: nameOf(one) }), "good"); redraw(); }
    } }, icon("bolt"), t(one.at_once ? "faults.strike" : "faults.arm")));
}

// `wanted`: whether they are still what somebody looks at once they are there.
export async function drawFaults(body, json, wanted) {
  const answer = await attempt(() => get("faults"));
  if (!answer || !wanted()) return;
  const redraw = () => drawFaults(body, json, wanted);
  body.replaceChildren(h("p", { class: "note" }, t("faults.note")),
    h("ul", { class: "faults" }, (answer.switches || []).map((one) => row(one, redraw))),
    h("h3", {}, t("faults.armed")), answer.armed.length ? json(answer.armed) : h("p", { class: "note" }, t("faults.none")));
}
