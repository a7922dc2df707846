// Keeps addresses short: filters that are not set are not sent.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.matches("[data-filters]")) return;
  for (const [name, value] of [...event.detail.formData.entries()]) {
    if (!value) event.detail.formData.delete(name);
  }
});
