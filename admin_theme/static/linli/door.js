/* The page at the door. What is tapped is written down on the tablet first and then sent, in its order and
   with a key of its own, so a network that comes and goes loses nothing and doubles nothing. */
import { clock, draw, say, words } from "./door-rows.js";
import { canScan, scan } from "./door-scan.js";
import { dropPage, keepPage, openStore } from "./door-store.js";

const here = document.body.dataset;
const find = (what) => document.querySelector(`[data-${what}]`);
const EVENT = Number(here.event);
const OFTEN = 4000;
const A_BATCH = 20;
// What is tapped, as the server reads it; the rest is for this page.
const SENT = ["key", "at", "kind", "registration", "resident", "line", "lineKey", "name", "ticket",
  "companions", "forced", "reason"];
// Nobody can do anything about these but know of them.
const SETTLED = ["already_checked_in", "already_left", "not_checked_in", "ticket_unknown", "not_found"];

const store = await openStore();
let account = here.account;
let list = await store.list(EVENT);
if (list && (list.account !== account || Date.now() + list.skew > new Date(list.dropAt))) {
  await store.dropList(EVENT);
  list = undefined;
}
let taps = await store.taps(EVENT);
let skew = list?.skew ?? 0;
let token = "";
let network = "unknown";
let trouble = "";
let failures = 0;
let only = "";
let wanted = "";
let found = null;
let pageKept = false;

