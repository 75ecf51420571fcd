// The phone page: live by the stream, vibrates once per call, reminds at 3 ahead. Without script
// the page refreshes itself; every button is a plain link or form.

import { Live } from "./live.js";
import { tick, wallClock } from "./clock.js";

const STALE_MS = 60000;
const REMIND_AHEAD = 3;
const remindKey = `paihao-remind:${location.pathname}`;
const body = document.body;
const view = () => document.querySelector("[data-region=ticket] > div");
let alarmed = "";
let reminded = false;

function alarm(text, pattern) {
  document.getElementById("alarm").textContent = text;
  // A browser lets a page vibrate only after it was touched once.
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(pattern);
}

function look() {
  const { state, calls, alarm: words, ahead } = view().dataset;
  // The buttons of a page made for another state may no longer fit, so the page is read anew.
  if (state !== body.dataset.state) return location.reload();
  const call = `${state}:${calls ?? ""}`;
  if (words && call !== alarmed) alarm(words, [400, 200, 400]);
  alarmed = call;
  showRemind();
  const wanted = localStorage.getItem(remindKey) === "on";
  if (wanted && !reminded && ahead !== undefined && Number(ahead) <= REMIND_AHEAD) {
    reminded = true;
    alarm(`前面 ${ahead} 人，请到等候区。${ahead} ahead, please come.`, [200]);
  }
  return undefined;
}

function showRemind() {
  const remind = document.querySelector("[data-remind]");
  if (!remind) return;
  remind.hidden = false;
  remind.querySelector("input").checked = localStorage.getItem(remindKey) === "on";
}

document.addEventListener("change", (event) => {
  if (!event.target.closest("[data-remind]")) return;
  localStorage.setItem(remindKey, event.target.checked ? "on" : "off");
  reminded = false;
});

const live = new Live(body.dataset.stream, ["ticket"], look, () => undefined);

setInterval(() => {
  live.check();
  tick(() => undefined, () => undefined);
  document.getElementById("stale").hidden = Date.now() - live.heardAt < STALE_MS;
  document.querySelector("[data-updated]").textContent = wallClock(live.lastAt);
}, 1000);

document.querySelector(".scripted").hidden = false;
look();
live.open();
