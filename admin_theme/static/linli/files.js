// Attachments: says which files are chosen and that they are on their way. Without it all works too.
for (const form of document.querySelectorAll(".ll-files__add")) {
  const title = form.querySelector(".ll-drop__title");
  for (const input of form.querySelectorAll('input[type="file"]')) {
    input.addEventListener("change", () => {
      const names = Array.from(input.files, (file) => file.name);
      if (!names.length) return;
      title.textContent = form.dataset.chosen + names.join("、");
      // A photo just taken needs no second thought: it goes at once.
      if (input.hasAttribute("capture")) form.requestSubmit();
    });
  }
  form.addEventListener("submit", () => {
    title.textContent = form.dataset.busy;
    form.querySelector('button[type="submit"]').setAttribute("aria-disabled", "true");
  });
  const drop = form.querySelector(".ll-drop");
  for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, () => drop.classList.add("ll-drop--over"));
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("ll-drop--over"));
}
