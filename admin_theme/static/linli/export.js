/* The export page: who made it is printed on a ledger alone. */
"use strict";
(() => {
  const ledger = document.querySelector("[data-ledger]");
  if (!ledger) return;
  const forms = document.querySelectorAll('input[name="form"]');
  const show = () => {
    ledger.hidden = document.querySelector('input[name="form"]:checked')?.value !== "ledger";
  };
  for (const one of forms) one.addEventListener("change", show);
  show();
})();
