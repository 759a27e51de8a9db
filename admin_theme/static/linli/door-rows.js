/* Draws the lists of the page at the door. A row that stays keeps its element, so that nobody loses what
   they are typing when others sign people in. */
const template = document.querySelector("template[data-row]");

export const words = Object.fromEntries(
  [...document.querySelectorAll("[data-word]")].map((one) => [one.dataset.word, one.textContent]),
);

export function say(word, value) {
  return words[word].replace("{}", value);
}

export function clock(at) {
  const moment = new Date(at);
  return Number.isNaN(moment.valueOf())
    ? ""
    : moment.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
}

function made(act) {
  const item = template.content.firstElementChild.cloneNode(true);
  const heads = item.querySelector("output");
  const pressed = (what) => {
    const reason = item.querySelector("[data-reason]");
    act(item.shows, what, { heads: Number(heads.dataset.heads), reason: reason.value.trim() });
    reason.value = "";
  };
  item.addEventListener("submit", (event) => {
    event.preventDefault();
    pressed(event.submitter?.dataset.do ?? item.querySelector("button[data-do]:not([hidden])").dataset.do);
  });
  item.addEventListener("click", (event) => {
    const button = event.target.closest("button[type=button]");
    if (!button) return;
    if (button.dataset.do) pressed(button.dataset.do);
    else count(item, Number(heads.dataset.heads) + Number(button.dataset.step));
  });
  return item;
}

function count(item, heads) {
  const shown = item.querySelector("output");
  shown.dataset.heads = Math.min(Math.max(heads, 1), 20);
  shown.textContent = say("people", shown.dataset.heads);
}

function set(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function fill(item, row) {
  const first = item.shows === undefined;
  item.shows = row;
  set(item.querySelector("[data-name]"), row.name);
  set(item.querySelector("[data-tail]"), row.tail ? say("tail", row.tail) : "");
  set(item.querySelector("[data-said]"), row.said);
  item.classList.toggle("dr-row--here", row.here);
  item.classList.toggle("dr-row--unsent", row.unsent);
  for (const button of item.querySelectorAll("[data-do]")) {
    button.hidden = !row.buttons.includes(button.dataset.do);
    // Whoever hears the page hears whom a button is about.
    button.setAttribute("aria-label", `${button.textContent} ${row.name} ${row.tail}`.trim());
  }
  const reason = item.querySelector("[data-reason]");
  reason.hidden = reason.disabled = !row.buttons.includes("force");
  item.querySelector("[data-more]").hidden = !row.buttons.includes("in");
  if (first) count(item, row.heads);
}

/* Shows `rows`, each with a key of its own, in the list; `act` hears of buttons. */
export function draw(list, rows, act) {
  const old = new Map([...list.children].map((item) => [item.dataset.key, item]));
  let before = null;
  for (const row of rows) {
    const item = old.get(row.key) ?? made(act);
    old.delete(row.key);
    item.dataset.key = row.key;
    fill(item, row);
    const place = before === null ? list.firstElementChild : before.nextElementSibling;
    if (place !== item) list.insertBefore(item, place);
    before = item;
  }
  for (const item of old.values()) item.remove();
}
