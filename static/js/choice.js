// Shows the price of the chosen denomination in large, and tells the stepper how far it may go. What was
// typed stays: the server answers it in words. Copies what the server wrote and never calculates.
function first(form) {
  const radio = form.querySelector('input[name="sku"]:enabled');
  if (radio) radio.checked = true;
  return radio;
}

function show(form) {
  const chosen = form.querySelector('input[name="sku"]:checked') ?? first(form);
  const price = form.querySelector("[data-chosen-price]");
  if (price) price.textContent = chosen?.dataset.price || price.dataset.chosenPrice;
  const quantity = form.querySelector('input[name="quantity"]');
  if (chosen?.dataset.max && quantity) quantity.max = chosen.dataset.max;
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-choice]");
  if (form) show(form);
});
document.querySelectorAll("form[data-choice]").forEach(show);
