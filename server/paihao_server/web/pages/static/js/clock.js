// Everything that changes by time alone: clocks, timers, bars, levels and controls that wait.
// Times in the page are milliseconds of the dispatcher's clock, so the PC's own may be wrong.

let offset = Number(document.body.dataset.now) - Date.now();
const zoneMs = Number(document.body.dataset.zone) * 1000;
const NEAR = 0.8;
const SPOKEN_S = 10;
const REMIND_MS = 120000;
const spoken = new Set();

/** Take the dispatcher's time from the stream. */
export function setNow(ms) {
  offset = ms - Date.now();
}

/** Return the dispatcher's time in milliseconds. */
export function now() {
  return Date.now() + offset;
}

/** Return HH:MM or HH:MM:SS of a time in the hall's zone. */
export function wallClock(ms, seconds = true) {
  const text = new Date(ms + zoneMs).toISOString();
  return seconds ? text.slice(11, 19) : text.slice(11, 16);
}

/** Return the next time of the clock HH:MM in the hall's zone, or null when it is no time. */
export function atClock(text) {
  const found = /^\s*([01]?\d|2[0-3])[:：]([0-5]\d)\s*$/.exec(text);
  if (!found) return null;
  const local = now() + zoneMs;
  const midnight = local - (local % 86400000);
  const moment = midnight + (Number(found[1]) * 60 + Number(found[2])) * 60000;
  return (moment > local ? moment : moment + 86400000) - zoneMs;
}

/** Return a duration in one of the formats of the pages. */
export function lasting(ms, format) {
  if (format === "min") return String(Math.ceil(Math.max(0, ms) / 60000));
  if (format === "s") return String(Math.ceil(Math.max(0, ms) / 1000));
  const whole = Math.floor(Math.abs(ms) / 1000);
  const rest = String(whole % 60).padStart(2, "0");
  const minutes = String(Math.floor(whole / 60) % 60);
  const hours = Math.floor(whole / 3600);
  if (hours) return `${hours}:${minutes.padStart(2, "0")}:${rest}`;
  return `${format === "mm:ss" ? minutes.padStart(2, "0") : minutes}:${rest}`;
}

/** Bring all times of the page up to now; `say` speaks the countdown once, `remind` a pause that ends. */
export function tick(say, remind) {
  const moment = now();
  for (const node of document.querySelectorAll("[data-clock]")) put(node, wallClock(moment));
  const lost = document.body.dataset.link === "lost";
  for (const node of document.querySelectorAll("time[data-since]")) {
    put(node, lasting(moment - Number(node.dataset.since), node.dataset.format));
  }
  for (const node of document.querySelectorAll("time[data-until]")) {
    // Rounded up like "18 秒后可用", so that two countdowns to one moment agree.
    const left = Math.ceil((Number(node.dataset.until) - moment) / 1000) * 1000;
    put(node, lasting(node.closest("[data-over]") ? left : Math.max(0, left), node.dataset.format));
  }
  for (const bar of document.querySelectorAll(".bar-fill[data-since]")) {
    const share = (moment - Number(bar.dataset.since)) / 10 / Number(bar.dataset.scale);
    bar.setAttribute("width", `${Math.min(100, Math.max(0, share)).toFixed(1)}%`);
  }
  for (const row of document.querySelectorAll("[data-level][data-target]")) {
    const share = (moment - Number(row.dataset.since)) / 1000 / Number(row.dataset.target);
    row.dataset.level = share > 1 ? "over" : share >= NEAR ? "near" : "ok";
  }
  for (const receipt of document.querySelectorAll("[data-receipt=due]")) {
    if (moment >= Number(receipt.dataset.due)) receipt.dataset.receipt = "late";
  }
  for (const node of document.querySelectorAll("[data-over-at]")) {
    const left = Number(node.dataset.overAt) - moment;
    node.dataset.over = left < 0 ? "yes" : "no";
    if (left > 0 && left <= REMIND_MS && !spoken.has(node.dataset.overAt)) {
      spoken.add(node.dataset.overAt);
      remind("还有 2 分钟，到恢复服务的时间了");
    }
  }
  for (const button of document.querySelectorAll("button[data-ready]")) {
    const left = Number(button.dataset.ready) - moment;
    const countdown = button.querySelector(".countdown");
    if (countdown) put(countdown, lasting(left, "s"));
    if (!("pending" in button.dataset)) button.disabled = left > 0 || lost;
    if (left > 0 && left <= SPOKEN_S * 1000 && !spoken.has(button.dataset.ready)) {
      spoken.add(button.dataset.ready);
      say(`${SPOKEN_S} 秒后可${button.dataset.action === "missed" ? "过号" : "再呼"}`);
    }
  }
}

function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
