/* A list of columns to choose from (.ll-order): they move up and down by buttons, so by keyboard too.
   Without it, columns can still be chosen, in the order in which they stand. */
"use strict";
(() => {
  function arrange(list) {
    const place = list.parentElement;
    const told = place.querySelector("[data-told]");
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
    const all = place.querySelector("[data-all]");
    const again = place.querySelector("[data-usual]");
    if (all) {
      all.hidden = false;
      all.addEventListener("click", () => {
        for (const box of list.querySelectorAll("input")) box.checked = true;
      });
    }
    if (again) {
      again.hidden = false;
      again.addEventListener("click", () => {
        const at = (item) => usual.indexOf(item.querySelector("input").value);
        for (const item of Array.from(list.children)) item.querySelector("input").checked = at(item) >= 0;
        const chosen = Array.from(list.children).filter((item) => at(item) >= 0);
        list.prepend(...chosen.sort((one, other) => at(one) - at(other)));
      });
    }
  }

  for (const list of document.querySelectorAll(".ll-order")) arrange(list);

  // One of the bar's boxes at a time; Escape closes it and gives the focus back.
  const boxes = Array.from(document.querySelectorAll("details.lb-box"));
  for (const box of boxes) {
    box.addEventListener("toggle", () => {
      if (box.open) for (const other of boxes) if (other !== box) other.open = false;
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !box.open) return;
      box.open = false;
      box.querySelector("summary").focus();
    });
  }
})();
