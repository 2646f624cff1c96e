// Lists of events by keyboard: j and k go from event to event, o opens the one that is at hand (Enter does so anyway).
const opens = [...document.querySelectorAll("main a.open")];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const at = opens.findIndex((one) => one.closest("[data-event]").contains(document.activeElement));
  if (event.key === "j" || event.key === "k") {
    const to = opens[at < 0 ? 0 : at + (event.key === "j" ? 1 : -1)];
    if (!to) return;
    event.preventDefault();
    to.focus();
    to.closest("[data-event]").scrollIntoView({ block: "nearest" });
  } else if (event.key === "o" && at >= 0) {
    event.preventDefault();
    opens[at].click();
  }
});
