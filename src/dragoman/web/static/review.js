// One key, one decision: the next record is in the page already and is shown at once; what was decided is sent after it,
// in order. Without this script the same forms are sent and answered by pages.
const queue = document.getElementById("queue");
const said = document.querySelector("[data-did]");
const undoForm = document.querySelector("[data-undo]");
const few = 4;
const done = [];
const sent = new Set();
let chain = Promise.resolve();
let asking = null;

const looks = () => [...queue.querySelectorAll("[data-look]")];
const current = () => queue.querySelector("[data-look]:not([hidden])");
const number = (text) => Number(text.replaceAll(",", "")) || 0;

function tell(words, bad = false) {
  if (!said) return;
  said.textContent = words;
  said.classList.toggle("bad", bad);
}

function count(by) {
  const place = document.querySelector(".tally [data-waiting]");
  place.textContent = Math.max(0, number(place.textContent) + by).toLocaleString("en");
}

function show() {
  const [first] = looks();
  for (const look of looks()) look.hidden = look !== first;
  document.querySelector("[data-done]").hidden = Boolean(first) || Boolean(asking);
  if (undoForm) undoForm.querySelector("button").disabled = !done.length && !undoForm.elements.value.value;
  first?.focus({ preventScroll: true });
  scrollTo({ top: 0 });
  if (looks().length < few) more();
}

async function more() {
  if (asking) return;
  asking = true;
  try {
    const have = [...looks().map((look) => look.dataset.look), ...sent].join(".");
    const url = new URL(queue.dataset.more, location.href);
    url.searchParams.set("have", have);
    const answer = await fetch(url);
    if (!answer.ok) return;
    const piece = new DOMParser().parseFromString(await answer.text(), "text/html");
    const known = new Set([...looks().map((look) => look.dataset.look), ...sent]);
    const gone = new Set(done.flatMap((one) => one.look.dataset.events.split(" ")));
    let added = 0;
    for (const look of piece.querySelectorAll("[data-look]")) {
      if (known.has(look.dataset.look) || look.dataset.events.split(" ").some((id) => gone.has(id))) continue;
      queue.append(document.adoptNode(look));
      added += 1;
    }
    asking = null;
    if (added || !looks().length) {
      const [first] = looks();
      if (first?.hidden && !current()) show();
      else document.querySelector("[data-done]").hidden = Boolean(first);
    }
  } finally { asking = null; }
}

async function send(action, body) {
  const answer = await fetch(action, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    throw new Error(page.querySelector("main .lead")?.textContent || `the desk answered ${answer.status}`);
  }
  const made = await answer.json();
  document.querySelector("[data-pace]").textContent = made.pace;
  return made;
}

function decide(form, pressed) {
  const look = form.closest("[data-look]");
  const body = new FormData(form, pressed);
  const skips = body.get("do") === "skip";
  const events = new Set(look.dataset.events.split(" "));
  if (body.get("all")) for (const id of look.dataset.alike.split(" ")) events.add(id);
  // A decision settles other records of the same events, which wait further on.
  const gone = looks().filter((one) => one === look || (!skips && one.dataset.events.split(" ").some((id) => events.has(id))));
  const one = { look, gone, key: look.dataset.look, skips, judgements: null };
  sent.add(one.key);
  done.push(one);
  for (const each of gone) each.remove();
  count(-gone.length);
  tell(skips ? "Skipped." : "…");
  one.judgements = chain = chain.then(() => send(form.action, body)).then((made) => {
    tell(`${made.did[0].toUpperCase()}${made.did.slice(1)}.`);
    sent.delete(one.key);
    return made.judgements;
  }).catch((error) => {
    sent.delete(one.key);
    done.splice(done.indexOf(one), 1);
    back(one);
    tell(`Not done: ${error.message}`, true);
    return null;
  });
  show();
}

function back(one) {
  queue.prepend(...one.gone.sort((a, b) => (b === one.look) - (a === one.look)));
  for (const details of one.look.querySelectorAll("details[open]")) details.open = false;
  count(one.gone.length);
  show();
}

function undo() {
  const one = done.pop();
  if (!one) { if (undoForm.elements.value.value) undoForm.submit(); return; }
  back(one);
  chain = one.judgements.then(async (judgements) => {
    if (!judgements) return;
    const body = new FormData(undoForm);
    if (one.skips) { body.set("do", "unskip"); body.set("key", one.key); } else body.set("value", judgements.join("."));
    await send(undoForm.action, body);
    tell("Taken back.");
  }).catch((error) => tell(`Not taken back: ${error.message}`, true));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-decide]")) { event.preventDefault(); decide(form, event.submitter); }
  if (form.matches("[data-undo]")) { event.preventDefault(); undo(); }
});

// Before the keys of all pages: a list that is open takes its own letters.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const look = current();
  const open = look?.querySelector("details[data-panel][open]");
  if (event.key === "Escape" && open) {
    open.open = false;
    look.focus();
    event.stopPropagation();
    return;
  }
  if (event.target.closest?.("input:not([type=checkbox]), textarea, select")) return;
  let pressed = null;
  if (open) pressed = [...open.querySelectorAll("[data-choose], [data-tick]")].find((one) => (one.dataset.choose ?? one.dataset.tick) === event.key);
  pressed ??= [...(look?.querySelectorAll("[data-press]") ?? [])].find((one) => one.dataset.press === event.key);
  if (event.key === "u" && undoForm && !pressed) pressed = undoForm.querySelector("button:not(:disabled)");
  if (!pressed) return;
  event.preventDefault();
  event.stopPropagation();
  pressed.click();
  // Where no country is guessed, one is typed next.
  if (pressed.dataset.tick && !open.querySelector("[data-choose]")) open.querySelector("[data-focus]")?.focus();
}, true);

document.addEventListener("toggle", (event) => {
  const panel = event.target;
  if (!panel.open || !panel.matches?.("[data-panel]")) return;
  for (const other of panel.parentElement.querySelectorAll("[data-panel][open]")) if (other !== panel) other.open = false;
  panel.querySelector("[data-tick], [data-choose], [data-focus]")?.focus();
}, true);

if (looks().length && looks().length < few) more();
