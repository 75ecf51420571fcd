// The page stream: regions arrive as events of their name; silence is a lost connection.

import { patch } from "./morph.js";
import { now, setNow } from "./clock.js";

export const SILENCE_MS = 5000;
const RETRY_MS = 2000;
const SESSION = "/session";

/** Follows one page stream and keeps the regions of the page up to date. */
export class Live {
  /**
   * `changed(name, seq, element, focusGone)` after each patch; `link(lost)` when it turns;
   * `ended()` when the server is there but the login is over (pages without login give none).
   */
  constructor(url, names, changed, link, ended) {
    this.url = url;
    this.names = names;
    this.changed = changed;
    this.link = link;
    this.ended = ended;
    this.seq = new Map();
    this.heardAt = Date.now();
    this.lost = false;
    this.tries = 0;
    this.lastAt = now();
  }

  /** Open the stream, anew when it is open already. */
  open() {
    this.source?.close();
    clearTimeout(this.retry);
    this.tries += 1;
    this.source = new EventSource(this.url);
    this.source.addEventListener("beat", (event) => this.heard(JSON.parse(event.data).at));
    for (const name of this.names) {
      this.source.addEventListener(name, (event) => this.take(name, JSON.parse(event.data)));
    }
    this.source.onerror = () => {
      this.source.close();
      clearTimeout(this.retry);
      this.retry = setTimeout(() => this.open(), RETRY_MS);
      this.askWhetherEnded();
    };
  }

  /** An event source does not say why it broke, so a light request asks. */
  async askWhetherEnded() {
    if (!this.ended) return;
    const answer = await fetch(SESSION, { signal: AbortSignal.timeout(RETRY_MS) }).catch(() => null);
    if (answer?.status === 401) this.ended();
  }

  /** Look whether the stream has fallen silent; call this every second or so. */
  check() {
    if (!this.lost && Date.now() - this.heardAt >= SILENCE_MS) this.fail();
    // A stream can be open and dead (a pulled cable): open another from time to time.
    if (this.lost && this.source.readyState !== EventSource.CLOSED && Date.now() - this.openedAt > SILENCE_MS) {
      this.openedAt = Date.now();
      this.open();
    }
  }

  /** Call the connection lost now: silence, or a request without an answer. */
  fail() {
    if (this.lost) return;
    this.lost = true;
    this.tries = 1;
    this.openedAt = Date.now();
    this.link(true);
  }

  heard(at) {
    this.heardAt = Date.now();
    if (at) {
      setNow(at);
      this.lastAt = at;
    }
    if (this.lost) {
      this.lost = false;
      this.link(false);
    }
    this.tries = 0;
  }

  take(name, { seq, html }) {
    this.heard();
    // After a reconnect an old answer may still arrive behind a new one.
    if (seq < (this.seq.get(name) ?? 0)) return;
    this.seq.set(name, seq);
    const region = document.querySelector(`[data-region="${name}"]`);
    const focusGone = patch(region, html);
    this.changed(name, seq, region, focusGone);
  }
}
