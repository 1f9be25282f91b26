// The lesson's page. One classic script without imports, since a page from a disk may load no others.
(function () {
"use strict";

const $ = (id) => document.getElementById(id);
const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
const root = document.documentElement;
const lesson = JSON.parse($("lesson").textContent);
const say = (name, values) => lesson.words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
const still = matchMedia("(prefers-reduced-motion: reduce)");
const wide = matchMedia("(min-width: 64rem)");

// ── what is remembered ──

const PREFERENCES = "deckcast";
const PLACE = "deckcast:" + location.pathname.replace(/[^/]*$/, "");
const FORMAT = 1; // what says no `v` is of format 1; what a newer page keeps is neither read nor written over
const kept = {
  read(name) {
    try { return JSON.parse(localStorage.getItem(name)) || {}; } catch (error) { return {}; }
  },
  get(name) {
    const found = kept.read(name);
    return found.v > FORMAT ? {} : found;
  },
  put(name, values) {
    const found = kept.read(name);
    if (found.v > FORMAT) return;
    try { localStorage.setItem(name, JSON.stringify({ ...found, ...values })); } catch (error) { /* a browser that keeps nothing */ }
  },
};
const chosen = kept.get(PREFERENCES);
const choose = (name, value) => { chosen[name] = value; kept.put(PREFERENCES, { [name]: value }); };

// ── the player: all that the rest of the page knows of it ──

const video = $("ui-video");
const player = {
  get time() { return video.currentTime; },
  get paused() { return video.paused; },
  seek(seconds) {
    const end = video.duration || lesson.duration / 1000;
    const to = Math.min(Math.max(seconds, 0), Math.max(end - 0.05, 0));
    wanted = video.readyState ? null : to;
    video.currentTime = to;
    show(to * 1000);
  },
  toggle() { if (video.paused) video.play().catch(() => {}); else video.pause(); },
  speed(rate) { video.defaultPlaybackRate = video.playbackRate = rate; },
};
let wanted = null; // where to begin, until the browser knows the file
video.addEventListener("loadedmetadata", () => {
  if (wanted !== null && Math.abs(video.currentTime - wanted) > 0.3) video.currentTime = wanted;
  wanted = null;
});

// ── what is said when ──

const slides = lesson.slides;
const sections = all(".slide");
const thumbs = all("#ui-strip a");
const lines = all(".line");
const texts = lines.map((line) => line.querySelector(".s").firstChild);
const chapters = all(".chapters a");
const starts = lesson.sentences.map((sentence) => sentence[1]);
const slideStarts = slides.map((slide) => slide.t);
const chapterStarts = lesson.chapters.map((chapter) => chapter[0]);
const wordStarts = [], wordLines = [], wordBegins = [], wordEnds = [];
lesson.sentences.forEach((sentence, line) => {
  const told = sentence[3];
  for (let at = 0; at < told.length; at += 3) {
    wordStarts.push(told[at]); wordLines.push(line); wordBegins.push(told[at + 1]); wordEnds.push(told[at + 2]);
  }
});

/** The last of some rising numbers that is no greater, or -1. */
function last(numbers, value) {
  let low = 0, high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= value) low = middle + 1; else high = middle;
  }
  return low - 1;
}

const paints = typeof CSS !== "undefined" && CSS.highlights && typeof Highlight === "function";
const spoken = paints ? new Highlight() : null;
if (paints) CSS.highlights.set("spoken", spoken);
const now = { word: -1, line: -1, slide: -1, chapter: -1 };

