// What every page has: the switch of the theme, and keys. A field with data-key is focused by that key, a link or
// button with data-key is pressed by it. Where two have one key, the page's own comes before the frame's.
const root = document.documentElement;

document.querySelector("[data-theme-switch]")?.addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  try { localStorage.setItem("theme", root.dataset.theme); } catch { /* holds for this page alone */ }
});

// On a phone the menu is wider than the page: where one is must be seen in it.
const menu = document.querySelector(".top nav");
const own = menu?.querySelector("[aria-current]");
if (own) menu.scrollLeft = own.offsetLeft - menu.offsetLeft - (menu.clientWidth - own.offsetWidth) / 2;

// Keys that no label tells are told on hovering; programs that read a page aloud are told all.
for (const one of document.querySelectorAll("[data-key]")) {
  one.setAttribute("aria-keyshortcuts", one.dataset.key);
  if (!one.querySelector("kbd")) one.title = `${one.title ? `${one.title} · ` : ""}key ${one.dataset.key}`;
}

// After a form was sent, one goes on from what was wrong with it, else from what was done.
const wrong = document.querySelector("main [aria-invalid=true]") ?? document.querySelector("main [role=alert]");
const next = wrong ?? (location.hash ? null : document.querySelector("main [data-done-now]"));
if (next) {
  if (next.matches("p, div, span")) next.tabIndex = -1;
  next.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const named = [...document.querySelectorAll("[data-key]")].findLast((one) => one.dataset.key === event.key);
  if (!named || named.disabled) return;
  event.preventDefault();
  if (named.matches("input, textarea, select")) { named.focus(); named.select?.(); } else named.click();
});
