// Keys of the alert desk. One listener for the document, taken away when the page is left.

const KEPT = "cockpit-keys-off";
const PATIENCE_MS = 2000;
const made = new WeakMap(); // place → what was drawn there, as text: an open list outlives refreshes

function off() {
  try {
    return localStorage.getItem(KEPT) === "1";
  } catch {
    return false;
  }
}

function turn(on) {
  try {
    if (on) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, "1");
  } catch {
    // A browser that keeps nothing forgets it with the page.
  }
}

function writing(target) {
  return (
    target.isContentEditable ||
    (target.matches && target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select, [role=combobox]"))
  );
}

// To the next row of the list, or the one before it: as the pointer would press it.
function step(by) {
  const rows = [...document.querySelectorAll(".cockpit-rows .row")];
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const to = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
  if (!to || rows.indexOf(to) === at) return;
  getSelection().removeAllRanges();
  to.click();
  to.focus({ preventScroll: true });
  to.scrollIntoView({ block: "nearest" });
}

// What opens does so in its own time.
function once(find, then) {
  const end = performance.now() + PATIENCE_MS;
  const look = () => {
    const found = find();
    if (found) then(found);
    else if (performance.now() < end) requestAnimationFrame(look);
  };
  look();
}

function press(selector, label) {
  const button = document.querySelector(selector);
  if (!button) return false;
  const choose = () =>
    once(
      () => [...document.querySelectorAll("[data-testid=stPopoverBody] [role=radio], [data-testid=stPopoverBody] button")].find(
        (one) => one.textContent.trim() === label
      ),
      (choice) => {
        if (choice.getAttribute("aria-checked") !== "true") choice.click();
        choice.focus();
      }
    );
  if (!label) button.click();
  else if (document.querySelector("[data-testid=stPopoverBody]")) choose();
  else {
    button.click();
    choose();
  }
  return true;
}

function table(data) {
  const whole = document.createElement("table");
  const head = whole.createTHead().insertRow();
  for (const label of [data.col_key, data.col_does]) {
    const th = document.createElement("th");
    th.scope = "col";
    th.textContent = label;
    head.append(th);
  }
  const body = whole.createTBody();
  for (const [key, words] of data.keys) {
    const row = body.insertRow();
    const kbd = document.createElement("kbd");
    kbd.textContent = key.length === 1 ? key.toUpperCase() : key;
    row.insertCell().append(kbd);
    row.insertCell().textContent = words;
  }
  return whole;
}

function drawn(place, data) {
  const open = document.createElement("button");
  open.type = "button";
  open.className = "open";
  open.textContent = data.open;
  const dialog = document.createElement("dialog");
  const title = document.createElement("h2");
  title.id = "keys-title";
  title.textContent = data.title;
  dialog.setAttribute("aria-labelledby", title.id);
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = !off();
  box.onchange = () => turn(box.checked);
  label.append(box, ` ${data.on}`);
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = data.close;
  close.onclick = () => dialog.close();
  open.onclick = () => dialog.showModal();
  dialog.append(title, table(data), label, close);
  place.replaceChildren(open, dialog);
}

export default function ({ data, parentElement }) {
  const place = parentElement.querySelector(".keys");
  const now = JSON.stringify(data);
  if (made.get(place) !== now) drawn(place, data);
  made.set(place, now);
  const dialog = place.querySelector("dialog");
  const ways = new Map(data.keys.map(([key, , selector, label]) => [key, [selector, label]]));

  const pressed = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    const target = event.composedPath()[0];
    if (dialog.open || off() || writing(target)) return;
    const key = event.key.toLowerCase();
    let taken = true;
    if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (key === "?") dialog.showModal();
    else if (key === "/") {
      const field = document.querySelector(data.search);
      if (field) field.focus();
      else taken = false;
    } else {
      const way = ways.get(key);
      taken = Boolean(way && way[0] && press(way[0], way[1]));
    }
    if (taken) event.preventDefault();
  };
  document.addEventListener("keydown", pressed);
  return () => document.removeEventListener("keydown", pressed);
}
