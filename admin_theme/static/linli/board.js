// 看板: dragging a card is the same step as its button; without this script the buttons are all there.
"use strict";

(() => {
  const board = document.querySelector(".bd");
  if (!board) return;
  const said = document.querySelector(".bd-live");
  let dragged = null;

  // The step of a card that leads to a column: its form, or the page that asks.
  const stepTo = (card, state) => card.querySelector(`[data-to="${CSS.escape(state)}"]`);

  const take = (step) => {
    if (step.tagName === "FORM") step.requestSubmit();
    else window.location.assign(step.href);
  };

  const over = () => {
    dragged = null;
    board.querySelectorAll(".bd-col").forEach((column) => {
      column.classList.remove("bd-col--takes", "bd-col--over", "bd-col--not");
    });
  };

  board.addEventListener("dragstart", (event) => {
    const card = event.target.closest && event.target.closest(".bd-card");
    if (!card || !card.draggable) return;
    dragged = card;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.id);
    board.querySelectorAll(".bd-col").forEach((column) => {
      if (column.contains(card)) return;
      column.classList.add(stepTo(card, column.dataset.state) ? "bd-col--takes" : "bd-col--not");
    });
  });

  board.addEventListener("dragover", (event) => {
    const column = event.target.closest(".bd-col--takes");
    if (!dragged || !column) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    board.querySelectorAll(".bd-col--over").forEach((one) => one.classList.toggle("bd-col--over", one === column));
    column.classList.add("bd-col--over");
  });

  board.addEventListener("drop", (event) => {
    const column = event.target.closest(".bd-col--takes");
    if (!dragged || !column) return;
    event.preventDefault();
    const step = stepTo(dragged, column.dataset.state);
    over();
    if (step) take(step);
  });

  board.addEventListener("dragend", over);

  // One step at a time: a second click on a button that is at work does nothing.
  board.addEventListener("submit", (event) => {
    if (board.dataset.busy) event.preventDefault();
    board.dataset.busy = "1";
  });
  window.addEventListener("pageshow", () => delete board.dataset.busy);

  // Back on the board: the card that was moved is where one goes on.
  const moved = /^#card-\d+$/.test(window.location.hash) && document.querySelector(window.location.hash);
  if (moved) {
    moved.classList.add("bd-card--moved");
    moved.scrollIntoView({ block: "center", inline: "center" });
    moved.focus({ preventScroll: true });
    if (said) said.textContent = moved.closest(".bd-col").querySelector(".bd-col__h").innerText;
  }

  // A menu closes by Escape, and gives the focus back.
  board.addEventListener("keydown", (event) => {
    const menu = event.target.closest(".bd-more[open]");
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
})();
