// Copies the text of the element that a [data-copy] button names, and says so on the button.
const SHOWN_MS = 2000;

async function write(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Plain http has no clipboard: fall back to the selection.
  const area = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("copy refused");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  const word = button.querySelector("[data-word]");
  const before = word.textContent;
  if (before === button.dataset.done) return;
  try {
    await write(source.textContent.trim());
    word.textContent = button.dataset.done;
    setTimeout(() => (word.textContent = before), SHOWN_MS);
  } catch {
    getSelection().selectAllChildren(source);
  }
});
