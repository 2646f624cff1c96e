// Words selected in the text become fields of the form for a missed event. Places are counted in code points, as the
// ledger counts them, not in the halves of characters that JavaScript counts.
const form = document.getElementById("adding");
const text = document.getElementById("text");
const FIELDS = [["words", "the event"], ["actor", "who"], ["recipient", "towards whom"], ["attribution", "says"], ["place", "where"], ["date", "when"]];

const points = (words) => { let n = 0; for (const _ of words) n += 1; return n; };

function chosen() {
  const selection = getSelection();
  if (selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const paragraph = (range.startContainer.nodeType === 1 ? range.startContainer : range.startContainer.parentElement)?.closest("[data-at]");
  if (!paragraph || !text.contains(paragraph) || !text.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.setStart(paragraph, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const inside = range.cloneRange();
  if (!paragraph.contains(range.endContainer)) inside.setEnd(paragraph, paragraph.childNodes.length);
  const words = inside.toString();
  const lead = words.length - words.trimStart().length;
  if (!words.trim() || points(words) > 300) return null;
  return { words: words.trim(), at: Number(paragraph.dataset.at) + points(before.toString()) + points(words.slice(0, lead)) };
}

const bar = document.createElement("div");
bar.className = "chosen";
bar.hidden = true;
bar.setAttribute("role", "toolbar");
bar.setAttribute("aria-label", "The selected words are");
const quoted = document.createElement("q");
quoted.dir = "auto";
bar.append(quoted, " is ");
for (const [name, said] of FIELDS) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = said;
  button.addEventListener("click", () => take(name));
  bar.append(button);
}
document.body.append(bar);
// A press on the bar must not undo the selection that it is about.
bar.addEventListener("pointerdown", (event) => event.preventDefault());

let now = null;
function look() {
  now = chosen();
  bar.hidden = !now;
  if (now) quoted.textContent = now.words.length > 40 ? `${now.words.slice(0, 40)}…` : now.words;
}
let waiting = 0;
document.addEventListener("selectionchange", () => { clearTimeout(waiting); waiting = setTimeout(look, 120); });

function take(name) {
  if (!now) return;
  document.getElementById("add").open = true;
  const rows = [...form.querySelectorAll(`[name="${name}"]`)];
  const row = Math.max(rows.findIndex((one) => !one.value), 0);
  const field = rows[row];
  field.closest("details:not(#add)")?.setAttribute("open", "");
  field.value = now.words.replace(/\s+/g, " ");
  const at = form.querySelectorAll(`[name="${name}_at"]`)[row];
  if (at) at.value = now.at;
  getSelection().removeAllRanges();
  bar.hidden = true;
  const next = name === "words" ? form.elements.type : field;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

document.querySelector('a[href="#adding"]')?.addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("add").open = true;
  form.elements.words.focus({ preventScroll: true });
  form.elements.words.scrollIntoView({ block: "center" });
});

// Words that are typed have no known place.
form.addEventListener("input", (event) => {
  const rows = [...form.querySelectorAll(`[name="${event.target.name}"]`)];
  const at = form.querySelectorAll(`[name="${event.target.name}_at"]`)[rows.indexOf(event.target)];
  if (at) at.value = "";
});

// Only the modes of the type.
const modes = form.elements.mode;
function fit() {
  for (const group of modes.querySelectorAll("optgroup")) group.hidden = group.disabled = group.dataset.type !== form.elements.type.value;
  if (modes.selectedOptions[0]?.parentElement.disabled) modes.value = "";
}
form.elements.type.addEventListener("change", fit);
fit();
if (document.getElementById("add").open) (form.querySelector("[aria-invalid]") ?? form.elements.words).focus();
