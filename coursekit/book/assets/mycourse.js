// *My course*: lays the answers that this browser keeps over the index of all questions. Nothing leaves the browser
// except a file that the reader saves. A chapter may show some of the parts: what is not in the page is not filled.
(() => {
  "use strict";
  const { answers, code, numbers } = window.course;
  const { format } = numbers;
  const FORMAT = "course-answers";
  const MARKED = new Set(["single", "multiple", "number", "order", "match", "cells", "practice"]);
  const BANDS = [[0, 0.5, "up to 50 %"], [0.5, 0.7, "51 to 70 %"], [0.7, 0.9, "71 to 90 %"], [0.9, 1, "over 90 %"]];
  const page = document.querySelector(".course-mine");
  const root = document.documentElement.dataset.content_root || "./";
  const find = (selector) => page.querySelector(selector);
  const part = (name) => find(`[data-part=${name}]`);
  const percent = (share) => `${Math.round(share * 100)} %`;
  const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
  let index;

  function element(name, text, attributes = {}) {
    const node = document.createElement(name);
    if (text !== undefined) node.textContent = text;
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  }

  // A table that the style sheet turns into cards on a phone, which is why its roles are written out.
  function table(name, columns, rows) {
    const box = element("div", undefined, { class: "course-cards" });
    const made = element("table", undefined, { role: "table", "aria-label": name });
    const head = element("tr", undefined, { role: "row" });
    head.append(...columns.map((text) => element("th", text, { role: "columnheader", scope: "col", "data-name": text })));
    const top = element("thead", undefined, { role: "rowgroup" });
    top.append(head);
    const body = element("tbody", undefined, { role: "rowgroup" });
    for (const cells of rows) body.append(row(columns, cells));
    made.append(top, body);
    box.append(made);
    return box;
  }

  function row(columns, cells) {
    const line = element("tr", undefined, { role: "row" });
    cells.forEach((content, i) => {
      const cell = element("td", undefined, { role: "cell", "data-name": columns[i] });
      cell.append(content);
      line.append(cell);
    });
    return line;
  }

  function link(question) {
    return element("a", question.title, { href: `${root}${question.page}.html#${question.anchor}` });
  }

  // Questions of the book with what this browser keeps of them; only those that were checked at least once.
  function answered() {
    const all = answers.all();
    return index.questions.filter((question) => all[question.id]?.tries).map((question) => ({ question, kept: all[question.id] }));
  }

  const isMarked = ({ question, kept }) => MARKED.has(question.kind) && question.tag !== "predict" && typeof kept.right === "boolean";

  function progress(found) {
    const rows = index.chapters.map((chapter) => {
      const here = found.filter(({ question }) => question.page === chapter.page);
      const marked = here.filter(isMarked);
      const all = index.questions.filter((question) => question.page === chapter.page).length;
      const title = element("a", chapter.title, { href: `${root}${chapter.page}.html` });
      if (!here.length) return [title, `0 of ${all}`, "", ""]; // Empty cells take no room on a phone.
      const right = marked.length ? `${marked.filter(({ kept }) => kept.right).length} of ${marked.length}` : "none marked";
      return [title, `${here.length} of ${all}`, right, String(here.reduce((sum, { kept }) => sum + kept.tries, 0))];
    });
    return [table("Progress", ["Chapter", "Answered", "Right at the last try", "Tries"], rows)];
  }

  // Brier score: the mean squared distance of the stated chance from what came (1) or did not (0).
  function sure(found) {
    const said = found.map(({ kept }) => kept.first?.score).filter((score) => score && "chance" in score);
    if (!said.length) return [];
    const brier = mean(said.map(({ chance, came }) => (chance - (came ? 1 : 0)) ** 2));
    const bands = BANDS.map(([low, high, name]) => ({ name, inside: said.filter(({ chance }) => chance > low && chance <= high) }))
      .filter(({ inside }) => inside.length)
      .map(({ name, inside }) => ({ name, count: inside.length, stated: mean(inside.map((s) => s.chance)), came: mean(inside.map((s) => Number(s.came))) }));
    const lead = `Your Brier score over ${said.length} ${said.length === 1 ? "prediction" : "predictions"} with a stated chance is ${format(brier, 2)}. `
      + "It is the mean squared distance between the chance you stated and what came: 0 is perfect, 0.25 is what “50 %” always gets, 1 is the worst.";
    const rows = bands.map((band) => [band.name, String(band.count), percent(band.stated), percent(band.came)]);
    const note = said.length < 10 ? [element("p", "Fewer than ten predictions say little about how well you judge your own knowledge.")] : [];
    return [element("p", lead), plot(bands), table("Calibration", ["You said", "Predictions", "Mean chance stated", "Came true"], rows), ...note];
  }

  // Mean chance stated (across) against the share that came true (up); on the line the two are equal.
  function plot(bands) {
    const [size, left, bottom, top] = [250, 44, 38, 26];
    const x = (share) => left + share * (size - left - 12), y = (share) => size - bottom - share * (size - bottom - top);
    const said = bands.map((band) => `said ${percent(band.stated)}, came true ${percent(band.came)} of ${band.count}`).join("; ");
    const lines = [0, 0.5, 1].map((v) => `<line class="draw-grid" x1="${x(0)}" x2="${x(1)}" y1="${y(v)}" y2="${y(v)}"/>`
      + `<text class="draw-muted" text-anchor="end" x="${left - 6}" y="${y(v) + 4}">${percent(v)}</text>`
      + `<text class="draw-muted" text-anchor="middle" x="${x(v)}" y="${size - 20}">${percent(v)}</text>`).join("");
    const dots = bands.map((band) => `<circle class="draw-dot" cx="${x(band.stated)}" cy="${y(band.came)}" r="${5 + Math.min(5, band.count)}"/>`).join("");
    const holder = element("div", undefined, { class: "quiz-draw mine-plot" });
    // Numbers only: no text of the reader enters this mark-up.
    holder.innerHTML = `<svg role="img" width="${size}" height="${size}">${lines}<line class="draw-given" stroke-dasharray="4 4" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}"/>`
      + `<text class="draw-muted" x="0" y="12">came true</text><text class="draw-muted" text-anchor="end" x="${x(1) + 10}" y="${size - 4}">chance stated</text>${dots}</svg>`;
    holder.firstChild.setAttribute("aria-label", `Calibration: ${said}.`);
    return holder;
  }

  function ranges(found) {
    const tried = found.map(({ question, kept }) => ({ question, kept, score: kept.first?.score })).filter(({ score }) => score?.range);
    if (!tried.length) return [];
    const held = tried.filter(({ score }) => score.hit).length;
    const lead = `Ranges that held the figure: ${held} of ${tried.length} (${percent(held / tried.length)}). Who is 80 % sure each time, and judges that well, reaches 80 %: `
      + "fewer means that the ranges were too narrow, more that they were too wide.";
    const rows = tried.map(({ question, kept, score }) => [
      link(question), kept.first.said, kept.first.told, percent((score.high - score.low) / score.scale), score.hit ? "yes" : "no",
    ]);
    return [element("p", lead), table("Ranges", ["Question", "Your range", "Told", "Width, of the scale", "Held"], rows)];
  }

  function predictions(found) {
    const rows = found.filter(({ question, kept }) => question.tag === "predict" && kept.first)
      .map(({ question, kept }) => [link(question), kept.first.said, kept.first.told]);
    return rows.length ? [table("Predictions", ["Question", "You said", "Told"], rows)] : [];
  }

  function outcome(entry) {
    if (!isMarked(entry)) return "told";
    return entry.kept.right ? "✓ right" : "✗ not yet";
  }

  function list(found) {
    const rows = found.map((entry) => [link(entry.question), entry.kept.said ?? "", outcome(entry), String(entry.kept.tries), day(entry.kept.when)]);
    return [table("Answers", ["Question", "Your last answer", "Result", "Tries", "Day"], rows)];
  }

  const day = (when) => new Date(when).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });

  function show() {
    const found = answered();
    const parts = { progress, sure, ranges, predictions, answers: list };
    for (const [name, fill] of Object.entries(parts).filter(([name]) => part(name))) {
      const content = found.length ? fill(found) : [];
      part(name).hidden = !content.length;
      part(name).querySelector(".mine-fill").replaceChildren(...content);
    }
    if (part("files")) showFiles(found);
    find(".mine-lead").textContent = found.length
      ? `You have answered ${found.length} of ${index.questions.length} questions. Your answers are kept in this browser and nowhere else.`
      : "Nothing yet: when you check a question of a chapter, your answer is kept in this browser, and nowhere else, and shown here.";
    if (!found.length && location.protocol === "file:") offerToReadAgain();
  }

  function showFiles(found) {
    part("files").hidden = false;
    part("save").hidden = !found.length;
    part("forget").hidden = !found.length && !Object.keys(code.all()).length;
  }

  // To Chromium each page opened as a file is a reader of the store of its own, and one that comes right after another
  // page can be given the store as it was before that page wrote; it stays so until the page is loaded anew.
  function offerToReadAgain() {
    const button = element("button", "Read again", { type: "button", class: "course-plain" });
    button.addEventListener("click", () => location.reload());
    find(".mine-lead").append(" If you have answered some: a page opened as a file may see them late. ", button);
  }

  function save(name, type, text) {
    const address = URL.createObjectURL(new Blob([text], { type }));
    const anchor = element("a", "", { href: address, download: name });
    document.body.append(anchor);
    anchor.click();
    anchor.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  function saveJson() {
    const known = new Set(index.questions.map((question) => question.id));
    const kept = Object.fromEntries(Object.entries(answers.all()).filter(([id]) => known.has(id)));
    const titles = Object.fromEntries(index.questions.filter(({ id }) => kept[id]).map(({ id, title }) => [id, title]));
    const content = { format: FORMAT, version: 1, book: index.book, name: find(".mine-name").value.trim(), saved: new Date().toISOString(), titles, answers: kept };
    save("my-answers.json", "application/json", JSON.stringify(content, null, 1));
  }

  // The page as it stands, without links and buttons, for a reader who has no script.
  function saveHtml() {
    const copy = document.implementation.createHTMLDocument(`My answers: ${index.book}`);
    copy.documentElement.lang = "en";
    copy.head.prepend(element("meta", undefined, { charset: "utf-8" }));
    copy.head.append(element("style", "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse}td,th{border:1px solid #999;padding:.3rem .5rem;text-align:left;vertical-align:top}"));
    const name = find(".mine-name").value.trim();
    copy.body.append(element("h1", `My answers: ${index.book}`), element("p", `${name ? `${name}, ` : ""}${day(new Date())}`));
    for (const section of page.querySelectorAll("section:not([hidden]):not([data-part=files])")) {
      const part = section.cloneNode(true);
      part.querySelectorAll("a").forEach((anchor) => anchor.replaceWith(anchor.textContent));
      part.querySelectorAll("svg").forEach((drawn) => drawn.remove());
      copy.body.append(part);
    }
    save("my-answers.html", "text/html", `<!doctype html>\n${copy.documentElement.outerHTML}`);
  }

  const text = (value) => (typeof value === "string" ? value.slice(0, 4000) : "");

  // Only what this script itself would write is taken from a file.
  function tryOf(raw) {
    if (typeof raw !== "object" || raw === null) return {};
    const score = typeof raw.score === "object" && raw.score !== null
      ? Object.fromEntries(Object.entries(raw.score).filter(([, value]) => typeof value === "boolean" || Number.isFinite(value))) : undefined;
    return { right: typeof raw.right === "boolean" ? raw.right : null, said: text(raw.said), told: text(raw.told), score, when: Date.parse(raw.when) ? raw.when : "" };
  }

  function recordOf(raw) {
    if (typeof raw !== "object" || raw === null || !Array.isArray(raw.answer)) return null;
    const answer = raw.answer.map((field) => (typeof field === "boolean" ? field : text(field)));
    const tries = Number.isInteger(raw.tries) && raw.tries > 0 ? raw.tries : 0;
    const record = { tries, version: text(raw.version), kind: text(raw.kind), answer, checked: raw.checked === true };
    return tries ? { ...record, ...tryOf(raw), first: tryOf(raw.first) } : record;
  }

  function merged(mine, theirs) {
    if (!mine) return theirs;
    const later = (theirs.when ?? "") > (mine.when ?? "") ? theirs : mine;
    const firsts = [mine, theirs].filter((kept) => kept.version === later.version).map((kept) => kept.first).filter((first) => first?.when);
    const first = firsts.sort((a, b) => a.when.localeCompare(b.when))[0];
    return first ? { ...later, first } : later;
  }

  function parse(content) {
    try { return JSON.parse(content); } catch { return null; }
  }

  // One sentence on what became of a file.
  function takeIn(content) {
    const given = parse(content);
    if (given?.format !== FORMAT || typeof given.answers !== "object" || given.answers === null) return "This is not a file of answers; choose one that this page saved (my-answers.json).";
    if (given.book !== index.book) return `This file belongs to another book (${text(given.book) || "unnamed"}); nothing was changed.`;
    const all = { ...answers.all() };
    const known = index.questions.filter(({ id }) => Object.hasOwn(given.answers, id)).map(({ id }) => [id, recordOf(given.answers[id])]);
    const good = known.filter(([, record]) => record);
    for (const [id, record] of good) all[id] = merged(all[id], record);
    const kept = answers.replace(all);
    const skipped = Object.keys(given.answers).length - good.length;
    return `${good.length} answers were read${skipped ? `; ${skipped} belong to no question of this book and were left out` : ""}.`
      + (kept ? "" : " This browser does not let the page keep them; they last until you leave the page.");
  }

  async function readFile(field) {
    const [file] = field.files;
    if (!file) return;
    const told = file.size > 2e6 ? "This file is too large to be a file of answers." : takeIn(await file.text());
    field.value = "";
    show();
    find(".mine-told").textContent = told;
  }

  function listen() {
    find(".mine-json").addEventListener("click", saveJson);
    find(".mine-html").addEventListener("click", saveHtml);
    find(".mine-import").addEventListener("change", (event) => readFile(event.target));
    find(".mine-forget").addEventListener("click", () => find(".mine-ask").showModal());
    find(".mine-ask").addEventListener("close", (event) => {
      if (event.target.returnValue !== "forget") return;
      answers.forget();
      code.forget();
      show();
      find(".mine-told").textContent = "All answers, and your versions of code, are forgotten.";
    });
  }

  async function start() {
    const address = document.querySelector("meta[name=course-questions]").content;
    try {
      index = await window.course.load(address, "questions");
    } catch {
      window.course.trouble(find(".mine-lead"), "The list of questions could not be read; the connection may have dropped.", start);
      return;
    }
    show();
    if (part("files")) listen();
    // Answers may come from a question of this page, from another tab, or while it waited behind the Back button.
    window.addEventListener("course-kept", show);
    window.addEventListener("storage", show);
    window.addEventListener("pageshow", show);
  }

  start();
})();
