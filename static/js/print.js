// The button that prints the page. Browsers' own menus do the same where no script runs.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
// Codes do not come back with the back button.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(location.href);
});
