// What a clerk did while the dispatcher was away: kept on this machine, sent when it is back.
// An entry is never shown as done; it says 待上报 until the server has answered.

const KEY = "paihao-journal";

/** Return the entries of a window, oldest first. */
export function entries(window) {
  return read().filter((entry) => entry.window === window);
}

/** Keep one action: {window, staff, action, ticket, body, key, at, words}. */
export function keep(entry) {
  localStorage.setItem(KEY, JSON.stringify([...read(), entry]));
}

/** Forget the entry with this key. */
export function forget(key) {
  localStorage.setItem(KEY, JSON.stringify(read().filter((entry) => entry.key !== key)));
}

/** Note at the entry why the server refused it. */
export function mark(key, problem) {
  localStorage.setItem(
    KEY,
    JSON.stringify(read().map((entry) => (entry.key === key ? { ...entry, problem } : entry))),
  );
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]");
  } catch (error) {
    console.error("the local journal cannot be read and starts anew", error);
    return [];
  }
}
