// A page part that asks for itself again: leave it alone while nothing changed, tell readers of screens when
// something did, and say so when the connection is gone. While a form inside it waits for its answer, it stands still:
// the answer goes where the form stood.
const TOKEN = /name="csrfmiddlewaretoken" value="[^"]*"/g;
let last = "";

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.target.matches("[data-live]")) return;
  const text = event.detail.serverResponse.replace(TOKEN, "");
  const isBusy = event.target.querySelector(".htmx-request");
  if (isBusy || text === last) event.detail.shouldSwap = false;
  if (!isBusy) last = text;
});

document.addEventListener("htmx:afterSettle", () => {
  const sentence = document.querySelector("[data-live] [data-sentence]")?.textContent.trim();
  const announcer = document.getElementById("announcer");
  if (sentence && announcer.textContent !== sentence) announcer.textContent = sentence;
});

function toast(word) {
  const box = document.getElementById("toast");
  box.hidden = !word;
  if (word) box.textContent = box.dataset[word];
}

document.addEventListener("htmx:sendError", () => toast("offline"));
document.addEventListener("htmx:responseError", () => toast("failed"));
document.addEventListener("htmx:afterRequest", (event) => event.detail.successful && toast(""));

// A page that comes back with the back button is asked for anew: codes that were shown on it are not.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
