// What the console's modules ask of the page: the state shown, and the places where words go.

/** The main region; its only child is the state. */
export const main = () => document.querySelector("[data-region=main]");
export const state = () => main().querySelector(".state");
export const stateName = () => state().dataset.state;
export const isLost = () => document.body.dataset.link === "lost";

/** Say one sentence politely to screen readers. */
export function say(text) {
  document.getElementById("say").textContent = text;
}

/** Say one sentence at once. */
export function alarm(text) {
  document.getElementById("alarm").textContent = text;
}

/** Put the focus on the state's heading, where Space fires no button. */
export function focusState() {
  document.getElementById("state")?.focus({ preventScroll: true });
}

/** Show why something was not done, beside its cause: in the dialog, the card, under the keys. */
export function refuse(text, source) {
  const dialog = document.querySelector("dialog[open]");
  const near = source?.closest(".notes, .back")?.querySelector(".refusal");
  const slot = dialog?.querySelector(".refusal") ?? near ?? [...main().querySelectorAll(".refusal")].at(-1);
  if (slot) slot.textContent = text;
}

/** Take away what was shown before. */
export function clearRefusals() {
  for (const slot of document.querySelectorAll(".refusal")) slot.textContent = "";
}

/** Show this and nothing else. */
export function refuseAnew(text) {
  clearRefusals();
  refuse(text);
}
