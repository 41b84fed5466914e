// Line icons as inline SVG, so that the page looks the same whatever fonts a machine has.
const PATHS = {
  send: "M3 11.5 21 3l-6.5 18-3.2-7.8z", clip: "M20 11.5 12 19.5a5 5 0 0 1-7-7l8-8a3.4 3.4 0 0 1 5 5l-8 8a1.8 1.8 0 0 1-2.6-2.6l7.3-7.3",
  at: "M15.5 12a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0zm0 0v1.5a2.5 2.5 0 0 0 5 0V12a8.5 8.5 0 1 0-3.5 6.9",
  slash: "M7 20 17 4M4 4h16v16H4z", reply: "M4 5h16v11H10l-5 4v-4H4z", dots: "M5 12h.01M12 12h.01M19 12h.01",
  x: "M6 6l12 12M18 6 6 18", back: "M19 12H5m6-7-7 7 7 7", menu: "M4 6h16M4 12h16M4 18h16", eye: "M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12zm13 0a3 3 0 1 1-6 0 3 3 0 0 1 6 0z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4", lock: "M6 11h12v9H6zm2.5 0V8a3.5 3.5 0 0 1 7 0v3", hash: "M9 4 7 20M17 4l-2 16M4 9h16M4 15h16",
  code: "m8 7-5 5 5 5M16 7l5 5-5 5", keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M17 14H7", globe: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3.5 6 3.5 9s-.5 6-3.5 9c-3-3-3.5-6-3.5-9S9 6 12 3z",
  stop: "M7 7h10v10H7z", check: "m5 12.5 4.5 4.5L19 7", up: "M7 11v9H4v-9zm0 0 4-8c1.5 0 2.5 1 2.5 2.5V9H19a1.8 1.8 0 0 1 1.8 2.2l-1.4 7A2.2 2.2 0 0 1 17.2 20H7",
  down: "M7 13V4H4v9zm0 0 4 8c1.5 0 2.5-1 2.5-2.5V15H19a1.8 1.8 0 0 0 1.8-2.2l-1.4-7A2.2 2.2 0 0 0 17.2 4H7",
  trash: "M5 7h14M9 7V4h6v3m2 0-1 13H8L7 7", compass: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm4 5-2.5 5.5L8 16l2.5-5.5z", search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zm5 12 5 5",
  right: "M5 12h14m-6-7 7 7-7 7", question: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1", plus: "M12 5v14M5 12h14", bolt: "M13 3 5 14h6l-1 7 8-11h-6z",
};
const SPACE = "http://www.w3.org/2000/svg";

export function icon(name) {
  const drawing = document.createElementNS(SPACE, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", `glyph glyph-${name}`);
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SPACE, "path");
  path.setAttribute("d", PATHS[name] || "");
  drawing.append(path);
  return drawing;
}
