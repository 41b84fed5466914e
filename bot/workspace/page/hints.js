// What a newcomer may try first; can be put away, and called back with the question mark.
import { byId, h } from "./dom.js";

const KEY = "kefu-hints-away";
const STEPS = [
  ["以坐席身份", "在“客服台（私信）”里问一个制度问题，看它引用哪本手册的哪一条；再点“追问”。"],
  ["问手册里没有的事", "它会说没有找到，并提出帮你上报。点“上报”，填好表单提交。"],
  ["换成现场主管", "左上角切换身份，到“🔒 审核”频道批准或退回刚才的上报。"],
  ["在 # 现场 频道", "写 @客服台 加问题，大家都能看到答案。"],
  ["以管理员身份", "把改过的手册文件拖进私信，重新入库后再问同一个问题。"],
];

export function drawHints(app, force = false) {
  const node = byId("hints");
  if (force) localStorage.removeItem(KEY);
  const away = localStorage.getItem(KEY) === "1";
  node.hidden = app.tab === "home" || away || (!force && !(app.isDm() && app.user === "U_AGENT"));
  node.replaceChildren(
    h("div", { class: "hints-head" }, h("strong", {}, "第一次来？从这里试起"),
      h("button", { type: "button", class: "plain", onclick: () => { localStorage.setItem(KEY, "1"); node.hidden = true; } }, "知道了")),
    h("ol", {}, STEPS.map(([what, how]) => h("li", {}, h("strong", {}, what), " ", how))));
}