const now = () => new Date(Date.now() + skew);
const isOver = () => now() > new Date(list?.dropAt ?? here.dropAt);
const mine = (state) => taps.filter((tap) => tap.account === account && tap.state === state);
// Without HTTPS (a trial in the office) browsers lack the first.
const newKey = () => crypto.randomUUID?.()
  ?? [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
const masked = (name) => (name ? `${name.slice(0, 1)}*` : "");

// --- what is tapped ------------------------------------------------------------------------------

async function tap(given) {
  const kept = await store.add({
    event: EVENT, account, key: newKey(), at: now().toISOString(), state: "waiting",
    tried: false, ...given,
  });
  taps.push(kept);
  show();
  tick();
  return kept;
}

async function forget(one) {
  taps = taps.filter((kept) => kept.seq !== one.seq);
  await store.remove(one);
  show();
}

/* Whom a tap is about, so that those about one person are found together. */
const whom = (one) =>
  one.who ?? (one.registration ? `r${one.registration}` : one.line ? `l${one.line}` : `k${one.key}`);

async function takeBack(who, given) {
  const last = mine("waiting").filter((one) => whom(one) === who).at(-1);
  if (last && last.kind === "in" && !last.tried) await forget(last);
  else if (last && !last.registration) await tap({ ...given, kind: "void", lineKey: last.key, who });
  else await tap({ ...given, kind: "void", who });
}

function told(text, undo) {
  const toast = find("toast");
  const button = toast.querySelector("button");
  toast.querySelector("span").textContent = text;
  button.hidden = !undo;
  button.onclick = () => { toast.classList.remove("dr-toast--open"); undo(); };
  toast.classList.add("dr-toast--open");
  clearTimeout(told.timer);
  told.timer = setTimeout(() => toast.classList.remove("dr-toast--open"), 8000);
}

async function onRow(row, what, { heads, reason }) {
  const about = { registration: row.id, shown: row.name, who: row.key };
  const companions = heads - 1;
  if (what === "void") return takeBack(row.key, { ...about, heads: row.heads });
  if (what === "force") {
    if (!reason) return undefined;
    return tap({ ...about, kind: "in", forced: true, reason, companions: row.heads - 1, heads: row.heads });
  }
  await tap({ ...about, kind: what, heads, ...(what === "in" ? { companions } : {}) });
  if (what === "in") {
    told(`${row.name} ${words.here}`, () => takeBack(row.key, { ...about, heads }));
  }
  return undefined;
}

async function onPerson(row, what, { heads }) {
  const about = { resident: row.id, shown: row.name, who: row.key };
  await tap({ ...about, kind: "in", companions: heads - 1, heads });
  told(`${row.name} ${words.here}`, () => takeBack(row.key, { resident: row.id, shown: row.name, heads }));
}

async function onWalkIn(row, what) {
  const about = { shown: row.name, heads: row.heads };
  const by = row.line ? { line: row.line } : { lineKey: row.tapKey };
  if (what === "void") return takeBack(row.key, { ...about, ...by });
  return tap({ ...about, ...by, kind: what, who: row.key });
}

async function onStuck(row, what, { reason }) {
  const old = row.tap;
  const { seq, key, code, message, tried, state, ...same } = old;
  // Written down anew before the old one goes.
  if (what === "force") await tap({ ...same, forced: true, reason });
  if (what === "again") await tap(same);
  await forget(old);
}

function onTicket(text) {
  const [, code] = /([A-Za-z0-9-]+)\.[\w-]+\/?$/.exec(text.trim()) ?? [];
  if (!code) return told(words.code_of_another);
  const row = (list?.rows ?? []).find((one) => one.code === code);
  const shown = row ? row.name : `${words.ticket} ${code}`;
  if (row && standing(row).kind === "in") return told(`${shown} ${words.here}`);
  const who = row ? `r${row.id}` : undefined;
  const heads = row?.size ?? 1;
  return tap({ ticket: text.trim(), kind: "in", shown, who, heads }).then((kept) => {
    const again = { ticket: text.trim(), shown, who, heads };
    told(`${shown} ${words.here}`, () => takeBack(whom(kept), again));
  });
}

// --- what is shown -------------------------------------------------------------------------------

/* Where somebody stands: as the server said, and then as was tapped here. */
function standing(row, key = `r${row.id}`) {
  const last = mine("waiting").filter((one) => whom(one) === key).at(-1);
  return last ? { kind: last.kind, at: last.at, unsent: true, heads: last.heads } : { ...row, unsent: false };
}

function said(stands, ...more) {
  const word = { in: words.here, out: words.left }[stands.kind];
  const parts = word ? [...more, `${word} ${clock(stands.at)}`] : more;
  return [...parts, ...(stands.unsent ? [words.unsent] : [])].join(" · ");
}

function registered(row) {
  const stands = standing(row);
  const isHere = stands.kind === "in";
  const label = row.status === "confirmed" ? [] : [row.statusLabel];
  const away = row.status === "confirmed" ? ["in"] : ["force"];
  return {
    ...row, key: `r${row.id}`, heads: row.size, here: isHere, unsent: stands.unsent,
    said: said(stands, say("people", row.size), ...label),
    buttons: isHere ? ["out", "void"] : away,
  };
}

function walkIns() {
  const rows = (list?.walkIns ?? []).map((row) => ({ ...row, key: `l${row.line}` }));
  const known = new Set([...rows, ...(list?.rows ?? []).map((row) => ({ key: `r${row.id}` }))].map((row) => row.key));
  // Who was let in here and is not on the list yet.
  for (const one of mine("waiting")) {
    const key = whom(one);
    if (one.kind !== "in" || known.has(key)) continue;
    known.add(key);
    rows.unshift({ key, tapKey: one.key, name: one.shown, heads: one.heads, kind: "in", at: one.at });
  }
  return rows
    .map((row) => ({ row, stands: standing(row, row.key) }))
    .filter(({ stands }) => stands.kind !== "void")
    .map(({ row, stands }) => ({
      ...row, tail: "", here: stands.kind === "in", unsent: stands.unsent,
      said: said(stands, say("people", row.heads)),
      buttons: stands.kind === "in" ? ["out", "void"] : [],
    }));
}

function stuck() {
  return mine("stuck").map((one) => {
    const waits = one.code.startsWith("registration_");
    const again = SETTLED.includes(one.code) ? [] : ["again"];
    return {
      key: `s${one.seq}`, tap: one, name: one.shown, tail: "", here: false, unsent: false, heads: 1,
      said: `${clock(one.at)} ${words[one.kind]}：${one.message}`,
      buttons: [...(waits ? ["force"] : again), "drop"],
    };
  });
}

/* Without the server: by the surname, the last digits and the number alone. */
function matches(row) {
  if (!wanted) return true;
  if (found) return found.rows.includes(row.id);
  return row.name[0] === wanted[0] || row.code.includes(wanted)
    || (/^\d+$/.test(wanted) && row.tail.includes(wanted.slice(-4)));
}

function heads() {
  const signs = { in: 1, void: -1 };
  const more = mine("waiting").map((one) => (signs[one.kind] ?? 0) * (one.heads ?? 1));
  return Math.max(0, more.reduce((sum, one) => sum + one, list?.heads ?? 0));
}

function show() {
  const rows = (list?.rows ?? []).map(registered);
  const shown = rows.filter((row) => matches(row) && (!only || (only === "here") === row.here));
  draw(find("rows"), shown, onRow);
  if (!shown.length) {
    const note = document.createElement("li");
    note.className = "dr-row";
    note.textContent = list ? words.none : words.no_list;
    find("rows").append(note);
  }
  for (const button of document.querySelectorAll("[data-only]")) {
    const only_ = button.dataset.only;
    const many = only_ ? rows.filter((row) => (only_ === "here") === row.here).length : rows.length;
    button.querySelector("span").textContent = many;
    button.setAttribute("aria-pressed", String(only_ === only));
  }
  showBeside("walk-ins", walkIns(), onWalkIn);
  const arrived = new Set((list?.walkIns ?? []).map((row) => row.resident));
  const offered = (found?.people ?? []).filter((one) => !arrived.has(one.id)).map((one) => ({
    ...one, key: `p${one.id}`, heads: 1, here: false, unsent: false, said: "", buttons: ["in"],
  })).filter((row) => standing({}, row.key).kind !== "in");
  showBeside("people", offered, onPerson);
  showBeside("settle", stuck(), onStuck);
  document.querySelector("[data-heads]").textContent = heads();
  find("cut").hidden = !list?.cut;
  showNetwork();
}

function showBeside(name, rows, act) {
  draw(find(name).querySelector("ul"), rows, act);
  find(name).hidden = rows.length === 0;
}

function showNetwork() {
  const waiting = mine("waiting").length;
  const net = find("net");
  const parts = network === "away" ? [words.offline] : [];
  if (waiting) parts.push(say("waiting", waiting));
  net.textContent = parts.join(" · ");
  net.hidden = parts.length === 0;
  net.classList.toggle("dr-net--away", network === "away");
  const box = find("trouble");
  const others = taps.filter((one) => one.account !== account).length;
  const said_ = trouble ? words[trouble] : others ? say("other_account", others)
    : store.durable ? "" : words.fragile;
  if (box.dataset.said === said_) return;
  box.dataset.said = said_;
  box.textContent = said_;
  box.hidden = !said_;
  if (trouble === "signed_out") {
    const link = document.createElement("a");
    link.href = here.signIn;
    link.textContent = words.sign_in;
    box.append(" ", link);
  }
}

// --- the network ---------------------------------------------------------------------------------

/* Status and content of the answer; null where there is none that helps now, and then the page says why. */
async function ask(address, body, patience) {
  const asked = { credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(patience) };
  const posted = { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token } };
  let answer;
  let content = {};
  try {
    answer = await fetch(address, body ? { ...asked, ...posted, body: JSON.stringify(body) } : asked);
    // An answer that breaks off is none, nor is the page of a hotel's network.
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (answer.ok || isJson) content = await answer.json();
  } catch {
    network = "away";
    return null;
  }
  const { ok, status, type } = answer;
  if (status >= 500) {
    network = "away";
    return { ok, status, content };
  }
  network = "there";
  trouble = "";
  if (type === "opaqueredirect") trouble = "signed_out";
  else if (status === 403 && body) token = "";
  else if (status === 403 || status === 404) trouble = "no_right";
  else return { ok, status, content };
  return null;
}