/** Shows what belongs to a moment, in milliseconds. Touches the page only where something is new. */
function show(moment) {
  const line = last(starts, moment);
  const slide = Math.max(last(slideStarts, moment + 1), 0);
  const own = line >= 0 && lesson.sentences[line][0] === slide ? line : -1;
  let word = last(wordStarts, moment);
  if (word >= 0 && (wordLines[word] !== own || moment >= lesson.sentences[own][2])) word = -1;
  if (own !== now.line) {
    if (now.line >= 0) lines[now.line].removeAttribute("aria-current");
    if (own >= 0) lines[own].setAttribute("aria-current", "true");
    now.line = own;
    if (own >= 0) follow(lines[own]);
  }
  if (word !== now.word) {
    now.word = word;
    if (paints) {
      spoken.clear();
      if (word >= 0) spoken.add(range(texts[own], wordBegins[word], wordEnds[word]));
    }
  }
  if (slide !== now.slide) {
    if (now.slide >= 0) {
      thumbs[now.slide].removeAttribute("aria-current");
      delete sections[now.slide].dataset.now;
    }
    thumbs[slide].setAttribute("aria-current", "true");
    sections[slide].dataset.now = "";
    now.slide = slide;
    $("ui-at").textContent = `${slide + 1} / ${slides.length}`;
    $("ui-title").textContent = sections[slide].querySelector(".name").textContent;
    $("ui-previous").disabled = slide === 0 && moment < 2000;
    $("ui-next").disabled = slide === slides.length - 1;
    along(thumbs[slide]);
    if (own < 0) follow(sections[slide]);
  }
  const chapter = last(chapterStarts, moment + 1);
  if (chapter !== now.chapter) {
    if (now.chapter >= 0) chapters[now.chapter].removeAttribute("aria-current");
    if (chapter >= 0) chapters[chapter].setAttribute("aria-current", "true");
    now.chapter = chapter;
  }
}

function range(node, begin, end) {
  const made = document.createRange();
  made.setStart(node, Math.min(begin, node.length));
  made.setEnd(node, Math.min(end, node.length));
  return made;
}

// While nothing is new, nothing is asked: a timer wakes the page shortly before the next word, and from there on each
// picture that the browser shows does. `timeupdate`, four times a second, is for browsers that show none.
const EARLY = 80;
let armed = 0, timer = 0;
function arm() {
  const mine = ++armed;
  const tick = () => {
    if (mine !== armed) return;
    const moment = player.time * 1000;
    show(moment);
    if (player.paused) return;
    const wait = (next(moment) - moment) / video.playbackRate - EARLY;
    if (wait > EARLY) { clearTimeout(timer); timer = setTimeout(arm, wait); } else arm();
  };
  if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(tick); else requestAnimationFrame(tick);
}

/** When something changes next. */
function next(moment) {
  const after = (numbers) => numbers[last(numbers, moment) + 1] || Infinity;
  const end = now.line >= 0 && lesson.sentences[now.line][2] > moment ? lesson.sentences[now.line][2] : Infinity;
  return Math.min(after(wordStarts), after(starts), after(slideStarts), end);
}
for (const name of ["play", "seeked", "ratechange"]) video.addEventListener(name, () => { if (!player.paused) arm(); });
for (const name of ["timeupdate", "seeking", "seeked", "pause", "ended"]) {
  video.addEventListener(name, () => show(player.time * 1000));
}

// ── what is said stays in view, unless the viewer looks elsewhere ──

const box = $("ui-scroll");
const QUIET = 4000;
let looking = 0;
for (const name of ["wheel", "touchmove", "pointerdown", "keydown"]) {
  box.addEventListener(name, () => { looking = Date.now() + QUIET; }, { passive: true });
}
addEventListener("wheel", () => { if (!wide.matches) looking = Date.now() + QUIET; }, { passive: true });
addEventListener("touchmove", () => { if (!wide.matches) looking = Date.now() + QUIET; }, { passive: true });

const reading = () => root.dataset.mode === "reading";
const motion = () => (still.matches ? "auto" : "smooth");

function follow(element) {
  if (!$("ui-follow").checked || Date.now() < looking || reading()) return;
  reveal(element, 0.3, 0.55);
}

