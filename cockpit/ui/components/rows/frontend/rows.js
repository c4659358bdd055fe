// Draws rows and tells which one was pressed. What has not changed stays as it is, with its focus.

const drawn = new WeakMap();

function cell(text, kind, row) {
  const td = document.createElement("div");
  td.setAttribute("role", "gridcell");
  td.className = `cell ${kind}`;
  if (kind === "badge") {
    const mark = document.createElement("span");
    mark.className = `mark ${row[1]}`;
    mark.textContent = `${row[2]} ${text}`;
    td.append(mark);
  } else td.textContent = text;
  return td;
}

function line(row, columns) {
  const [key, tone, , opened, under, cells] = row;
  const tr = document.createElement("div");
  tr.setAttribute("role", "row");
  tr.className = `row ${tone}${under ? " under" : ""}`;
  tr.dataset.key = key;
  tr.tabIndex = -1;
  tr.setAttribute("aria-level", under ? "2" : "1");
  if (opened !== null) tr.setAttribute("aria-expanded", String(opened));
  cells.forEach((text, i) => tr.append(cell(text, columns[i][1], row)));
  return tr;
}

function head(columns) {
  const tr = document.createElement("div");
  tr.setAttribute("role", "row");
  tr.className = "head";
  for (const [label, kind] of columns) {
    const th = document.createElement("div");
    th.setAttribute("role", "columnheader");
    th.className = `cell ${kind}`;
    th.textContent = label;
    tr.append(th);
  }
  return tr;
}

function mark(grid, chosen) {
  let at = null;
  for (const row of grid.querySelectorAll(".row")) {
    const is = row.dataset.key === chosen;
    if (is) at = row;
    if (row.getAttribute("aria-selected") !== String(is)) row.setAttribute("aria-selected", String(is));
    row.tabIndex = -1;
  }
  const first = at || grid.querySelector(".row");
  if (first) first.tabIndex = 0;
  return at;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  let grid = parentElement.querySelector("[role=treegrid]");
  if (!grid) {
    grid = document.createElement("div");
    grid.setAttribute("role", "treegrid");
    grid.className = "cockpit-rows";
    parentElement.append(grid);
  }
  const { columns, rows, chosen, label } = data;
  const now = JSON.stringify([columns, rows]);
  const before = drawn.get(grid) || {};
  const rowOf = (target) => target.closest && target.closest(".row");
  grid.setAttribute("aria-label", label);
  if (before.now !== now) {
    const held = grid.contains(document.activeElement) && rowOf(document.activeElement);
    const focus = held ? held.dataset.key : null;
    const top = grid.scrollTop;
    grid.style.setProperty("--columns", columns.map(([, kind]) => (kind === "main" ? "minmax(17em, 1fr)" : "auto")).join(" "));
    grid.replaceChildren(head(columns), ...rows.map((row) => line(row, columns)));
    grid.scrollTop = top;
    mark(grid, chosen);
    if (focus) {
      const again = [...grid.querySelectorAll(".row")].find((row) => row.dataset.key === focus);
      if (again) again.focus({ preventScroll: true });
    }
  } else mark(grid, chosen);
  if (before.chosen !== chosen) {
    const at = [...grid.querySelectorAll(".row")].find((row) => row.dataset.key === chosen);
    if (at && (at.offsetTop < grid.scrollTop || at.offsetTop + at.offsetHeight > grid.scrollTop + grid.clientHeight))
      grid.scrollTop = at.offsetTop - grid.clientHeight / 3;
  }
  drawn.set(grid, { now, chosen });

  const press = (row) => {
    mark(grid, row.dataset.key);
    setTriggerValue("pressed", row.dataset.key);
  };
  grid.onclick = (event) => {
    const row = rowOf(event.target);
    if (row && !String(getSelection())) press(row);
  };
  grid.onkeydown = (event) => {
    const row = rowOf(event.target);
    if (!row) return;
    const all = [...grid.querySelectorAll(".row")];
    const at = all.indexOf(row);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined && all[to]) {
      event.preventDefault();
      row.tabIndex = -1;
      all[to].tabIndex = 0;
      all[to].focus();
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      press(row);
    }
  };
}
