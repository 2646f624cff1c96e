// Plays the network and the matrix over time. Frames come from the server when they are first wanted; the first place
// of the slider is the whole span, as the server sent it.
const SMALLEST = 17; // the radius of a country without events, as in drawing/network.py
const player = document.querySelector(".player");
if (player) start(player);

function start(player) {
  const slide = player.querySelector("[data-slide]"), play = player.querySelector("[data-play]");
  const now = player.querySelector(".now"), whole = player.querySelector("[data-whole]");
  const svg = document.querySelector(".network");
  const edges = [...svg.querySelectorAll("[data-edge]")].map((node) => ({ node, title: node.querySelector("title") }));
  const nodes = [...svg.querySelectorAll("[data-node]")];
  const cells = [...document.querySelectorAll("[data-cell]")].map((node) => ({ node, link: node.querySelector("a"), own: node.classList.contains("own") }));
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let frames, asked, timer;

  const paged = new URL(location).searchParams.has("at");
  const ask = () => (asked ??= fetch(player.dataset.frames).then((answer) => {
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  }).then((found) => { frames = found.frames; slide.max = frames.length; }));

  async function show(at) {
    at = Math.max(0, Math.min(Number(slide.max), at));
    if (at === 0) {
      // The whole span is what the page without a period shows.
      if (paged) { location.assign(whole.href); return; }
      if (first) draw(first);
      now.value = "The whole span";
    } else {
      try { await ask(); } catch { now.value = "The periods cannot be had now: try again later"; asked = undefined; stop(); return; }
      const frame = frames[at - 1];
      draw(frame);
      now.value = `${frame.period}: ${frame.events} event${frame.events === 1 ? "" : "s"} on the lines`;
    }
    slide.value = at;
    slide.setAttribute("aria-valuetext", now.value);
    whole.classList.toggle("away", at === 0);
    for (const step of player.querySelectorAll("[data-step]")) step.classList.toggle("off", step.dataset.step === "1" ? at >= slide.max : at <= 1);
  }

  function draw(frame) {
    edges.forEach(({ node, title }) => { node.setAttribute("class", "edge gone"); node.setAttribute("stroke-width", 0); title.textContent = title.textContent.replace(/\d+$/, "0"); });
    for (const [at, width, step, events] of frame.edges) {
      edges[at].node.setAttribute("class", `edge score-${step}`);
      edges[at].node.setAttribute("stroke-width", width);
      edges[at].title.textContent = edges[at].title.textContent.replace(/\d+$/, events);
    }
    frame.nodes.forEach((radius, at) => {
      nodes[at].setAttribute("r", radius || SMALLEST);
      nodes[at].parentNode.classList.toggle("quiet", !Number(radius));
    });
    for (const { node, link, own } of cells) {
      node.className = `cell level-0 score-none${own ? " own" : ""}`;
      if (!link) continue;
      link.textContent = "";
      const to = new URL(link.href);
      for (const name of ["since", "until"]) frame[name] ? to.searchParams.set(name, frame[name]) : to.searchParams.delete(name);
      link.href = to;
    }
    for (const [at, level, step, events] of frame.cells) {
      const { node, link, own } = cells[at];
      node.className = `cell level-${level} score-${step}${own ? " own" : ""}`;
      if (link) link.textContent = events;
    }
  }

  // What the server sent, in the form of a frame, to come back to.
  const given = new URL(whole.href).searchParams;
  const first = paged ? undefined : {
    since: given.get("since"), until: given.get("until"),
    nodes: nodes.map((node) => node.getAttribute("r")),
    edges: edges.map(({ node, title }, at) => [at, node.getAttribute("stroke-width"), step(node.getAttribute("class")), title.textContent.match(/\d+$/)[0]]),
    cells: cells.flatMap(({ node, link }, at) => link ? [[at, node.className.match(/level-(\d)/)[1], step(node.className), link.textContent]] : []),
  };
  function step(kind) { return kind.match(/score-(\w+)/)[1]; }

  function stop() { clearInterval(timer); timer = undefined; play.textContent = "Play"; play.setAttribute("aria-pressed", "false"); }
  async function toggle() {
    if (timer) { stop(); return; }
    if (Number(slide.value) >= Number(slide.max)) await show(1);
    play.textContent = "Pause"; play.setAttribute("aria-pressed", "true");
    timer = setInterval(() => {
      // Periods in which nothing happens are passed over.
      let next = Number(slide.value) + 1;
      while (next <= frames?.length && !frames[next - 1].cells.length) next += 1;
      if (next > Number(slide.max)) stop(); else show(next);
    }, calm.matches ? 2000 : 900);
  }

  play.addEventListener("click", toggle);
  slide.addEventListener("input", () => { if (timer) stop(); show(Number(slide.value)); });
  for (const one of player.querySelectorAll("[data-step]")) one.addEventListener("click", (event) => {
    event.preventDefault();
    if (timer) stop();
    show(Math.max(1, Number(slide.value) + Number(one.dataset.step)));
  });
  if (!paged) whole.addEventListener("click", (event) => { event.preventDefault(); show(0); });
  document.addEventListener("keydown", (event) => {
    // Keys that a focused control has a use for stay its own.
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, button, a, summary, .scroll")) return;
    if (event.key === " ") toggle();
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") { if (timer) stop(); show(Math.max(1, Number(slide.value) + (event.key === "ArrowLeft" ? -1 : 1))); }
    else return;
    event.preventDefault();
  });
  for (const hidden of player.querySelectorAll(".waiting")) hidden.classList.remove("waiting");
}
