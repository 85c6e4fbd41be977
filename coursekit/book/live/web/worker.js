// The kernel of a page: Python in a web worker, so that the page never freezes. One worker a page; ending it is "Stop".
//
// The page sends {begin: …} once and then {id, ask, request}; ask is a method of coursekit.book.live.kernel.Kernel. The
// worker sends {step, bytes} while it loads, {ready} or {failed}, and {id, answer} or {id, failed} for each request.
"use strict";
importScripts("py/pyodide.js");

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

const NOTHING = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]); // the smallest module: a host may forbid all of them

// What Python compiled of the packages is kept in the browser, where it lets us: the next page of the book starts sooner.
const SHELF = "course-live";
const shelf = () => (self.caches ? caches.open(SHELF) : Promise.reject(new Error("no cache here")));

async function compiledBefore(name) {
  try {
    const found = await (await shelf()).match(name);
    return found ? await found.arrayBuffer() : null;
  } catch { return null; } // a browser that keeps nothing starts as at the first time
}

async function keepCompiled(python, name) {
  try {
    const place = await shelf();
    for (const old of await place.keys()) await place.delete(old);
    python.runPython("from coursekit.book.live import compiled; compiled.pack('/tmp/compiled.zip')");
    await place.put(name, new Response(python.FS.readFile("/tmp/compiled.zip")));
    python.FS.unlink("/tmp/compiled.zip");
  } catch { /* as said */ }
}

// Archives are unpacked as they come and dropped at once. Pyodide's own loadPackage would also compile every library of
// a wheel, those of its tests among them; so each is compiled when Python first imports it.
async function unpack(python, archives) {
  for (const [coming, format, extractDir] of archives) {
    const content = await coming;
    if (content) python.unpackArchive(content, format, { extractDir });
  }
}

async function begin({ docname, colours, course, packages, wheels }) {
  const started = performance.now();
  new WebAssembly.Module(NOTHING); // said now, because Pyodide would wait for ever
  const kept = new URL(`compiled-${course}`, self.location.href).href;
  const again = compiledBefore(kept);
  const archives = [
    ...wheels.map((name) => [bytesOf(`py/${name}`), "zip", "/course/packages"]),
    [bytesOf(packages), "gztar", "/course/packages"], [bytesOf(course), "zip", "/course"], [again, "zip", "/"],
  ];
  const python = await loadPyodide({
    indexURL: new URL("py/", self.location.href).href,
    env: { HOME: "/home/pyodide", COURSE_DATA: "/course/data", PYTHONHASHSEED: "0" },
  });
  await unpack(python, archives);
  const compiled = await again;
  step = "Starting the course";
  tell(step);
  const read = performance.now();
  python.globals.set("asked", python.toPy([docname, colours]));
  kernel = python.runPython(`
import sys
sys.dont_write_bytecode = False  # what is compiled now is kept for the next page
sys.path[:0] = ["/course", "/course/packages"]
from coursekit.book.live import standins
standins.install()
from coursekit.book.live.kernel import Kernel
import coursekit.marks
from coursekit.book.live import compiled
compiled.let_go("/course/packages", ${compiled ? "True" : "False"})
Kernel(*asked)`);
  if (!compiled) later = () => keepCompiled(python, kept);
  return { loading: Math.round(read - started), importing: Math.round(performance.now() - read), again: Boolean(compiled) };
}

let ready;
let later = null; // what is left to do once the reader has an answer
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
    if (later) setTimeout(later, 2000);
    later = null;
  } catch (error) {
    postMessage({ id: data.id, failed: String(error?.message ?? error) });
  }
};
