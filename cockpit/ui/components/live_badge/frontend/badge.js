// One poller for all instances on the page; one timer for each instance.
// The script's default export runs again only when its data changes, so a timer lives in a map by element.

const POLL_MS = 2000;
const LATE_S = 10;
const LOST_S = 30;

const pulse = { at: null, age: 0, body: null, busy: false, asked: -Infinity };
const timers = new WeakMap();
let toldNarrow = null; // what the server was told last about the width of the screen

async function ask() {
  const now = performance.now();
  if (pulse.busy || document.hidden || now - pulse.asked < POLL_MS - 50) return;
  pulse.busy = true;
  pulse.asked = now;
  const stop = new AbortController();
  const timeout = setTimeout(() => stop.abort(), 5000);
  try {
    const answer = await fetch("/api/v1/pulse", { cache: "no-store", signal: stop.signal });
    if (!answer.ok) return;
    const body = await answer.json();
    if (body.ready === false) return;
    pulse.body = body;
    pulse.age = Number.isFinite(body.tick_age_s) ? body.tick_age_s : 0;
    pulse.at = performance.now();
  } catch {
    // no answer: the age goes on growing, which is what the badge is for
  } finally {
    clearTimeout(timeout);
    pulse.busy = false;
  }
}

function span(seconds, words) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 90) return words.seconds.replace("{n}", whole);
  if (whole < 5400) return words.minutes.replace("{n}", Math.floor(whole / 60));
  if (whole < 129600) return words.hours.replace("{n}", Math.floor(whole / 3600));
  const days = Math.floor(whole / 86400);
  return ((days === 1 && words.days_one) || words.days).replace("{n}", days);
}

function describeAge(words, mountedAt) {
  const since = pulse.at === null ? (performance.now() - mountedAt) / 1000 : 0;
  if (pulse.at === null) {
    return since < LATE_S ? ["wait", words.waiting] : ["lost", words.lost.replace("{span}", span(since, words))];
  }
  const age = pulse.age + (performance.now() - pulse.at) / 1000;
  if (pulse.body.paused && age < LATE_S) return ["wait", words.paused];
  if (age < LATE_S) return ["ok", words.live.replace("{span}", span(age, words))];
  if (age < LOST_S) return ["late", words.late.replace("{span}", span(age, words))];
  // The server answers but its evaluator does not work, or the server does not answer at all.
  const sentence = pulse.age > LATE_S ? words.stopped : words.lost;
  return ["lost", sentence.replace("{span}", span(age, words))];
}

function describeClock(words, offsetS) {
  if (pulse.body === null) return "";
  const when = new Date(pulse.body.domain_ms + offsetS * 1000); // provincial time, whatever the browser's zone is
  const two = (n) => String(n).padStart(2, "0");
  const day = words.weekdays.split("|")[when.getUTCDay()];
  return `${day} ${two(when.getUTCDate())}/${two(when.getUTCMonth() + 1)}/${when.getUTCFullYear()} · ${two(when.getUTCHours())}:${two(when.getUTCMinutes())}`;
}

function times(factor, comma) {
  const text = factor < 9.95 && Math.abs(factor - Math.round(factor)) >= 0.05 ? factor.toFixed(1) : String(Math.round(factor));
  return comma ? text.replace(".", ",") : text;
}

function describeSpeed(words, language) {
  if (pulse.body === null || pulse.body.paused || pulse.body.speed === null) return "";
  const comma = language === "vi";
  if (pulse.body.speed === 1) return words.speed_real;
  return words.speed.replace("{speed}", times(pulse.body.speed, comma));
}

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  let place = parentElement.querySelector("span[data-live]");
  if (!place) {
    place = parentElement.querySelector("span") || parentElement.appendChild(document.createElement("span"));
    place.setAttribute("data-live", data.mode);
  }
  // A screen reader is told when the state changes, not each second.
  let told = parentElement.querySelector("[role=status]");
  if (data.mode === "age" && !told) {
    told = document.createElement("span");
    told.setAttribute("role", "status");
    told.className = "told";
    place.after(told);
    place.setAttribute("aria-hidden", "true");
  }
  if (document.documentElement.lang !== data.lang) document.documentElement.lang = data.lang;

  const mountedAt = performance.now();
  const write = (text, kind) => {
    if (place.textContent !== text) place.textContent = text;
    if (place.className !== kind) place.className = kind;
  };
  const measure = () => {
    const narrow = window.innerWidth < data.narrow_px;
    if (narrow === data.narrow) toldNarrow = null;
    else if (narrow !== toldNarrow) {
      toldNarrow = narrow;
      setStateValue("narrow", narrow);
    }
  };
  const draw = () => {
    ask();
    if (data.mode === "age") measure();
    if (data.mode === "clock") write(describeClock(data.words, data.offset_s), "clock");
    else if (data.mode === "speed") write(describeSpeed(data.words, data.lang), "clock");
    else {
      const [kind, text] = describeAge(data.words, mountedAt);
      write(text, `badge ${kind}`);
      if (told.dataset.kind !== kind || told.dataset.lang !== data.lang) {
        told.dataset.kind = kind;
        told.dataset.lang = data.lang;
        told.textContent = text;
      }
    }
  };

  clearInterval(timers.get(parentElement));
  timers.set(parentElement, setInterval(draw, 1000));
  draw();
  return () => clearInterval(timers.get(parentElement));
}