/** Scrolls so that an element stands `top` from the head of what shows, where it lies above that or below `low`. */
function reveal(element, top, low) {
  const place = element.getBoundingClientRect();
  if (wide.matches && !reading()) {
    const view = box.getBoundingClientRect();
    const at = place.top - view.top;
    if (at >= 0.08 * view.height && place.bottom - view.top <= low * view.height) return;
    box.scrollBy({ top: at - top * view.height, behavior: motion() });
    return;
  }
  const head = reading() ? 0 : document.querySelector(".stage").getBoundingClientRect().bottom;
  const view = Math.max(innerHeight - Math.max(head, 0), 100);
  if (!reading() && box.getBoundingClientRect().top > innerHeight * 0.7) return; // the transcript is not being read
  const at = place.top - Math.max(head, 0);
  if (at >= 8 && place.bottom - Math.max(head, 0) <= 0.8 * view) return;
  scrollBy({ top: at - top * view * 0.6, behavior: motion() });
}

/** Brings a small picture into the strip's view, without moving the page. */
function along(element) {
  const strip = $("ui-strip"), place = element.getBoundingClientRect(), view = strip.getBoundingClientRect();
  if (!view.width) return;
  strip.scrollBy({ left: place.left + place.width / 2 - view.left - view.width / 2, behavior: motion() });
}

$("ui-follow").checked = chosen.follow !== false;
$("ui-follow").addEventListener("change", (event) => {
  choose("follow", event.target.checked);
  looking = 0;
  if (event.target.checked && now.line >= 0) follow(lines[now.line]);
});

// ── addresses: #t=90, #t=1m30s, #t=1:30, #slide-7, #name ──

const names = new Map();
for (const slide of slides) {
  for (const name of Object.keys(slide.names)) if (!names.has(name)) names.set(name, slide.names[name]);
}

