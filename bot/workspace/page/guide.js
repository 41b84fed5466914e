// What a newcomer sees first: two sentences, three things to try. The texts come from whoever runs the workspace (POST control/guide).
import { attempt, button, byId, get, h } from "./dom.js";
import { icon } from "./icons.js";
import { drawEmpty } from "./timeline.js";
import { resumeTour, startTour } from "./tour.js";
import { either, t } from "./words.js";

export { watchTour } from "./tour.js";

// Without a guide, the app's own suggested prompts are offered.
function tries(app) {
  if (app.guide.tries) return app.guide.tries.map((one) => [either(one.title), either(one.note), either(one.say)]);
  return (app.prompts?.prompts || []).slice(0, 3).map((one) => [one.message, one.title, one.message]);
}

export function welcome(app) {
  const { guide } = app;
  const offered = tries(app);
  return h("div", { class: "empty welcome" },
    h("h2", {}, h("img", { src: "/page/icon.svg", alt: "", width: "40", height: "40" }), either(guide.title) || t("welcome.title")),
    h("p", {}, either(guide.text) || t("welcome.text")),
    offered.length ? h("p", { class: "try" }, t("welcome.try")) : null,
    h("div", { class: "tries" }, offered.map(([title, note, say]) => button("", {
      onclick: () => attempt(() => app.say(say, null)) }, icon("reply"), h("span", {}, h("strong", {}, title), note ? h("small", {}, note) : null), icon("right")))),
    guide.tour ? h("p", { class: "tour-line" }, button("primary", { onclick: () => startTour(app) }, icon("compass"), t("tour.start")), t("tour.minutes")) : null);
}

export async function guideChanged(app, guide = null) {
  app.guide = guide || (await get("guide"));
  const opener = byId("open-tour");
  opener.hidden = !app.guide.tour;
  opener.title = t("tour.start");
  opener.setAttribute("aria-label", t("tour.start"));
  opener.replaceChildren(icon("compass"), h("span", {}, t("tour.start")));
  opener.onclick = () => startTour(app);
  if (!guide || !app.drawn) drawEmpty(app); // at the start it was there before the place was drawn
  resumeTour(app);
}
