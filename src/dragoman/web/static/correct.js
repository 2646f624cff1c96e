// Only the modes of the chosen type are in view. Without this script all of them are, and only those of the type count.
const type = document.getElementById("type");
const groups = [...document.querySelectorAll("[data-type]")];
function narrow() { for (const group of groups) group.hidden = group.dataset.type !== type.value; }
type.addEventListener("change", narrow);
narrow();
