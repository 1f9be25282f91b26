// In a SCORM 1.2 package only: tells the learning platform how much of the lesson was watched and where one stopped, and
// begins where it says. It runs before lesson.js. Names and types are those of the SCORM Run-Time Environment 1.2, chapter
// 3. Whatever the platform does, the page works on.
(function () {
"use strict";

const told = JSON.parse(document.getElementById("scorm").textContent);
const length = JSON.parse(document.getElementById("lesson").textContent).duration / 1000;
const video = document.getElementById("ui-video");
const HIGHEST = 500; // windows above this one
const EVERY = 30; // seconds between reports while it plays
const APART = 5; // seconds between two that are not asked for by the clock
const MOST = 20000; // parts of the lesson, so that all fit into the 4096 letters of cmi.suspend_data

// ── the platform ──

function above(from) {
  for (let here = from, height = 0; here && height < HIGHEST; here = here.parent, height++) {
    try { if (here.API && here.API.LMSInitialize) return here.API; } catch (error) { /* a window of another origin */ }
    if (here.parent === here) break;
  }
  return null;
}
function opener(of) {
  try { return of.opener; } catch (error) { return null; }
}
const api = above(window) || above(opener(window)) || above(opener(window.top));
const warned = new Set();
const session = { open: false, begun: 0, last: 0, done: false, counts: true, newer: false };

/** What a function of the platform says, as text; null where there is none any more. */
function ask(name, ...values) {
  try { return String(api[name](...values)); } catch (error) { return null; }
}
/** Whether a function did as it should; the console says why not, once for each. */
function did(name, ...values) {
  if (ask(name, ...values) === "true") return true;
  const what = values[0] ? `${name} ${values[0]}` : name;
  if (!warned.has(what)) {
    warned.add(what);
    const code = ask("LMSGetLastError");
    console.warn(`SCORM: ${what}: ${code === null ? "no answer" : `${code} ${ask("LMSGetErrorString", code)}`}`);
  }
  return false;
}
const get = (name) => ask("LMSGetValue", name) || "";
const set = (name, value) => did("LMSSetValue", name, value);
function lost(is) {
  const line = document.getElementById("ui-lms");
  const text = is ? told.lost : "";
  if (line.textContent !== text) line.textContent = text;
}

// ── what was watched: one bit for each second, for more in lessons of many hours ──

const unit = Math.max(1, Math.ceil(length / MOST));
const seen = new Uint8Array(Math.max(1, Math.round(length / unit)));

function look() {
  for (let at = 0; at < video.played.length; at++) {
    const first = Math.max(0, Math.ceil(video.played.start(at) / unit - 0.5));
    const last = Math.min(seen.length - 1, Math.floor(video.played.end(at) / unit - 0.5));
    for (let part = first; part <= last; part++) seen[part] = 1;
  }
}
const share = () => seen.reduce((all, part) => all + part, 0) / seen.length;

/** `1,61200,gAA…`: the version of this text, the length of the lesson in milliseconds, and the bits in Base64url (RFC 4648). */
function written() {
  let bytes = "";
  for (let at = 0; at < seen.length; at += 8) {
    let byte = 0;
    for (let bit = 0; bit < 8; bit++) byte |= (seen[at + bit] || 0) << (7 - bit);
    bytes += String.fromCharCode(byte);
  }
  return ["1", Math.round(length * 1000), btoa(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")].join(",");
}
/** Takes up what was watched before; not in a lesson of another length, where its seconds mean something else. */
function read(text) {
  const [version, milliseconds, bits] = text.split(",");
  session.newer = Number(version) > 1; // a newer page's: it stays as it is
  if (version !== "1" || Number(milliseconds) !== Math.round(length * 1000) || !bits) return;
  try {
    const bytes = atob(bits.replace(/-/g, "+").replace(/_/g, "/"));
    for (let at = 0; at < seen.length; at++) seen[at] |= (bytes.charCodeAt(at >> 3) >> (7 - at % 8)) & 1;
  } catch (error) { /* it says nothing that can be read */ }
}

// ── the session ──

function begin() {
  session.open = did("LMSInitialize", "");
  lost(!session.open);
  if (!session.open) return;
  session.begun = session.last = performance.now();
  const status = get("cmi.core.lesson_status");
  session.done = status === "completed" || status === "passed";
  session.counts = !["browse", "review"].includes(get("cmi.core.lesson_mode"));
  read(get("cmi.suspend_data"));
  set("cmi.core.exit", "suspend");
  if (session.counts && !session.done && status !== "incomplete") set("cmi.core.lesson_status", "incomplete");
  report();
}

/** `HHHH:MM:SS.SS` */
function span(milliseconds) {
  const two = (value, digits) => String(Math.floor(value)).padStart(digits, "0");
  const hundredths = Math.round(milliseconds / 10), seconds = Math.floor(hundredths / 100);
  return `${two(seconds / 3600, 4)}:${two(seconds / 60 % 60, 2)}:${two(seconds % 60, 2)}.${two(hundredths % 100, 2)}`;
}

/** Tells the platform how things stand, and asks it to keep that. */
function report() {
  if (!session.open) return;
  session.last = performance.now();
  look();
  if (video.played.length) {
    set("cmi.core.lesson_location", String(Math.round(video.currentTime * 10) / 10));
    if (!session.newer) set("cmi.suspend_data", written());
  }
  if (session.counts && !session.done && share() >= told.completed) session.done = set("cmi.core.lesson_status", "completed");
  set("cmi.core.session_time", span(session.last - session.begun));
  lost(!did("LMSCommit", ""));
}
const since = () => (performance.now() - session.last) / 1000;

let looked = 0;
function playing() {
  if (!session.open || performance.now() - looked < 1000) return;
  looked = performance.now();
  look();
  if (since() >= EVERY || (session.counts && !session.done && since() >= APART && share() >= told.completed)) report();
}

function end() {
  if (!session.open) return;
  report();
  session.open = false;
  did("LMSFinish", "");
}

if (!api) return;
begin();
if (session.open) {
  const at = parseFloat(get("cmi.core.lesson_location"));
  window.deckcastPlace = at > 0 ? { t: at, done: session.done } : {}; // not what this browser remembers, maybe of somebody else
}
video.addEventListener("timeupdate", playing);
video.addEventListener("pause", () => { if (since() >= APART) report(); });
video.addEventListener("ended", report);
document.addEventListener("visibilitychange", () => { if (document.hidden) report(); });
addEventListener("pagehide", end);
addEventListener("pageshow", (event) => { if (event.persisted) begin(); });
})();
