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
    if (!one.matches("tr, td, th") && (edges || ground || one.matches("img, svg, table, figure"))) return inner(one);
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
  const colour = (one) => {
    const style = getComputedStyle(one);
    const named = ["--pointer", "--accent"].map((name) => style.getPropertyValue(name).trim());
    const known = [...named, style.color].find((value) => value && CSS.supports("color", value));
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = known;
    canvas.fillRect(0, 0, 1, 1);
    const pixel = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    return `#${pixel.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  };

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

    restore() {
      for (const [one, style] of kept) style === null ? one.removeAttribute("style") : one.setAttribute("style", style);
      kept.clear();
    },
  };
})()
