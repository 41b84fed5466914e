// Where people write: Enter sends, Shift+Enter breaks the line, / is a command, @ a mention, files wait beside the text.
import { attempt, button, byId, h, post, send, toast } from "./dom.js";
import { icon } from "./icons.js";
import { suggestions } from "./suggestions.js";
import { t } from "./words.js";

export function composer(app, options) {
  const { id, threadTs, placeholder, typed = "" } = options; // typed: what stood there before it was drawn anew
  const text = h("textarea", { id, rows: "1", placeholder, "aria-label": placeholder });
  const picker = h("input", { type: "file", hidden: true, multiple: true, onchange: () => { add(picker.files); picker.value = ""; } });
  const chips = h("div", { class: "attached" });
  let files = [];
  const grow = () => { text.style.height = "auto"; text.style.height = `${Math.min(text.scrollHeight, 180)}px`; };
  const suggest = suggestions(app, text, threadTs, grow);

  function add(list) {
    files = files.concat([...list]);
    drawChips();
    text.focus();
  }

  function drawChips() {
    chips.replaceChildren(...files.map((file) => h("span", { class: "file" }, icon("file"), file.name,
      button("plain", { "aria-label": t("file.remove", { name: file.name }), onclick: () => { files = files.filter((one) => one !== file); drawChips(); text.focus(); } }, icon("x")))));
    state();
  }

  const state = () => { sender.disabled = !text.value.trim() && !files.length; };

  // Where it was begun, all of it: whoever goes on meanwhile takes no file along.
  async function upload(written) {
    const { user, channel } = app;
    const thread = threadTs();
    for (const [number, file] of files.entries()) {
      const form = new FormData();
      form.append("user", user);
      form.append("channel", channel);
      if (thread) form.append("thread_ts", thread);
      form.append("text", number ? "" : written);
      form.append("file", file);
      if (!(await attempt(() => send(form)))) return undefined;
      files = files.filter((one) => one !== file); // what is attached meanwhile stays
      drawChips();
    }
    return true;
  }

  async function submit() {
    const written = text.value.trim();
    if (!written && !files.length) return;
    text.value = "";
    grow();
    suggest.close();
    state();
    const done = files.length ? await upload(written)
      : await attempt(() => (written.startsWith("/") ? command(written) : app.say(written, threadTs())));
    if (done === undefined && !text.value) { text.value = written; grow(); }
    state();
  }

  function command(written) {
    if (threadTs()) throw new Error(t("command.thread"));
    const [name, ...rest] = written.split(/\s+/);
    return post("commands", { user: app.user, channel: app.channel, command: name, text: rest.join(" ") });
  }

  text.addEventListener("keydown", (event) => {
    if (event.isComposing || suggest.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); submit(); }
  });
  text.addEventListener("input", () => { grow(); suggest.update(); state(); });
  text.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== text) suggest.close(); }, 150));
  text.addEventListener("paste", (event) => { if (event.clipboardData.files.length) { event.preventDefault(); add(event.clipboardData.files); } });

  const begin = (start) => {
    if (!text.value.startsWith(start)) text.value = start + text.value;
    text.focus();
    suggest.update();
    state();
  };
  const tool = (name, label, act) => button("plain", { title: label, "aria-label": label, onclick: act }, icon(name));
  const sender = button("primary send", { onclick: submit, "aria-label": t("send"), title: t("send"), disabled: true }, icon("send"));
  const box = h("div", { class: "composer-box" }, text, chips, h("div", { class: "composer-tools" },
    tool("clip", t("file"), () => picker.click()),
    tool("at", t("mention"), () => begin("@客服台 ")),
    app.commands().length && !threadTs() ? tool("slash", t("command"), () => begin("/")) : null,
    h("span", { class: "keys" }, t("keys.send")), sender));
  dropping(box, add);
  text.value = typed;
  state();
  return h("div", { class: "composer" }, suggest.node, box, picker);
}

function dropping(box, add) {
  box.dataset.drop = t("file.drop");
  box.addEventListener("dragover", (event) => { event.preventDefault(); box.classList.add("dropping"); });
  box.addEventListener("dragleave", () => box.classList.remove("dropping"));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    box.classList.remove("dropping");
    if (event.dataTransfer.files.length) add(event.dataTransfer.files);
    else toast(t("file.only"));
  });
}

// The app's suggested prompts stand above the box of a direct message.
export function promptChips(app) {
  const node = byId("prompts");
  if (!node || !app.isDm()) return;
  const shown = JSON.stringify(app.prompts);
  if (node.dataset.shown === shown) return;
  node.dataset.shown = shown;
  const { title, prompts } = app.prompts || { prompts: [] };
  node.replaceChildren(...[title ? h("span", {}, title) : null, ...prompts.map((prompt) => button("chip", { title: prompt.message,
    onclick: () => attempt(() => app.say(prompt.message, null)) }, prompt.title))].filter(Boolean));
}
