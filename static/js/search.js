// Suggestions below a search field: shown while the field or one of them has the focus, walked with the arrow
// keys, gone with Escape. They are links; without this script the field is a plain form.
const SHORTEST = 2;
const parts = (search) => ({
  field: search.querySelector("input"),
  box: search.querySelector(".suggestions"),
  said: search.querySelector("[data-suggested]"),
});

function show(search, wanted) {
  const { field, box, said } = parts(search);
  box.hidden = !wanted || !box.childElementCount || field.value.trim().length < SHORTEST;
  said.textContent = box.hidden ? "" : box.firstElementChild.dataset.label;
}

for (const search of document.querySelectorAll("[data-search]")) {
  const { field, box } = parts(search);

  field.addEventListener("htmx:configRequest", (event) => {
    if (field.value.trim().length >= SHORTEST) return;
    event.preventDefault();
    show(search, false);
  });
  box.addEventListener("htmx:afterSwap", () => show(search, search.contains(document.activeElement)));
  search.addEventListener("focusin", () => show(search, true));
  search.addEventListener("focusout", (event) => search.contains(event.relatedTarget) || show(search, false));
  // A press on the way to a link would hide it before it is followed.
  box.addEventListener("mousedown", (event) => event.preventDefault());

  search.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && !box.hidden) {
      event.preventDefault();
      field.focus();
      show(search, false);
    }
    if (!step || box.hidden) return;
    event.preventDefault();
    const stops = [field, ...box.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement);
    stops[(at + step + stops.length) % stops.length].focus();
  });
}
