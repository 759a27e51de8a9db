/* What the mini-program's page needs of WeChat, on fetch; then the page is used as people do. */

const { readFileSync } = require("node:fs");

const { SERVER, CODES, STALE } = process.env;
const codes = CODES.split(",");
const kept = new Map(STALE ? [["linli-session", "stale"]] : []);
const told = { signIns: 0, requests: 0, toasts: [], refusals: [] };
const here = (url) => url.replace("https://linli.example", SERVER);

async function sent(url, { success, fail, ...options }, text) {
  told.requests += 1;
  try {
    const headers = { ...options.headers };
    if (headers["X-Session-Token"] === "stale") headers["X-Mock-Error"] = "session_invalid";
    const response = await fetch(here(url), { ...options, headers });
    const body = await response.text();
    const data = text ? body : JSON.parse(body);
    success({ statusCode: response.status, header: Object.fromEntries(response.headers), data });
  } catch (error) {
    fail({ errMsg: String(error) });
  }
}

globalThis.wx = {
  login({ success }) {
    told.signIns += 1;
    success({ code: codes.shift() });
  },
  getStorageSync: (name) => kept.get(name) ?? "",
  setStorageSync: (name, value) => void kept.set(name, value),
  removeStorageSync: (name) => void kept.delete(name),
  showToast: ({ title }) => void told.toasts.push(title),
  request({ url, method, header, data, success, fail }) {
    const headers = { "Content-Type": "application/json", ...header };
    void sent(url, { method, headers, body: JSON.stringify(data), success, fail }, false);
  },
  // The file may come before the fields: WeChat does not say in which order it sends them.
  uploadFile({ url, filePath, name, header, formData, success, fail }) {
    const body = new FormData();
    body.set(name, new Blob([readFileSync(filePath)]), "签到表.csv");
    for (const [field, value] of Object.entries(formData)) body.set(field, value);
    void sent(url, { method: "POST", headers: header, body, success, fail }, true);
  },
};

let page = null;
globalThis.Page = (given) => {
  page = given;
  page.setData = (values) => {
    Object.assign(page.data, values);
    told.shown = "slot" in values;
  };
};

const { ask, upload, Refused } = require("./api.js");
require("./slot.js");

const UPLOAD = `mutation Upload($event: String!, $file: Upload!) {
  uploadSheet(input: { register: "attendance", event: $event, file: $file }) {
    errors { code } report { batch { status } }
  }
}`;

async function until(holds) {
  for (let tries = 0; tries < 200 && !holds(); tries += 1) {
    await new Promise((done) => setTimeout(done, 50));
  }
}

async function main() {
  // Two at once: one sign-in for both.
  await Promise.all([ask("query A { me { username } }"), ask("query B { me { username } }")]);
  page.onLoad({ code: "slot-free" });
  page.onShow();
  await until(() => told.shown);
  page.onHide();
  // Tapped twice; who sees no slot has nothing to tap.
  for (let taps = 0; page.data.slot !== null && taps < 2; taps += 1) await page.book();
  const { uploadSheet } = await upload(UPLOAD, { event: "pf-open" }, "sheet.csv");
  try {
    await ask("query Wrong { nothing }");
  } catch (error) {
    if (error instanceof Refused) told.refusals.push(error.code);
  }
  console.log(JSON.stringify({ ...told, slot: page.data.slot, full: page.data.full, uploadSheet }));
  process.exit(0);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
