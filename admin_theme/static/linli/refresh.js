/* Keeps what stands in a box with data-refresh fresh: the address answers the box's content, and the
   header X-Open-Jobs says how much of it is still under way. Without scripts the page reloads itself. */
"use strict";
(() => {
  const box = document.querySelector("[data-refresh]");
  if (!box) return;
  const soon = 2000;
  const later = 10000;
  let shown = "";

  async function refresh() {
    let wait = later;
    try {
      // Nobody looks at a hidden page, and a button that has the focus is not taken away.
      if (!document.hidden && !box.contains(document.activeElement)) {
        const answer = await fetch(box.dataset.refresh, { credentials: "same-origin" });
        if (answer.ok && !answer.redirected) {
          const text = await answer.text();
          // What says the same is left alone: it would be read aloud again.
          if (text !== shown) box.innerHTML = shown = text;
          if (answer.headers.get("X-Open-Jobs") !== "0") wait = soon;
          else if ("reload" in box.dataset) {
            location.reload();
            return;
          }
        }
      } else wait = soon;
    } catch {
      // The network is away: the next time will do.
    }
    setTimeout(refresh, wait);
  }

  setTimeout(refresh, soon);
})();
