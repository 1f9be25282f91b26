// The preview page. It shows what the server tells by WebSocket, and asks for speech and runs; it holds nothing else.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const make = (tag, values = {}, ...inside) => {
    const one = Object.assign(document.createElement(tag), values);
    one.append(...inside);
    return one;
  };
  let deck = null; // the last message of type "deck", with all slides that it names
  const slides = new Map(); // key -> slide
  const speech = new Map(); // said -> speech
  const at = { slide: 1, step: 0 };
  let playing = null; // { said, onward, until }
  let socket = null;
  let tries = 0;

  // ── the place ──

  const entry = (index) => deck && deck.order[index - 1];
  const slide = (index = at.slide) => deck && entry(index) ? slides.get(entry(index).key) : null;
  const clamp = (number, low, high) => Math.min(Math.max(number, low), high);

  const go = (index, step = 0, quiet = false) => {
    if (!deck || !deck.order.length) return;
    at.slide = clamp(index, 1, deck.order.length);
    at.step = clamp(step, 0, slide().pictures.length - 1);
    history.replaceState(null, "", `#${at.slide}${at.step ? `.${at.step + 1}` : ""}`);
    if (!quiet) send({ do: "at", slide: at.slide });
    draw();
  };
  const forward = () => {
    if (at.step + 1 < slide().pictures.length) go(at.slide, at.step + 1);
    else if (at.slide < deck.order.length) go(at.slide + 1);
  };
  const backward = () => {
    if (at.step) go(at.slide, at.step - 1);
    else if (at.slide > 1) go(at.slide - 1, Infinity);
  };
  const fromHash = () => {
    const found = /^#(\d+)(?:\.(\d+))?$/.exec(location.hash);
    if (found) return [Number(found[1]), Number(found[2] || 1) - 1];
    const name = decodeURIComponent(location.hash.slice(1));
    const index = name && deck ? deck.order.findIndex((one) => slides.get(one.key).name === name) : -1;
    return index >= 0 ? [index + 1, 0] : null;
  };

  // ── drawing ──

  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, "0")}`;
  const picture = (one, step) => `/picture/${one.pictures[step]}.png`;
  const editor = (path, line, column = 1) => `vscode://file${encodeURI(path)}:${line}:${column}`;

  const draw = () => {
    const now = slide();
    if (!now) return;
    const image = $("picture");
    const address = picture(now, at.step);
    if (image.getAttribute("src") !== address) {
      image.src = address;
      unveil(`/stage/${now.pictures[at.step]}.html`);
    }
    image.alt = now.title;
    const steps = now.pictures.length > 1 ? ` · ${at.step + 1}/${now.pictures.length}` : "";
    $("place").value = `${at.slide} / ${deck.order.length}${steps}`;
    $("back").disabled = at.slide === 1 && !at.step;
    $("next").disabled = at.slide === deck.order.length && at.step === now.pictures.length - 1;
    for (const [index, one] of [...$("strip").children].entries()) {
      const button = one.firstElementChild;
      if (index + 1 === at.slide) {
        if (!button.hasAttribute("aria-current")) {
          button.setAttribute("aria-current", "true");
          button.scrollIntoView({ block: "nearest" });
        }
      } else button.removeAttribute("aria-current");
    }
    drawNotes(now);
    drawCells(now);
    drawFindings();
  };

  // The picture shows at once; the page of the slide, with words to be marked and links, lies over it when it is there.
  let frame = null;
  const unveil = (address) => {
    if (frame) frame.remove();
    const one = frame = make("iframe", { title: "The slide", src: address, sandbox: "allow-same-origin", tabIndex: -1 });
    one.style.cssText = `width: ${deck.width}px; height: ${deck.height}px; visibility: hidden`;
    one.onload = async () => {
      if (one !== frame || !one.contentDocument || !one.contentDocument.querySelector("section")) return;
      await one.contentDocument.fonts.ready;
      one.contentDocument.addEventListener("keydown", (event) => dispatchEvent(new KeyboardEvent("keydown", event)) || event.preventDefault());
      scale();
      one.style.visibility = "visible";
    };
    $("stage").insertBefore(one, $("veil"));
  };
  const scale = () => { if (frame) frame.style.transform = `scale(${$("stage").clientWidth / deck.width})`; };
  addEventListener("resize", scale);

  let drawnNotes = "";
  const drawNotes = (now) => {
    const said = entry(at.slide).said;
    const spoken = speech.get(said);
    const words = now.lines.reduce((sum, one) => sum + one.text.split(/\s+/).length, 0);
    $("measure").textContent = spoken
      ? `${clock(spoken.seconds)} · ${words} words · ${spoken.pace} a minute`
      : now.lines.length ? `about ${clock(now.seconds)} · ${words} words` : "";
    const drawn = `${said} ${entry(at.slide).key} ${Boolean(spoken)}`;
    if (drawn === drawnNotes) return;
    drawnNotes = drawn;
    const items = now.lines.map((line, number) => {
      const play = make("button", { type: "button", textContent: "▶" });
      const length = spoken && spoken.sentences[number];
      play.title = length ? `Play this sentence (${(length.stop - length.start).toFixed(1)} s)` : "Play this sentence";
      play.setAttribute("aria-label", `Play: ${line.text}`);
      play.onclick = () => start(at.slide, { sentence: number });
      const item = make("li", {}, play, make("p", { textContent: line.text }));
      if (number && line.step !== now.lines[number - 1].step) item.className = "step";
      return item;
    });
    $("notes").replaceChildren(...(items.length ? items : [make("p", { className: "hint", textContent: "Nothing is said here." })]));
  };

  const drawCells = (now) => {
    $("cells").hidden = !now.cells.length;
    $("cells").querySelector("ul").replaceChildren(...now.cells.map((cell) => {
      const parts = [link(now.path, entry(at.slide).line + cell.line, cell.label), make("pre", { textContent: cell.source })];
      if (cell.why) parts.push(make("div", { className: "why", textContent: `not shown: ${cell.why}` }));
      else if (cell.ran) parts.push(make("div", { className: "ran", textContent: `recorded: ${cell.ran} · ${cell.seconds.toFixed(2)} s` }));
      if (cell.failed) parts.push(make("div", { className: "why", textContent: cell.failed }));
      return make("li", {}, ...parts);
    }));
    $("run").hidden = !deck.order.some((one) => slides.get(one.key).cells.length);
    const waiting = deck.order.some((one) => slides.get(one.key).cells.some((cell) => cell.why && !cell.needs));
    $("run").textContent = waiting ? "Run cells: some have changed" : "Run cells";
    $("run").classList.toggle("waiting", waiting);
  };

  const link = (path, line, text) => {
    const one = make("a", { className: "where", textContent: `${text ? `${text} · ` : ""}line ${line}` });
    one.href = editor(path, line);
    one.title = `open ${path}:${line} in the editor`;
    return one;
  };

  const slideOf = (finding) => {
    if (!finding.line || !deck) return 0;
    let found = 0;
    for (const one of deck.order) if (one.line <= finding.line && finding.file && slides.get(one.key).path.endsWith(finding.file)) found = one.index;
    return found;
  };
  const drawFindings = () => {
    const [here, elsewhere] = [[], []];
    for (const finding of deck.findings) {
      const on = slideOf(finding);
      (on === at.slide ? here : elsewhere).push([finding, on]);
    }
    const list = (id, found) => {
      $(id).hidden = !found.length;
      $(id).querySelector("ul").replaceChildren(...found.map(([finding, on]) => {
        const item = make("li", { className: finding.severity },
          make("div", { className: "what", textContent: finding.message }),
          make("span", { className: "code", textContent: finding.code }), " ");
        if (finding.line) item.append(link(on ? slide(on).path : finding.file, finding.line, on && on !== at.slide ? `slide ${on}` : ""));
        if (finding.hint) item.append(make("div", { className: "hint", textContent: finding.hint }));
        return item;
      }));
    };
    list("problems", here);
    list("rest", elsewhere);
  };

  const drawStrip = () => {
    const worst = new Map();
    for (const finding of deck.findings) {
      const on = slideOf(finding);
      if (on && finding.severity !== "note") worst.set(on, worst.get(on) === "error" ? "error" : finding.severity);
    }
    const old = new Map([...$("strip").children].map((one) => [one.dataset.key, one]));
    $("strip").replaceChildren(...deck.order.map((one) => {
      const now = slides.get(one.key);
      const item = old.get(one.key) || make("li", {}, make("button", { type: "button" },
        make("span", { className: "picture" }, make("img", { src: picture(now, now.pictures.length - 1), alt: "", loading: "lazy" })),
        make("span", { className: "told" })));
      old.delete(one.key);
      item.dataset.key = one.key;
      const button = item.firstElementChild;
      button.title = now.title;
      button.setAttribute("aria-label", `Slide ${one.index}: ${now.title}`);
      button.onclick = () => go(one.index);
      const spoken = speech.get(one.said);
      const marks = [make("span", { textContent: one.index })];
      if (worst.has(one.index)) marks.push(make("span", { className: `mark-${worst.get(one.index)}`, textContent: worst.get(one.index) }));
      marks.push(make("span", { textContent: spoken ? clock(spoken.seconds) : `~${clock(now.seconds)}` }));
      button.lastElementChild.replaceChildren(...marks);
      return item;
    }));
  };

  const drawErrors = () => {
    const box = $("errors");
    box.hidden = !deck.errors.length;
    if (box.hidden) return;
    const many = deck.errors.length;
    box.querySelector("h2").textContent = deck.unread
      ? `${many === 1 ? "A mistake keeps" : `${many} mistakes keep`} the deck from being shown`
      : `${many === 1 ? "A mistake" : `${many} mistakes`}: what you see is the deck as it was before`;
    box.querySelector("div").replaceChildren(...deck.errors.map((one) => {
      const text = make("pre", { textContent: one.text });
      return one.line ? make("div", {}, link(one.file, one.line, one.file), text) : text;
    }));
  };

  // ── sound ──

  const sound = $("sound");
  const start = (index, { onward = false, sentence = null } = {}) => {
    stop();
    const one = entry(index);
    const now = slide(index);
    if (!now) return;
    if (!now.lines.length) {
      if (onward) { go(index); playing = { said: "", onward, timer: setTimeout(() => onwards(index), 1500) }; shownPlaying(); }
      return;
    }
    playing = { said: one.said, index, onward, sentence };
    shownPlaying();
    if (speech.has(one.said)) play();
    else send({ do: "speak", slide: index });
  };
  const play = () => {
    const spoken = speech.get(playing.said);
    if (at.slide !== playing.index) go(playing.index);
    sound.src = spoken.sound;
    const only = playing.sentence === null ? null : spoken.sentences[playing.sentence];
    playing.until = only ? only.stop : spoken.seconds;
    sound.currentTime = only ? only.start : 0;
    sound.play().then(follow, () => { say("the browser does not play: click the page once, then try again"); stop(); });
  };
  const onwards = (index) => (index < deck.order.length ? start(index + 1, { onward: true }) : stop());
  const stop = () => {
    if (playing && playing.timer) clearTimeout(playing.timer);
    playing = null;
    sound.pause();
    light(null);
    shownPlaying();
  };
  const shownPlaying = () => { $("stop").hidden = !playing; };
  sound.onended = () => { if (playing) { const { onward, index } = playing; stop(); if (onward) onwards(index); } };
  const follow = () => {
    if (!playing || sound.paused) return;
    const spoken = speech.get(playing.said);
    const time = sound.currentTime;
    if (playing.sentence !== null && time >= playing.until) return stop();
    if (at.slide === playing.index && entry(at.slide).said === playing.said) {
      const step = Math.max(0, spoken.steps.filter((begins) => begins <= time + 0.01).length - 1);
      if (step !== at.step && step < slide().pictures.length) go(at.slide, step, true);
      const sentence = spoken.sentences.findIndex((one) => one.start <= time && time < one.stop);
      light(sentence < 0 ? null : [sentence, spoken.sentences[sentence].words.find(([, , from, to]) => from <= time && time < to)]);
    } else light(null);
    requestAnimationFrame(follow);
  };
  const light = (what) => {
    const items = [...$("notes").children];
    items.forEach((item, number) => item.classList.toggle("lit", Boolean(what) && number === what[0]));
    if (!window.Highlight || !CSS.highlights) return;
    const text = what && what[1] && items[what[0]] && items[what[0]].querySelector("p").firstChild;
    if (!text) return void CSS.highlights.delete("spoken");
    const range = new Range();
    range.setStart(text, Math.min(what[1][0], text.length));
    range.setEnd(text, Math.min(what[1][1], text.length));
    CSS.highlights.set("spoken", new Highlight(range));
  };

  // ── the server ──

  const say = (text, kind = "") => { $("status").textContent = text; $("status").className = kind; };
  const send = (wish) => { if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(wish)); };

  const told = {
    deck(news) {
      if (news.whole) slides.clear();
      for (const [key, one] of Object.entries(news.slides)) slides.set(key, one);
      const named = new Set(news.order.map((one) => one.key));
      if (!news.order.every((one) => slides.has(one.key))) return send({ do: "look" }), reconnect();
      const first = !deck;
      deck = news;
      for (const key of [...slides.keys()]) if (!named.has(key)) slides.delete(key);
      document.title = `${deck.errors.length ? "✖ " : ""}${deck.title} – preview`;
      $("deck").textContent = deck.title;
      $("deck").title = deck.voice ? `voice: ${deck.voice}` : deck.name;
      document.documentElement.style.setProperty("--ratio", `${deck.width} / ${deck.height}`);
      document.documentElement.style.setProperty("--shape", deck.width / deck.height);
      $("notes").lang = deck.language;
      drawErrors();
      if (!deck.order.length) return;
      drawStrip();
      const wanted = first ? fromHash() : null;
      if (wanted) go(...wanted);
      else if (news.changed && $("follow").checked && !playing) go(news.changed, news.changed === at.slide ? at.step : 0);
      else go(at.slide, at.step, true);
    },
    busy({ what }) {
      $("veil").hidden = what !== "looking";
      say(what && what !== "looking" ? `${what} …` : "", what && what !== "looking" ? "working" : "");
    },
    speech(news) {
      speech.set(news.said, news);
      drawnNotes = "";
      drawStrip();
      draw();
      if (playing && playing.said === news.said && sound.paused) play();
    },
    failed(news) {
      if (playing) stop();
      const box = $("errors");
      box.hidden = false;
      box.querySelector("h2").textContent = news.what === "run" ? "The cells could not run" : `Slide ${news.slide} could not be spoken`;
      box.querySelector("div").replaceChildren(...news.findings.map((one) => make("pre", { textContent: one.text })));
    },
  };

  const connect = () => {
    socket = new WebSocket(`ws://${location.host}/live`);
    socket.onopen = () => { tries = 0; say(""); send({ do: "at", slide: at.slide }); };
    socket.onmessage = (event) => { const news = JSON.parse(event.data); told[news.type](news); };
    socket.onclose = () => {
      say("the preview has ended; waiting for it to come back", "lost");
      setTimeout(connect, Math.min(5000, 250 * 2 ** tries++));
    };
  };
  const reconnect = () => socket.close();

  // ── hands ──

  $("back").onclick = backward;
  $("next").onclick = forward;
  $("play").onclick = () => start(at.slide);
  $("onward").onclick = () => start(at.slide, { onward: true });
  $("stop").onclick = stop;
  $("run").onclick = () => send({ do: "run" });
  addEventListener("hashchange", () => { const wanted = fromHash(); if (wanted) go(...wanted); });
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target.closest && event.target.closest("input, a"))) return;
    const onButton = event.target.closest && event.target.closest("button");
    const keys = {
      ArrowRight: forward, ArrowLeft: backward, PageDown: forward, PageUp: backward, j: forward, k: backward,
      Home: () => go(1), End: () => go(deck.order.length), Escape: () => (playing ? stop() : ($("errors").hidden = true)),
      e: () => { if (slide()) location.href = editor(slide().path, entry(at.slide).line); },
      " ": () => (playing ? stop() : start(at.slide, { onward: event.shiftKey })),
    };
    const act = keys[event.key];
    if (!act || !deck || (onButton && event.key === " ")) return;
    event.preventDefault();
    act();
  });
  connect();
})();
