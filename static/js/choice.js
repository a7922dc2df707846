// Shows what the chosen denomination is and costs, and tells the stepper how far it may go. What was typed
// stays: the server answers it in words. Copies what the server wrote and never calculates.
const PARTS = ["price", "face", "stock"];

function first(form) {
  const radio = form.querySelector('input[name="sku"]:enabled');
  if (radio) radio.checked = true;
  return radio;
}

function show(form) {
  const chosen = form.querySelector('input[name="sku"]:checked') ?? first(form);
  for (const part of PARTS) {
    const place = form.querySelector(`[data-chosen-${part}]`);
    const told = chosen?.dataset[part] || place?.getAttribute(`data-chosen-${part}`);
    if (place && told) place.textContent = told;
  }
  const quantity = form.querySelector('input[name="quantity"]');
  if (chosen?.dataset.max && quantity) quantity.max = chosen.dataset.max;
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-choice]");
  if (form) show(form);
});
document.querySelectorAll("form[data-choice]").forEach(show);
