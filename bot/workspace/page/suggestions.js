// What could be meant while somebody types: slash commands with their words, people after @.
import { button, h } from "./dom.js";
import { personName } from "./text.js";
import { t } from "./words.js";

// "help | 问题 question | tickets mine/overdue" → each word that may follow the command.
function hintsOf(command) {
  return (command.usage_hint || "").split("|").map((hint) => hint.trim()).filter(Boolean);
}

function commands(app, typed) {
  const [name, ...rest] = typed.split(" ");
  if (!typed.includes(" ")) {
    return app.commands().filter((c) => c.command.startsWith(name)).map((c) => ({ label: c.command, note: c.description || "", value: `${c.command} ` }));
  }
  const command = app.commands().find((c) => c.command === name);
  const begun = rest.join(" ").toLowerCase();
  if (!command || begun.includes(" ")) return [];
  return hintsOf(command).filter((hint) => hint.toLowerCase().startsWith(begun)).map((hint) => {
    const [word, ...more] = hint.split(" ");
    const exact = /^[a-z-]+$/.test(word) && !/^[问词]/.test(word);
    return { label: `${name} ${hint}`, note: "", value: exact ? `${name} ${word}${more.length ? " " : ""}` : `${name} ` };
  });
}

function mentions(app, typed) {
  const found = /(^|\s)@(\S*)$/.exec(typed);
  if (!found) return [];
  const before = typed.slice(0, typed.length - found[2].length - 1);
  const names = [["客服台", t("app")], ...app.people.filter((p) => !p.is_bot && p.id !== app.user).map((p) => [personName(p.id), p.name])];
  return names.filter(([name]) => name.toLowerCase().startsWith(found[2].toLowerCase()))
    .map(([name, note]) => ({ label: `@${name}`, note: note === name ? "" : note, value: `${before}@${name} ` }));
}

export function suggestions(app, text, threadTs, changed) {
  const node = h("div", { class: "suggestions", role: "listbox", id: `${text.id}-suggestions`, "aria-label": t("suggestions") });
  text.setAttribute("aria-controls", node.id);
  text.setAttribute("aria-autocomplete", "list");
  let shown = [];
  let chosen = -1;

  function draw() {
    node.replaceChildren(...shown.map((one, number) => button("", { role: "option", id: `${node.id}-${number}`, tabindex: "-1",
      "aria-selected": String(number === chosen), onmousedown: (event) => { event.preventDefault(); take(one); } },
    h("strong", {}, one.label), one.note ? h("span", {}, one.note) : null)));
    node.children[chosen]?.scrollIntoView({ block: "nearest" });
    if (chosen >= 0) text.setAttribute("aria-activedescendant", `${node.id}-${chosen}`);
    else text.removeAttribute("aria-activedescendant");
  }

  function update() {
    const typed = text.value;
    shown = typed.startsWith("/") && !threadTs() ? commands(app, typed) : mentions(app, typed);
    chosen = -1;
    draw();
  }

  function close() { shown = []; chosen = -1; draw(); }

  function take(one) {
    text.value = one.value;
    text.focus();
    text.dispatchEvent(new Event("input"));
    changed();
  }

  // Whether the key was for the list: arrows choose, Tab or Enter takes, Escape closes.
  function key(event) {
    if (!shown.length) return false;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) chosen = (chosen + by + shown.length + (chosen < 0 && by < 0 ? 1 : 0)) % shown.length;
    else if (event.key === "Escape") close();
    else if (event.key === "Tab" && !event.shiftKey) take(shown[Math.max(0, chosen)]);
    else if (event.key === "Enter" && chosen >= 0) take(shown[chosen]);
    else return false;
    event.preventDefault();
    if (by) draw();
    return true;
  }

  return { node, update, close, key };
}
