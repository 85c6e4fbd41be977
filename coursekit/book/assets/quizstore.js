// Answers stay in the reader's browser and nowhere else: one entry of localStorage a record, named by the site's path.
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

  // Each record has an entry of its own, so that a page which was given an old state of the store, as a second tab or a
  // page opened as a file can be, never writes over what it did not see.
  function shelf(name) {
    const whole = `${name}:${root.pathname.replace(/index\.html$/, "")}`; // until November 2026 all records were one entry
    const prefix = `${whole}:`;
    let memory = null; // in use once the browser refuses to keep anything

    const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    const write = (records) => { for (const [id, record] of Object.entries(records)) localStorage.setItem(prefix + id, JSON.stringify(record)); };
    const parsed = (text) => { try { return JSON.parse(text); } catch { return null; } };

    function read() {
      try {
        const old = parsed(localStorage.getItem(whole))?.answers;
        if (old) { write(old); localStorage.removeItem(whole); }
        const pairs = keys().map((key) => [key.slice(prefix.length), parsed(localStorage.getItem(key))]);
        return Object.fromEntries(pairs.filter(([, record]) => record));
      } catch { return {}; }
    }

    const all = () => memory ?? read();

    // Does what changes the store; when the browser refuses, all records as they should be are kept until the page is left.
    function attempt(change, wanted) {
      try {
        change();
        memory = null;
        return true;
      } catch {
        memory = wanted;
        return false;
      }
    }

    function replace(records) {
      return attempt(() => {
        for (const key of keys()) if (!Object.hasOwn(records, key.slice(prefix.length))) localStorage.removeItem(key);
        write(records);
      }, records);
    }

    function forget() {
      memory = null;
      try { for (const key of [whole, ...keys()]) localStorage.removeItem(key); } catch { /* nothing was kept */ }
    }

    function save(id, record) {
      const { [id]: _old, ...others } = all();
      const wanted = record === null ? others : { ...others, [id]: record };
      const kept = memory ? replace(wanted) : attempt(() => { if (record === null) localStorage.removeItem(prefix + id); else write({ [id]: record }); }, wanted);
      window.dispatchEvent(new Event("course-kept"));
      return kept;
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
