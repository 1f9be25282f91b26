// Before anything shows: the colours that the viewer has chosen, and that there is a script.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  try {
    var kept = JSON.parse(localStorage.getItem("deckcast") || "{}"), theme = kept.v > 1 ? "" : kept.theme;
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch (error) { /* a browser that keeps nothing */ }
})();
