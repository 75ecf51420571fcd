// The demo's page: pictures that follow their machines, buttons, and who is behind the log.

const body = document.body;
const at = (id) => document.getElementById(id);
const LOST_MS = 2500;

let heard = 0;
let deskSeq = 0;
let last = null;

async function post(path, what) {
  try {
    await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(what),
    });
  } catch {
    show(null); // The server is away; the header says so until it is back.
  }
}

/** A picture that is fetched again when its number changes; the old one stays until then. */
class Picture {
  constructor(img, url) {
    this.img = img;
    this.url = url;
    this.shown = -1;
    this.busy = false;
  }

  async want(number) {
    if (this.busy || number === this.shown) return;
    this.busy = true;
    try {
      const answer = await fetch(`${this.url}?${number}`);
      if (answer.ok) {
        const old = this.img.src;
        this.img.src = URL.createObjectURL(await answer.blob());
        this.shown = number;
        if (old.startsWith("blob:")) URL.revokeObjectURL(old);
      }
    } catch {
      // The server is away; the picture is fetched when it is back.
    } finally {
      this.busy = false;
    }
  }
}

const { zone, kiosk, board, window: desk } = body.dataset;
const pictures = {
  kiosk: new Picture(at("kiosk"), `/demo/kiosk/${kiosk}.png`),
  board: new Picture(at("board"), `/demo/board/${board}.png`),
  ticket: new Picture(at("ticket"), `/demo/ticket/${kiosk}.png`),
};

/** How many log numbers of a list come after the one that a place shows. */
function behind(seqs, shown) {
  return seqs.filter((seq) => seq > shown).length;
}

function label(id, seq, lag) {
  const element = at(id);
  element.textContent = seq ? `#${seq.toLocaleString("en")}` : "";
  element.dataset.behind = lag ? "yes" : "no";
}

function pressed(selector, test) {
  for (const button of document.querySelectorAll(selector)) {
    button.setAttribute("aria-pressed", String(test(button.dataset)));
  }
}

function show(state) {
  at("link").dataset.up = state ? "yes" : "no";
  if (!state) return;
  last = state;
  at("clock").textContent = state.at;
  at("pause").setAttribute("aria-pressed", String(state.paused));
  pressed("[data-speed]", (data) => Number(data.speed) === state.speed);
  pressed("[data-busy]", (data) => data.busy === state.busy);
  pressed("[data-fault=paper]", () => Boolean(state.kiosk?.broken));
  pressed("[data-fault=cable]", () => Boolean(state.board?.broken));
  const lags = [];
  for (const name of ["kiosk", "board"]) {
    const place = state[name];
    if (!place) continue;
    pictures[name].want(place.picture);
    const lag = behind(state.relevant, place.seq);
    label(`${name}-seq`, place.seq, lag);
    lags.push(lag);
  }
  if (state.ticket?.picture) {
    at("ticket").hidden = false;
    at("no-ticket").hidden = true;
    pictures.ticket.want(state.ticket.picture);
    const lag = state.ticket.seq ? behind(state.ticket.issued, state.ticket.seq) : 0;
    label("ticket-seq", state.ticket.seq, lag);
    lags.push(lag);
  }
  if (deskSeq) {
    const lag = behind(state.relevant, deskSeq);
    label("desk-seq", deskSeq, lag);
    lags.push(lag);
  }
  agree(Math.max(0, ...lags));
  lines(state.lines);
}

function agree(most) {
  const element = at("agree");
  const icon = most ? "near" : "check";
  const words = most ? `相差 ${most} 条` : "四处一致";
  if (element.dataset.words !== words) {
    element.dataset.words = words;
    element.dataset.behind = most ? "yes" : "no";
    element.innerHTML = `<svg class="icon" aria-hidden="true"><use href="#i-${icon}"></use></svg> ${words}`;
  }
}

function lines(rows) {
  const list = at("lines");
  list.replaceChildren(
    ...rows.map(({ seq, at: when, text }) => {
      const row = document.createElement("li");
      const time = document.createElement("time");
      const number = document.createElement("b");
      const words = document.createElement("span");
      time.textContent = when;
      number.textContent = `#${seq.toLocaleString("en")}`;
      words.textContent = text;
      row.append(time, number, words);
      return row;
    }),
  );
}

function follow() {
  const stream = new EventSource(`/demo/stream?zone=${zone}&window=${desk}`);
  stream.addEventListener("state", (event) => {
    heard = performance.now();
    show(JSON.parse(event.data));
  });
  if (!desk) return;
  const console = new EventSource(`/console/${desk}/stream`);
  for (const region of ["header", "main", "waiting", "side", "keys"]) {
    console.addEventListener(region, (event) => {
      deskSeq = Math.max(deskSeq, JSON.parse(event.data).seq);
    });
  }
}

function fit() {
  const frame = at("frame");
  frame.style.setProperty("--scale", String(Math.min(frame.clientWidth / 1366, frame.clientHeight / 768)));
}

at("pause").addEventListener("click", () => post("/demo/change", { paused: !last?.paused }));
for (const button of document.querySelectorAll("[data-speed]")) {
  button.addEventListener("click", () => post("/demo/change", { speed: Number(button.dataset.speed) }));
}
for (const button of document.querySelectorAll("[data-busy]")) {
  button.addEventListener("click", () => post("/demo/change", { busy: button.dataset.busy }));
}
for (const button of document.querySelectorAll("[data-fault]")) {
  button.addEventListener("click", () =>
    post("/demo/change", { fault: button.dataset.fault, device: button.dataset.device }));
}
at("kiosk").addEventListener("click", (event) => {
  const area = event.currentTarget.getBoundingClientRect();
  const x = (event.clientX - area.left) / area.width;
  const y = (event.clientY - area.top) / area.height;
  post("/demo/touch", { kiosk, x, y });
});
at("zone").addEventListener("change", (event) => event.currentTarget.form.submit());
addEventListener("resize", fit);
setInterval(() => { if (performance.now() - heard > LOST_MS) show(null); }, 500);
fit();
follow();
