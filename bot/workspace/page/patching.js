// Bringing a list up to date without touching what did not change: a button that somebody is about to press stays the same node.
const versions = new WeakMap();

// What a person did to a node that is drawn anew: opened details, the focus. Gives what puts the focus back.
function carry(old, fresh) {
  for (const was of old.querySelectorAll("details[data-touched]")) {
    const now = fresh.querySelector(`details[data-keep="${CSS.escape(was.dataset.keep)}"]`);
    if (now) { now.open = was.open; now.dataset.touched = "1"; }
  }
  const focused = document.activeElement;
  if (focused === old) return () => fresh.focus();
  if (!old.contains(focused) || !focused.dataset.action) return () => {};
  return () => [...fresh.querySelectorAll(`[data-action="${CSS.escape(focused.dataset.action)}"]`)]
    .find((one) => one.textContent === focused.textContent)?.focus();
}

// `items`: [{ key, version, make, patch? }]: a node per key; the same version is left alone (or patched inside),
// another one is made anew, what is not listed goes.
export function patch(home, items) {
  const old = new Map([...home.children].map((node) => [node.dataset.key, node]));
  let at = home.firstElementChild;
  for (const { key, version, make, patch: inside } of items) {
    const was = old.get(key);
    old.delete(key);
    let node = was;
    if (was && versions.get(was) === version) inside?.(was);
    else {
      node = make();
      node.dataset.key = key;
      versions.set(node, version);
      if (was) {
        const refocus = carry(was, node);
        if (at === was) at = node;
        was.replaceWith(node);
        refocus();
      }
    }
    if (node === at) at = at.nextElementSibling;
    else home.insertBefore(node, at);
  }
  for (const gone of old.values()) gone.remove();
}
