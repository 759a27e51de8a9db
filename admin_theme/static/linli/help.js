// 本页说明 stays as one has left it, page by page; Escape and a click elsewhere close it.
for (const help of document.querySelectorAll("details[data-help]")) {
    const key = "linli-help-" + help.dataset.help;
    const keep = (value) => { try { value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch { /* private windows keep nothing */ } };
    let kept = null;
    try { kept = localStorage.getItem(key); } catch { /* as above */ }
    // On a narrow screen it would cover what one came for.
    if (kept && window.innerWidth > 1024) help.open = true;
    help.addEventListener("toggle", () => keep(help.open ? "open" : ""));
    document.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || !help.open) return;
        help.open = false;
        help.querySelector("summary").focus();
    });
    document.addEventListener("click", (event) => { if (!help.contains(event.target)) help.open = false; });
}