async function keepList() {
  if (!list) return;
  if (isOver()) await store.dropList(EVENT);
  else await store.keepList(list);
}

async function refresh() {
  const answer = await ask(`${here.list}?known=${list?.account === account ? list.version : ""}`, null, 15000);
  if (!answer?.ok) return;
  const { token: fresh, ...told_ } = answer.content;
  token = fresh;
  skew = new Date(told_.now) - Date.now();
  const before = list?.account === told_.account ? list : undefined;
  account = told_.account;
  list = { event: EVENT, ...before, ...told_, skew };
  await keepList();
}

async function send() {
  for (;;) {
    const batch = mine("waiting").slice(0, failures ? 1 : A_BATCH);
    if (!batch.length || !token) return;
    for (const one of batch) {
      if (!one.tried) await store.put(Object.assign(one, { tried: true }));
    }
    const body = { account, taps: batch.map((one) => Object.fromEntries(SENT.map((name) => [name, one[name]]))) };
    const answer = await ask(here.taps, body, 20000);
    // Where somebody else signed in meanwhile, the list says who.
    if (!answer || answer.status === 409) return;
    if (!answer.ok) {
      failures += 1;
      // One that the server stumbles over does not hold up the others for ever.
      if (batch.length === 1 && (answer.status < 500 || failures > 3)) {
        await hold(batch[0], { code: "server", message: answer.content.message || words.server });
        failures = 0;
      }
      if (answer.status >= 500) return;
      continue;
    }
    failures = 0;
    for (const result of answer.content.results) {
      await settle(batch.find((one) => one.key === result.key), result);
    }
    await keepList();
    show();
  }
}

