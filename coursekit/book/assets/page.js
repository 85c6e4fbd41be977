// What every page does: print as a whole and in light colours, and mark the words that a search has found.
(() => {
  "use strict";
  const page = document.documentElement;
  let before;

  // Paper is white, and nothing on it can be opened: print in light colours with every folded part open.
  window.addEventListener("beforeprint", () => {
    const folded = [...document.querySelectorAll("main details:not([open])")];
    before ??= { theme: page.dataset.theme, folded };
    page.dataset.theme = "light";
    for (const part of folded) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    if (!before) return;
    page.dataset.theme = before.theme;
    for (const part of before.folded) part.open = false;
    before = undefined;
  });
  for (const button of document.querySelectorAll("[data-course-print]")) button.addEventListener("click", () => window.print());

  // On a phone the rows of a wide table stand as cards (course.css). Each cell then says its column, and the parts of
  // the table keep their roles, which some browsers drop with the table's own layout.
  const ROLES = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell", th: "columnheader" };
  for (const table of document.querySelectorAll(".pst-scrollable-table-container > table")) {
    const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((head) => head.textContent.trim());
    for (const row of table.tBodies[0]?.rows ?? []) {
      [...row.cells].forEach((cell, place) => { if (cell.textContent.trim()) cell.dataset.label = heads[place] ?? ""; });
    }
    for (const part of [table, ...table.querySelectorAll("thead, tbody, tr, td, th")]) part.setAttribute("role", ROLES[part.localName]);
  }

  // The search page leaves its words here; they are marked once, in the text and never inside a chart.
  const FOUND = "course-found";
  function foundWords() {
    try {
      const words = JSON.parse(localStorage.getItem(FOUND) ?? "[]");
      if (!document.querySelector("[data-course-search]")) localStorage.removeItem(FOUND);
      return words;
    } catch { return []; } // storage may be refused
  }

  function mark(text, pattern) {
    const parts = text.data.split(pattern);
    if (parts.length < 2) return;
    text.replaceWith(...parts.map((part, place) => (place % 2 ? Object.assign(document.createElement("mark"), { textContent: part }) : part)));
  }

  function markFound() {
    const words = foundWords();
    const article = document.querySelector("article.bd-article");
    if (!words.length || !article || document.querySelector("[data-course-search]")) return;
    const pattern = new RegExp(`(${words.map((word) => word.replace(/[^\p{L}\p{N}]/gu, "\\$&")).join("|")})`, "giu");
    const apart = "svg, script, style, math, button, select, option, textarea, .headerlink, pre";
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT, (node) =>
      (node.parentElement.closest(apart) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const text of texts) mark(text, pattern);
    if (article.querySelector("mark")) offerToUnmark(article);
  }

  function offerToUnmark(article) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "course-plain course-unmark", textContent: "Unmark the words found" });
    button.addEventListener("click", () => {
      for (const found of article.querySelectorAll("mark")) found.replaceWith(...found.childNodes);
      article.normalize();
      button.remove();
    });
    article.prepend(button);
  }
  markFound();
})();
