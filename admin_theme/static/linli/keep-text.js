// What is being typed stays when another button of the page is pressed, or what was sent is refused.
// Every text with an id is kept for this tab until the page shows it saved. A form that is sent as a
// whole (data-whole) has its texts back where it was refused, and nowhere else: its rows may move.
(() => {
  const texts = [...document.querySelectorAll("textarea[id], input[data-keep]")];
  const key = (text) => `text ${location.pathname} ${text.id}`;
  const refused = document.querySelector(".ev-note--error");
  texts.forEach((text) => {
    const kept = JSON.parse(sessionStorage.getItem(key(text)) || "null");
    sessionStorage.removeItem(key(text));
    // Only over what it was typed into: what somebody else has saved since is not covered up.
    if (text.closest("[data-whole]") && !refused) return;
    if (kept && kept.over === text.defaultValue && kept.typed !== text.value) {
      text.value = kept.typed;
      for (let above = text.parentElement; above; above = above.parentElement) {
        if (above.tagName === "DETAILS") above.open = true;
      }
    }
  });
  addEventListener("submit", () => {
    texts.filter((text) => text.value !== text.defaultValue).forEach((text) => {
      const kept = { over: text.defaultValue, typed: text.value };
      sessionStorage.setItem(key(text), JSON.stringify(kept));
    });
  });
})();
