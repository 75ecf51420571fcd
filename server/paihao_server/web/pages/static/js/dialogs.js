// The console's dialogs: pause, transfer, bring back, key list, menu. Native <dialog> keeps the
// focus inside and gives it back to the opener; Esc closes.

import { atClock, now, wallClock } from "./clock.js";

const LUNCH_WITHIN_MS = 3 * 3600000;
let settings = { targetsUrl: "", lunchEnds: "" };
let targetsHtml = "";
let placeTouched = false;

const byId = (id) => document.getElementById(id);

/** Take what the page knows and fetch the transfer targets once, for use without the server. */
export function prepare(known) {
  settings = known;
  byId("target-search").addEventListener("input", filterTargets);
  byId("target-list").addEventListener("click", (event) => select(event.target.closest("li")));
  byId("transfer").addEventListener("change", (event) => {
    if (event.target.name === "place") {
      placeTouched = true;
      select(chosenTarget() ?? null);
    }
  });
  byId("pause").addEventListener("change", (event) => {
    if (event.target.name === "reason") proposeReturn(event.target);
  });
  byId("pause").addEventListener("click", (event) => {
    const shift = event.target.closest("[data-shift]");
    if (shift) shiftReturn(Number(shift.dataset.shift));
  });
  loadTargets();
}

/** Open a dialog by its name; `state` is the data of the state shown. */
export function open(name, { source, state }) {
  const dialog = byId(name);
  if (name === "pause" || name === "bring-back") dialog.querySelector("form").reset();
  if (name === "transfer") openTransfer(dialog, state);
  if (name === "menu") {
    for (const entry of dialog.querySelectorAll("[data-when]")) {
      entry.hidden = !entry.dataset.when.split(" ").includes(state.state);
    }
  }
  dialog.showModal();
  dialog.querySelector("[data-first]").focus();
  // A dialog opened by a key gives focus back to the state line, one opened by a button to it.
  dialog.addEventListener("close", () => (source?.isConnected ? source : byId("state"))?.focus(), { once: true });
}

/** Close what no longer fits when the state changed behind an open dialog. */
export function stateChanged(state) {
  const fits = { pause: ["idle"], transfer: ["called", "serving"], "bring-back": ["idle", "paused"] };
  for (const [name, states] of Object.entries(fits)) {
    if (byId(name).open && !states.includes(state)) byId(name).close();
  }
}

/** Handle a key while a dialog is open. */
export function key(dialog, event, name) {
  if (["F2", "F4", "F8", "F9"].includes(name)) event.preventDefault();
  if (dialog.id === "transfer" && ["ArrowDown", "ArrowUp"].includes(event.key) && event.target.type !== "radio") {
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  }
  if (dialog.id === "pause" && event.target.name !== "until" && /^[1-5]$/.test(event.key)) {
    event.preventDefault();
    const input = dialog.querySelectorAll("input[name=reason]")[Number(event.key) - 1];
    input.checked = true;
    input.focus();
    proposeReturn(input);
  }
}

/** Return the chosen target, or undefined. */
export function chosenTarget() {
  return byId("target-list").querySelector("[aria-selected=true]:not([hidden])");
}

/** Return the place the clerk chose against the rule, or "" for the rule. */
export function changedPlace() {
  const place = byId("transfer").querySelector("input[name=place]:checked").value;
  return placeTouched && place !== (chosenTarget()?.dataset.rule ?? "arrival") ? place : "";
}

// --- transfer ---------------------------------------------------------------------------------

async function loadTargets() {
  try {
    const response = await fetch(settings.targetsUrl);
    if (response.ok) targetsHtml = await response.text();
  } catch (error) {
    console.warn("transfer targets not loaded; the last ones stay", error);
  }
}

async function openTransfer(dialog, state) {
  dialog.querySelector("form").reset();
  placeTouched = false;
  dialog.querySelector("[data-fill=number]").textContent = state.number;
  dialog.querySelector("[data-fill=arrived]").textContent = state.arrived ? `${state.arrived} ` : "";
  fillTargets();
  await loadTargets();
  fillTargets();
}

function fillTargets() {
  const list = byId("target-list");
  const chosen = chosenTarget()?.dataset.service;
  list.innerHTML = targetsHtml;
  filterTargets();
  if (chosen) select(list.querySelector(`[data-service="${CSS.escape(chosen)}"]`));
}

function filterTargets() {
  const wanted = byId("target-search").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of byId("target-list").children) {
    row.hidden = !wanted.every((word) => row.dataset.search.includes(word));
  }
  const rows = wanted.length ? visible() : [];
  const begins = rows.find((row) => row.dataset.search.split(" ").some((part) => part.startsWith(wanted[0])));
  select(begins ?? rows[0] ?? chosenTarget() ?? null);
}

const visible = () => [...byId("target-list").children].filter((row) => !row.hidden);

function step(by) {
  const rows = visible();
  const place = rows.indexOf(chosenTarget());
  select(rows[Math.min(rows.length - 1, Math.max(0, place + by))] ?? null);
}

function select(row) {
  for (const other of byId("target-list").children) {
    other.setAttribute("aria-selected", String(other === row));
  }
  const field = byId("target-search");
  if (row) {
    field.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
    if (!placeTouched) {
      const rule = byId("transfer").querySelector(`input[name=place][value="${row.dataset.rule}"]`);
      if (rule) rule.checked = true;
    }
  } else field.removeAttribute("aria-activedescendant");
  byId("transfer").querySelector("[data-fill=go]").textContent = row ? (changedPlace() ? row.dataset.goPlain : row.dataset.go) : "转移";
  byId("transfer").querySelector("[data-fill=rule]").textContent = row?.dataset.ruleWords ?? "按到达时间";
}

// --- pause ------------------------------------------------------------------------------------

function proposeReturn(input) {
  const lunch = input.value === "lunch" ? atClock(settings.lunchEnds) : null;
  const near = lunch !== null && lunch - now() < LUNCH_WITHIN_MS;
  const until = near ? lunch : now() + Number(input.dataset.minutes) * 60000;
  byId("pause-until").value = wallClock(until, false);
}

function shiftReturn(minutes) {
  const until = atClock(byId("pause-until").value) ?? now();
  byId("pause-until").value = wallClock(until + minutes * 60000, false);
}
