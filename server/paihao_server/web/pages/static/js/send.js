// One press, one Idempotency-Key: the request is repeated with the same key until the server has
// answered or 3 s have gone by, so that a lost answer never does a thing twice.

export const PATIENCE_MS = 3000;
const AGAIN_MS = 300;

/** The server gave no answer in time; what it did is not known. */
export class LostError extends Error {}

/** The server refused: `code` and the other members of its problem+json. */
export class RefusalError extends Error {
  constructor(status, problem) {
    super(problem.code ?? String(status));
    this.status = status;
    this.problem = problem;
  }
}

/** Return a fresh key; also where the page is not served over TLS. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Post an action of a window; returns the answer, throws LostError or RefusalError. */
export async function post(window, action, body, key) {
  const deadline = Date.now() + PATIENCE_MS;
  const response = await ask(`/api/v1/windows/${window}/${action}`, body, key, deadline);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new RefusalError(response.status, answer);
  return answer;
}

async function ask(path, body, key, deadline) {
  for (;;) {
    try {
      return await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": key, "Accept-Language": "zh-CN" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(Math.max(1, deadline - Date.now())),
      });
    } catch (error) {
      if (Date.now() + AGAIN_MS >= deadline) throw new LostError(String(error));
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}
