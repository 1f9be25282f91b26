// Presents the slides of the page it stands in: one at a time, all of them at once, or as their speaker sees them.
(() => {
  "use strict";
  // A deck may give its elements any id, but none of them lies where ours do.
  const own = (name) => document.querySelector(`body > [id="${name}"]`);
  const data = JSON.parse(own("deckcast-data").textContent);
  const steps = data.steps;
  const root = document.documentElement;
  const main = document.querySelector("body > main");
  const sections = steps.map((step) => main.querySelector(`:scope > section[id="${step.id}"]`));
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const [WIDE, HIGH] = data.size;
  const ZONE = 0.33; // of the window's width: a tap there turns the page
  const SWIPE = 40; // CSS pixels

  let at = 0; // the step that shows, from 0
  let view = "stage"; // or "overview" or "speaker"
  let curtain = ""; // or "black" or "white"
  let digits = "";

  // ── files that several slides show stand once in the page ──

  for (const image of document.querySelectorAll("[data-file]")) {
    if (Object.hasOwn(data.files, image.dataset.file)) image.src = data.files[image.dataset.file];
  }
  for (const link of main.querySelectorAll("a[href]")) {
    if (/^(https?:|mailto:|\/\/)/i.test(link.getAttribute("href"))) { link.target = "_blank"; link.rel = "noopener"; }
  }

  // ── what stands around the slides ──

  // It lives in the shadow, where no style sheet of a deck reaches.
  const shadow = (name) => {
    const host = own(name);
    const inside = host.attachShadow({ mode: "open" });
    inside.append(own(`${name}-content`).content.cloneNode(true));
    return inside;
  };
  const back = shadow("deckcast-back"); // under the slides: tiles of the overview, the speaker's desk
  const front = shadow("deckcast-front"); // over them: buttons, help, the curtain
  const $ = (name) => front.getElementById(name) || back.getElementById(name);
  const live = own("deckcast-live");
  back.host.style.setProperty("--shape", `${WIDE} / ${HIGH}`);

  // ── where slides lie ──

  const place = (section, left, top, width, height) => {
    const scale = Math.min(width / WIDE, height / HIGH);
    const x = left + (width - WIDE * scale) / 2;
    const y = top + (height - HIGH * scale) / 2;
    section.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    section.dataset.shown = "";
  };
  const clear = () => {
    for (const section of sections) { delete section.dataset.shown; section.style.transform = ""; section.inert = true; }
  };
  const within = (section, box) => {
    const { left, top, width, height } = box.getBoundingClientRect();
    place(section, left, top, width, height);
  };

  const layOut = () => {
    if (view !== "stage") awake(false);
    root.dataset.view = view;
    back.host.className = view;
    clear();
    if (view === "overview") return layOutTiles();
    main.style.height = "";
    scrollTo(0, 0);
    sections[at].inert = view !== "stage";
    if (view === "stage") return place(sections[at], 0, 0, innerWidth, innerHeight);
    within(sections[at], $("current"));
    if (at + 1 < steps.length) within(sections[at + 1], $("next"));
  };

  // ── moving ──

  const address = (index) => `#${encodeURIComponent(steps[index].name || steps[index].index)}`;
  // The first step whose number is the wanted one, or the largest below it.
  const nearest = (wanted, what) => {
    const most = Math.max(...steps.map((step) => step[what]).filter((one) => one <= wanted), steps[0][what]);
    return steps.findIndex((step) => step[what] === most);
  };
  // `#7` is the seventh step, as links in the deck count; `#name` a slide's name, `#name.2` its second step.
  const named = (hash) => {
    let text = hash.replace(/^#/, "");
    try { text = decodeURIComponent(text); } catch { /* as it stands */ }
    if (/^\d+$/.test(text)) return nearest(Number(text), "index");
    const exact = steps.findIndex((step) => step.name && step.name === text);
    if (exact >= 0) return exact;
    const [, name, step] = /^(.*)\.(\d+)$/.exec(text) || [];
    const first = steps.findIndex((one) => name && one.name === name);
    if (first < 0) return -1;
    const last = steps.findLastIndex((one) => one.slide === steps[first].slide);
    return Math.min(first + Math.max(Number(step), 1) - 1, last);
  };

  const show = (index, { tell = true, quiet = false } = {}) => {
    const wanted = Math.max(0, Math.min(steps.length - 1, index));
    if (wanted !== at && view !== "overview") clock.begin();
    at = wanted;
    const step = steps[at];
    if (location.hash !== address(at)) {
      try { history.replaceState(null, "", address(at)); } catch { location.replace(address(at)); }
    }
    document.title = `${step.title ? `${step.title} · ` : ""}${data.title}`;
    $("position").textContent = `${step.number} / ${data.total}`;
    $("back").disabled = at === 0;
    $("on").disabled = at === steps.length - 1;
    $("bar").style.width = `${steps.length > 1 ? (100 * at) / (steps.length - 1) : 100}%`;
    layOut();
    films();
    desk();
    if (!quiet) live.textContent = `Slide ${step.number} of ${data.total}${step.title ? `: ${step.title}` : ""}`;
    if (tell) send({ at, curtain });
  };
  const slideStart = (index) => steps.findIndex((step) => step.slide === steps[index].slide);
  const onward = () => show(at + 1);
  const backward = () => show(at - 1);
  const nextSlide = () => {
    const next = steps.findIndex((step) => step.slide > steps[at].slide);
    show(next < 0 ? steps.length - 1 : next);
  };
  const previousSlide = () => {
    const start = slideStart(at);
    show(start < at ? start : start > 0 ? slideStart(start - 1) : 0);
  };

  // ── the curtain, help, the overview ──

  const draw = (colour) => {
    curtain = curtain === colour ? "" : colour;
    veil();
    send({ at, curtain });
  };
  const veil = () => {
    $("curtain").dataset.colour = view === "stage" ? curtain : "";
    $("blanked").hidden = !(view === "speaker" && curtain);
    $("blanked").textContent = `The audience sees a ${curtain} screen`;
  };
  const help = () => { const box = $("help"); box.open ? box.close() : box.showModal(); };

  const slides = [...new Set(steps.map((step) => step.slide))].map((slide) => ({
    first: steps.findIndex((step) => step.slide === slide),
    last: steps.findLastIndex((step) => step.slide === slide),
  }));
  let chosen = 0; // tile that has the focus

  const layOutTiles = () => {
    const gap = Math.max(16, Math.min(32, innerWidth / 40));
    const columns = Math.max(2, Math.min(6, Math.floor((innerWidth - gap) / (Math.max(220, innerWidth / 6) + gap))));
    const width = (root.clientWidth - gap * (columns + 1)) / columns;
    const height = (width * HIGH) / WIDE;
    const line = height + 38;
    slides.forEach(({ last }, index) => {
      const left = gap + (index % columns) * (width + gap);
      const top = 76 + Math.floor(index / columns) * (line + gap);
      place(sections[last], left, top, width, height);
      const tile = tiles[index];
      tile.style.cssText = `left:${left}px;top:${top}px;width:${width}px;height:${line}px`;
      tile.style.setProperty("--picture", `${height}px`);
    });
    main.style.height = `${76 + Math.ceil(slides.length / columns) * (line + gap)}px`;
    tiles.columns = columns;
  };
  const tiles = slides.map(({ first }, index) => {
    const step = steps[first];
    const tile = document.createElement("button");
    const label = document.createElement("span");
    const count = document.createElement("b");
    count.textContent = step.number;
    label.append(count, step.title || " ");
    tile.append(label);
    tile.setAttribute("aria-label", `Slide ${step.number}${step.title ? `: ${step.title}` : ""}`);
    tile.addEventListener("click", () => { close(); show(first); });
    tile.addEventListener("focus", () => { chosen = index; });
    return tile;
  });
  const overview = () => {
    if (view === "overview") return close();
    resting = view;
    view = "overview";
    $("tiles").replaceChildren(...tiles);
    chosen = Math.max(0, slides.findLastIndex(({ first }) => first <= at));
    tiles.forEach((tile, index) => {
      if (index === chosen) tile.setAttribute("aria-current", "true");
      else tile.removeAttribute("aria-current");
    });
    layOut();
    veil();
    films();
    tiles[chosen].focus({ preventScroll: true });
    tiles[chosen].scrollIntoView({ block: "center" });
  };
  let resting = "stage";
  const close = () => { view = resting; layOut(); veil(); films(); desk(); };
  const overTiles = (event) => {
    const moves = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: tiles.columns, ArrowUp: -tiles.columns };
    let goal = { Home: 0, End: tiles.length - 1 }[event.key];
    if (event.key in moves) goal = chosen + moves[event.key];
    if (goal === undefined) return false;
    if (goal >= 0 && goal < tiles.length) {
      tiles[goal].focus({ preventScroll: true });
      tiles[goal].scrollIntoView({ block: "nearest" });
    }
    return true;
  };

  // ── films ──

  const playing = new Set();
  const films = () => {
    for (const film of playing) { film.pause(); film.remove(); }
    playing.clear();
    if (view === "overview") return;
    for (const film of data.films) {
      if (film.section !== steps[at].id) continue;
      const picture = sections[at].querySelector(`[data-region="${film.region}"]`);
      if (!picture) continue;
      if (film.picture) { if (!calm.matches) picture.src = data.files[film.file]; continue; }
      play(film, picture);
    }
  };
  // A film lies over the picture that stands for it, so nothing on the slide moves.
  const play = (film, picture) => {
    const video = document.createElement("video");
    const look = getComputedStyle(picture);
    const scale = sections[at].getBoundingClientRect().width / WIDE || 1;
    const box = picture.getBoundingClientRect();
    const stage = sections[at].getBoundingClientRect();
    video.style.cssText = `position:absolute;margin:0;zoom:1;max-width:none;max-height:none;left:${(box.left - stage.left) / scale}px;` +
      `top:${(box.top - stage.top) / scale}px;width:${box.width / scale}px;height:${box.height / scale}px;` +
      `object-fit:${look.objectFit};border-radius:${look.borderRadius}`;
    video.playsInline = true;
    video.muted = film.muted || view === "speaker";
    video.controls = calm.matches;
    video.setAttribute("aria-label", picture.alt);
    video.src = data.files[film.file];
    let left = film.plays;
    const over = () => {
      if (film.plays !== 0 && --left <= 0) return video.pause();
      video.currentTime = film.begin;
      video.play().catch(() => null);
    };
    video.addEventListener("loadedmetadata", () => { video.currentTime = film.begin; }, { once: true });
    video.addEventListener("timeupdate", () => { if (video.currentTime >= film.end - 0.03) over(); });
    video.addEventListener("ended", over);
    video.addEventListener("error", () => video.remove()); // its first picture stays
    video.addEventListener("click", () => { video.paused ? video.play() : video.pause(); });
    sections[at].append(video);
    playing.add(video);
    if (!calm.matches) {
      video.play().catch(() => { video.muted = true; video.play().catch(() => { video.controls = true; }); });
    }
  };

  // ── the speaker's desk ──

  const clock = {
    begun: 0, spent: 0,
    begin() { if (!this.begun && view === "speaker" && !this.spent) this.begun = Date.now(); },
    toggle() {
      if (this.begun) { this.spent += Date.now() - this.begun; this.begun = 0; } else this.begun = Date.now();
      this.tell();
    },
    reset() { this.spent = 0; this.begun = this.begun ? Date.now() : 0; this.tell(); },
    tell() {
      const seconds = Math.floor((this.spent + (this.begun ? Date.now() - this.begun : 0)) / 1000);
      const two = (value) => String(value).padStart(2, "0");
      const hours = Math.floor(seconds / 3600);
      const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
      $("timer").textContent = hours ? `${hours}:${rest}` : rest;
      $("timer").dataset.running = this.begun ? "yes" : "no";
      $("pause").textContent = this.begun ? "Pause" : this.spent ? "Go on" : "Start";
      $("now").textContent = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    },
  };
  let letters = 1;
  const desk = () => {
    if (view !== "speaker") return;
    const step = steps[at];
    const own = steps.filter((one) => one.slide === step.slide);
    $("which").textContent = `Slide ${step.number} of ${data.total}` +
      (own.length > 1 ? ` · step ${own.indexOf(step) + 1} of ${own.length}` : "");
    $("heading").textContent = step.title;
    const after = steps[at + 1];
    $("after").textContent = !after ? "The end" : after.slide === step.slide ? "Next step" : `Next: ${after.title || after.number}`;
    $("next").hidden = !after;
    const lines = own.flatMap((one) => one.notes.map((text) => {
      const line = document.createElement("p");
      text.split("\u25b8").forEach((piece, index) => {
        if (index) { const mark = document.createElement("i"); mark.textContent = "\u25b8"; mark.title = "next step"; line.append(mark); }
        line.append(piece);
      });
      if (one === step) line.className = "now";
      return line;
    }));
    if (!lines.length) {
      const none = document.createElement("p");
      none.className = "none";
      none.textContent = "No notes on this slide.";
      lines.push(none);
    }
    $("notes").replaceChildren(...lines);
    $("notes").querySelector(".now")?.scrollIntoView({ block: "nearest" });
    clock.tell();
  };
  setInterval(() => { if (view === "speaker") clock.tell(); }, 500);
  const speak = () => { view = view === "speaker" ? "stage" : "speaker"; resting = view; layOut(); veil(); films(); desk(); layOut(); };

  // ── windows in step ──

  // A window's name says which it is, and with which others it goes in step; so that holds when it is loaded again.
  const [, role = "", given = ""] = /^deckcast-(main|speaker|copy)-(\w+)/.exec(window.name) || [];
  let session = given;
  let channel = null;
  const others = new Set(window.opener && session ? [window.opener] : []);
  const join = () => {
    if (!session) {
      session = Math.random().toString(36).slice(2, 12);
      window.name = `deckcast-main-${session}`;
    }
    if (channel === null) {
      // Browsers that give each file an origin of its own (file:) deliver nothing here; messages between a window and
      // the one that opened it arrive all the same.
      try { channel = new BroadcastChannel(`deckcast-${data.id}-${session}`); channel.onmessage = ({ data: told }) => hear(told); } catch { channel = false; }
    }
  };
  const me = Math.random().toString(36).slice(2);
  let sent = 0;
  const heard = new Map();
  const send = (told) => {
    if (!session) return;
    const message = { deckcast: data.id, session, from: me, turn: ++sent, ...told };
    if (channel) channel.postMessage(message);
    pass(message, null);
  };
  const pass = (message, but) => {
    for (const other of others) {
      if (other.closed) others.delete(other);
      else if (other !== but) other.postMessage(message, "*");
    }
  };
  const hear = (told, source) => {
    if (!told || told.deckcast !== data.id || told.session !== session || told.from === me) return;
    if (source) others.add(source);
    if ((heard.get(told.from) || 0) >= told.turn) return;
    heard.set(told.from, told.turn);
    pass(told, source);
    if (told.hello) return send({ at, curtain });
    if (!Number.isInteger(told.at)) return;
    curtain = told.curtain === "black" || told.curtain === "white" ? told.curtain : "";
    if (told.at !== at) show(told.at, { tell: false });
    veil();
  };
  addEventListener("message", ({ data: told, source }) => hear(told, source));
  const another = (kind, features) => {
    join();
    const target = location.href.split("#")[0] + address(at);
    const opened = window.open(target, `deckcast-${kind}-${session}${kind === "copy" ? Date.now() : ""}`, features);
    if (opened) others.add(opened);
    return opened;
  };
  const speakerWindow = () => {
    if (role === "speaker") return speak();
    if (!another("speaker", "popup,width=1280,height=800")) {
      say("This browser opens no second window: here is the speaker's view");
      if (view !== "speaker") speak();
    }
  };

  // ── keys ──

  let fading = 0;
  const say = (text) => {
    $("word").textContent = text;
    $("word").dataset.on = "";
    clearTimeout(fading);
    fading = setTimeout(() => { delete $("word").dataset.on; }, 1600);
  };
  const full = () => {
    const leave = document.exitFullscreen || document.webkitExitFullscreen;
    const enter = root.requestFullscreen || root.webkitRequestFullscreen;
    if (document.fullscreenElement || document.webkitFullscreenElement) leave.call(document);
    else if (enter) Promise.resolve(enter.call(root)).catch(() => say("This browser allows no full screen here"));
    else say("This browser allows no full screen here");
  };
  const KEYS = {
    ArrowRight: onward, ArrowDown: onward, PageDown: onward, " ": onward, j: onward, l: onward, n: onward,
    ArrowLeft: backward, ArrowUp: backward, PageUp: backward, Backspace: backward, k: backward,
    Home: () => show(0), End: () => show(steps.length - 1),
    o: overview, b: () => draw("black"), ".": () => draw("black"), w: () => draw("white"),
    f: full, s: speakerWindow, p: speak, c: () => another("copy", "popup,width=1280,height=720") || say("This browser opens no second window"),
    t: () => clock.reset(), "?": help, h: help,
    "+": () => size(0.1), "-": () => size(-0.1),
  };
  const size = (by) => {
    letters = Math.max(0.7, Math.min(2.2, letters + by));
    $("notes").style.fontSize = `${letters}em`;
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const on = event.composedPath()[0];
    if (on.closest?.("video, input, textarea, select, [contenteditable]")) return;
    if ($("help").open) { if (event.key === "?" || event.key === "h") { help(); event.preventDefault(); } return; }
    const pressing = on.closest?.("button, a[href], summary") && (event.key === "Enter" || event.key === " ");
    if (view === "overview") {
      if (overTiles(event)) return event.preventDefault();
      if (pressing) return;
    }
    if (event.key === "Escape") {
      if (digits) { digits = ""; say(" "); } else if (curtain) draw(curtain); else overview();
      return event.preventDefault();
    }
    if (/^\d$/.test(event.key)) { digits = (digits + event.key).slice(-5); return say(`Go to ${digits}`); }
    if (event.key === "Enter" && digits) {
      const wanted = Number(digits);
      digits = "";
      if (view === "overview") close();
      show(nearest(wanted, "number"));
      return event.preventDefault();
    }
    digits = "";
    if (pressing) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.shiftKey && key === " ") { backward(); return event.preventDefault(); }
    if (event.shiftKey && (key === "ArrowRight" || key === "ArrowDown")) { nextSlide(); return event.preventDefault(); }
    if (event.shiftKey && (key === "ArrowLeft" || key === "ArrowUp")) { previousSlide(); return event.preventDefault(); }
    if (!Object.hasOwn(KEYS, key)) return;
    if (view === "overview" && !["o", "?", "h", "f"].includes(key)) return;
    if (curtain && view === "stage" && KEYS[key] === onward) { draw(curtain); return event.preventDefault(); }
    event.preventDefault();
    KEYS[key]();
  });

  // ── touch and mouse ──

  let touch = null;
  const wake = () => {
    awake(view === "stage");
    clearTimeout(wake.timer);
    wake.timer = setTimeout(() => { if (!front.querySelector("nav:hover, nav :focus-visible")) awake(false); }, 2500);
  };
  const awake = (yes) => front.host.classList.toggle("awake", yes);
  addEventListener("pointermove", (event) => {
    // A window that opens under the mouse is told of a move of nothing.
    if (event.pointerType === "mouse" && (event.movementX || event.movementY)) wake();
  });
  front.addEventListener("focusin", wake);
  addEventListener("touchstart", (event) => {
    const one = event.touches.length === 1 && (visualViewport?.scale ?? 1) < 1.05;
    touch = one ? { x: event.touches[0].clientX, y: event.touches[0].clientY, on: event.composedPath()[0] } : null;
  }, { passive: true });
  addEventListener("touchend", (event) => {
    if (!touch || view === "overview" || $("help").open) return;
    const { clientX, clientY } = event.changedTouches[0];
    const [across, along] = [clientX - touch.x, clientY - touch.y];
    const started = touch;
    touch = null;
    if (started.on.closest?.("a, button, video, input, summary, details, nav, dialog")) return;
    if (Math.abs(across) > SWIPE && Math.abs(across) > 1.5 * Math.abs(along)) return across < 0 ? onward() : backward();
    if (view !== "stage" || Math.hypot(across, along) > 10) return;
    if (curtain) draw(curtain);
    else if (clientX > innerWidth * (1 - ZONE)) onward();
    else if (clientX < innerWidth * ZONE) backward();
    else if (front.host.classList.contains("awake")) awake(false);
    else wake();
    event.preventDefault(); // no click follows
  }, { passive: false });

  for (const [name, does] of Object.entries({
    back: backward, on: onward, all: overview, desk: speakerWindow, full, what: help,
    pause: () => clock.toggle(), reset: () => clock.reset(), smaller: () => size(-0.1), larger: () => size(0.1),
    black: () => draw("black"), leave: () => (role === "speaker" ? window.close() : speak()), away: () => $("help").close(),
    done: () => close(), before: backward, further: onward,
  })) $(name).addEventListener("click", (event) => { does(); if (event.detail && view === "stage") event.currentTarget.blur(); });
  $("curtain").addEventListener("click", () => { if (curtain) draw(curtain); });
  $("help").addEventListener("click", (event) => { if (event.target === $("help")) $("help").close(); });

  // ── beginning ──

  addEventListener("resize", () => { layOut(); films(); });
  addEventListener("hashchange", () => {
    const wanted = named(location.hash);
    if (wanted >= 0 && (wanted !== at || view === "overview")) { if (view === "overview") close(); show(wanted); } else show(at, { tell: false, quiet: true });
  });
  addEventListener("beforeprint", () => { if ($("help").open) $("help").close(); });
  if (session) { join(); send({ hello: true }); }
  if (role === "speaker") { view = resting = "speaker"; document.documentElement.dataset.view = view; }
  root.dataset.ready = "";
  show(Math.max(0, named(location.hash)), { tell: false, quiet: true });
  layOut();
})();
