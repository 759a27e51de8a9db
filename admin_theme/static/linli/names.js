/* Names for what libraries draw without one: who listens to a page hears which field a choice belongs
   to, and that a region scrolls. */
"use strict";
(() => {
  function name() {
    for (const shown of document.querySelectorAll(".select2-selection__rendered[id]")) {
      const field = shown.id.replace(/^select2-/, "").replace(/-container$/, "");
      const label = document.querySelector(`label[for="${CSS.escape(field)}"]`);
      // In a table's row the field bears its name itself.
      const named = label || document.querySelector(`#${CSS.escape(field)}[aria-label]`);
      if (!named) continue;
      named.id ||= `label-of-${field}`;
      for (const one of [shown, shown.closest("[role=combobox]")]) {
        one?.setAttribute("aria-labelledby", `${named.id} ${shown.id}`);
      }
    }
    // The library knows English alone.
    if (!document.documentElement.lang.startsWith("zh")) return;
    for (const region of document.querySelectorAll('[aria-label="scrollable content"]')) {
      region.setAttribute("aria-label", "可滚动的内容");
    }
  }

  // Some of it is drawn late, and a row that is added draws more.
  let asked = false;
  function soon() {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; name(); });
  }
  window.addEventListener("load", () => {
    new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
    name();
  });
})();
