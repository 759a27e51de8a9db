// 全选: ticks every box of one name that may be ticked; pressed again, none.
document.querySelectorAll("[data-tick]").forEach((button) => {
  const boxes = [...document.querySelectorAll(`input[name="${button.dataset.tick}"]:not(:disabled)`)];
  button.hidden = boxes.length < 2;
  button.addEventListener("click", () => {
    const tick = boxes.some((box) => !box.checked);
    boxes.forEach((box) => { box.checked = tick; });
  });
});
