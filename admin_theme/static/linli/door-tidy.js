/* What the page at the door left on this device: lists of days that are over go, all of it goes when
   somebody signs out, and of what waits to be sent they are told first. See door-store.js. */
"use strict";
(() => {
  const NAME = "linli-door";
  if (!("indexedDB" in window) || localStorage.getItem(NAME) === null) return;
  const chinese = document.documentElement.lang.startsWith("zh");

  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error);
  });

  async function opened() {
    const asked = indexedDB.open(NAME);
    // The database is not there: none is made by looking.
    asked.onupgradeneeded = () => asked.transaction.abort();
    return done(asked);
  }

  async function dropLists(isOld) {
    const database = await opened();
    const lists = database.transaction("lists", "readwrite").objectStore("lists");
    for (const list of await done(lists.getAll())) {
      if (isOld(list)) await done(lists.delete(list.event));
    }
    database.close();
  }

  async function dropPages() {
    await caches.delete(NAME);
    for (const one of await navigator.serviceWorker.getRegistrations()) {
      if (one.scope.endsWith("/door/")) await one.unregister();
    }
  }

  async function waiting() {
    const database = await opened();
    const taps = await done(database.transaction("taps").objectStore("taps").getAll());
    database.close();
    return taps.filter((tap) => tap.state === "waiting").length;
  }

  function asked(many) {
    return confirm(chinese
      ? `这台设备上还有 ${many} 条现场签到没有上传，退出后就没有了。先打开“现场签到”上传，请点“取消”；不要了，请点“确定”。`
      : `${many} check-ins on this device have not been sent, and are lost when you sign out. Cancel, and open the check-in page to send them; or OK to lose them.`);
  }

  async function leave(form) {
    try {
      const many = await waiting();
      if (many && !asked(many)) return;
      await dropPages();
      localStorage.removeItem(NAME);
      await done(indexedDB.deleteDatabase(NAME));
    } catch {
      // Nothing there, or another page holds it and is asked to let go.
    }
    form.submit();
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.action.endsWith("/logout/")) return;
    event.preventDefault();
    leave(event.target);
  });

  // Nobody is signed in: no list stays, and what waits goes out when its account comes back.
  if (location.pathname.endsWith("/login/")) {
    dropLists(() => true).then(dropPages).catch(() => {});
  } else {
    dropLists((list) => new Date(list.dropAt) < Date.now()).catch(() => {});
  }
})();
