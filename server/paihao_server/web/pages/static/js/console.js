// The clerk's console: joins stream, keys, buttons, dialogs and the local journal.

import { Live } from "./live.js";
import { atClock, lasting, now, tick, wallClock } from "./clock.js";
import { isFunction, meaning, nameOf } from "./keys.js";
import { LostError, RefusalError, newKey, post } from "./send.js";
import * as journal from "./journal.js";
import * as dialogs from "./dialogs.js";
import { ENDS, KEEPABLE, keptEnd, showKept } from "./kept.js";
import {
  alarm, clearRefusals, focusState, isLost, main, refuse, refuseAnew, say, state, stateName,
} from "./page.js";

const LOCK_MS = 600;
const WORDS_AFTER_MS = 300;
const RELEASE_MS = 1000;
const body = document.body;
const windowId = body.dataset.window;
const lettersKey = `paihao-letters:${body.dataset.staff}`;

let lockedUntil = 0;
let pending = null;

const isEnded = (error) => error instanceof RefusalError && error.status === 401;

/** The login is over: what was noted on this machine stays and is sent after the next one. */
function logInAgain() {
  location.assign(body.dataset.login);
}

function wordsOf(error) {
  if (error instanceof RefusalError && error.problem.detail) return error.problem.detail;
  return "服务器没有记上，请再按一次";
}

// --- pressing ---------------------------------------------------------------------------------

function press(button) {
  pending = { button, at: Date.now() };
  if (!button) return;
  button.dataset.pending = "";
  button.disabled = true;
  pending.words = setTimeout(() => (button.dataset.waitingWords = "正在记录…"), WORDS_AFTER_MS);
}

function release() {
  if (!pending) return;
  const { button, words, fallback } = pending;
  clearTimeout(words);
  clearTimeout(fallback);
  pending = null;
  if (button) {
    delete button.dataset.pending;
    delete button.dataset.waitingWords;
    button.disabled = false;
  }
  showLink();
  tick(say, refuseAnew);
}

function busy() {
  return pending !== null || performance.now() < lockedUntil;
}

/** Send the action of one press. `kept` says it in words when it may be kept on this machine. */
async function run(action, words, button, kept) {
  clearRefusals();
  const keepable = kept && KEEPABLE.has(action);
  const key = newKey();
  if (isLost()) {
    if (keepable) keep(action, words, key, kept);
    return;
  }
  press(button);
  try {
    settle(await post(windowId, action, words, key), action === "call-next" || words.then);
  } catch (error) {
    release();
    if (error instanceof LostError) {
      live.fail();
      if (keepable) keep(action, words, key, kept);
      else refuse("没有收到回答，恢复后看一眼状态再按", button);
    } else if (isEnded(error)) {
      logInAgain();
    } else {
      refuse(wordsOf(error), button);
    }
  }
}

function settle(answer, called) {
  document.querySelector("dialog[open]")?.close();
  if (called && !answer.ticket) {
    say("现在没有人等");
    if (stateName() === "idle") document.getElementById("state").textContent = "现在没有人等";
  }
  if (!pending) return;
  pending.seq = answer.seq ?? 0;
  // A region that did not change is not sent again, so the number may never be shown.
  pending.fallback = setTimeout(finish, RELEASE_MS);
  if (Math.max(0, ...live.seq.values()) >= pending.seq && pending.seq) finish();
}

function finish() {
  release();
  focusState();
}

// --- the actions ------------------------------------------------------------------------------

const buttonOf = (action) => main().querySelector(`[data-action="${action}"]`);

function complete(button, andCall) {
  const outcome = main().querySelector("input[name=outcome]:checked");
  if (!outcome) {
    clearRefusals();
    refuse("请选结果（1–7）");
    main().querySelector("input[name=outcome]")?.focus();
    return;
  }
  const word = outcome.closest(".choice").textContent.replace(/^\s*\d/, "").trim();
  const words = { outcome: outcome.value, case: main().querySelector("#case").value.trim() };
  if (andCall) words.then = "call-next";
  // Without the server nobody can be called, so what is kept is the end of this visit only.
  run("complete", words, button, andCall ? "" : `结果：${word}`);
}

function changePause(changes) {
  const { reason, until } = state().dataset;
  const moment = changes.until ?? (until ? Number(until) : null);
  const text = moment === null ? null : new Date(moment).toISOString();
  return { reason: changes.reason ?? reason, until: text };
}

function shiftPause(minutes, button) {
  const until = Number(state().dataset.until) || now();
  const moment = Math.max(until, minutes > 0 ? now() : until) + minutes * 60000;
  run("pause", changePause({ until: moment }), button);
}

