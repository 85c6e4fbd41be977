// Live charts: each static picture is replaced by its interactive twin when it comes near the window, and caption,
// name, table, download and address follow the controls. Everything is read from this site, by scripts, so that a book
// opened as a file works; expressions run in Vega's interpreter, so that a strict content security policy allows them.
(() => {
  "use strict";
  const { load, trouble, figureWords: say } = window.course;
  const VEGA = new URL(document.currentScript.dataset.vega, document.currentScript.src).href;
  const NEAR = "300px";
  const NARROW = 560; // pixels: below, the phone's layout
  const SHOWN_ROWS = 40;
  const LOST = "This chart cannot be moved now: a file of it did not arrive.";

  const later = (task, time) => {
    let waiting;
    return (...given) => { clearTimeout(waiting); waiting = setTimeout(() => task(...given), time); };
  };
  const part = (state, name) => state.figure.querySelector(name);

  // Fields -----------------------------------------------------------------------------------------------------------

  const fieldsOf = (state, control) =>
    [...state.form.querySelector(`[data-control="${CSS.escape(control.name)}"]`).querySelectorAll("input, select")];

  function textOf(fields) {
    if (fields[0].type === "checkbox") return String(fields[0].checked);
    return (fields.length > 1 ? fields.find((field) => field.checked) : fields[0]).value;
  }

  function readFields(state) {
    const values = {};
    for (const control of state.words.controls) {
      const text = textOf(fieldsOf(state, control));
      const number = say.canonical(Number(text));
      values[control.name] = control.values.find((one) => [text, number].includes(say.canonical(one))) ?? control.default;
    }
    return values;
  }

  function writeFields(state, values) {
    for (const control of state.words.controls) {
      const text = say.canonical(values[control.name]);
      for (const field of fieldsOf(state, control)) {
        if (field.type === "radio") field.checked = field.value === text;
        else if (field.type === "checkbox") field.checked = text === "true";
        else field.value = text;
      }
    }
  }

  // A slider says its value in words; the way back shows once something was moved.
  function dress(state) {
    for (const control of state.words.controls) {
      const [field] = fieldsOf(state, control);
      if (field.type !== "range") continue;
      const text = say.labelOf(control, state.values[control.name]);
      field.setAttribute("aria-valuetext", text);
      field.parentElement.querySelector("output").textContent = text;
    }
    part(state, "button[type=reset]").hidden = say.atDefault(state.words.controls, state.values);
  }

  // Words ------------------------------------------------------------------------------------------------------------

  function tell(state) {
    const { words, values } = state;
    state.rows = say.rowsAt(words, values);
    state.caption = say.captionAt(words, values);
    part(state, ".course-caption").textContent = state.caption;
    part(state, ".course-state").textContent = say.stateSentence(words, values, state.rows.length);
    fillTable(state);
    window.course.figureTools.follow(state);
  }

  function fillTable(state) {
    const body = part(state, ".course-scroll tbody");
    if (!body) return;
    const { kinds, columns } = state.words.rows;
    body.replaceChildren(...state.rows.slice(0, SHOWN_ROWS).map((row) => {
      const line = document.createElement("tr");
      line.append(...columns.map((_name, n) => {
        const cell = document.createElement("td");
        cell.textContent = say.shown(row[n], kinds[n]);
        return cell;
      }));
      return line;
    }));
    const more = part(state, ".course-more");
    more.hidden = state.rows.length <= SHOWN_ROWS;
    more.textContent = `The first ${SHOWN_ROWS} of ${say.formatted(state.rows.length, ",d")} rows; the CSV file has all of them.`;
  }

  const announce = (state) => { part(state, ".course-said").textContent = state.caption; };

  // A page opened as a file may not change its address in every browser; then the link is still under the figure.
  const remember = (state) => {
    try { history.replaceState(history.state, "", say.toAddress(state.words, state.values, location.href)); } catch { /* as said */ }
  };

  // Settings ---------------------------------------------------------------------------------------------------------

  async function know(state) {
    if (state.words) return;
    const { words, chart } = await load(state.figure.dataset.file, state.figure.dataset.key);
    if (state.words) return;
    Object.assign(state, { words, chart, values: Object.fromEntries(words.controls.map((c) => [c.name, c.default])) });
    state.rows = say.rowsAt(words, state.values);
    state.caption = words.title;
  }

  function set(state, values) {
    const changed = state.words.controls.filter((c) => say.canonical(values[c.name]) !== say.canonical(state.values[c.name]));
    state.values = values;
    dress(state);
    if (!changed.length) return;
    tell(state);
    if (!state.view) return;
    for (const control of changed) state.view.signal(control.name, values[control.name]);
    settle(state);
  }

  // The setting that the picture shows, for whoever must wait for it.
  async function settle(state) {
    const { view, values } = state;
    await view.runAsync();
    if (view === state.view) state.figure.dataset.shows = JSON.stringify(values);
  }

  async function moved(state) {
    await know(state);
    set(state, readFields(state));
    state.announce(state);
    state.remember(state);
  }

  // What the address asks for; without a word for this figure, the default.
  async function follow(state) {
    const named = [...new URLSearchParams(location.search).keys()].some((key) => key.startsWith(`${state.figure.id}.`));
    if (!state.form || (!named && !state.words)) return;
    await know(state);
    const values = { ...Object.fromEntries(state.words.controls.map((c) => [c.name, c.default])), ...say.fromAddress(state.words, location.search) };
    writeFields(state, values);
    set(state, values);
  }

  // Drawing ----------------------------------------------------------------------------------------------------------

  const records = ({ columns, data }) => data.map((row) => Object.fromEntries(columns.map((name, n) => [name, row[n]])));

  // The compiled chart for a width: its own rows, and the numbers that depend on the width.
  function specFor(chart, width, extra) {
    const layout = chart.layouts[width < NARROW ? "narrow" : "wide"];
    const spec = structuredClone(layout.spec);
    for (const entry of spec.data ?? []) {
      if ("table" in entry) { entry.values = records(chart.tables[entry.table]); delete entry.table; }
    }
    for (const [path, slope] of layout.slopes) {
      const place = path.slice(0, -1).reduce((inner, key) => inner[key], spec);
      place[path.at(-1)] = Math.max(place[path.at(-1)] + slope * (width + extra - layout.at), 20);
    }
    return spec;
  }

  async function make(state, place, width, extra) {
    const { View, parse, expressionInterpreter, Handler } = window.vega;
    const spec = await (state.compile?.(width, extra) ?? specFor(state.chart, width, extra));
    const view = new View(parse(spec, null, { ast: true }),
      { renderer: "svg", hover: true, container: place, expr: expressionInterpreter });
    view.tooltip(new Handler({ theme: "course", disableDefaultStyle: true }).call);
    for (const [name, value] of Object.entries(state.values)) view.signal(name, value);
    await view.runAsync();
    return view;
  }

  async function draw(state) {
    await Promise.all([know(state), load(VEGA)]);
    const width = state.figure.clientWidth;
    if (!width || state.width === width) return;
    state.width = width;
    const live = part(state, ".course-live");
    const place = document.createElement("div");
    place.className = "course-coming"; // drawn out of sight: the old picture stays until the new one is ready
    live.hidden = false;
    live.append(place);
    let view = await make(state, place, width, 0);
    const over = place.querySelector("svg").width.baseVal.value - width;
    if (over > 1) { view.finalize(); place.replaceChildren(); view = await make(state, place, width, -over); }
    state.view?.finalize();
    state.view = view;
    for (const [name, value] of Object.entries(state.values)) view.signal(name, value); // moved while it was drawn
    await settle(state);
    place.querySelector("svg").setAttribute("aria-hidden", "true"); // its container says what it shows
    place.className = "";
    live.replaceChildren(place);
    part(state, ".course-static").hidden = true;
    state.figure.dataset.live = "yes";
  }

  async function enliven(state) {
    try {
      await draw(state);
    } catch (error) {
      state.figure.dataset.live = "failed";
      console.warn(`Chart ${state.figure.id}: ${error}`);
      const words = state.compile ? `This chart could not be drawn: ${error.message}.` : LOST; // of the reader's own code
      trouble(part(state, ".course-trouble"), words, () => { delete state.figure.dataset.live; enliven(state); });
    }
  }

  // A link to a figure opens what it is folded in: a deeper part, or the tab of a path through the chapter.
  function reveal() {
    const figure = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!states.has(figure)) return;
    for (let part = figure; part; part = part.parentElement) {
      if (part.tagName === "DETAILS") part.open = true;
      if (part.classList.contains("sd-tab-content")) document.getElementById(part.previousElementSibling?.htmlFor)?.click();
    }
    figure.scrollIntoView();
  }

  const states = new Map();

  function wire(figure, own = {}) {
    const state = {
      figure, form: figure.querySelector(".course-controls"), draw: () => draw(state), know: () => know(state),
      announce: later(announce, 700), remember: later(remember, 300), // each figure waits for itself
      ...own,
    };
    states.set(figure, state);
    const lost = () => trouble(part(state, ".course-trouble"), LOST, () => moved(state).catch(lost));
    state.form?.addEventListener("input", () => moved(state).catch(lost));
    state.form?.addEventListener("submit", (event) => event.preventDefault());
    state.form?.addEventListener("reset", () => setTimeout(() => { moved(state).catch(lost); state.form.querySelector("input, select").focus(); }));
    window.course.figureTools.add(state);
    follow(state).catch(lost);
    state.sized = new ResizeObserver(later(() => { if (state.view) enliven(state); }, 200));
    state.sized.observe(figure);
    if (!own.compile) seen.observe(figure);
    return state;
  }

  // A figure of the reader's own code: its words come with it, and `compile(width, extra)` promises its Vega. Its setting
  // never enters the address, which leads to the course's own figures.
  async function add(figure, words, compile) {
    const values = Object.fromEntries(words.controls.map((c) => [c.name, c.default]));
    const state = wire(figure, { words, values, compile, rows: say.rowsAt(words, values), caption: words.title, remember: () => {} });
    await enliven(state);
  }

  // A figure that is replaced is watched no more; nothing may hold it, for a reader runs a cell again and again.
  function drop(figure) {
    const state = states.get(figure);
    state?.view?.finalize();
    state?.sized.disconnect();
    states.delete(figure);
  }

  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      enliven(states.get(entry.target));
    }
  }, { rootMargin: NEAR });

  window.course.figures = { add, drop };
  for (const figure of document.querySelectorAll("figure.course-figure")) wire(figure);
  reveal();
  window.addEventListener("hashchange", reveal);
  window.addEventListener("popstate", () => { for (const state of states.values()) follow(state).catch(() => {}); });
  // The page has asked for Vega early and last of all; here it runs, so that the first chart that is seen need not wait.
  if (states.size && !navigator.connection?.saveData) load(VEGA).catch(() => {});
})();
