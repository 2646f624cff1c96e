// Moves the map without leaving the page: by its buttons, by dragging, by wheel with Ctrl, by two fingers, by keys. Where
// it comes to rest its circles are fetched anew, as the server groups them for what is seen.
const atlas = document.getElementById("atlas");
const map = atlas?.querySelector(".earth");
const RATIO = 0.4867, WIDEST = 1000, CLOSEST = 25, REST = 300;
let view = null, waiting = 0, asked = 0;

function show(x, y, width) {
  width = Math.min(WIDEST, Math.max(CLOSEST, width));
  x = Math.min(Math.max(0, x), WIDEST - width);
  y = Math.min(Math.max(0, y), (WIDEST - width) * RATIO);
  view = { x, y, width };
  map.setAttribute("viewBox", `${x} ${y} ${width} ${width * RATIO}`);
  size();
  clearTimeout(waiting);
  waiting = setTimeout(redraw, REST);
}

// Units of the map that a pixel is: on a phone the map is cut at its sides, never at its top.
const unit = () => (view.width * RATIO) / map.clientHeight;

// Circles and names are as large on a phone as on a desk, and do not grow as the map comes closer.
function size() {
  const scale = Math.max(view.width / WIDEST, Math.min(unit(), (view.width / WIDEST) * 2.2));
  for (const one of map.querySelectorAll("[data-x]")) {
    one.setAttribute("transform", `translate(${one.dataset.x} ${one.dataset.y}) scale(${scale})`);
  }
  const seen = [];
  for (const name of map.querySelectorAll(".name")) {
    const box = name.getBoundingClientRect();
    const hidden = seen.some((o) => o.left < box.right && box.left < o.right && o.top < box.bottom && box.top < o.bottom);
    name.setAttribute("visibility", hidden ? "hidden" : "visible");
    if (!hidden) seen.push(box);
  }
}

async function redraw() {
  const number = ++asked, here = new URL(location.href);
  here.searchParams.set("view", [view.x, view.y, view.width].map((n) => n.toFixed(1)).join(","));
  history.replaceState(null, "", here);
  try {
    const answer = await fetch(here);
    if (!answer.ok || number !== asked) return;
    const text = await answer.text();
    if (number !== asked) return;
    const made = new DOMParser().parseFromString(text, "text/html");
    for (const id of ["map-states", "map-spots", "map-regions"]) {
      const fresh = made.getElementById(id);
      if (fresh) document.getElementById(id).replaceWith(document.adoptNode(fresh));
    }
    size();
    for (const one of atlas.querySelectorAll("[data-move]")) {
      one.href = made.querySelector(`[data-move="${one.dataset.move}"]`)?.href ?? one.href;
    }
  } catch { /* without the server the map stands as it is */ }
}

function zoom(closer, clientX, clientY) {
  const box = map.getBoundingClientRect();
  const width = Math.min(WIDEST, Math.max(CLOSEST, view.width / closer));
  // What is under the pointer stays there.
  const right = clientX === undefined ? 0 : (clientX - box.left - box.width / 2) * unit();
  const down = clientY === undefined ? 0 : (clientY - box.top - box.height / 2) * unit();
  const left = 1 - width / view.width;
  show(view.x + (view.width - width) / 2 + right * left, view.y + (view.width - width) * RATIO / 2 + down * left, width);
}

const pan = (right, down) => show(view.x + right * view.width, view.y + down * view.width * RATIO, view.width);
const MOVES = {
  in: () => zoom(1.8), out: () => zoom(1 / 1.8),
  left: () => pan(-0.25, 0), right: () => pan(0.25, 0), up: () => pan(0, -0.25), down: () => pan(0, 0.25),
};

if (map) {
  const [x, y, width] = atlas.dataset.view.split(",").map(Number);
  view = { x, y, width };
  size();
  addEventListener("resize", size);
  atlas.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    MOVES[button.dataset.move]();
  });
  map.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" }[event.key];
    if (event.target !== map || !move || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    MOVES[move]();
  });
  map.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.25 : 0.8, event.clientX, event.clientY);
  }, { passive: false });

  const fingers = new Map();
  let moved = 0;
  map.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    fingers.set(event.pointerId, event);
    moved = 0;
  });
  map.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    if (fingers.size === 1 && event.pointerType === "mouse") {
      moved += Math.abs(event.clientX - before.clientX) + Math.abs(event.clientY - before.clientY);
      if (moved > 4) {
        map.classList.add("held");
        map.setPointerCapture(event.pointerId);
        show(view.x + (before.clientX - event.clientX) * unit(), view.y + (before.clientY - event.clientY) * unit(), view.width);
      }
    } else if (fingers.size === 2) {
      const other = [...fingers.values()].find((one) => one.pointerId !== event.pointerId);
      const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
      zoom(apart(event) / apart(before), (event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2);
    }
    fingers.set(event.pointerId, event);
  });
  const release = (event) => { fingers.delete(event.pointerId); map.classList.remove("held"); };
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) map.addEventListener(name, release);
  // A drag that ends on a circle is no click on it.
  map.addEventListener("click", (event) => { if (moved > 4) { event.preventDefault(); moved = 0; } }, true);
  map.addEventListener("dragstart", (event) => event.preventDefault());
}
