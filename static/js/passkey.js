// Makes a passkey, or signs in by one: fetches the server's question, has the device answer it, sends the form.
// Where the browser knows no passkeys, the form stays hidden.
const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

const named = (list) => list?.map((known) => ({ ...known, id: toBytes(known.id) }));

function readable(question) {
  const asked = { ...question.publicKey, challenge: toBytes(question.publicKey.challenge) };
  if (asked.user) asked.user = { ...asked.user, id: toBytes(asked.user.id) };
  asked.excludeCredentials = named(asked.excludeCredentials);
  asked.allowCredentials = named(asked.allowCredentials);
  return { publicKey: asked };
}

function written(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: Object.fromEntries(
      parts.filter((part) => response[part]).map((part) => [part, toText(response[part])]),
    ),
  });
}

async function answer(form) {
  const asked = await fetch(form.dataset.question, { method: "POST", body: new FormData(form) });
  if (!asked.ok) throw new Error(`asked in vain: ${asked.status}`);
  const question = readable(await asked.json());
  return written(await navigator.credentials[form.dataset.passkey](question));
}

async function send(event) {
  const form = event.currentTarget;
  if (form.elements.answer.value) return;
  event.preventDefault();
  const [button, failed] = [form.querySelector("button"), form.querySelector("[role=alert]")];
  button.disabled = true;
  failed.hidden = true;
  try {
    form.elements.answer.value = await answer(form);
    form.requestSubmit();
  } catch {
    failed.hidden = false;
  }
  button.disabled = false;
}

if (globalThis.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", send);
    form.hidden = false;
  }
}
