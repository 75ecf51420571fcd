// The wall board in a browser: live by the stream, says so when it has fallen silent.

import { Live } from "./live.js";
import { now, wallClock } from "./clock.js";

const body = document.body;
const stale = document.getElementById("stale");
const live = new Live(body.dataset.stream, ["board"], () => undefined, (lost) => {
  stale.hidden = !lost;
});

setInterval(() => {
  live.check();
  document.querySelector("[data-clock]").textContent = wallClock(now(), false);
}, 1000);

live.open();
