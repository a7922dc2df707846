// The list of products. Keeps addresses short: what is not filled in is not sent. Says how many were found to who
// does not see it.
document.addEventListener("htmx:configRequest", (event) => {
  for (const [name, value] of [...event.detail.formData.entries()]) {
    if (!value) event.detail.formData.delete(name);
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "shelf") return;
  const heading = document.getElementById("headline").textContent;
  const total = document.getElementById("total")?.textContent;
  document.getElementById("said").textContent = total ? `${heading}: ${total}` : heading;
});
