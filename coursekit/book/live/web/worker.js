// The kernel of a page: Python in a web worker, so that the page never freezes. One worker a page; ending it is "Stop".
//
// The page sends {begin: …} once and then {id, ask, request}; ask is a method of coursekit.book.live.kernel.Kernel. The
// worker sends {step, bytes} while it loads, {ready} or {failed}, and {id, answer} or {id, failed} for each request.
"use strict";
importScripts("py/pyodide.js");

const WANT = { numpy: 1, pandas: 1 }; // loaded by name; what they need comes with them
let kernel;
let loaded = 0;

const tell = (step) => postMessage({ step, bytes: loaded });

// Bytes that have come, as the browser counts them: the progress line says how many.
let step = "Loading Python";
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) loaded += entry.decodedBodySize;
  if (!kernel) tell(step);
}).observe({ type: "resource", buffered: true });

async function bytesOf(name) {
  const answer = await fetch(name);
  if (!answer.ok) throw new Error(`${name} did not come: the server answered ${answer.status}.`);
  return answer.arrayBuffer();
}

async function begin({ docname, colours, course, packages }) {
  const started = performance.now();
  const archives = [bytesOf(packages), bytesOf(course)];
  const folder = new URL("py/", self.location.href).href;
  const python = await loadPyodide({
    indexURL: folder, packages: [...Object.keys(WANT), "packaging"],
    env: { HOME: "/home/pyodide", COURSE_DATA: "/course/data", PYTHONHASHSEED: "0" },
  });
  const [pure, own] = await Promise.all(archives);
  python.unpackArchive(pure, "zip", { extractDir: "/course/packages" });
  python.unpackArchive(own, "zip", { extractDir: "/course" });
  step = "Starting the course";
  tell(step);
  const read = performance.now();
  python.globals.set("asked", python.toPy([docname, colours]));
  kernel = python.runPython(`
import sys
sys.path[:0] = ["/course", "/course/packages"]
from coursekit.book.live import standins
standins.install()
from coursekit.book.live.kernel import Kernel
import coursekit.marks
Kernel(*asked)`);
  return { loading: Math.round(read - started), importing: Math.round(performance.now() - read) };
}

let ready;
onmessage = async ({ data }) => {
  if (data.begin) {
    ready = begin(data.begin);
    ready.then((times) => postMessage({ ready: times, bytes: loaded }), (error) => postMessage({ failed: String(error?.message ?? error) }));
    return;
  }
  if (await ready.then(() => false, () => true)) return; // the page was told why
  try {
    const at = performance.now();
    const answer = kernel[data.ask](data.request);
    postMessage({ id: data.id, answer, took: Math.round(performance.now() - at) });
  } catch (error) {
    postMessage({ id: data.id, failed: String(error?.message ?? error) });
  }
};
