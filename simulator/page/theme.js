// Runs before the first paint, so that a chosen theme does not flash.
"use strict";
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem("theme");
  } catch (problem) {
    // Storage is switched off: follow the system.
  }
  if (chosen === "dark" || chosen === "light") {
    document.documentElement.dataset.theme = chosen;
  }
})();
