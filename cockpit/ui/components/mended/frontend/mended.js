// Mends what Streamlit leaves undone, for the whole document and once, however often it is mounted.
// Words are put where Streamlit has written its own, in the very node, and taken back when the reader turns to
// another language.

const SPOKEN = ["aria-label", "title", "placeholder", "aria-roledescription"];
// Data: cells of a grid, of a table, of our own rows and sheets, and what the server told before the app ran.
const DATA = "canvas, table, .cockpit-rows, .cockpit-sheet, #first, style, script, textarea";
const ICON = / icon$/;

const said = new WeakMap(); // node → { where: [what Streamlit wrote, what stands there now] }
let known = { lang: "", words: new Map(), patterns: [], icons: {}, bare: [] };
let watch = null;

function learned(data) {
  const words = new Map();
  const patterns = [];
  for (const [theirs, ours] of Object.entries(data.words)) {
    if (!theirs.includes("{")) words.set(theirs, ours);
    else {
      const [before, after] = theirs.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
      patterns.push([new RegExp(`^${before}(.+)${after}$`), ours]);
    }
  }
  return { lang: data.lang, words, patterns, icons: data.icons, bare: data.bare };
}

function ours(theirs, spoken) {
  const plain = theirs.trim();
  if (!plain || !known.words.size) return theirs;
  // Small words are spoken only: as text they are the names of which icons are made.
  const found = spoken || !/^[a-z]/.test(plain) ? known.words.get(plain) : undefined;
  if (found !== undefined) return theirs.replace(plain, () => found);
  for (const [pattern, told] of known.patterns) {
    const match = pattern.exec(plain);
    if (match) return told.replace(/\{\w+\}/, () => match[1]);
  }
  // A tool's name with the name of what it belongs to: "Search: alerts by priority".
  const colon = plain.indexOf(": ");
  const tool = colon > 0 ? known.words.get(plain.slice(0, colon)) : undefined;
  return tool === undefined ? theirs : tool + plain.slice(colon);
}

// What Streamlit wrote there: what stands there, unless it is what was put there.
function theirs(node, where, now) {
  const kept = said.get(node);
  return kept && kept[where] && kept[where][1] === now ? kept[where][0] : now;
}

function keep(node, where, before, after) {
  const kept = said.get(node) || {};
  kept[where] = [before, after];
  said.set(node, kept);
}

function text(node) {
  const now = node.nodeValue;
  if (!/[A-Za-z]/.test(now) && !said.has(node)) return;
  const before = theirs(node, "text", now);
  const after = ours(before, false);
  if (after === now && after === before) return;
  keep(node, "text", before, after);
  if (after !== now) node.nodeValue = after;
}

function icon(element, label) {
  // Its name is that of a picture: what it means stands beside it, but for a state.
  const state = known.icons[label.replace(ICON, "")];
  if (state === undefined) {
    if (element.getAttribute("aria-hidden") !== "true") element.setAttribute("aria-hidden", "true");
    return label;
  }
  element.removeAttribute("aria-hidden");
  return state;
}

function attribute(element, name) {
  const now = element.getAttribute(name);
  if (!now) return;
  const before = theirs(element, name, now);
  const picture = name === "aria-label" && ICON.test(before) && element.getAttribute("role") === "img";
  const after = picture ? icon(element, before) : ours(before, true);
  if (after === now && after === before) return;
  keep(element, name, before, after);
  if (after !== now) element.setAttribute(name, after);
}

function all(root) {
  if (root.nodeType === Node.TEXT_NODE) {
    if (root.parentElement && !root.parentElement.closest(DATA)) text(root);
    return;
  }
  if (root.nodeType !== Node.ELEMENT_NODE || root.closest(DATA)) return;
  const nodes = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, {
    acceptNode: (node) =>
      node.nodeType === Node.ELEMENT_NODE && node.matches(DATA) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  });
  for (let node = root; node; node = nodes.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) text(node);
    else for (const name of SPOKEN) if (node.hasAttribute(name)) attribute(node, name);
  }
}

// The first line of a paragraph, without the names of its icons.
function head(paragraph) {
  const copy = paragraph.cloneNode(true);
  copy.querySelectorAll("[role=img]").forEach((icon) => icon.remove());
  let told = "";
  for (const node of copy.childNodes) {
    if (node.nodeName === "BR") break;
    told += node.textContent;
  }
  return told.replace(/\s+/g, " ").replace(/^[^\p{L}\p{N}“]+/u, "").trim();
}

// "Open" at the end of a row: the row says what.
function links() {
  for (const link of document.querySelectorAll("[data-testid='stPageLink'] a")) {
    const label = link.querySelector("[data-testid='stMarkdownContainer']");
    const bare = label ? label.textContent.trim() : "";
    const row = known.bare.includes(bare) && link.closest("[data-testid='stHorizontalBlock']:has(> * p)");
    const what = row && row.querySelector("[data-testid='stMarkdownContainer'] p");
    const name = what && !link.contains(what) ? `${bare}: ${head(what)}` : null;
    if (link.getAttribute("aria-label") === name) continue;
    if (name === null) link.removeAttribute("aria-label");
    else link.setAttribute("aria-label", name);
  }
}

// Where files are dropped: what can be focused and has a name is no mere decoration.
function drops() {
  for (const place of document.querySelectorAll("[data-testid='stFileUploaderDropzone'][role='presentation']"))
    place.setAttribute("role", "group");
}

// The words of a table are data, its icons are Streamlit's: they are named like those beside it.
function icons() {
  for (const one of document.querySelectorAll("table [role=img][aria-label$=' icon']:not([aria-hidden])"))
    attribute(one, "aria-label");
}

function changed(records) {
  for (const record of records) {
    if (record.type === "childList") record.addedNodes.forEach(all);
    else if (record.type === "characterData") all(record.target);
    else if (!record.target.closest(DATA)) attribute(record.target, record.attributeName);
  }
  links();
  drops();
  icons();
}

// In a table Tab goes from cell to cell, four hundred times, and only Shift+Space chooses a row. Arrow keys are
// there for cells: Tab goes on to what follows the table, and Enter chooses the row where one can be chosen.
function keys(event) {
  const grid = event.target.closest && event.target.closest("canvas[data-testid='data-grid-canvas']");
  if (!grid || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Tab") event.stopImmediatePropagation();
  // The cells of a table of which a row can be chosen begin with the second column: the first holds the marks.
  else if (event.key === "Enter" && !grid.querySelector("[id^='glide-cell-0-']")) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const chosen = { key: " ", code: "Space", shiftKey: true, bubbles: true, cancelable: true };
    event.target.dispatchEvent(new KeyboardEvent("keydown", chosen));
  }
}

export default function (component) {
  if (component.data.lang !== known.lang) {
    known = learned(component.data);
    if (document.documentElement.lang !== known.lang) document.documentElement.lang = known.lang;
    all(document.body);
    links();
    drops();
    icons();
  }
  if (watch) return;
  addEventListener("keydown", keys, true);
  watch = new MutationObserver(changed);
  watch.observe(document.body, {
    childList: true,
    subtree: true,
    characterData: true,
    attributes: true,
    attributeFilter: SPOKEN,
  });
}
