// The search page: Sphinx's index finds the pages, this shows the passage and leads to its section.
// The texts are scripts, one a page, read for the pages found only: so it also works when the book is opened as a file.
const SPHINX_HIGHLIGHT_ENABLED = false; // asked for by searchtools.js; page.js marks the words found

// Sphinx's own weights, and then chapters before the rest and pages of single tables last.
var Scorer = { // var, because searchtools.js declares it so
  objNameMatch: 11, objPartialMatch: 6, objPrio: { 0: 15, 1: 5, 2: -5 }, objPrioDefault: 0, title: 15, partialTitle: 7, term: 5, partialTerm: 2,
  score: ([docname, , , , score]) => score + (/^chapters\/[^/]+$/.test(docname) ? 8 : 0) - (/^chapters\/[^/]+\/[^/]+\//.test(docname) ? 8 : 0),
};

(() => {
  "use strict";
  const AROUND = 110;
  const root = document.documentElement.dataset.content_root;
  const textOf = (docname) =>
    course.load(`${root}_static/course/texts/${docname.replaceAll("/", "~")}.js`, `text ${docname}`).catch(() => []);

  const query = () => (new URLSearchParams(location.search).get("q") ?? "").toLowerCase();
  const plain = () => query().split(/[^\p{L}\p{N}_]+/u).filter((word) => word.length > 1);
  const stems = () => { const stemmer = new Stemmer(); return plain().map((word) => { const stem = stemmer.stemWord(word); return word.startsWith(stem) ? stem : word; }); };

  // The section that says all words side by side wins, then the one with most of them in its text, then in its title;
  // a section that the link already names is taken as it is.
  function best(sections, words, anchor) {
    const phrase = plain().join(" ");
    const count = (text) => words.filter((word) => text.includes(word)).length;
    const worth = ([, title, text]) => {
      const low = text.toLowerCase();
      return (low.includes(phrase) ? 100 : 0) + 10 * count(low) + count(title.toLowerCase());
    };
    const named = sections.find(([id]) => anchor && id === anchor);
    return named ?? [...sections].sort((a, b) => worth(b) - worth(a))[0];
  }

  function passage(text, words) {
    const low = text.toLowerCase();
    const places = [plain().join(" "), ...words].map((word) => low.indexOf(word)).filter((place) => place >= 0);
    const middle = places[0] ?? 0;
    const from = middle > AROUND ? text.lastIndexOf(" ", middle - AROUND) + 1 : 0;
    const to = middle + AROUND < text.length ? text.lastIndexOf(" ", middle + AROUND) : text.length;
    return `${from ? "… " : ""}${text.slice(from, to)}${to < text.length ? " …" : ""}`;
  }

  function marked(text, words) {
    const line = Object.assign(document.createElement("p"), { className: "context" });
    const pattern = new RegExp(`(${words.join("|")})`, "giu");
    for (const [place, part] of text.split(pattern).entries()) {
      line.append(place % 2 ? Object.assign(document.createElement("mark"), { textContent: part }) : part);
    }
    return line;
  }

  async function show(item) {
    const link = item.querySelector("a");
    const [path, anchor] = link.getAttribute("href").split("#");
    const docname = path.replace(/\.html$/, "");
    const words = stems();
    const sections = await textOf(docname);
    if (!sections.length || !words.length) return;
    const [id, title, text] = best(sections, words, anchor);
    if (id && !anchor) link.href = `${path}#${id}`;
    if (title && !link.textContent.includes(title)) link.append(` › ${title}`);
    const said = words.some((word) => `${title} ${text}`.toLowerCase().includes(word));
    item.append(said ? marked(passage(text, words), words) : marked("Found in the code or the name of this page.", words));
  }

  const keep = () => { try { localStorage.setItem("course-found", JSON.stringify(plain())); } catch { /* storage refused: nothing is marked */ } };
  const start = () => {
    const place = document.querySelector("#search-results");
    new MutationObserver((changes) => {
      for (const node of changes.flatMap((change) => [...change.addedNodes])) if (node.matches?.("ul.search > li")) show(node);
    }).observe(place, { childList: true, subtree: true });
    place.addEventListener("click", keep);
    place.addEventListener("auxclick", keep);
    document.querySelector(".bd-search-container form.bd-search input")?.focus();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
