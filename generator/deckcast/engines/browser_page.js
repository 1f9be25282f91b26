// What the browser is asked to do in the page. Playwright evaluates this file once a page and keeps its value;
// the page's own scripts never run. `own` reaches the real members of `document` even where a deck's
// element is called `fonts` or `querySelector`, which would hide them.
(() => {
  const own = (name) => Reflect.get(Document.prototype, name, document);
  const find = (selector) => own("querySelector").call(document, selector);
  const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const sections = () => [...find("main").children];
  const section = (id) => sections().find((one) => one.id === id);

  // A form's fields hide its own members, too.
  const within = (one, selector) => Element.prototype.closest.call(one, selector);

  // Whatever moves is shown as it stands in the end; what never ends, as it stands in the beginning.
  const settle = () => {
    for (const animation of own("getAnimations").call(document)) {
      try { animation.finish(); } catch { animation.cancel(); }
    }
    for (const drawing of own("querySelectorAll").call(document, "svg:has(animate, animateMotion, animateTransform, set)")) {
      if (drawing.ownerSVGElement) continue;
      drawing.pauseAnimations();
      drawing.setCurrentTime(drawing.querySelector("[repeatCount=indefinite], [repeatDur=indefinite]") ? 0 : 1e6);
    }
  };

  const words = function* (root) {
    const walker = own("createTreeWalker").call(document, root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const parent = node.parentElement;
      if (!node.data.trim() || within(parent, "style, script, noscript")) continue;
      const aside = within(parent, "[aria-hidden=true]");
      if (aside && !aside.hasAttribute("data-ink")) continue;
      if (Element.prototype.checkVisibility.call(parent, { visibilityProperty: true })) yield [node, parent];
    }
  };

  // Whether an element has been put somewhere by itself, so that it may stand anywhere on the stage.
  const known = new WeakMap();
  const placed = (one) => {
    if (!one || one.tagName === "SECTION") return false;
    if (!known.has(one)) {
      const style = getComputedStyle(one);
      const alone = /absolute|fixed/.test(style.position) || style.getPropertyValue("--apart") === "1";
      known.set(one, alone || placed(one.parentElement));
    }
    return known.get(one);
  };

  // A line of text without the blank above and below its letters.
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  const ink = (node, box) => {
    const style = getComputedStyle(node.parentElement);
    pen.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const letters = pen.measureText(node.data);
    return {
      left: box.left,
      right: box.right,
      top: box.top + Math.max(0, letters.fontBoundingBoxAscent - letters.actualBoundingBoxAscent),
      bottom: box.bottom - Math.max(0, letters.fontBoundingBoxDescent - letters.actualBoundingBoxDescent),
    };
  };

  // By how many CSS pixels words and pictures leave the section's `data-safe` area ("left top right bottom", else the
  // window) or reach into a foot-note, and code and formulas leave their box; 0 or less when all have room. And the
  // first words that do. What is placed by itself or has `--apart: 1` has the whole stage.
  const measure = (root, bottom = Infinity) => {
    shrink(root);
    const stage = [0, 0, innerWidth, innerHeight];
    const safe = root.dataset.safe ? root.dataset.safe.split(" ").map(Number) : [...stage];
    safe[3] = Math.min(safe[3], bottom);
    for (const note of root.querySelectorAll(".footnote")) {
      const box = note.getBoundingClientRect();
      const apart = getComputedStyle(note).position === "absolute" && box.top > innerHeight / 2;
      if (apart && box.height) safe[3] = Math.min(safe[3], box.top);
    }
    let [most, first] = [0, ""];
    const beyond = (box, edge) =>
      Math.max(edge[0] - box.left, edge[1] - box.top, box.right - edge[2], box.bottom - edge[3]);
    const range = own("createRange").call(document);
    for (const [node, parent] of words(root)) {
      if (within(parent, ".footnote, [data-overflow=ok]")) continue;
      range.selectNodeContents(node);
      const code = within(parent, "pre");
      const side = code ? code.getBoundingClientRect().right - 8 : Infinity;
      const edge = placed(parent) ? stage : safe;
      for (const box of range.getClientRects()) {
        if (box.width < 1) continue;
        const out = Math.max(beyond(beyond(box, edge) > 0 ? ink(node, box) : box, edge), box.right - side);
        if (out >= 1 && !first) first = node.data.trim();
        most = Math.max(most, out);
      }
    }
    for (const box of root.querySelectorAll("pre")) most = Math.max(most, beyond(box.getBoundingClientRect(), safe));
    for (const box of root.querySelectorAll("[data-shrink]")) most = Math.max(most, box.scrollWidth - box.clientWidth - 2);
    for (const box of root.querySelectorAll("img, svg, video, table")) {
      if (!box.checkVisibility() || box.closest("[aria-hidden=true], svg svg")) continue;
      most = Math.max(most, beyond(box.getBoundingClientRect(), placed(box) ? stage : safe));
    }
    return [Math.floor(most), first];
  };
  const overflow = (root, bottom) => measure(root, bottom)[0];

  // What has `data-shrink` and is wider than its place gets a `--shrink` with which it has room, but none below its own.
  const shrink = (root) => {
    for (const box of root.querySelectorAll("[data-shrink]")) {
      let share = 1;
      box.style.setProperty("--shrink", share);
      // not all of it shrinks alike, such as lines of one pixel: hence more than once
      for (let round = 0; round < 4 && box.scrollWidth > box.clientWidth && share > box.dataset.shrink; round++) {
        share = Math.floor((share * box.clientWidth / box.scrollWidth) * 1000) / 1000;
        box.style.setProperty("--shrink", Math.max(box.dataset.shrink, share));
      }
    }
  };

  // The section's `data-fit` names custom properties with the values to choose from: "--fit 1.2@800 1 0.9; --air 2@800 1".
  // One after the other, each is set to the first value with which all has room (above the line behind `@`), or else
  // to its last. Sections that name another one in `data-fit-of` take its values: the steps of a slide keep one size
  // from the first to the last. What has no room after all is marked with `data-full`.
  const fit = (root) => {
    const fullest = section(root.dataset.fitOf) || root;
    display(fullest.id);
    const both = [fullest, root];
    const lists = (root.dataset.fit || "").split(";").map((list) => list.trim().split(/\s+/)).filter((list) => list.length > 1);
    for (const one of both) {
      delete one.dataset.full;
      delete one.dataset.fullAt;
      for (const [name, ...values] of lists) one.style.setProperty(name, values.at(-1).split("@")[0]);
    }
    // from the plainest look on: what comes later in the attribute is at its last value while type is chosen
    const least = Math.max(0, ...[...fullest.querySelectorAll("[data-room]")].map((one) => Number(one.dataset.room)));
    const give = (share) => { for (const one of both) one.style.setProperty("--room", share); };
    if (least) give(least);
    let beyond = 0;
    for (const [name, ...values] of lists) {
      for (const [value, bottom] of values.map((one) => one.split("@"))) {
        for (const one of both) one.style.setProperty(name, value);
        beyond = overflow(fullest, bottom && Number(bottom));
        if (beyond <= 0) break;
      }
      if (least && name === lists[0][0]) beyond = makeRoom(fullest, least, give);
    }
    if (beyond > 0) {
      const [, first] = measure(fullest);
      for (const one of both) [one.dataset.full, one.dataset.fullAt] = [beyond, first];
    }
    stay(root, fullest);
    display(root.id);
    shrink(root);
  };

  // Gives what has `data-room` as much as there is: between `least` and all that it wants, or less if need be. Answers
  // by how much it is still too little, when something else takes the room.
  const makeRoom = (root, least, give) => {
    const fits = (share) => {
      give(share);
      return overflow(root) <= 0;
    };
    if (fits(1)) return 0;
    let [low, high] = fits(least) ? [least, 1] : [0.12, least];
    if (low < least && !fits(low)) {
      give(least);
      return overflow(root);
    }
    for (let round = 0; round < 7; round++) {
      const middle = (low + high) / 2;
      if (fits(middle)) low = middle; else high = middle;
    }
    give(Math.floor(low * 1000) / 1000);
    return 0;
  };

  // Sets `--more`, the height that a step keeps free for what the fullest one adds, so that words of a slide in the
  // middle or at the foot stand where they will stand in the end.
  const stay = (root, fullest) => {
    const top = (one) => {
      display(one.id);
      shrink(one);
      return one.querySelector(".remark-slide-content > *")?.getBoundingClientRect().top ?? 0;
    };
    const reserve = (height) => root.style.setProperty("--more", `${height}px`);
    reserve(0);
    if (root === fullest) return;
    const goal = top(fullest);
    const lower = top(root) - goal;
    if (Math.abs(lower) < 0.01) return;
    for (const height of [lower, 2 * lower, 0]) { // at the foot, in the middle, neither
      reserve(height);
      if (Math.abs(top(root) - goal) < 0.5) return;
    }
  };

  const display = (id) => {
    for (const one of sections()) one.style.setProperty("display", one.id === id ? "block" : "none", "important");
    window.scrollTo(0, 0);
  };

  return {
    // Shows one section and hides the others; resolves when fonts, pictures and two frames are there.
    // Answers the addresses of pictures that could not be shown.
    async show(id) {
      display(id);
      const root = section(id);
      const fullest = section(root.dataset.fitOf);
      const broken = new Set();
      const fonts = own("fonts");
      for (let round = 0; round < 20; round++) {
        for (const image of root.querySelectorAll("img")) {
          image.loading = "eager";
          try { await image.decode(); } catch { broken.add(image.currentSrc || image.src); }
        }
        for (const image of fullest ? fullest.querySelectorAll("img") : []) await image.decode().catch(() => null);
        await fonts.ready;
        fit(root);
        settle();
        await frames();
        if (fonts.status === "loaded") break; // a character may have asked for one more font
      }
      return [...broken];
    },

    // Those that the document lost: markup of a slide before them took them in.
    absent(ids) { return ids.filter((id) => !section(id)); },

    // The first section that names an address by the end of its path; null where none does.
    owner(url) {
      const name = url.split(/[?#]/)[0].split("/").pop();
      const names = [name, decodeURIComponent(name)];
      const first = sections().find((one) => names.some((end) => end && one.outerHTML.includes(end)));
      return first ? first.id : null;
    },

    // How the section is set: its attributes, without what shows and hides it, and the `--shrink` of all that may shrink.
    setting(id) {
      const root = section(id);
      const names = [...root.style].filter((name) => name !== "display");
      const style = names.map((name) => `${name}: ${root.style.getPropertyValue(name)}`).join("; ");
      const attributes = style ? [["style", style]] : [];
      if (root.dataset.full) attributes.push(["data-full", root.dataset.full]);
      const boxes = [...root.querySelectorAll("[data-shrink]")];
      return [attributes, boxes.map((box) => Number(box.style.getPropertyValue("--shrink")) || 1)];
    },

    text(id) {
      const root = section(id);
      const spoken = [...root.querySelectorAll("[data-words]")];
      const said = spoken.map((one) => {
        const span = own("createElement").call(document, "span");
        span.textContent = one.dataset.words;
        span.style.display = getComputedStyle(one).display;
        one.before(span);
        return span;
      });
      const asides = [...spoken, ...root.querySelectorAll("[aria-hidden=true]")];
      const before = asides.map((aside) => aside.style.display);
      asides.forEach((aside) => { aside.style.display = "none"; });
      const text = root.innerText;
      asides.forEach((aside, index) => { aside.style.display = before[index]; });
      said.forEach((span) => span.remove());
      return text.split("\n").map((line) => line.trim()).filter(Boolean).join("\n");
    },

    // By how many CSS pixels the words of a section leave its safe area, and the first that do.
    overflow(id) {
      const root = section(id);
      const [most, first] = measure(root);
      return [Math.max(0, most, Number(root.dataset.full || 0)), first || root.dataset.fullAt || ""];
    },

    // [size in CSS pixels, words] of the smallest letters in what has `data-room`.
    smallest(id) {
      return [...section(id).querySelectorAll("[data-room]")].map((root) => {
        let found = [0, ""];
        for (const [node, parent] of words(root)) {
          const to = parent.ownerSVGElement ? parent.getScreenCTM() : { a: 1, b: 0 };
          const size = parseFloat(getComputedStyle(parent).fontSize) * Math.hypot(to.a, to.b);
          if (!found[0] || size < found[0]) found = [Math.round(size * 10) / 10, node.data.trim()];
        }
        return found;
      });
    },

    // How words and pictures of a section look: each element's own words with their height and where they lie, and each
    // picture made of pixels with its own size and that on the slide.
    inspect(id) {
      const root = section(id);
      const range = own("createRange").call(document);
      const found = new Map();
      const faded = (one) => one && one !== root && (Number(getComputedStyle(one).opacity) < 1 || faded(one.parentElement));
      for (const [node, parent] of words(root)) {
        const style = getComputedStyle(parent);
        range.selectNodeContents(node);
        const boxes = [...range.getClientRects()].filter((box) => box.width >= 4 && box.height >= 4);
        if (!boxes.length) continue;
        const within = parent.ownerSVGElement ? parent.getScreenCTM() : null;
        const drawn = within ? Math.hypot(within.a, within.b)
          : parent.offsetWidth ? parent.getBoundingClientRect().width / parent.offsetWidth : 1;
        const stretch = Math.abs(drawn - 1) < 0.05 ? 1 : drawn; // `offsetWidth` is a whole number
        const one = found.get(parent) || {
          text: "", size: parseFloat(style.fontSize) * stretch, weight: Number(style.fontWeight) || 400, boxes: [],
          faded: Boolean(faded(parent)), diagram: Boolean(parent.closest("[data-room]")),
        };
        one.text += node.data;
        for (const box of boxes) one.boxes.push([box.left, box.top, box.right, box.bottom]);
        found.set(parent, one);
      }
      const pictures = [];
      for (const image of root.querySelectorAll("img")) {
        const address = image.currentSrc || image.src;
        if (/^data:image\/svg|\.svg([?#]|$)/i.test(address) || !image.naturalWidth || !image.checkVisibility()) continue;
        const box = image.getBoundingClientRect();
        const [wide, high] = [image.naturalWidth, image.naturalHeight];
        const how = getComputedStyle(image).objectFit;
        const scales = [box.width / wide, box.height / high];
        const scale = how === "cover" ? Math.max(...scales) : Math.min(...scales);
        const size = how === "contain" || how === "cover" ? [wide * scale, high * scale] : [box.width, box.height];
        pictures.push({ address, pixels: [wide, high], size });
      }
      return { words: [...found.values()], pictures };
    },

    // Characters beyond ASCII in the section, with the font list each is set in.
    unusual(id) {
      const found = new Map();
      const split = new Intl.Segmenter("en", { granularity: "grapheme" });
      for (const [node, parent] of words(section(id))) {
        if (!/[^\x00-\x7f]/.test(node.data)) continue;
        const font = `32px ${getComputedStyle(parent).fontFamily}`;
        for (const { segment } of split.segment(node.data)) {
          if (/[^\x00-\x7f]/.test(segment) && /[\p{L}\p{N}\p{P}\p{S}]/u.test(segment)) {
            found.set(`${font}\n${segment}`, { font, character: segment });
          }
        }
      }
      return [...found.values()];
    },

    // Which of them no font has: they are drawn like a character that cannot exist.
    missing(candidates) {
      const canvas = new OffscreenCanvas(64, 64);
      const pen = canvas.getContext("2d", { willReadFrequently: true });
      const draw = (font, character) => {
        pen.clearRect(0, 0, 64, 64);
        pen.font = font;
        pen.fillText(character, 8, 44);
        return pen.getImageData(0, 0, 64, 64).data.join();
      };
      const nothing = new Map();
      return candidates.filter(({ font, character }) => {
        if (!nothing.has(font)) nothing.set(font, draw(font, "\u{10fffe}"));
        // of several that belong together, each; marks are drawn only with what they stand on
        return [...character].some((one) => /[\p{L}\p{N}\p{P}\p{S}]/u.test(one) && draw(font, one) === nothing.get(font));
      }).map(({ character }) => character);
    },

    // Writes characters into the section, for the browser to say which font each takes; `unprobe` removes them.
    probe(id, list) {
      const box = own("createElement").call(document, "div");
      box.id = "deckcast-probes";
      list.forEach(({ font, character }, number) => {
        const span = own("createElement").call(document, "span");
        span.id = `deckcast-probe-${number}`;
        span.style.font = font;
        span.textContent = character;
        box.append(span);
      });
      section(id).append(box);
    },
    unprobe() { find("#deckcast-probes").remove(); },
  };
})()
