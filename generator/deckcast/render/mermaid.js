// Draws one diagram with Mermaid: { source, colours } → { svg, kind, letters }, or { error, … } where the source is wrong.
// `colours` are what diagram_colours.py has for each name.
(() => {
  const LETTERS = 16;
  const LARGER = { timeline: 22, journey: 20, treemap: 18 }; // kinds whose boxes have one size, whatever is in them
  const series = (colour, count, name, from = 0, soft = true) => Object.fromEntries(Array.from({ length: count }, (_, number) =>
    [`${name}${number + from}`, colour[`${(number % 8) + 1}${soft ? "-soft" : ""}`]]));
  const all = (names, value) => Object.fromEntries(names.split(" ").map((name) => [name, value]));
  const variables = (colour, letters) => ({
    fontSize: `${letters}px`, pieTitleTextSize: `${LETTERS + 2}px`, pieSectionTextSize: `${LETTERS}px`,
    pieLegendTextSize: `${LETTERS}px`, commitLabelFontSize: `${LETTERS}px`, tagLabelFontSize: `${LETTERS}px`,
    background: colour.ground, strokeWidth: 1.5, useGradient: false, dropShadow: "none", radius: 4,
    pieOpacity: "1", pieStrokeWidth: "2px", pieOuterStrokeWidth: "0px", archEdgeWidth: "2",
    ...all("primaryColor mainBkg nodeBkg actorBkg stateBkg compositeTitleBackground taskBkgColor personBkg requirementBackground",
      colour.node),
    ...all("secondaryColor activationBkgColor activeTaskBkgColor", colour["1-soft"]),
    ...all("tertiaryColor clusterBkg altBackground rectBkgColor sectionBkgColor sectionBkgColor2 compositeBackground rowOdd",
      colour.group),
    ...all("rowEven altSectionBkgColor", colour.ground),
    ...all("primaryBorderColor nodeBorder actorBorder labelBoxBorderColor activationBorderColor taskBorderColor "
      + "activeTaskBorderColor personBorder requirementBorderColor innerEndBackground", colour.border),
    ...all("secondaryBorderColor tertiaryBorderColor clusterBorder compositeBorder border2 archGroupBorderColor",
      colour["group-border"]),
    ...all("primaryTextColor secondaryTextColor tertiaryTextColor textColor titleColor nodeTextColor actorTextColor "
      + "signalTextColor labelTextColor loopTextColor noteTextColor taskTextColor taskTextOutsideColor taskTextLightColor "
      + "taskTextDarkColor taskTextClickableColor transitionLabelColor stateLabelColor classText errorTextColor "
      + "pieTitleTextColor pieSectionTextColor pieLegendTextColor vennTitleTextColor vennSetTextColor scaleLabelColor "
      + "requirementTextColor relationLabelColor commitLabelColor tagLabelColor quadrant1TextFill quadrant2TextFill "
      + "quadrant3TextFill quadrant4TextFill quadrantPointTextFill quadrantXAxisTextFill quadrantYAxisTextFill "
      + "quadrantTitleFill", colour.text),
    ...all("lineColor defaultLinkColor signalColor arrowheadColor transitionColor specialStateColor relationColor "
      + "archEdgeColor archEdgeArrowColor vertLineColor", colour.line),
    ...all("actorLineColor gridColor quadrantInternalBorderStrokeFill quadrantExternalBorderStrokeFill", colour.grid),
    ...all("edgeLabelBackground labelBackgroundColor relationLabelBackground commitLabelBackground labelBoxBkgColor",
      colour.chip),
    ...all("noteBkgColor tagLabelBackground", colour.note), ...all("noteBorderColor tagLabelBorder", colour["note-border"]),
    ...all("critBorderColor todayLineColor errorBkgColor", colour.alert), critBkgColor: colour["7-soft"],
    doneTaskBkgColor: colour.done, doneTaskBorderColor: colour.grid, excludeBkgColor: colour.group,
    sequenceNumberColor: colour.ground, pieStrokeColor: colour.ground, pieOuterStrokeColor: colour.ground,
    quadrantPointFill: colour["1"],
    quadrant1Fill: colour["3-soft"], quadrant2Fill: colour["1-soft"], quadrant3Fill: colour.group, quadrant4Fill: colour["2-soft"],
    ...series(colour, 12, "cScale"), ...series(colour, 12, "cScalePeer", 0, false), ...series(colour, 12, "cScaleInv", 0, false),
    ...all(Array.from({ length: 12 }, (_, number) => `cScaleLabel${number}`).join(" "), colour.text),
    ...series(colour, 12, "pie", 1), ...series(colour, 8, "fillType"), ...series(colour, 5, "surface"), ...series(colour, 5, "surfacePeer", 0, false),
    ...series(colour, 8, "venn", 1), ...series(colour, 8, "git", 0, false), ...series(colour, 8, "gitInv"),
    ...all(Array.from({ length: 8 }, (_, number) => `gitBranchLabel${number}`).join(" "), colour.ground),
    xyChart: {
      ...all("titleColor dataLabelColor legendTextColor xAxisTitleColor xAxisLabelColor yAxisTitleColor yAxisLabelColor", colour.text),
      ...all("xAxisTickColor xAxisLineColor yAxisTickColor yAxisLineColor", colour.line),
      backgroundColor: "transparent", plotColorPalette: [1, 2, 3, 4, 5, 6, 7, 8].map((number) => colour[number]).join(","),
    },
    packet: {
      ...all("startByteColor endByteColor labelColor titleColor", colour.text), blockFillColor: colour.node,
      blockStrokeColor: colour.border, labelFontSize: `${LETTERS}px`, byteFontSize: `${LETTERS - 3}px`, titleFontSize: `${LETTERS}px`,
    },
    treemap: {
      ...all("sectionStrokeColor leafStrokeColor", colour.border), ...all("labelColor valueColor titleColor", colour.text),
      labelFontSize: `${LARGER.treemap}px`, valueFontSize: `${LETTERS}px`, titleFontSize: `${LARGER.treemap}px`,
    },
    radar: {
      axisColor: colour.line, axisStrokeWidth: 1.5, axisLabelFontSize: LETTERS, curveOpacity: 0.35, curveStrokeWidth: 2.5,
      graticuleColor: colour.grid, graticuleStrokeWidth: 1, graticuleOpacity: 0.4, legendBoxSize: 14, legendFontSize: LETTERS,
    },
  });
  const sizes = (names) => all(names, LETTERS);
  const persons = "person external_person system external_system system_db external_system_db system_queue "
    + "external_system_queue boundary message container external_container container_db external_container_db "
    + "container_queue external_container_queue component external_component component_db external_component_db "
    + "component_queue external_component_queue";

  // Whatever would differ from one run to the next does not: chance, and what day it is.
  const still = () => {
    let seed = 20240229;
    Math.random = () => {
      seed = (Math.imul(seed ^ (seed >>> 15), 1 | seed) + 0x6d2b79f5) | 0;
      return ((seed ^ (seed >>> 14)) >>> 0) / 4294967296;
    };
  };
  const Clock = Date;
  window.Date = class extends Clock {
    constructor(...given) { super(...(given.length ? given : [0])); }
    static now() { return 0; }
  };

  const begin = (font, colour, letters) => mermaid.initialize({
    startOnLoad: false, securityLevel: "strict", suppressErrorRendering: true, deterministicIds: true,
    deterministicIDSeed: "diagram", htmlLabels: false, theme: "base", themeVariables: { ...variables(colour, letters), fontFamily: font },
    fontFamily: font, fontSize: letters, markdownAutoWrap: true, handDrawnSeed: 1, look: "classic", layout: "dagre",
    maxTextSize: 50000, maxEdges: 500, logLevel: 5,
    secure: ["secure", "securityLevel", "startOnLoad", "suppressErrorRendering", "maxTextSize", "maxEdges", "htmlLabels",
      "deterministicIds", "deterministicIDSeed", "dompurifyConfig", "fontFamily", "fontSize", "logLevel"],
    flowchart: { htmlLabels: false, curve: "basis", padding: 14, nodeSpacing: 44, rankSpacing: 44, wrappingWidth: 260 },
    sequence: { ...sizes("actorFontSize noteFontSize messageFontSize"), actorFontWeight: "inherit", messageFontWeight: "inherit",
      noteFontWeight: "inherit", mirrorActors: false, boxMargin: 8, width: 130, height: 48, actorMargin: 40, wrapPadding: 10 },
    class: { htmlLabels: false, nodeSpacing: 40, rankSpacing: 40 }, er: { fontSize: LETTERS, nodeSpacing: 60, rankSpacing: 50 },
    state: { fontSize: LETTERS, nodeSpacing: 40, rankSpacing: 36 },
    gantt: { ...sizes("fontSize sectionFontSize"), barHeight: 30, barGap: 8, topPadding: 56, leftPadding: 130, useWidth: 960,
      titleTopMargin: 24, gridLineStartPadding: 40 },
    journey: { taskFontSize: LARGER.journey, titleFontSize: `${LARGER.journey + 2}px`, actorColours: [1, 2, 3, 4, 5, 6, 7].map((number) => colour[number]),
      sectionFills: [1, 2, 3, 4, 5, 6, 7].map((number) => colour[`${number}-soft`]), sectionColours: [colour.text], width: 180 },
    timeline: { taskFontSize: LARGER.timeline, padding: 24, sectionFills: [1, 2, 3, 4, 5, 6, 7].map((number) => colour[`${number}-soft`]),
      sectionColours: [colour.text] },
    quadrantChart: { ...sizes("xAxisLabelFontSize yAxisLabelFontSize quadrantLabelFontSize pointLabelFontSize"),
      titleFontSize: LETTERS + 2, chartWidth: 640, chartHeight: 520 },
    xyChart: { titleFontSize: LETTERS + 2, legendFontSize: LETTERS, xAxis: sizes("labelFontSize titleFontSize"),
      yAxis: sizes("labelFontSize titleFontSize"), width: 760, height: 440 },
    sankey: { width: 760, height: 420, linkColor: "source", nodeAlignment: "justify", showValues: true },
    gitGraph: { rotateCommitLabel: true },
    pie: { textPosition: 0.7 }, mindmap: { padding: 12, maxNodeWidth: 240 },
    packet: { bitWidth: 28, rowHeight: 44 }, radar: { width: 480, height: 400, marginTop: 40, marginBottom: 40 }, requirement: { fontSize: LETTERS },
    block: { padding: 10 }, treemap: sizes("valueFontSize labelFontSize"), c4: sizes(persons.split(" ").map((name) => `${name}FontSize`).join(" ")),
  });

  const fault = (error) => ({
    error: String(error?.str || error?.message || error || "it says nothing"),
    text: typeof error?.hash?.text === "string" ? error.hash.text : "",
    token: String(error?.hash?.token ?? ""),
    expected: error?.hash?.expected ?? [],
    behind: error?.hash?.loc ? [error.hash.loc.last_line, error.hash.loc.last_column] : [0, 0],
  });

  // [size in units of the view box, characters set in it, the first such words] of every stretch of text
  const lettering = (svg) => {
    const found = [];
    const scale = svg.getScreenCTM().a || 1;
    for (const one of svg.querySelectorAll("text, tspan, textPath")) {
      const own = [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join("").trim();
      if (!own) continue;
      const to = one.getScreenCTM();
      found.push([parseFloat(getComputedStyle(one).fontSize) * Math.hypot(to.a, to.b) / scale, own.length, own]);
    }
    return found;
  };

  // Leaves out marks of an axis of time whose words would lie over each other: every second, every third, …
  const thin = (svg) => {
    const marks = [...svg.querySelectorAll(".grid .tick")];
    const boxes = marks.map((mark) => mark.querySelector("text")?.getBoundingClientRect());
    if (boxes.length < 2 || boxes.some((box) => !box)) return;
    const clear = (step) => boxes.every((box, at) => at % step || at + step >= boxes.length || box.right + 8 < boxes[at + step].left);
    let step = 1;
    while (step < boxes.length && !clear(step)) step++;
    marks.forEach((mark, at) => { if (at % step) mark.remove(); });
  };

  // Commits that the author has not named have a number of Mermaid's own, which tells nothing.
  const unnamed = (svg) => {
    for (const label of svg.querySelectorAll("text.commit-label")) {
      if (!/^\d+-[0-9a-f]{7}$/.test(label.textContent.trim())) continue;
      const whole = label.closest("g");
      if (whole.querySelectorAll("text").length === 1) whole.remove(); else label.remove();
    }
  };

  // Words on a ground that the author chose are dark or light, whichever can be read on it.
  const readable = (svg) => {
    for (const shape of svg.querySelectorAll('.node [style*="fill"]:not(text, tspan, .label *), .cluster > [style*="fill"]')) {
      const parts = getComputedStyle(shape).fill.match(/^rgb\((\d+), (\d+), (\d+)\)$/)?.slice(1).map(Number);
      if (!parts || (parts[0] === 10 && parts[1] === 11)) continue;
      const [red, green, blue] = parts.map((part) => (part / 255 <= 0.04045 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4));
      const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      for (const text of shape.closest(".node, .cluster").querySelectorAll("text, tspan")) {
        const label = text.closest(".label, .cluster-label");
        if (label && /(^|[;\s])(color|fill)\s*:/.test(`${label.getAttribute("style") ?? ""};${text.closest("text").getAttribute("style") ?? ""}`)) continue;
        text.style.fill = light > 0.18 ? "#14171d" : "#ffffff";
      }
    }
  };

  window.work = async ({ source, colours }) => {
    still();
    const place = document.getElementById("place");
    const font = getComputedStyle(place).fontFamily;
    for (const face of ["", "bold ", "italic ", "italic bold "]) {
      await document.fonts.load(`${face}${LETTERS}px ${font}`, `${source} AÄ`).catch(() => null);
    }
    begin(font, colours, LETTERS);
    let drawn;
    try {
      const { diagramType } = await mermaid.parse(source);
      if (LARGER[diagramType]) begin(font, colours, LARGER[diagramType]);
    } catch (error) {
      return fault(error);
    }
    try {
      drawn = await mermaid.render("diagram", source, place);
    } catch (error) {
      return fault(error);
    }
    place.innerHTML = drawn.svg;
    const svg = place.querySelector("svg");
    const { width, height } = svg.viewBox.baseVal;
    svg.removeAttribute("style");
    svg.setAttribute("width", width);
    svg.setAttribute("height", height);
    thin(svg);
    readable(svg);
    unnamed(svg);
    const letters = lettering(svg);
    for (const one of [...svg.querySelectorAll(":scope > title, :scope > desc")]) one.remove();
    const result = { svg: new XMLSerializer().serializeToString(svg), letters, kind: drawn.diagramType };
    place.textContent = "";
    return result;
  };
})();
