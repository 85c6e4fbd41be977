// A page knows in which month newer figures are due. Whether that month has come is asked of the reader's calendar, so
// that an old copy of the book says that it is old. Without scripts the month itself can be read.
(() => {
  "use strict";
  const today = new Date();
  const month = `${today.getFullYear()}-${String(today.getMonth() + 1).padStart(2, "0")}`;
  for (const due of document.querySelectorAll("[data-due]")) {
    const past = due.dataset.due <= month;
    due.querySelector(".course-stale").hidden = !past;
    const cell = due.closest("td[data-value]"); // the catalogue's list filters by this word
    if (cell) cell.dataset.value = past ? "stale" : "current";
  }
})();
