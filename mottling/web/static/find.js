/* The search of a list: rows whose number does not hold what is typed are hidden; folded parts open. */
(() => {
  "use strict";

  const plain = (text) => text.toLowerCase().replace(/[^a-z0-9]/g, "");

  document.addEventListener("input", (event) => {
    const list = event.target.closest?.("[data-find-in]");
    if (list) find(document.querySelector(list.dataset.findIn), plain(list.value));
  });

  function find(place, wanted) {
    const rows = [...place.querySelectorAll("[data-find]")];
    for (const row of rows) row.hidden = !plain(row.dataset.find).includes(wanted);
    for (const part of place.querySelectorAll(".rows-of")) {
      const isEmpty = !part.querySelector("[data-find]:not([hidden])");
      part.hidden = isEmpty;
      if (part.tagName === "DETAILS") part.open = wanted !== "" && !isEmpty;
    }
    place.querySelector("[data-find-nothing]").hidden = rows.length === 0 || rows.some((row) => !row.hidden);
  }
})();
