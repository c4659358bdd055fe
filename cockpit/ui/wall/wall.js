// Shows one screen after another, says how old it is, and comes back by itself. Keeps nothing of what it has shown.
(() => {
  const EVERY_MS = 2000; // between two questions
  const PATIENCE_MS = 8000; // for an answer
  const LATE_S = 10;
  const LOST_S = 20;
  const ANEW_MS = 6 * 3600 * 1000; // a fresh document now and then: whatever a browser gathers, it lets go of

  const config = JSON.parse(document.body.dataset.wall);
  const words = config.words;
  const at = (id) => document.getElementById(id);
  const [screen, alarm, marks, dots, age, clock] = ["screen", "alarm", "marks", "dots", "age", "clock"].map(at);
  const born = performance.now();
  let index = Math.max(0, config.screens.indexOf(location.hash.slice(1)));
  let turned = performance.now();
  let paused = false;
  let asking = false;
  let asked = -Infinity;
  let last = null; // the last answer, and when it came
  let shut = false;

  const two = (n) => String(n).padStart(2, "0");
  const local = (ms) => new Date(ms + config.offset_s * 1000);
  const time = (when) => `${two(when.getUTCHours())}:${two(when.getUTCMinutes())}:${two(when.getUTCSeconds())}`;
  const put = (place, text) => {
    if (place.textContent !== text) place.textContent = text;
  };

  function fit() {
    // What has no room goes whole, and is counted.
    const rows = screen.querySelector("ol.rows");
    if (!rows) return;
    let rest = Number(rows.dataset.rest || 0);
    const note = document.createElement("li");
    note.className = "more";
    const over = () => screen.scrollHeight > screen.clientHeight || rows.scrollHeight > rows.clientHeight + 1;
    const said = () => {
      note.textContent = rows.dataset.more.replace("{n}", rest);
      if (rest) rows.append(note);
    };
    said();
    while (over() && rows.querySelectorAll("li:not(.more)").length > 1) {
      [...rows.querySelectorAll("li:not(.more)")].pop().remove();
      rest += 1;
      said();
    }
  }

  function shown(answer, name) {
    if (answer.html === undefined) return;
    screen.innerHTML = answer.html; // the server has escaped all that comes from outside
    screen.dataset.name = name;
    screen.dataset.digest = answer.digest;
    fit();
  }

  async function ask() {
    const name = config.screens[index];
    asking = true;
    asked = performance.now();
    const stop = new AbortController();
    const timeout = setTimeout(() => stop.abort(), PATIENCE_MS);
    const has = screen.dataset.name === name ? screen.dataset.digest || "" : "";
    try {
      const response = await fetch(`/wall/part?name=${name}&lang=${config.lang}&has=${has}`, {
        cache: "no-store",
        signal: stop.signal,
      });
      shut = response.status === 401 || response.status === 403;
      if (!response.ok) return;
      const answer = await response.json();
      if (last && last.run !== answer.run) return location.reload(); // the server has started anew
      last = { ...answer, html: undefined, at: performance.now() };
      if (name === config.screens[index]) shown(answer, name);
    } catch {
      // no answer: the age grows, which is said
    } finally {
      clearTimeout(timeout);
      asking = false;
    }
  }

  function turn(by) {
    index = (index + by + config.screens.length) % config.screens.length;
    turned = performance.now();
    asked = -Infinity;
  }

  function say() {
    const now = performance.now();
    const old = last ? (now - last.at) / 1000 : (now - born) / 1000;
    const when = last && last.now_ms ? local(last.now_ms + (now - last.at)) : null;
    const lost = old > LOST_S;
    const text = shut
      ? words.shut
      : lost
        ? words.lost.replace("{when}", last && last.now_ms ? time(local(last.now_ms)) : "—")
        : old > LATE_S
          ? words.late.replace("{n}", Math.floor(old))
          : "";
    const told = text || (last && last.alarm) || "";
    if (alarm.dataset.told !== told) {
      alarm.dataset.told = told;
      if (text) alarm.textContent = text;
      else alarm.innerHTML = told;
      alarm.hidden = !told;
      document.documentElement.classList.toggle("lost", lost || shut);
      fit();
    }
    put(marks, [last && last.simulated ? words.simulated : "", paused ? words.paused : ""].filter(Boolean).join(" · "));
    put(age, last && !lost ? words.age.replace("{n}", Math.floor(old)) : "");
    if (when && !lost)
      put(
        clock,
        `${words.weekdays[when.getUTCDay()]} ${two(when.getUTCDate())}/${two(when.getUTCMonth() + 1)}/${when.getUTCFullYear()} ${time(when)}`,
      );
    put(dots, config.screens.map((_, i) => (i === index ? "●" : "○")).join(" "));
  }

  function beat() {
    const now = performance.now();
    if (!paused && config.screens.length > 1 && now - turned >= config.seconds * 1000) {
      if (now - born > ANEW_MS && last && now - last.at < EVERY_MS * 2) {
        turn(1);
        location.hash = config.screens[index];
        return location.reload();
      }
      turn(1);
    }
    if (!asking && now - asked >= EVERY_MS) ask();
    say();
  }

  addEventListener("keydown", (event) => {
    if (event.key === " " || event.key === "p" || event.key === "P") paused = !paused;
    else if (event.key === "ArrowRight") turn(1);
    else if (event.key === "ArrowLeft") turn(-1);
    else return;
    event.preventDefault();
    turned = performance.now();
    beat();
  });
  const anew = () => {
    screen.dataset.digest = ""; // rows that had no room may have it now, or the other way round
  };
  addEventListener("resize", anew);
  document.fonts.ready.then(anew);
  const awake = () => navigator.wakeLock && navigator.wakeLock.request("screen").catch(() => {});
  document.addEventListener("visibilitychange", () => document.hidden || awake());
  awake();
  setInterval(beat, 500);
  beat();
})();
