/* The export page: columns move up and down by buttons, so by keyboard too. Without it, the columns can
   still be chosen, in their usual order. */
"use strict";
(() => {
  const list = document.querySelector(".ll-order");
  if (!list) return;
  const told = document.querySelector("[data-told]");
  // As the page comes, the columns are those that were chosen last.
  const usual = list.dataset.usualColumns.split(",");

  function button(item, step, sign, label) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "ll-button ll-button--small";
    made.textContent = sign;
    const heading = item.querySelector("label").firstChild.nextSibling.textContent.trim();
    made.setAttribute("aria-label", `${label}：${heading}`);
    made.title = label;
    made.addEventListener("click", () => {
      const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
      if (!other) return;
      if (step < 0) other.before(item);
      else other.after(item);
      // The element was moved: it keeps the focus, and says where it stands now.
      made.focus();
      told.textContent = `${heading}：${Array.from(list.children).indexOf(item) + 1} / ${list.children.length}`;
    });
    return made;
  }

  for (const item of list.children) {
    const box = document.createElement("span");
    box.className = "ll-row-buttons";
    box.append(button(item, -1, "↑", list.dataset.up), button(item, 1, "↓", list.dataset.down));
    item.append(box);
  }
  const all = document.querySelector("[data-all]");
  const again = document.querySelector("[data-usual]");
  all.hidden = again.hidden = false;
  all.addEventListener("click", () => {
    for (const box of list.querySelectorAll("input")) box.checked = true;
  });
  again.addEventListener("click", () => {
    const place = (item) => usual.indexOf(item.querySelector("input").value);
    for (const item of Array.from(list.children)) item.querySelector("input").checked = place(item) >= 0;
    const chosen = Array.from(list.children).filter((item) => place(item) >= 0);
    list.prepend(...chosen.sort((one, other) => place(one) - place(other)));
  });

  // Who made it is printed on a ledger alone.
  const ledger = document.querySelector("[data-ledger]");
  const forms = document.querySelectorAll('input[name="form"]');
  const show = () => {
    ledger.hidden = document.querySelector('input[name="form"]:checked')?.value !== "ledger";
  };
  for (const one of forms) one.addEventListener("change", show);
  show();
})();
