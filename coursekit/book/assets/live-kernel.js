// The page's one kernel: started by the first request, ended by "Stop", started again by the next request.
//
//   course.liveKernel(page)  {ask(name, request) -> promise of the answer, stop(), running(), watch(call)}
//
// `watch` gets {words, share} while Python loads (share: 0 to 1) and {words: ""} when it is ready.
(() => {
  "use strict";

  // What a host does wrong when Python does not start, in words for whoever can mend it.
  async function reason(page, said) {
    const wasm = await fetch(`${page.folder}py/pyodide.asm.wasm`, { method: "HEAD" }).catch(() => null);
    if (!wasm) return "The connection dropped while Python was loading. Try again.";
    if (!wasm.ok) return `The server answers ${wasm.status} for pyodide.asm.wasm: the folder _static/live is not complete there.`;
    if (/unsafe-eval|content security policy|disallowed by embedder/i.test(said)) return "This site's content security policy forbids WebAssembly: its script-src needs 'wasm-unsafe-eval'.";
    const type = wasm.headers.get("content-type") ?? "nothing";
    const wrong = type.startsWith("application/wasm") ? "" : ` The server sends .wasm files as ${type}; it should be application/wasm.`;
    return `Python did not start: ${said.trim().split("\n").at(-1)}.${wrong}`;
  }

  window.course.liveKernel = (page) => {
    let worker = null;
    let serial = 0;
    const waiting = new Map();
    const watchers = new Set();
    const tell = (news) => { for (const call of watchers) call(news); };

    function stop(why = "stopped") {
      worker?.terminate();
      worker = null;
      for (const { fail } of waiting.values()) fail(new Error(why));
      waiting.clear();
      tell({ words: "" });
    }

    async function failed(said) {
      const words = await reason(page, said);
      stop(words);
    }

    function hear({ data }) {
      if (data.step) tell({ words: data.step, share: Math.min(data.bytes / page.about.bytes, 1), bytes: data.bytes });
      if (data.ready) { page.started = data.ready; tell({ words: "" }); }
      if (data.failed && !data.id) failed(data.failed);
      const asked = waiting.get(data.id);
      if (!asked) return;
      waiting.delete(data.id);
      if (data.failed) asked.fail(new Error(data.failed)); else asked.done(JSON.parse(data.answer));
    }

    function start() {
      worker = new Worker(`${page.folder}worker.js`);
      worker.onmessage = hear;
      worker.onerror = (event) => { event.preventDefault(); failed(event.message || "the worker did not load"); };
      worker.postMessage({ begin: page.about.begin });
      tell({ words: "Loading Python", share: 0, bytes: 0 });
    }

    function ask(name, request) {
      if (!worker) start();
      return new Promise((done, fail) => {
        const id = ++serial;
        waiting.set(id, { done, fail });
        worker.postMessage({ id, ask: name, request: JSON.stringify(request) });
      });
    }

    // Who goes on to the next page of the book must not hold two Pythons; a page that comes back starts its own again.
    addEventListener("pagehide", () => stop());

    return { ask, stop, running: () => worker !== null, watch: (call) => { watchers.add(call); return () => watchers.delete(call); } };
  };
})();