/** The second that an address means, or null. */
function target(hash) {
  let text = hash.replace(/^#/, "");
  try { text = decodeURIComponent(text); } catch (error) { /* a lone percent sign */ }
  let found = /^t=(\d+(?:\.\d+)?)(?:,.*)?$/.exec(text);
  if (found) return Number(found[1]);
  found = /^t=(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?$/.exec(text);
  if (found && text !== "t=") return Number(found[1] || 0) * 3600 + Number(found[2] || 0) * 60 + Number(found[3] || 0);
  found = /^t=(?:(\d+):)?(\d{1,2}):(\d{2}(?:\.\d+)?)$/.exec(text);
  if (found) return Number(found[1] || 0) * 3600 + Number(found[2]) * 60 + Number(found[3]);
  found = /^slide-(\d+)$/.exec(text);
  if (found) {
    const slide = slides.find((one) => one.n === Number(found[1]));
    return slide ? slide.t / 1000 : null;
  }
  return names.has(text) ? names.get(text) / 1000 : null;
}

function remember(hash) {
  try { history.replaceState(null, "", hash); } catch (error) { /* a page that may not change its address */ }
}

/** Goes where an address says, as the viewer asked. */
function go(hash) {
  const seconds = target(hash);
  if (seconds === null) return false;
  if (reading()) setReading(false);
  looking = 0;
  $("ui-resume").hidden = true;
  player.seek(seconds);
  remember(hash);
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (link.matches(".skip")) {
    event.preventDefault();
    $("transcript").focus();
    $("transcript").scrollIntoView();
  } else if (go(link.getAttribute("href"))) {
    event.preventDefault();
  }
});
addEventListener("hashchange", () => { if (location.hash === "#reading") setReading(true); else go(location.hash); });

// ── a word that is clicked is heard ──

box.addEventListener("click", (event) => {
  if (reading() || event.target.closest("a, button, summary, figure") || String(getSelection())) return;
  const text = event.target.closest(".s");
  if (!text) return;
  let node = null, offset = 0;
  if (document.caretPositionFromPoint) {
    const caret = document.caretPositionFromPoint(event.clientX, event.clientY);
    if (caret) { node = caret.offsetNode; offset = caret.offset; }
  } else if (document.caretRangeFromPoint) {
    const caret = document.caretRangeFromPoint(event.clientX, event.clientY);
    if (caret) { node = caret.startContainer; offset = caret.startOffset; }
  }
  const line = lines.indexOf(text.closest(".line"));
  const told = lesson.sentences[line][3];
  let moment = lesson.sentences[line][1];
  if (node === text.firstChild) {
    for (let at = 0; at < told.length && told[at + 1] <= offset; at += 3) moment = told[at];
  }
  $("ui-resume").hidden = true;
  player.seek(moment / 1000);
});

// ── search ──

const field = $("ui-find"), told = $("ui-found");
const marks = paints ? { found: new Highlight(), now: new Highlight() } : null;
if (paints) {
  marks.now.priority = 1;
  CSS.highlights.set("found", marks.found);
  CSS.highlights.set("found-now", marks.now);
}
let index = null, places = [], at = -1;

/** Text in small letters without accents, and where each letter of it stands in the text. */
function folded(text) {
  const places = [];
  let made = "";
  for (let from = 0; from < text.length;) {
    const letter = String.fromCodePoint(text.codePointAt(from));
    const plain = letter.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").replace(/[’‘]/g, "'");
    for (let unit = 0; unit < plain.length; unit++) places.push(from);
    made += plain;
    from += letter.length;
  }
  places.push(text.length);
  return { text: made, places };
}

function find() {
  const wanted = folded(field.value.trim().replace(/\s+/g, " ")).text;
  if (!index) {
    index = [];
    sections.forEach((section) => {
      for (const element of all(".name, .s, .silent-words", section)) index.push({ element, node: element.firstChild, ...folded(element.textContent) });
    });
  }
  places = [];
  at = -1;
  if (wanted) {
    for (const one of index) {
      for (let from = one.text.indexOf(wanted); from >= 0; from = one.text.indexOf(wanted, from + wanted.length)) {
        places.push({ element: one.element, node: one.node, begin: one.places[from], end: one.places[from + wanted.length - 1] + 1 });
      }
    }
  }
  if (paints) {
    marks.found.clear();
    for (const place of places) marks.found.add(range(place.node, place.begin, place.end));
  }
  $("ui-find-previous").disabled = $("ui-find-next").disabled = !places.length;
  stand(Math.max(places.findIndex((place) => sections.indexOf(place.element.closest(".slide")) >= now.slide), 0));
}

/** Goes to one of the places that were found. */
function stand(to) {
  all(".line.hit").forEach((line) => line.classList.remove("hit"));
  if (paints) marks.now.clear();
  if (!places.length) {
    told.textContent = field.value.trim() ? say("found_none", {}) : "";
    return;
  }
  at = (to + places.length) % places.length;
  const place = places[at];
  const line = place.element.closest(".line");
  if (paints) marks.now.add(range(place.node, place.begin, place.end)); else if (line) line.classList.add("hit");
  told.textContent = say("found", { n: at + 1, all: places.length });
  looking = Date.now() + 2 * QUIET;
  reveal(place.element, 0.3, 0.85);
}

let typing = 0;
field.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(find, 120); });
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    if (at < 0) find();
    else if (event.ctrlKey || event.metaKey) play(places[at]);
    else stand(at + (event.shiftKey ? -1 : 1));
  } else if (event.key === "Escape" && field.value) {
    event.preventDefault();
    field.value = "";
    find();
  }
});
$("ui-find-previous").addEventListener("click", () => stand(at - 1));
$("ui-find-next").addEventListener("click", () => stand(at + 1));

function play(place) {
  const line = place.element.closest(".line");
  const link = (line || place.element.closest(".slide")).querySelector("a[href^='#']");
  looking = 0;
  if (!go(link.getAttribute("href"))) return;
  if (player.paused) player.toggle();
}

// ── controls ──

