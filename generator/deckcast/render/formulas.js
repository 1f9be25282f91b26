// Sets one formula with KaTeX: { tex, display, macros } → { html }, or { error, position, length } where TeX is wrong.
window.work = ({ tex, display, macros }) => {
  const refuse = ({ command }) => {
    throw new katex.ParseError(`${command} is not for slides, which show neither links nor pictures of a formula's own`);
  };
  try {
    const html = katex.renderToString(tex, {
      displayMode: display, macros, output: "htmlAndMathml", throwOnError: true, strict: "ignore", trust: refuse,
      maxSize: 50, maxExpand: 2000,
    });
    // What is drawn is hidden from screen readers, which have the MathML; it counts for measures all the same.
    return { html: html.replace('class="katex-html" aria-hidden="true"', 'class="katex-html" aria-hidden="true" data-ink') };
  } catch (error) {
    if (!(error instanceof katex.ParseError)) throw error;
    return { error: error.rawMessage, position: error.position ?? null, length: error.length ?? 0 };
  }
};