function act(what, source) {
  const [verb, detail] = what.split(":");
  if (verb === "open" && detail) return opens(detail, source);
  if (verb === "focus") return main().querySelector(`#${detail}`)?.focus();
  if (verb === "help") return refuseAnew("静默求助还没有接通，请直接叫人");
  if (verb === "refuse") return refuse(`手上还有 ${state().dataset.number}，先办结或挂起`);
  if (verb === "pick") return pick(Number(detail));
  const button = source ?? buttonOf(what);
  // A control that is off says itself why; its key must not get past it.
  if (button && button.disabled) return undefined;
  if (verb === "complete") return complete(button, false);
  if (verb === "complete-and-call") return complete(button, true);
  if (verb === "pause-until") return shiftPause(Number(button.dataset.value), button);
  if (verb === "pause-reason") return run("pause", changePause({ reason: button.dataset.value }), button);
  if (verb === "bring-back") return run("bring-back", { number: button.dataset.value }, button);
  return run(verb, {}, button, verb === "hold" ? "挂起" : "");
}

function pick(place) {
  if (stateName() === "serving") {
    const input = main().querySelectorAll("input[name=outcome]")[place - 1];
    if (input) input.checked = true;
    clearRefusals();
  } else {
    const button = main().querySelectorAll("[data-action=pause-reason]")[place - 1];
    if (button) act("pause-reason", button);
  }
}

function opens(name, source) {
  if (isLost() && !["keys", "menu", "transfer"].includes(name)) return;
  if (isLost() && name === "transfer" && stateName() !== "serving") return;
  clearRefusals();
  dialogs.open(name, { source, state: state().dataset });
}

// --- forms ------------------------------------------------------------------------------------

const forms = {
  note(form) {
    const field = form.elements.text;
    const text = field.value.trim();
    if (!text) return;
    run("note", { text }, field, `备注：${text}`).then(() => {
      if (!form.closest(".notes").querySelector(".refusal").textContent) field.value = "";
      field.disabled = false;
    });
  },
  "pause-until"(form) {
    const until = atClock(form.elements.until.value);
    if (until === null) return refuse("时间写成 12:35 这样");
    return run("pause", changePause({ until }), null);
  },
  pause(form) {
    const reason = form.elements.reason.value;
    if (!reason) return refuse("请选原因（1–5）");
    const typed = form.elements.until.value.trim();
    const until = typed ? atClock(typed) : null;
    if (typed && until === null) return refuse("时间写成 12:35 这样");
    const text = until === null ? null : new Date(until).toISOString();
    return run("pause", { reason, until: text }, form.querySelector("[data-action]"));
  },
  transfer(form) {
    const target = dialogs.chosenTarget();
    if (!target) return refuse("请先选转到哪里");
    const note = form.elements.note.value.trim();
    const place = dialogs.changedPlace();
    if (place && !note) {
      form.elements.note.focus();
      return refuse("改了排的位置，请在随号备注里写原因");
    }
    const words = { service: target.dataset.service, note };
    if (place) words.place = place;
    return run("transfer", words, form.querySelector("[data-action]"), target.dataset.go);
  },
  "bring-back"(form) {
    const number = form.elements.number.value.trim().toUpperCase();
    if (!number) return refuse("请填号票上的号");
    return run("bring-back", { number }, form.querySelector("[data-action]"));
  },
};

// --- the lost dispatcher ----------------------------------------------------------------------

function keep(action, words, key, text) {
  const number = state().dataset.number;
  if (ENDS.has(action) && keptEnd(windowId, state().dataset.ticket)) return refuse(`${number} 已记在本机，恢复后上报`);
  const at = now();
  journal.keep({
    window: windowId, staff: body.dataset.staff, action, key, at, ticket: state().dataset.ticket,
    body: { ...words, ticket: state().dataset.ticket, noted_at: new Date(at).toISOString() },
    words: `${number} ${text}`,
  });
  document.querySelector("dialog[open]")?.close();
  showLink();
  say(`${number} ${text}，待上报`);
  return undefined;
}

async function flush() {
  for (const entry of journal.entries(windowId)) {
    if (entry.problem) continue;
    if (entry.staff !== body.dataset.staff) {
      journal.mark(entry.key, `是 ${entry.staff} 记下的，请核对后补办`);
      showLink();
      continue;
    }
    try {
      await post(windowId, entry.action, entry.body, entry.key);
      journal.forget(entry.key);
    } catch (error) {
      if (error instanceof LostError || error.status >= 500) return live.fail();
      if (isEnded(error)) return logInAgain();
      journal.mark(entry.key, wordsOf(error));
    }
    showLink();
  }
  return undefined;
}

