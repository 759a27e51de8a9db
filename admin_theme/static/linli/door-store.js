/* What a tablet at the door keeps: the masked list of an event, and what was tapped until it is sent.
   In the browser's database; where there is none, for as long as the page is open. */
const NAME = "linli-door";

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function inDatabase(database) {
  const on = (store, mode) => database.transaction(store, mode).objectStore(store);
  return {
    durable: true,
    list: (event) => done(on("lists", "readonly").get(event)),
    keepList: (list) => done(on("lists", "readwrite").put(list)),
    dropList: (event) => done(on("lists", "readwrite").delete(event)),
    taps: (event) => done(on("taps", "readonly").index("event").getAll(event)),
    add: async (tap) => ({ ...tap, seq: await done(on("taps", "readwrite").add(tap)) }),
    put: (tap) => done(on("taps", "readwrite").put(tap)),
    remove: (tap) => done(on("taps", "readwrite").delete(tap.seq)),
  };
}

function inMemory() {
  const taps = new Map();
  let last = 0;
  return {
    durable: false,
    list: async () => undefined,
    keepList: async () => {},
    dropList: async () => {},
    taps: async () => [...taps.values()],
    add: async (tap) => {
      const kept = { ...tap, seq: (last += 1) };
      taps.set(kept.seq, kept);
      return kept;
    },
    put: async (tap) => { taps.set(tap.seq, tap); },
    remove: async (tap) => { taps.delete(tap.seq); },
  };
}

export async function openStore() {
  try {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("lists", { keyPath: "event" });
      const taps = asked.result.createObjectStore("taps", { keyPath: "seq", autoIncrement: true });
      taps.createIndex("event", "event");
    };
    const database = await done(asked);
    // Whoever signs out empties it: an open page must not hold that up.
    database.onversionchange = () => database.close();
    // Other pages look for leftovers only where there may be some: door-tidy.js.
    localStorage.setItem(NAME, "1");
    navigator.storage?.persist?.();
    return inDatabase(database);
  } catch {
    return inMemory();
  }
}

/* The page itself and its files, for the time without a network. Nobody stands on it: `?shell`. */
export async function keepPage() {
  const kept = await caches.open(NAME);
  const keep = async (from, as) => {
    const answer = await fetch(from, { credentials: "same-origin", cache: "no-cache" });
    if (!answer.ok || answer.redirected) throw new Error(from);
    // Whole before it is put: an answer that breaks off would take what was kept with it.
    const { status, headers } = answer;
    await kept.put(as, new Response(await answer.arrayBuffer(), { status, headers }));
  };
  const files = [...document.querySelectorAll("link[href], script[src]")].map((one) => one.href || one.src);
  await Promise.all(files.map((file) => keep(file, file)));
  // Last: a page that opens without its script would stay empty, also when the network is back.
  await keep(`${location.pathname}?shell=1`, location.pathname);
}

export async function dropPage() {
  await (await caches.open(NAME)).delete(location.pathname);
}
