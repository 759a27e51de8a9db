/* Answers for one event's page at the door while the network is away: the page without anybody on it,
   and its files. Lists and taps are the page's own business (door-store.js). */
"use strict";
const KEPT = "linli-door";
// A hall's network that is there and carries nothing.
const PATIENCE = 4000;
const FILES = ["style", "script", "image", "font"];
const PAGE = new URL("./", self.location).pathname;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  const isPage = request.mode === "navigate" && pathname === PAGE;
  if (isPage || FILES.includes(request.destination)) {
    event.respondWith(freshOrKept(request, pathname, isPage));
  }
});

async function freshOrKept(request, pathname, isPage) {
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error("late")));
  const fresh = fetch(request);
  fresh.catch(() => {});
  try {
    const answer = await Promise.race([fresh, late]);
    // The proxy answers, and what stands behind it does not.
    if (!isPage || answer.status < 500) return answer;
  } catch {
    // The network is away, or as good as.
  }
  const found = await (await caches.open(KEPT)).match(pathname, { ignoreVary: true, ignoreSearch: true });
  return found ?? fresh;
}
