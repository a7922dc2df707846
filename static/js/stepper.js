// The minus and plus beside a quantity, within its own bounds; and forms that send themselves on change.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (!button) return;
  const input = button.closest(".stepper").querySelector("input");
  const before = input.value;
  if (button.dataset.step === "up") input.stepUp();
  else input.stepDown();
  if (input.value !== before) input.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-send-on-change]");
  if (form?.reportValidity()) form.requestSubmit();
});