function showLink() {
  const lost = isLost();
  document.querySelector(".lost-banner").hidden = !lost;
  for (const button of document.querySelectorAll("[data-action], [data-opens], [data-needs-link]")) {
    if (button.closest("dialog") || "pending" in button.dataset) continue;
    const name = button.dataset.action ?? button.dataset.opens;
    const works = KEEPABLE.has(name) ? stateName() === "serving" : name === "menu";
    const done = lost && ENDS.has(name) && keptEnd(windowId, state().dataset.ticket);
    if (lost && (!works || done)) {
      if (!button.disabled) button.dataset.lostOff = "";
      button.disabled = true;
      if (button.id === "primary") button.dataset.waitingWords = done ? "已记，待上报" : "恢复后可用";
    } else if ("lostOff" in button.dataset) {
      delete button.dataset.lostOff;
      delete button.dataset.waitingWords;
      button.disabled = false;
    }
  }
  showKept(windowId, showLink);
}

function linkTurned(lost) {
  body.dataset.link = lost ? "lost" : "ok";
  for (const node of document.querySelectorAll(".data-at")) {
    if (lost) node.textContent = wallClock(live.lastAt);
  }
  // The banner moves the page, also under a finger that is on its way.
  lockedUntil = performance.now() + LOCK_MS;
  alarm(lost ? "与调度的连接中断" : "");
  showLink();
  if (!lost) {
    say("已连接调度");
    flush();
  }
}

// --- the stream -------------------------------------------------------------------------------

let shownKey = state().dataset.key;

function changed(name, seq, region, focusGone) {
  if (name === "main") {
    const key = state().dataset.key;
    body.dataset.state = stateName();
    if (key !== shownKey) {
      shownKey = key;
      lockedUntil = performance.now() + LOCK_MS;
      say(state().dataset.say);
      if (!document.querySelector("dialog[open]")) focusState();
      else dialogs.stateChanged(stateName());
    }
  }
  if (focusGone) focusState();
  if (pending?.seq && seq >= pending.seq) finish();
  tick(say, refuseAnew);
  showLink();
}

const live = new Live(body.dataset.stream, ["header", "main", "waiting", "side", "keys"], changed, linkTurned, logInAgain);

// --- wiring -----------------------------------------------------------------------------------

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  const name = nameOf({
    key: event.key, code: event.code, ctrl: event.ctrlKey, alt: event.altKey, meta: event.metaKey,
  });
  const dialog = document.querySelector("dialog[open]");
  if (dialog) return dialogs.key(dialog, event, name);
  const field = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select");
  if (event.key === "Escape" && field) return focusState();
  if (!name) return undefined;
  if (!isFunction(event) && (field || body.dataset.letters === "off")) return undefined;
  if ([" ", "Enter"].includes(event.key) && event.target.closest("button, a, summary, input")) return undefined;
  const what = meaning(stateName(), name);
  if (!what) return undefined;
  event.preventDefault();
  if (event.repeat || busy()) return undefined;
  return act(what);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { action, opens: name, press: pressed, toggle, menu } = button.dataset;
  if (button.type === "submit") return;
  if ("retry" in button.dataset) live.open();
  else if ("closes" in button.dataset) button.closest("dialog").close();
  else if (toggle) toggleMore(button);
  else if (menu) {
    button.closest("dialog").close();
    opens(menu, button);
  } else if (busy()) return;
  else if (action) act(action, button);
  else if (name) opens(name, button);
  else if (pressed) act(meaning(stateName(), pressed) ?? "none:");
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.form) return;
  event.preventDefault();
  clearRefusals();
  if (!busy()) forms[form.dataset.form](form);
});

function toggleMore(button) {
  const open = state().toggleAttribute("data-open");
  button.setAttribute("aria-expanded", String(open));
  button.textContent = open ? "收起" : "查看";
}

const letters = document.getElementById("letters");
body.dataset.letters = localStorage.getItem(lettersKey) ?? body.dataset.letters;
letters.checked = body.dataset.letters === "on";
letters.addEventListener("change", () => {
  body.dataset.letters = letters.checked ? "on" : "off";
  localStorage.setItem(lettersKey, body.dataset.letters);
});

function everySecond() {
  live.check();
  tick(say, refuseAnew);
  if (isLost()) {
    document.querySelector("[data-lost-for]").textContent = lasting(Date.now() - live.heardAt, "m:ss");
    document.querySelector("[data-lost-tries]").textContent = live.tries;
  }
}

dialogs.prepare({ targetsUrl: body.dataset.targets, lunchEnds: body.dataset.lunchEnds });
live.open();
setInterval(everySecond, 1000);
tick(say, refuseAnew);
showLink();
focusState();
flush();
