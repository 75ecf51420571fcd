// Which key does what in which state. Pure: `meaning` looks at values only, so that the table of
// the page (keys.py) and a test can be held against it.

/** state -> key -> what it does; "open:NAME" opens a dialog, "pick:N" chooses by digit. */
export const TABLE = {
  closed: { F2: "open" },
  idle: { F2: "call-next", g: "open:bring-back", F8: "open:pause" },
  called: { F2: "start", r: "recall", m: "missed", t: "open:transfer", b: "return", F8: "refuse:busy" },
  serving: {
    F4: "complete", F9: "complete-and-call", t: "open:transfer", b: "return", h: "hold",
    n: "focus:note", F8: "refuse:busy",
  },
  paused: { F2: "resume", g: "open:bring-back" },
};
const PICKS = { serving: 7, paused: 5 };
const PAD = {
  NumpadAdd: "F2", NumpadEnter: "F4", NumpadMultiply: "r", NumpadSubtract: "m", NumpadDivide: "t",
};
const FUNCTION = /^F\d+$/;

/** Return the key as the table names it: F2, a small letter, a digit, "?"; null for others. */
export function nameOf({ key, code, ctrl, alt, meta }) {
  if (alt || meta) return null;
  if (ctrl) return key === "F9" ? "Ctrl+F9" : null;
  if (PAD[code]) return PAD[code];
  if (code === "Space") return " ";
  if (FUNCTION.test(key)) return key;
  return key.length === 1 ? key.toLowerCase() : null;
}

/** Return whether a key acts inside text fields and without single-key shortcuts too. */
export function isFunction(press) {
  return FUNCTION.test(press.key);
}

/** Return what a named key does in a state, or null. */
export function meaning(state, name) {
  if (name === "Ctrl+F9") return "help";
  if (name === "?" || name === "？") return "open:keys";
  const row = TABLE[state] ?? {};
  if (name === " ") return row.F2 ?? null;
  if (/^[1-9]$/.test(name)) return Number(name) <= (PICKS[state] ?? 0) ? `pick:${name}` : null;
  return row[name] ?? null;
}
