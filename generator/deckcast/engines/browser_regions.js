// What the browser is asked about a section whose parts are to move. Evaluated once a page that has such a section.
(() => {
  const section = (id) => document.getElementById(id);
  const kept = new Map();

  // Where the content of an element lies, without its border and padding.
  const inner = (one) => {
    const box = one.getBoundingClientRect();
    if (!one.matches("img, video, canvas")) return [box.left, box.top, box.width, box.height];
    const style = getComputedStyle(one);
    const zoom = one.currentCSSZoom || 1;
    const side = (name) => zoom * (parseFloat(style[`padding${name}`]) + parseFloat(style[`border${name}Width`]));
    const [left, top, right, bottom] = ["Left", "Top", "Right", "Bottom"].map(side);
    return [box.left + left, box.top + top, box.width - left - right, box.height - top - bottom];
  };

  // Where the whole of a picture would lie, as `object-fit` and `object-position` place it in its box.
  const whole = (one, [left, top, width, height]) => {
    const style = getComputedStyle(one);
    const zoom = one.currentCSSZoom || 1;
    const [wide, high] = [one.naturalWidth || one.videoWidth || width, one.naturalHeight || one.videoHeight || height];
    const contain = Math.min(width / wide, height / high);
    const scales = {
      contain, cover: Math.max(width / wide, height / high), none: zoom, "scale-down": Math.min(contain, zoom),
    };
    const scale = scales[style.objectFit];
    if (scale === undefined) return [left, top, width, height];
    // `50%`, `10px`, or what a distance from the other edge is computed to: `calc(100% - 10px)`
    const place = (value, room) => {
      const terms = value.matchAll(/([+-]?)\s*([\d.e-]+)(%|px)/g);
      return [...terms].reduce((sum, [, sign, number, unit]) =>
        sum + (sign === "-" ? -1 : 1) * Number(number) * (unit === "%" ? room / 100 : zoom), 0);
    };
    const [across, down] = style.objectPosition.match(/calc\(.*?\)|\S+/g);
    const spare = [width - wide * scale, height - high * scale];
    return [left + place(across, spare[0]), top + place(down, spare[1]), wide * scale, high * scale];
  };

  // Where the words and pictures of an element lie: all of its box where one sees its edges.
  const drawn = (one) => {
    const style = getComputedStyle(one);
    const edges = ["Top", "Right", "Bottom", "Left"].some((side) => parseFloat(style[`border${side}Width`]) > 0);
    const ground = style.backgroundImage !== "none" || !/^(transparent|rgba\(.*, 0\))$/.test(style.backgroundColor);
    if (!one.matches("tr, td, th") && (edges || ground || one.matches("img, svg, svg g, table, figure"))) return inner(one);
    const range = document.createRange();
    range.selectNodeContents(one);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
    if (!boxes.length) return inner(one);
    const [left, top] = ["left", "top"].map((side) => Math.min(...boxes.map((box) => box[side])));
    const [right, bottom] = ["right", "bottom"].map((side) => Math.max(...boxes.map((box) => box[side])));
    return [left, top, right - left, bottom - top];
  };

  // The theme's colour for pointing there: `--pointer`, else `--accent`, else that of the words; as `#rrggbb`.
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const colour = (one, names = ["--pointer", "--accent"]) => {
    const style = getComputedStyle(one);
    const named = names.map((name) => style.getPropertyValue(name).trim());
    const found = named.find((value) => value && CSS.supports("color", value)) || style.color;
    const before = one.style.outlineColor; // a colour such as `light-dark(…)` depends on where it is used
    one.style.outlineColor = found;
    const known = getComputedStyle(one).outlineColor;
    one.style.outlineColor = before;
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = known;
    canvas.fillRect(0, 0, 1, 1);
    const pixel = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    return `#${pixel.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  };

  // [left, top, width, height, colour, edges] of each line of code as one sees it: left and right of its letters, those
  // of its indentation left out. A line that is broken is as many.
  const letters = new Intl.Segmenter("en", { granularity: "grapheme" });
  const typed = function* (code) {
    for (const line of code.querySelectorAll(".remark-code-line")) {
      const box = line.getBoundingClientRect();
      const rows = [[]];
      let top = null;
      const range = document.createRange();
      const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        for (const { index, segment } of letters.segment(walker.currentNode.data)) {
          if (!rows[0].length && !segment.trim()) continue;
          range.setStart(walker.currentNode, index);
          range.setEnd(walker.currentNode, index + segment.length);
          const [found] = range.getClientRects();
          if (!found) continue;
          if (top !== null && found.top > top + found.height / 2) rows.push([]);
          top = Math.max(top ?? found.top, found.top);
          rows.at(-1).push(found.left, found.right);
        }
      }
      const height = box.height / rows.length;
      for (const [number, edges] of rows.entries()) {
        yield [box.left, box.top + number * height, box.width, height, colour(line, ["--caret"]), edges];
      }
    }
  };

  // What shows what came out of code that is typed: of plain code, the block right behind it.
  const shown = (root) => [
    ...root.querySelectorAll("[data-typed$='/output']"),
    ...root.querySelectorAll("pre:has(> code[data-typed]) + pre:has(> code:is(.output, .text))"),
  ];

  return {
    // [name, left, top, width, height] in CSS pixels of what has `data-region`, and the colour in which a part of the
    // slide is pointed at; of a picture also, as `name/whole`,
    // where all of it would lie if it were not cut off by its box.
    regions(id) {
      const found = [];
      for (const one of section(id).querySelectorAll("[data-region]")) {
        if (!one.checkVisibility()) continue;
        if (one.dataset.region.startsWith("part/")) {
          found.push([one.dataset.region, ...drawn(one), colour(one)]);
          continue;
        }
        const box = inner(one);
        found.push([one.dataset.region, ...box]);
        if (one.matches("img, video")) found.push([`${one.dataset.region}/whole`, ...whole(one, box)]);
      }
      for (const code of section(id).querySelectorAll("code[data-typed]")) {
        for (const [number, line] of [...typed(code)].entries()) found.push([`${code.dataset.typed}/${number + 1}`, ...line]);
      }
      for (const one of shown(section(id))) {
        const name = one.dataset.typed ?? `${one.previousElementSibling.firstElementChild.dataset.typed}/output`;
        found.push([name, ...inner(one)]);
      }
      return found;
    },

    openings: (id) => section(id).querySelectorAll("[data-opening]").length,

    // Fills what has `data-opening` with a colour instead of its own picture, or leaves it empty; nothing else moves.
    async fill(id, colour) {
      for (const one of section(id).querySelectorAll("[data-opening]")) {
        if (!kept.has(one)) kept.set(one, one.getAttribute("style"));
        one.style.setProperty("object-position", "-100000px 0", "important");
        if (colour) {
          one.style.setProperty("background", colour, "important");
          one.style.setProperty("background-clip", "content-box", "important");
        } else one.style.setProperty("background", "none", "important");
      }
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    },

    // Makes the letters of code that is typed, and what came out of it, invisible; nothing else moves. Whether there is any.
    async untype(id) {
      const set = (one, ...rules) => {
        if (!kept.has(one)) kept.set(one, one.getAttribute("style"));
        for (const [name, value] of rules) one.style.setProperty(name, value, "important");
      };
      const codes = [...section(id).querySelectorAll("code[data-typed]")];
      for (const code of codes) {
        for (const line of code.querySelectorAll(".remark-code-line")) {
          for (const one of [line, ...line.querySelectorAll("*")]) {
            set(one, ["color", "transparent"], ["text-shadow", "none"], ["text-decoration-color", "transparent"]);
            set(one, ["-webkit-text-fill-color", "transparent"]);
            if (one !== line) set(one, ["background", "none"], ["border-color", "transparent"], ["box-shadow", "none"]);
          }
        }
      }
      for (const one of shown(section(id))) set(one, ["visibility", "hidden"]);
      if (codes.length) await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      return codes.length > 0;
    },

    restore() {
      for (const [one, style] of kept) style === null ? one.removeAttribute("style") : one.setAttribute("style", style);
      kept.clear();
    },
  };
})()
