// Answers stay in the reader's browser and nowhere else: one entry of localStorage a book, named by the site's path.
//
//   course.answers.all()           {"<bank>/<item>": record, …}
//   course.answers.get(id)         one record or undefined
//   course.answers.save(id, rec)   true when the browser kept it; false: kept until the page is left
//   course.answers.replace(all)    all records at once, for an import; true or false likewise
//   course.answers.forget()        no record is left
//   course.code.*                  the reader's versions of code likewise: get(id), save(id, {code, of} or null), forget()
//   course.numbers.*               numbers read and written as a person does
//
// A record: {version, kind, answer: [fields], checked, tries, right, said, told, score, first: {said, right, told, score,
// when}, when}. `version` is the question's; `said` and `told` are words for *My course*; `first` is the first try.
(() => {
  "use strict";
  const root = new URL(document.documentElement.dataset.content_root || ".", document.baseURI);

  // One entry of localStorage: all its records are read and written at once.
  function shelf(name) {
    const key = `${name}:${root.pathname.replace(/index\.html$/, "")}`;
    let memory = null; // in use once the browser refuses to keep anything

    function read() {
      try { return JSON.parse(localStorage.getItem(key) ?? "null")?.answers ?? {}; } catch { return {}; }
    }

    const all = () => memory ?? read();

    function replace(answers) {
      try {
        localStorage.setItem(key, JSON.stringify({ version: 1, answers }));
        memory = null;
        return true;
      } catch {
        memory = answers;
        return false;
      }
    }

    function forget() {
      memory = null;
      try { localStorage.removeItem(key); } catch { /* a browser that keeps nothing has nothing to forget */ }
    }

    function save(id, record) {
      const { [id]: _old, ...others } = all();
      return replace(record === null ? others : { ...others, [id]: record });
    }

    return { all, get: (id) => all()[id], save, replace, forget };
  }

  // "12.5", "12,5", "1,234.5", "−3", "40 %" are numbers; null for anything else.
  function toNumber(text) {
    const bare = text.replace(/[\s\u202f\u00a0%]/g, "").replace(/\u2212/g, "-");
    const dotted = bare.includes(".") ? bare.replace(/,/g, "") : bare.replace(",", ".");
    return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(dotted) ? Number(dotted) : null;
  }

  const format = (value, digits = 0) =>
    value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace(/^-/, "−");

  const withUnit = (text, unit) => (unit ? `${text}\u00a0${unit}` : text); // a number keeps its unit on its line

  window.course = Object.assign(window.course ?? {}, {
    answers: shelf("course-answers"),
    code: shelf("course-code"),
    numbers: { toNumber, format, withUnit },
  });
})();
