// The page of all lessons: how far the viewer has come, and what is said where.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const course = JSON.parse($("course").textContent);
  const say = (name, values = {}) => Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), course.words[name]);
  const kept = (name) => {
    try {
      const found = JSON.parse(localStorage.getItem(name)) || {};
      return found.v > 1 ? { newer: true } : found; // what a newer page keeps is left alone, as in lesson.js
    } catch (error) { return {}; }
  };
  const make = (tag, values = {}, ...inside) => {
    const one = Object.assign(document.createElement(tag), values);
    one.append(...inside);
    return one;
  };

  // ── how far ── (docs/lesson-page.md says what a lesson keeps)

  const here = location.pathname.replace(/[^/]*$/, "");
  const progress = () => {
    for (const item of $("lessons").children) {
      const was = kept(`deckcast:${here}${encodeURIComponent(item.dataset.name)}/`);
      const share = was.done ? 1 : was.d ? Math.min(was.t / was.d, 1) : 0;
      const [bar, state] = [item.querySelector(".bar"), item.querySelector(".state")];
      bar.hidden = state.hidden = !share;
      bar.firstElementChild.style.width = `${share * 100}%`;
      state.textContent = was.done ? say("watched") : say("watched_part", { n: Math.round(share * 100) });
    }
  };
  progress();
  addEventListener("pageshow", progress);

  // ── search ──

  const MOST = 60;
  const clock = (seconds) => {
    const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, String(seconds % 60).padStart(2, "0")];
    return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
  };
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  // A letter may be longer or shorter when it is plain, so places are looked for letter by letter.
  const place = (text, wanted) => {
    let [all, from] = ["", []];
    for (const [at, letter] of [...text].entries()) for (const one of plain(letter)) { all += one; from.push(at); }
    const found = all.indexOf(wanted);
    return found < 0 ? null : [from[found], from[found + wanted.length - 1] + 1];
  };
  const around = (text, [begin, end]) => {
    const letters = [...text];
    let [from, to] = [Math.max(0, begin - 60), Math.min(letters.length, end + 100)];
    while (from > 0 && from < begin && letters[from - 1] !== " ") from += 1;
    while (to < letters.length && to > end && letters[to] !== " ") to -= 1;
    const cut = (a, b) => letters.slice(a, b).join("");
    return [`${from ? "…" : ""}${cut(from, begin)}`, make("mark", { textContent: cut(begin, end) }), `${cut(end, to)}${to < letters.length ? "…" : ""}`];
  };
  const search = () => {
    const wanted = plain($("search").value.trim());
    const results = [];
    if (wanted.length > 1) {
      for (const lesson of course.lessons) {
        for (const [second, text] of lesson.said) {
          const found = place(text, wanted);
          if (found) results.push([lesson, second, text, found]);
        }
      }
    }
    const lessons = new Set(results.map(([lesson]) => lesson)).size;
    $("found").value = wanted.length < 2 ? "" : results.length ? say("found_lessons", { n: results.length, lessons, all: course.lessons.length }) : say("found_none");
    $("results").hidden = !results.length;
    $("results").replaceChildren(...results.slice(0, MOST).map(([lesson, second, text, found]) => make("li", {}, make("a",
      { href: `${encodeURIComponent(lesson.name)}/index.html#t=${second}` },
      make("time", { textContent: clock(second) }), make("strong", { textContent: lesson.title }), make("span", {}, ...around(text, found))))));
  };
  document.querySelector(".find").hidden = false;
  document.querySelector(".find").addEventListener("submit", (event) => event.preventDefault());
  $("search").addEventListener("input", search);

  // ── colours ──

  const themes = ["auto", "light", "dark"];
  const setTheme = (name) => {
    if (name === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    $("theme").title = say(`theme_${name}`);
    $("theme").setAttribute("aria-label", $("theme").title);
  };
  let theme = themes.includes(kept("deckcast").theme) ? kept("deckcast").theme : "auto";
  setTheme(theme);
  $("theme").addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % 3];
    setTheme(theme);
    if (kept("deckcast").newer) return;
    try { localStorage.setItem("deckcast", JSON.stringify({ ...kept("deckcast"), theme })); } catch (error) { /* a browser that keeps nothing */ }
  });
})();
