"""The pages people see in a browser: values (`views`), words (`words`), HTML (`render`).

What a page asks of the server, so that both sides agree:

* ``GET`` of `assets.ROUTE` gives style, script and the Chinese font: `assets.serve`.
* ``POST /api/v1/windows/{window}/{action}`` with a JSON body and an ``Idempotency-Key``, one per
  press; a repeated press of the same button before the answer sends nothing. Bodies are
  ``pause {reason, until}`` (again while paused: change both),
  ``complete {outcome, case, then}``, ``transfer {service, place, note}``, ``note {text}``,
  ``bring-back {number}``, else ``{}``. An
  action kept while the dispatcher was away also carries ``noted_at``. An answer has ``seq``;
  the button is released when the console shows that number. A refusal shows its ``detail``.
* the page stream is server-sent events. ``event: header|main|waiting|side|keys`` (console) or
  ``ticket`` (phone) with one JSON object ``{"seq", "html"}``, made by `render.patch`; the whole
  set at every connect. ``event: beat`` with ``{"at"}`` at least every second: 5 s without any
  event is a lost connection.
* ``GET /session`` answers 401 once the session has ended; a page whose stream broke asks it, to
  tell that from a lost server, and then goes to the login.
"""
