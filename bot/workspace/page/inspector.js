// The drawer: a message's payload, the bot's recent calls, fault switches.
import { attempt, byId, get, h, post, toast } from "./dom.js";

const FAULTS = [
  ["丢掉下一个应答", { kind: "lose_ack", count: 1 }, "事件会在 3 秒后以同一 event_id 重发"],
  ["下一个事件发两遍", { kind: "duplicate", count: 1 }, "同一 event_id，两个信封"],
  ["下一个事件乱序", { kind: "reorder", count: 1 }, "等后一个事件先发出"],
  ["下次 API 调用限流", { kind: "rate_limit", count: 1, retry_after: 1 }, "HTTP 429，Retry-After: 1"],
  ["下次 API 调用慢 2 秒", { kind: "delay", seconds: 2, count: 1 }, ""],
  ["套接字变慢 2 秒", { kind: "slow_socket", seconds: 2, count: 1 }, ""],
  ["让套接字重连", { kind: "disconnect" }, "disconnect: refresh_requested"],
  ["TCP 重置", { kind: "tcp_reset" }, "RST"],
  ["流式输出过期", { kind: "expire_streams" }, "message_not_in_streaming_state"],
  ["清除全部", { kind: "clear" }, ""],
];
let tab = "calls";
let message = null;

const json = (value) => h("pre", { class: "json" }, JSON.stringify(value, null, 2));

function call(one) {
  return h("details", { class: `call ${one.ok ? "" : "refused"}` },
    h("summary", {}, h("span", { class: "verdict" }, one.ok ? "✓" : "✕"), h("code", {}, one.method),
      h("small", {}, one.ok ? `${one.ms} ms` : one.error)),
    one.details.length ? h("ul", {}, one.details.map((text) => h("li", {}, text))) : null,
    one.advice.length ? h("ul", { class: "advice" }, one.advice.map((text) => h("li", {}, text))) : null,
    json(one.arguments));
}

async function drawCalls(body) {
  const { calls, total, refused } = await get("calls", { limit: 60 });
  const open = new Set([...body.querySelectorAll("details[open]")].map((node) => node.dataset.number));
  body.replaceChildren(h("p", { class: "note" }, `共 ${total} 次调用，${refused} 次被拒绝`),
    ...calls.reverse().map((one) => {
      const node = call(one);
      node.dataset.number = String(one.number);
      node.open = open.has(node.dataset.number);
      return node;
    }));
}

async function drawFaults(body) {
  const { armed } = await get("faults");
  body.replaceChildren(h("p", { class: "note" }, "让网络出点毛病，看机器人怎么应付。"),
    ...FAULTS.map(([name, wish, why]) => h("button", { type: "button", class: "fault", onclick: async () => {
      if (await attempt(() => post("faults", wish))) { toast(name, "good"); drawInspector(); }
    } }, name, why ? h("small", {}, why) : null)),
    armed.length ? json(armed) : null);
}

export function drawInspector() {
  if (byId("inspector").hidden) return;
  const names = { calls: "API 调用", message: "消息载荷", faults: "故障开关" };
  byId("inspector-tabs").replaceChildren(...Object.entries(names).map(([name, label]) => h("button", {
    type: "button", role: "tab", "aria-selected": String(tab === name), onclick: () => { tab = name; drawInspector(); } }, label)));
  const body = byId("inspector-body");
  if (tab === "message") {
    body.replaceChildren(message ? json(message) : h("p", { class: "note" }, "在消息的“⋯”菜单里选“查看载荷”。"));
  } else attempt(() => (tab === "calls" ? drawCalls(body) : drawFaults(body)));
}

export function inspect(one) {
  message = one;
  tab = "message";
  byId("inspector").hidden = false;
  drawInspector();
}

let pending = null;
export function callArrived() {
  if (tab !== "calls" || byId("inspector").hidden || pending) return;
  pending = setTimeout(() => { pending = null; drawInspector(); }, 300);
}
