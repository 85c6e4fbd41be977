// Live charts: each static picture is replaced by its interactive twin when it comes near the window.
// Everything is read from this site; the Vega bundle is loaded once, and only on pages where a chart is seen.
const BUNDLE = new URL("vega.js", import.meta.url);
const NEAR = "300px";
const NARROW = 560;
let bundle;

const load = () => (bundle ??= import(BUNDLE).then(() => window.vegaEmbed));

// A chart of several panels has no "container" width: its panels are laid out for the width there is.
function fit(spec, width) {
  const fitted = structuredClone(spec);
  const room = Math.max(width - 16, 240);
  if (fitted.width === "container") fitted.width = width; // ours, not Vega's: it measures while the page still moves
  if (fitted.hconcat && width < NARROW) { fitted.vconcat = fitted.hconcat; delete fitted.hconcat; }
  if (fitted.spec) fitPanels(fitted, room);
  for (const part of fitted.vconcat ?? []) if (!part.spec && !part.facet) part.width = room - axisRoom(part);
  if (fitted.hconcat) for (const part of fitted.hconcat) part.width = Math.floor(room / fitted.hconcat.length) - axisRoom(part) - 10;
  fitted.config = { ...fitted.config, legend: { ...fitted.config?.legend, columns: width < NARROW ? 2 : 4 } };
  if (width < NARROW) fitted.config.axis = { ...fitted.config.axis, labelLimit: 110 };
  return fitted;
}

function fitPanels(fitted, room) {
  const wanted = fitted.spec.width || 220;
  const perRow = fitted.facet?.row || fitted.facet?.column ? (fitted.facet.column ? null : 1) : fitted.columns ?? 1;
  if (perRow === null) return;
  const columns = Math.max(1, Math.min(perRow, Math.floor(room / (Math.min(wanted, room - 60) + 40))));
  if (fitted.columns) fitted.columns = columns;
  fitted.spec.width = Math.floor((room - 44) / columns) - 16;
}

// Longest category label on the y axis decides how much room the axis takes.
function axisRoom(part) {
  const y = part.encoding?.y ?? part.layer?.find((l) => l.encoding?.y)?.encoding.y;
  return y && ["nominal", "ordinal"].includes(y.type) ? 130 : 56;
}

async function enliven(figure) {
  const [embed, spec] = await Promise.all([load(), fetch(figure.dataset.spec).then((r) => r.json())]);
  const live = figure.querySelector(".course-live");
  const still = figure.querySelector(".course-static");
  const controls = figure.querySelector(".course-controls");
  let view, drawnFor;
  const draw = async () => {
    const width = figure.clientWidth;
    if (drawnFor === width) return;
    drawnFor = width;
    const values = view ? view.getState({ data: () => false, signals: () => true }).signals : {};
    view?.finalize();
    controls.replaceChildren();
    live.hidden = false;
    live.classList.toggle("loading", !still.hidden); // drawn out of sight: the picture stays until its twin is ready
    const result = await embed(live, fit(spec, width), {
      renderer: "svg", actions: false, bind: controls, ast: false, tooltip: { theme: "course" },
    });
    view = result.view;
    still.hidden = true;
    live.classList.remove("loading");
    restore(view, spec, values);
    nameControls(figure, controls);
    live.querySelector("svg").setAttribute("aria-hidden", "true"); // its container says what it shows
    figure.dataset.live = "yes";
  };
  await draw();
  let waiting;
  new ResizeObserver(() => { clearTimeout(waiting); waiting = setTimeout(draw, 200); }).observe(figure);
}

// A redraw for another width keeps what the reader had set.
function restore(view, spec, values) {
  const names = (spec.params ?? []).filter((p) => p.bind).map((p) => p.name);
  for (const name of names) if (name in values) view.signal(name, values[name]);
  if (names.length) view.runAsync();
}

// Vega labels its inputs; a slider also needs its value said, and the group needs a name.
function nameControls(figure, controls) {
  if (!controls.children.length) return;
  controls.setAttribute("role", "group");
  controls.setAttribute("aria-label", "Controls of the chart");
  for (const input of controls.querySelectorAll("input[type=range]")) {
    const value = input.parentElement.querySelector("span:last-child");
    const say = () => input.setAttribute("aria-valuetext", value?.textContent ?? input.value);
    input.addEventListener("input", () => requestAnimationFrame(say));
    say();
  }
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    seen.unobserve(entry.target);
    enliven(entry.target).catch((error) => {
      entry.target.dataset.live = "failed";
      console.error(`Chart ${entry.target.id}: ${error}`);
    });
  }
}, { rootMargin: NEAR });

for (const figure of document.querySelectorAll("figure.course-figure")) seen.observe(figure);
