// Which actions may wait for the dispatcher on this machine, and the list that shows them.

import { wallClock } from "./clock.js";
import * as journal from "./journal.js";

/** Actions that may be kept while the dispatcher is away. */
export const KEEPABLE = new Set(["complete", "note", "hold", "transfer"]);

/** Those after which the ticket is no longer at this window. */
export const ENDS = new Set(["complete", "hold", "transfer"]);

/** Return whether the end of this ticket's service is kept already. */
export function keptEnd(window, ticket) {
  return journal.entries(window).some((entry) => ENDS.has(entry.action) && entry.ticket === ticket);
}

/** Show what waits or was refused; `seen` is called after a refused entry was read and dropped. */
export function showKept(window, seen) {
  const entries = journal.entries(window);
  document.body.toggleAttribute("data-kept", entries.length > 0);
  document.querySelector("[data-journal-count]").textContent = entries.length;
  document.querySelector("[data-journal]").replaceChildren(...entries.map((entry) => row(entry, seen)));
}

function row(entry, seen) {
  const line = document.createElement("li");
  const time = document.createElement("span");
  time.className = "soft";
  time.textContent = wallClock(entry.at);
  const words = document.createElement("span");
  words.textContent = entry.problem ? `${entry.words}：没报上，${entry.problem}` : entry.words;
  line.append(time, words);
  if (entry.problem) {
    words.className = "problem";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = "知道了";
    button.addEventListener("click", () => {
      journal.forget(entry.key);
      seen();
    });
    line.append(button);
  }
  return line;
}