$("ui-previous").addEventListener("click", () => step(-1));
$("ui-next").addEventListener("click", () => step(1));

/** To another slide; back to the beginning of this one first, where it has begun a while ago. */
function step(by) {
  const moment = player.time * 1000;
  let to = now.slide + by;
  if (by < 0 && moment - slides[now.slide].t > 2000) to = now.slide;
  if (to < 0 || to >= slides.length) return;
  go(`#slide-${slides[to].n}`);
}

/** To another sentence. */
function sentence(by) {
  const here = last(starts, player.time * 1000 + 1);
  const to = Math.min(Math.max(by < 0 && here >= 0 && player.time * 1000 - starts[here] > 1500 ? here : here + by, 0), lines.length - 1);
  if (lines.length) go(lines[to].querySelector(".t").getAttribute("href"));
}

const speeds = all("#ui-speed option").map((option) => Number(option.value));
const near = () => speeds.reduce((best, one) => (Math.abs(one - video.playbackRate) < Math.abs(best - video.playbackRate) ? one : best));
$("ui-speed").addEventListener("change", (event) => player.speed(Number(event.target.value)));
video.addEventListener("ratechange", () => {
  $("ui-speed").value = String(near());
  if (video.playbackRate > 0) choose("speed", video.playbackRate);
});
function faster(by) {
  const place = Math.min(Math.max(speeds.indexOf(near()) + by, 0), speeds.length - 1);
  player.speed(speeds[place]);
}
if (chosen.speed > 0 && chosen.speed <= 4) player.speed(chosen.speed);

const captions = $("ui-captions");
const track = () => video.textTracks[0];
function setCaptions(on) { if (track()) { track().mode = on ? "showing" : "hidden"; tellCaptions(); } }
function tellCaptions() {
  const on = track() && track().mode === "showing";
  if (captions.getAttribute("aria-pressed") === String(on)) return;
  captions.setAttribute("aria-pressed", String(on));
  choose("captions", on);
}
if (captions) {
  captions.addEventListener("click", () => setCaptions(track().mode !== "showing"));
  video.textTracks.addEventListener("change", tellCaptions);
  if (chosen.captions === true) setCaptions(true);
}