async function hold(one, { code, message, name }) {
  Object.assign(one, { state: "stuck", code, message, shown: one.shown || name });
  await store.put(one);
}

async function settle(one, result) {
  if (!one) return;
  if (!result.ok) {
    await hold(one, result);
    return;
  }
  const row = (list?.rows ?? []).find((each) => each.id === result.registration);
  if (row) Object.assign(row, { kind: result.kind, at: result.at });
  if (result.walkIn && list) {
    const gone = [result.walkIn.line, one.line];
    const same = (each) => gone.includes(each.line) || (each.resident && each.resident === result.walkIn.resident);
    list.walkIns = list.walkIns.filter((each) => !same(each) && each.tapKey !== one.lineKey);
    if (result.kind !== "void") list.walkIns.unshift({ ...result.walkIn, tapKey: one.key });
  }
  if (list) list.heads += { in: 1, void: -1 }[result.kind] * (one.heads ?? 1) || 0;
  taps = taps.filter((kept) => kept.seq !== one.seq);
  await store.remove(one);
}

let running = false;
let again = false;

async function round() {
  // Asked before anything is sent: what was never sent can be taken back without a trace.
  if (!token || network !== "there") await refresh();
  if (token && network === "there") {
    if (mine("waiting").length) await send();
    await refresh();
  }
  if (network === "there" && !trouble && !pageKept && !isOver()) {
    pageKept = true;
    Promise.all([keepPage(), navigator.serviceWorker.ready])
      .then(() => { find("ready").hidden = !store.durable; })
      .catch(() => { pageKept = false; });
  }
  if (isOver()) {
    await store.dropList(EVENT);
    await dropPage();
  }
}

/* One at a time, on one page at a time: two would send the same, and the server tell it twice. */
async function tick() {
  if (running) {
    again = true;
    return;
  }
  running = true;
  clearTimeout(tick.timer);
  try {
    do {
      again = false;
      if (navigator.locks) await navigator.locks.request(`linli-door-${EVENT}`, round);
      else await round();
    } while (again && network === "there");
  } finally {
    running = false;
    show();
    tick.timer = setTimeout(tick, OFTEN);
  }
}

// --- the page ------------------------------------------------------------------------------------

let typing = 0;

function search(text) {
  wanted = text.trim();
  found = null;
  show();
  clearTimeout(search.timer);
  if (!wanted || !here.search) return;
  const mark = (typing += 1);
  search.timer = setTimeout(async () => {
    const answer = token ? await ask(here.search, { q: wanted }, 4000) : null;
    if (mark !== typing || !answer?.ok) return;
    found = answer.content;
    show();
  }, 250);
}

const box = document.querySelector(".dr-search");
box.addEventListener("submit", (event) => event.preventDefault());
box.q.addEventListener("input", () => search(box.q.value));
for (const button of document.querySelectorAll("[data-only]")) {
  button.addEventListener("click", () => { only = button.dataset.only; show(); });
}

const stranger = document.querySelector(".dr-walkin");
stranger.addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = stranger.elements.name.value.trim();
  if (!name) return;
  const companions = Number(stranger.elements.companions.value) || 0;
  const shown = masked(name);
  stranger.reset();
  const kept = await tap({ name, companions, kind: "in", shown, heads: companions + 1 });
  told(`${shown} ${words.here}`, () => takeBack(whom(kept), { name, shown, heads: companions + 1 }));
});

if (canScan()) {
  const camera = find("camera");
  const begin = find("scan");
  let end = null;
  begin.hidden = false;
  begin.addEventListener("click", async () => {
    try {
      end ??= await scan(camera, onTicket);
    } catch {
      told(words.no_camera);
    }
  });
  find("scan-end").addEventListener("click", () => { end?.(); end = null; });
} else {
  find("no-camera").hidden = false;
}

document.querySelector(".dr-plain").hidden = true;
find("filter").hidden = false;
find("rows").replaceChildren();
for (const name of ["walk-ins", "people", "settle"]) find(name).querySelector("ul").replaceChildren();
search(box.q.value);
window.addEventListener("online", tick);
window.addEventListener("offline", () => { network = "away"; showNetwork(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
if ("serviceWorker" in navigator) navigator.serviceWorker.register(here.worker).catch(() => {});
tick();
