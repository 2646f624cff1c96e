// A report: the event at hand is marked in the text and open beside it, by hovering, by a click, or with j and k.
const reading = document.getElementById("reading");
const ROLES = ["said", "trigger", "actor", "recipient", "word", "date", "place"];
const records = [...document.querySelectorAll(".record")];
const byNumber = new Map(records.map((one) => [one.dataset.n, one]));
const panel = document.querySelector(".panel");
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
let pinned = null, marked = null;

const ofRole = (role, n) => reading.querySelectorAll(`.text [data-${role}~="${n}"], .text[data-${role}~="${n}"]`);

function mark(n) {
  if (n === marked) return;
  for (const role of ROLES) for (const one of reading.querySelectorAll(`.text .is-${role}`)) one.classList.remove(`is-${role}`);
  if (n) for (const role of ROLES) for (const one of ofRole(role, n)) one.classList.add(`is-${role}`);
  marked = n;
}

function near(numbers) {
  for (const one of records) one.classList.toggle("near", numbers.includes(one.dataset.n));
}

// Within the panel alone: the page must stay where it is.
function show(record) {
  if (getComputedStyle(panel).overflowY !== "auto" || !record) return;
  const top = record.offsetTop - panel.querySelector(".bar").offsetHeight - 8;
  const low = record.offsetTop + record.offsetHeight - panel.clientHeight + 8;
  if (panel.scrollTop > top || record.offsetHeight > panel.clientHeight) panel.scrollTop = top;
  else if (panel.scrollTop < low) panel.scrollTop = low;
}

function pin(n, { text = false, focus = false } = {}) {
  const record = byNumber.get(n);
  for (const one of records) {
    one.classList.toggle("pinned", one === record);
    one.firstElementChild.open = one === record;
  }
  pinned = record ? n : null;
  mark(pinned);
  near([]);
  if (!record) return;
  show(record);
  const word = text && ofRole("trigger", n)[0];
  if (word) {
    const box = word.getBoundingClientRect();
    if (box.top < 90 || box.bottom > innerHeight * 0.45) scrollBy({ top: box.top - innerHeight * 0.3, behavior: calm });
  }
  if (focus) (record.querySelector("a.open") ?? record.querySelector("summary")).focus({ preventScroll: true });
}

const numbers = (element) => {
  const piece = element.closest?.("[data-trigger], [data-said]");
  if (!piece || !piece.closest(".text")) return [];
  const found = (piece.dataset.trigger ?? piece.dataset.said).split(" ");
  return found.filter((n) => shown(byNumber.get(n)));
};
const shown = (record) => record && getComputedStyle(record).display !== "none";

reading.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const record = event.target.closest(".record");
  const found = record ? [record.dataset.n] : numbers(event.target);
  mark(found[0] ?? pinned);
  near(record ? [] : found);
  if (!record && found.length) show(byNumber.get(found[0]));
});
reading.addEventListener("pointerleave", () => { mark(pinned); near([]); });
reading.addEventListener("focusin", (event) => {
  const record = event.target.closest(".record");
  if (record) mark(record.dataset.n);
  else if (event.target.matches(".t")) mark(numbers(event.target)[0] ?? pinned);
});

document.getElementById("text").addEventListener("click", (event) => {
  if (!getSelection().isCollapsed) { if (event.target.closest("a.t")) event.preventDefault(); return; }
  const found = numbers(event.target);
  if (event.target.closest("a.t")) event.preventDefault();
  // Another click on a sentence goes on to the next event that it tells.
  if (found.length) pin(found[(found.indexOf(pinned) + 1) % found.length], { text: getComputedStyle(panel).overflowY !== "auto" });
  else pin(null);
});
for (const record of records) {
  record.querySelector("summary").addEventListener("click", (event) => {
    event.preventDefault();
    if (record.classList.contains("pinned")) pin(null);
    else pin(record.dataset.n, { text: true });
  });
}

function step(by) {
  const live = records.filter(shown);
  if (!live.length) return;
  const at = live.findIndex((one) => one.dataset.n === pinned);
  const next = at < 0 ? (by > 0 ? 0 : live.length - 1) : Math.min(Math.max(at + by, 0), live.length - 1);
  pin(live[next].dataset.n, { text: true, focus: true });
}
for (const button of document.querySelectorAll("[data-step]")) {
  button.disabled = false;
  button.addEventListener("click", () => step(Number(button.dataset.step)));
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && pinned && !event.target.matches("input, textarea, select")) pin(null);
});

// What the keys of the legend leave out has no line in the text.
function filter() {
  for (const one of reading.querySelectorAll(".text .said")) {
    one.classList.toggle("mute", !one.dataset.said.split(" ").some((n) => shown(byNumber.get(n))));
  }
  if (pinned && !shown(byNumber.get(pinned))) pin(null);
}
document.querySelector(".legend").addEventListener("change", filter);

const first = location.hash.match(/^#r(\d+)$/)?.[1] ?? (reading.dataset.focus !== "0" && reading.dataset.focus);
if (first && byNumber.has(first)) {
  pin(first);
  // The browser goes to the record itself; the words are what is to be seen.
  addEventListener("load", () => setTimeout(() => pin(first, { text: true })));
}
addEventListener("hashchange", () => {
  const n = location.hash.match(/^#r(\d+)$/)?.[1];
  if (n && byNumber.has(n)) pin(n, { text: true });
});
