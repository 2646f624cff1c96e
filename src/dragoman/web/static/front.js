// Tells that events came in, or were judged, since the page was made. The words stand where there is room for them: nothing moves.
const place = document.querySelector("[data-live]");
const words = place?.querySelector("[data-live-words]");
const show = place?.querySelector("[data-live-show]");
if (words && show && "EventSource" in window) {
  const ids = new Set();
  const stream = new EventSource("/api/v1/stream");
  stream.addEventListener("event", (message) => {
    let id = message.lastEventId + message.data;
    try { id = JSON.parse(message.data).id ?? id; } catch { /* counted by what it says */ }
    if (ids.size < 1000) ids.add(id);
    const many = ids.size < 1000 ? String(ids.size) : "1000 or more";
    words.textContent = `${many} event${ids.size === 1 ? "" : "s"} new or changed —`;
    show.hidden = false;
  });
  addEventListener("pagehide", () => stream.close());
}
