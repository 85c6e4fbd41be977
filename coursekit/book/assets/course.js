// What the page's scripts share, as `window.course`. A classic script, read first, so that a book opened as a file works.
//
//   course.load(url)        a promise: the script at url has run
//   course.load(url, key)   a promise of what that script handed over with course.keep(key, value)
//   course.keep(key, value) called by data files, which are scripts because a page opened as a file may not fetch
//   course.trouble(place, sentence, again)  one sentence in place, with a button that calls again()
//   course.folder           address of the folder of these scripts
(() => {
  "use strict";
  const WAITS = [500, 2500]; // milliseconds before the second and the third try
  const running = new Map();
  const kept = new Map();

  const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

  const inject = (url) => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve();
    script.onerror = () => { script.remove(); reject(new Error(`${url} could not be loaded.`)); };
    document.head.append(script);
  });

  async function once(url, key) {
    await inject(url);
    if (key !== undefined && !kept.has(key)) throw new Error(`${url} came without its content.`);
    return kept.get(key);
  }

  async function insist(url, key) {
    for (const wait of WAITS) {
      try { return await once(url, key); } catch { await pause(wait); }
    }
    return once(url, key);
  }

  // A failure is never remembered: the next call tries again.
  function load(url, key) {
    const address = new URL(url, document.baseURI).href;
    const name = `${address} ${key ?? ""}`;
    if (!running.has(name)) {
      const loading = insist(address, key);
      running.set(name, loading);
      loading.catch(() => running.delete(name));
    }
    return running.get(name);
  }

  function trouble(place, sentence, again) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "course-plain";
    button.textContent = "Try again";
    button.addEventListener("click", () => { place.replaceChildren(); again(); });
    place.replaceChildren(`${sentence} `, button);
  }

  const folder = new URL(".", document.currentScript.src).href;
  window.course = Object.assign(window.course ?? {}, {
    load, trouble, folder, keep: (key, value) => { kept.set(key, value); },
  });
})();
