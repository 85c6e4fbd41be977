// Folded sections open when a link leads to them or into them, and all of them open for print. Without scripts a reader
// opens them by hand.
(() => {
  "use strict";
  const FOLDS = "details.course-deeper, details.course-verdict-line";

  function reveal(address) {
    const target = address.length > 1 && document.getElementById(decodeURIComponent(address.slice(1)));
    if (!target) return;
    const home = target.closest("section, details") ?? target;
    const folds = [home, ...home.querySelectorAll(":scope > details.course-deeper")];
    for (let box = home; box; box = box.parentElement) folds.push(box);
    const closed = folds.filter((box) => box.matches("details") && !box.open);
    for (const box of closed) box.open = true;
    if (closed.length) target.scrollIntoView();
  }

  addEventListener("hashchange", () => reveal(location.hash));
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href*='#']");
    if (link && link.hash && link.hash === location.hash && link.pathname === location.pathname) reveal(link.hash);
  });
  addEventListener("beforeprint", () => {
    for (const box of document.querySelectorAll(FOLDS)) if (!box.open) { box.open = true; box.dataset.forPrint = ""; }
  });
  addEventListener("afterprint", () => {
    for (const box of document.querySelectorAll("[data-for-print]")) { box.open = false; delete box.dataset.forPrint; }
  });
  reveal(location.hash.split("?")[0]);
})();
