// Where people write: Enter sends, Shift+Enter breaks the line, / is a command, files drop in.
import { attempt, h, post, send, toast } from "./dom.js";

export function composer(app, options) {
  const { id, threadTs, placeholder } = options;
  const text = h("textarea", { id, rows: "1", placeholder, "aria-label": placeholder });
  const suggestions = h("div", { class: "commands", role: "listbox" });
  const picker = h("input", { type: "file", hidden: true, onchange: () => upload(picker.files) });
  const grow = () => { text.style.height = "auto"; text.style.height = `${Math.min(text.scrollHeight, 180)}px`; };

  async function upload(files) {
    for (const file of files) {
      const form = new FormData();
      form.append("user", app.user);
      form.append("channel", app.channel);
      if (threadTs()) form.append("thread_ts", threadTs());
      form.append("text", text.value.trim());
      form.append("file", file);
      if (await attempt(() => send(form))) text.value = "";
    }
    picker.value = "";
  }

  async function submit() {
    const written = text.value.trim();
    if (!written) return;
    text.value = "";
    grow();
    suggest();
    const done = await attempt(() => (written.startsWith("/") ? command(written) : app.say(written, threadTs())));
    if (done === undefined && !text.value) text.value = written;
  }

  function command(written) {
    if (threadTs()) throw new Error("斜杠命令不能在消息串里使用。");
    const [name, ...rest] = written.split(/\s+/);
    return post("commands", { user: app.user, channel: app.channel, command: name, text: rest.join(" ") });
  }

  function suggest() {
    const typed = text.value;
    const fitting = typed.startsWith("/") && !typed.includes(" ") ? app.commands().filter((c) => c.command.startsWith(typed)) : [];
    suggestions.replaceChildren(...fitting.map((c) => h("button", { type: "button", role: "option",
      onclick: () => { text.value = `${c.command} `; text.focus(); suggest(); } }, h("strong", {}, c.command), " ", c.description || "")));
  }

  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
  });
  text.addEventListener("input", () => { grow(); suggest(); });

  const insertMention = () => {
    if (!text.value.includes("@客服台")) text.value = `@客服台 ${text.value}`;
    text.focus();
  };
  const box = h("div", { class: "composer-box" }, text, h("div", { class: "composer-tools" },
    h("button", { type: "button", class: "plain", title: "提到客服台", onclick: insertMention }, "@客服台"),
    h("button", { type: "button", class: "plain", title: "上传文件（也可拖放）", "aria-label": "上传文件", onclick: () => picker.click() }, "📎 文件"),
    app.commands().length && !threadTs() ? h("button", { type: "button", class: "plain", title: "斜杠命令",
      onclick: () => { text.value = "/"; text.focus(); suggest(); } }, "/ 命令") : null,
    h("span", { class: "keys" }, "Enter 发送 · Shift+Enter 换行"),
    h("button", { type: "button", class: "primary send", onclick: submit, "aria-label": "发送" }, "发送")));
  box.addEventListener("dragover", (event) => { event.preventDefault(); box.classList.add("dropping"); });
  box.addEventListener("dragleave", () => box.classList.remove("dropping"));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    box.classList.remove("dropping");
    if (event.dataTransfer.files.length) upload(event.dataTransfer.files);
    else toast("这里只能放文件。");
  });
  return h("div", { class: "composer" }, suggestions, box, picker);
}

export function promptChips(app, prompts) {
  if (!prompts) return null;
  return h("div", { class: "prompts" }, prompts.title ? h("span", {}, prompts.title) : null,
    prompts.prompts.map((prompt) => h("button", { type: "button", class: "chip", title: prompt.message,
      onclick: () => attempt(() => app.say(prompt.message, null)) }, prompt.title)));
}