let quiet = 0;
/** Copies, and says so, also on a button's `label` where there is one. Gives whether it could. */
async function copy(text, told, label) {
  let done = false;
  try { await navigator.clipboard.writeText(text); done = true; } catch (error) { done = copyBySelection(text); }
  if (!done) return false;
  told.textContent = say("copied", {});
  if (label) {
    label.dataset.was = label.dataset.was || label.textContent;
    label.textContent = say("copied", {});
  }
  clearTimeout(quiet);
  quiet = setTimeout(() => {
    for (const one of all(".copied")) one.textContent = "";
    for (const one of all("[data-was]")) one.textContent = one.dataset.was;
  }, 2500);
  return true;
}
function copyBySelection(text) {
  const area = document.createElement("textarea"), before = document.activeElement;
  area.value = text;
  area.className = "heard";
  document.body.append(area);
  area.select();
  let done = false;
  try { done = document.execCommand("copy"); } catch (error) { /* told by the caller */ }
  area.remove();
  if (before) before.focus({ preventScroll: true });
  return done;
}
$("ui-link").addEventListener("click", async () => {
  const hash = `#t=${Math.floor(player.time)}`, told = $("ui-copied");
  remember(hash);
  const link = location.href.replace(/#.*$/, "") + hash;
  if (!await copy(link, told)) told.textContent = say("not_copied", { text: link });
});
for (const button of all("[data-copy], [data-copy-all]")) {
  const codes = all("code", button.closest(button.matches("[data-copy]") ? ".cell" : ".box"));
  button.addEventListener("click", async () => {
    const text = codes.map((code) => code.textContent + "\n").join("\n\n");
    const told = button.closest(".box").querySelector(".copied");
    if (!await copy(text, told, button.querySelector("span"))) getSelection().selectAllChildren(codes[0]);
  });
}

// ── reading and paper ──

const pictures = all(".picture img");
function eager() { for (const picture of pictures) picture.loading = "eager"; }

function setReading(on) {
  if (on === reading()) return;
  const slide = sections[Math.max(now.slide, 0)];
  if (on) { video.pause(); root.dataset.mode = "reading"; } else delete root.dataset.mode;
  const button = $("ui-reading");
  button.setAttribute("aria-pressed", String(on));
  if (on) { if (now.slide > 0) slide.scrollIntoView(); else scrollTo(0, 0); } else {
    scrollTo(0, 0);
    looking = 0;
    if (now.line >= 0) follow(lines[now.line]);
    along(thumbs[Math.max(now.slide, 0)]);
  }
}
$("ui-reading").addEventListener("click", () => setReading(!reading()));
$("ui-print").addEventListener("click", async () => {
  eager();
  await Promise.all(pictures.map((picture) => picture.decode().catch(() => {})));
  print();
});
addEventListener("beforeprint", eager);

// ── colours ──

const THEMES = ["auto", "light", "dark"];
function setTheme(name) {
  if (name === "auto") delete root.dataset.theme; else root.dataset.theme = name;
  $("ui-theme").setAttribute("aria-label", say(`theme_${name}`, {}));
  $("ui-theme").title = say(`theme_${name}`, {});
}
setTheme(THEMES.includes(chosen.theme) ? chosen.theme : "auto");
$("ui-theme").addEventListener("click", () => {
  const next = THEMES[(THEMES.indexOf(chosen.theme || "auto") + 1) % THEMES.length];
  choose("theme", next);
  setTheme(next);
});

// ── where the viewer was ──

const resume = $("ui-resume");
const clock = (seconds) => {
  const whole = Math.floor(seconds), hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60, rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
};
const was = window.deckcastPlace || kept.get(PLACE); // a learning platform knows better (scorm.js)
let saved = 0, begun = false;
function save() {
  const end = lesson.duration / 1000;
  if (!begun || !(player.time > 0)) return;
  saved = player.time;
  const done = was.done || player.time >= 0.9 * end;
  was.done = done;
  kept.put(PLACE, { t: Math.round(player.time * 10) / 10, d: Math.round(end), done });
}
video.addEventListener("play", () => { begun = true; resume.hidden = true; });
video.addEventListener("timeupdate", () => { if (Math.abs(player.time - saved) >= 5) save(); });
for (const name of ["pause", "ended"]) video.addEventListener(name, save);
addEventListener("pagehide", save);
if (target(location.hash) === null && was.t > 10 && was.t < lesson.duration / 1000 - 10) {
  $("ui-resume-at").textContent = say("resume", { time: clock(was.t) });
  resume.hidden = false;
}
$("ui-resume-yes").addEventListener("click", () => { resume.hidden = true; player.seek(was.t); video.focus(); player.toggle(); });
$("ui-resume-no").addEventListener("click", () => { resume.hidden = true; video.focus(); });

// ── the other lessons ── (the list stands beside this folder; `course/around.py` tells why it is a style sheet)

const others = {};
function lessons() {
  let told = null, here = -1;
  try {
    told = JSON.parse(decodeURIComponent(getComputedStyle(root).getPropertyValue("--deckcast-course").trim().slice(1, -1)));
    const mine = decodeURIComponent(location.pathname.split("/").slice(-2)[0]).normalize();
    here = told.lessons.findIndex((one) => one.name.normalize() === mine);
  } catch (error) { /* this folder stands alone */ }
  if (!told || told.version !== 1) return;
  $("ui-around").hidden = false;
  Object.assign($("ui-around").querySelector(".all .name"), { textContent: told.course, lang: told.language });
  if (here < 0) return; // an excerpt, or a folder that was renamed
  for (const [to, at] of [["previous", here - 1], ["next", here + 1]]) {
    const one = told.lessons[at], links = all(`[data-to="${to}"]`);
    if (!one) continue;
    const folder = `../${encodeURIComponent(one.name)}/`;
    others[to] = `${folder}index.html`;
    for (const link of links) {
      link.href = others[to];
      Object.assign(link.querySelector(".name"), { textContent: one.title, lang: one.language, dir: one.direction });
      link.hidden = link.id === "ui-upnext";
    }
    $("ui-beside").hidden = $("ui-key-lessons").hidden = false;
    if (!one.picture) continue;
    const probe = new Image();
    probe.onload = () => { for (const picture of all(`[data-to="${to}"] img`)) { picture.src = probe.src; picture.hidden = false; } };
    probe.onerror = () => { delete others[to]; for (const link of links) link.hidden = true; }; // taken away since
    probe.src = folder + encodeURIComponent(one.picture);
  }
}
lessons();
video.addEventListener("ended", () => { $("ui-upnext").hidden = !others.next; });
for (const name of ["play", "seeking"]) video.addEventListener(name, () => { $("ui-upnext").hidden = true; });

// ── keys ──

const dialog = $("ui-dialog");
function help() {
  if (dialog.showModal) dialog.showModal(); else dialog.setAttribute("open", "");
}
$("ui-help").addEventListener("click", help);
$("ui-close").addEventListener("click", () => { if (dialog.close) dialog.close(); else dialog.removeAttribute("open"); });
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
$("ui-keys").checked = chosen.keys !== false;
$("ui-keys").addEventListener("change", (event) => choose("keys", event.target.checked));

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else if (video.requestFullscreen) video.requestFullscreen().catch(() => {});
  else if (video.webkitEnterFullscreen) video.webkitEnterFullscreen();
}
const toggles = { " ": player.toggle, k: player.toggle };
const moves = {
  j: () => player.seek(player.time - 10),
  l: () => player.seek(player.time + 10),
  ArrowLeft: () => player.seek(player.time - 5),
  ArrowRight: () => player.seek(player.time + 5),
  p: () => step(-1),
  n: () => step(1),
  "[": () => sentence(-1),
  "]": () => sentence(1),
  "<": () => faster(-1),
  ">": () => faster(1),
  c: () => { if (captions) captions.click(); },
  m: () => { video.muted = !video.muted; },
  f: fullScreen,
  t: () => {
    const to = lines[Math.max(now.line, 0)] || sections[0];
    if (reading()) setReading(false);
    to.querySelector("a").focus({ preventScroll: true });
    reveal(to, 0.3, 0.85);
  },
  "/": () => field.focus(),
  r: () => setReading(!reading()),
  "?": help,
};
document.addEventListener("keydown", (event) => {
  const aside = event.metaKey || ((event.ctrlKey || event.altKey) && !event.getModifierState("AltGraph"));
  if (aside || event.defaultPrevented || event.isComposing || dialog.open || chosen.keys === false) return;
  const on = event.target;
  if (on.closest && on.closest("input, select, textarea, [contenteditable]")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const own = on === video && (key === " " || key.startsWith("Arrow")); // the browser's own keys of its player
  const pressed = key === " " && on.closest && on.closest("button, summary, a");
  const other = event.shiftKey && { p: "previous", n: "next" }[key];
  const does = other ? others[other] && (() => { location.href = others[other]; }) : toggles[key] || moves[key];
  if (!does || own || pressed || (reading() && key.startsWith("Arrow"))) return;
  event.preventDefault();
  does();
});

// ── the beginning ──

if (wide.matches) $("ui-chapters").open = true;
if (location.hash === "#reading") setReading(true);
const begin = target(location.hash);
if (begin === null) show(0); else {
  player.seek(begin);
  addEventListener("load", () => setTimeout(() => { if (!reading()) scrollTo({ top: 0, behavior: "instant" }); })); // the browser went to the slide's words
}
})();
