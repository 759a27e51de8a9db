// The drop zone of an upload page. Without it the zone is a file input as large as the zone.
for (const zone of document.querySelectorAll("[data-drop]")) {
    const input = zone.querySelector("input[type=file]");
    const title = zone.querySelector(".ll-drop__title");
    const at_first = title.textContent;

    // What is chosen is said at once, so that nobody uploads the wrong file.
    const tell = () => {
        const file = input.files[0];
        let fault = "";
        if (file && file.size > Number(zone.dataset.max) * 1024 * 1024) fault = zone.dataset.tooLarge;
        input.setCustomValidity(fault);
        title.textContent = fault || (file ? zone.dataset.chosen + file.name : at_first);
        zone.classList.toggle("ll-drop--fault", Boolean(fault));
    };
    input.addEventListener("change", tell);

    // Beside the zone a dropped file would take the place of the page.
    for (const name of ["dragover", "drop"]) {
        document.addEventListener(name, (event) => {
            if (event.target !== input) event.preventDefault();
        });
    }
    let inside = 0;
    zone.addEventListener("dragenter", () => { inside += 1; zone.classList.add("ll-drop--over"); });
    zone.addEventListener("dragleave", () => {
        inside = Math.max(inside - 1, 0);
        if (!inside) zone.classList.remove("ll-drop--over");
    });
    zone.addEventListener("drop", (event) => {
        inside = 0;
        zone.classList.remove("ll-drop--over");
        if (event.target !== input && event.dataTransfer.files.length) {
            input.files = event.dataTransfer.files;
            input.dispatchEvent(new Event("change", { bubbles: true }));
        }
    });
}
