// Keeps addresses short: filters that are not set, and the order one gets anyway, are not sent.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.matches("[data-filters]")) return;
  for (const [name, value] of [...event.detail.formData.entries()]) {
    const list = event.target.elements[name];
    if (!value || list.selectedIndex === 0) event.detail.formData.delete(name);
  }
});
