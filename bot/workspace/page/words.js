// The page's own words in Chinese and English: by the browser's language, or as switched.
import { ENGLISH } from "./words.en.js";
import { CHINESE } from "./words.zh.js";

const CATALOGUES = { zh: CHINESE, en: ENGLISH };
const KEY = "kefu-language";
const stored = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
const preferred = () => ((navigator.languages || [navigator.language])[0] || "zh").toLowerCase().startsWith("zh") ? "zh" : "en";

export const language = CATALOGUES[stored()] ? stored() : preferred();

export function t(key, values = {}) {
  const text = CATALOGUES[language][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

// A text in both languages, as the guide brings it: {zh, en} or a plain string.
export const either = (text) => (typeof text === "string" ? text : text?.[language] ?? text?.zh ?? "");

export function switchLanguage() {
  localStorage.setItem(KEY, language === "zh" ? "en" : "zh");
  location.reload();
}

// People's roles come from the workspace in Chinese.
const ROLES = { 坐席: "Agent", 班长: "Shift leader", 现场主管: "Supervisor", 管理员: "Admin", 应用: "App" };
export const roleName = (role) => (language === "zh" ? role : ROLES[role] || role);

// Static words of index.html: data-t is the text, data-t-title, data-t-label attributes.
export function translatePage() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = t("page.title");
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-t-label]")) {
    node.setAttribute("aria-label", t(node.dataset.tLabel));
    if (node.tagName === "BUTTON") node.title = t(node.dataset.tLabel);
  }
}
