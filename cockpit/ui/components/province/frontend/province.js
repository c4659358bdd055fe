// Fetches the drawing of the province once, puts states in, and tells which unit was pressed.

const AGAIN_MS = 5000;
const ROOMS = [
  [290, "small"],
  [420, "narrow"],
  [Infinity, "wide"],
]; // up to so many pixels
const drawings = new Map(); // by address: what this browser has parsed
const places = new WeakMap(); // by element: what it shows

async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  const found = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
  if (found.localName !== "svg") throw new Error(`no drawing: ${address}`);
  return found;
}

function drawing(address) {
  if (!drawings.has(address)) {
    drawings.set(address, fetched(address));
    drawings.get(address).catch(() => drawings.delete(address)); // asked for again another time
  }
  return drawings.get(address);
}

function paint(place) {
  const { svg, data } = place;
  if (!svg) return;
  svg.setAttribute("aria-label", data.label);
  for (const shape of svg.querySelectorAll("[data-unit]")) {
    const shade = (data.units[shape.dataset.unit] || [""])[0];
    const mark = shape.hasAttribute("transform");
    const state = shade.replace(/\d$/, "");
    const chosen = !mark && shape.dataset.unit === data.chosen;
    const look = mark ? `mark ${state}` : chosen ? `${shade} chosen` : shade;
    if (shape.getAttribute("class") === look) continue;
    shape.setAttribute("class", look);
    if (mark) shape.setAttribute("d", svg.dataset[state] || "");
    if (chosen) shape.parentNode.append(shape); // its edge lies over its neighbours'
  }
}

async function show(place) {
  const { root, data } = place;
  if (!root.clientWidth) return; // not seen; another look follows when it is
  const room = ROOMS.find(([most]) => root.clientWidth < most)[1];
  const address = `${data.drawing}&room=${room}`;
  if (place.address !== address) {
    place.address = address;
    try {
      const found = await drawing(address);
      if (place.address !== address) return;
      const svg = document.importNode(found, true);
      svg.setAttribute("role", "img");
      if (place.svg) place.svg.replaceWith(svg);
      else root.prepend(svg);
      place.svg = svg;
    } catch {
      if (place.address !== address) return;
      place.address = null; // what was shown stays
      clearTimeout(place.again);
      place.again = setTimeout(() => root.isConnected && show(place), AGAIN_MS);
      return;
    }
  }
  paint(place);
}

function hint(place, event) {
  const { root, data, told } = place;
  const unit = event && event.pointerType === "mouse" && event.target.closest("[data-unit]");
  told.hidden = !unit;
  if (!unit) return;
  const code = unit.dataset.unit;
  const named = place.svg.querySelector(`[data-unit="${CSS.escape(code)}"][data-name]`);
  const [name, text] = told.children;
  name.textContent = named ? named.dataset.name : "";
  text.textContent = code in data.units ? data.texts[data.units[code][1]] : data.quiet;
  const box = root.getBoundingClientRect();
  const x = event.clientX - box.left;
  const y = event.clientY - box.top;
  const left = Math.min(Math.max(0, x + 14), box.width - told.offsetWidth);
  const above = y + 18 + told.offsetHeight > box.height;
  told.style.left = `${Math.max(0, left)}px`;
  told.style.top = `${above ? y - told.offsetHeight - 10 : y + 18}px`;
}

function placed(parent) {
  const root = document.createElement("div");
  root.className = "province-map";
  const told = document.createElement("div");
  told.className = "province-hint";
  told.hidden = true;
  told.setAttribute("aria-hidden", "true"); // list and table beside the map say the same
  told.append(document.createElement("b"), document.createElement("span"));
  root.append(told);
  parent.append(root);
  const place = { root, told, svg: null, address: null };
  place.watch = new ResizeObserver(() => show(place));
  place.watch.observe(root);
  root.addEventListener("pointermove", (event) => hint(place, event));
  root.addEventListener("pointerleave", () => hint(place, null));
  places.set(root, place);
  return place;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".province-map");
  const place = root ? places.get(root) : placed(parentElement);
  place.data = data;
  place.root.onclick = (event) => {
    const unit = event.target.closest("[data-unit]");
    const code = unit ? unit.dataset.unit : "";
    if (!code && !place.data.chosen) return;
    place.data = { ...place.data, chosen: code };
    paint(place);
    setTriggerValue("pressed", code);
  };
  show(place);
  return () => {
    place.watch.disconnect();
    clearTimeout(place.again);
  };
}
