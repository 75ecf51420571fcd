// Brings a live region up to date without replacing what stays: an element that has focus, a
// pressed button and everything marked data-keep (inputs, error lines) survive.

const OWN = new Set(["data-pending", "data-waiting-words", "data-open", "aria-expanded"]);

/** Make `region` show `html`. Elements pair up by tag and data-key; the rest is in order. */
export function patch(region, html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const focused = region.contains(document.activeElement) ? document.activeElement : null;
  morphChildren(region, fresh.content);
  // A node that had to be moved loses focus though it is still there.
  if (focused && focused.isConnected && document.activeElement !== focused) {
    focused.focus({ preventScroll: true });
  }
  return focused !== null && !focused.isConnected;
}

function morphChildren(old, fresh) {
  const keyed = new Map();
  for (const child of old.children) {
    if (child.dataset.key) keyed.set(child.dataset.key, child);
  }
  const wanted = new Set(Array.from(fresh.children, (child) => child.dataset.key));
  let cursor = old.firstChild;
  for (const next of Array.from(fresh.childNodes)) {
    while (cursor && cursor.dataset?.key && !wanted.has(cursor.dataset.key)) {
      const gone = cursor;
      cursor = cursor.nextSibling;
      gone.remove();
    }
    const key = next.dataset?.key;
    const partner = key ? keyed.get(key) : cursor;
    if (partner && alike(partner, next)) {
      if (partner === cursor) cursor = cursor.nextSibling;
      else old.insertBefore(partner, cursor);
      morph(partner, next);
    } else {
      old.insertBefore(next, cursor);
    }
  }
  while (cursor) {
    const gone = cursor;
    cursor = cursor.nextSibling;
    gone.remove();
  }
}

function alike(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && a.dataset?.key === b.dataset?.key;
}

function morph(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  if ("keep" in old.dataset) return;
  const pressed = "pending" in old.dataset;
  for (const { name } of Array.from(old.attributes)) {
    if (!fresh.hasAttribute(name) && !OWN.has(name) && !(pressed && name === "disabled")) {
      old.removeAttribute(name);
    }
  }
  for (const { name, value } of fresh.attributes) {
    if (!OWN.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  morphChildren(old, fresh);
}
