// Shows a piece of HTML that the server has made. At a refresh only what is different is touched: what is
// opened stays open, what is marked or focused stays so.

const shown = new WeakMap();

function attributes(to, from) {
  for (const { name } of [...to.attributes]) {
    if (name !== "open" && !from.hasAttribute(name)) to.removeAttribute(name);
  }
  for (const { name, value } of from.attributes) {
    if (to.getAttribute(name) !== value) to.setAttribute(name, value);
  }
}

function turn(to, from) {
  const wanted = [...from.childNodes];
  const there = [...to.childNodes];
  wanted.forEach((node, i) => {
    const old = there[i];
    const same = old && old.nodeName === node.nodeName && (old.dataset || {}).key === (node.dataset || {}).key;
    if (!old) to.append(node);
    else if (!same) old.replaceWith(node);
    else if (node.nodeType !== Node.ELEMENT_NODE) {
      if (old.nodeValue !== node.nodeValue) old.nodeValue = node.nodeValue;
    } else {
      attributes(old, node);
      turn(old, node);
    }
  });
  there.slice(wanted.length).forEach((node) => node.remove());
}

// To another page as by the browser's own "back": the app takes the address as it stands.
function go(event) {
  const link = event.target.closest("a[href]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (link.origin !== location.origin) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  dispatchEvent(new PopStateEvent("popstate", { state: null }));
}

export default function ({ data, parentElement }) {
  let place = parentElement.querySelector(".cockpit-sheet");
  if (!place) {
    place = document.createElement("div");
    place.className = "cockpit-sheet";
    place.addEventListener("click", go);
    parentElement.append(place);
  }
  if (shown.get(place) === data.html) return;
  shown.set(place, data.html);
  const made = document.createElement("template");
  made.innerHTML = data.html;
  turn(place, made.content);
}
