// A line or bars that a reader draws: by pointer, by a press on the place, or by keyboard on each handle (a slider).
// course.drawing(holder, field): holder has the description in data-draw; field keeps the values as JSON, empty until
// something was moved. Gives back {redraw(), show(truth), hide()}.
(() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const { format, withUnit } = window.course.numbers;
  const [ROW, TALL] = [56, 76]; // pixels a bar: its words in one line or two, the bar, room for a thumb

  function element(name, attributes, parent, text) {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (text !== undefined) node.textContent = text;
    parent?.append(node);
    return node;
  }

  // Round values of an axis: about four steps of 1, 2 or 5 times a power of ten.
  function ticks(low, high) {
    const rough = (high - low) / 4;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough * 0.8);
    const found = [];
    for (let n = Math.ceil(low / step - 1e-9); n * step <= high + 1e-9; n++) found.push(n * step || 0);
    return { values: found, digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
  }

  function drawing(holder, field) {
    const spec = JSON.parse(holder.dataset.draw);
    const parts = { line: linePlot, bars: barPlot }[spec.form];
    let values, truth, plot;

    const fresh = () => spec.labels.map((_, i) => (i < spec.given.length ? spec.given[i] : spec.start));
    const stored = () => { try { return JSON.parse(field.value); } catch { return null; } };
    const spoken = (i) => withUnit(format(values[i], spec.digits), spec.unit);

    function set(i, raw) {
      const steps = Math.round((Math.min(spec.high, Math.max(spec.low, raw)) - spec.low) / spec.step);
      const value = Number(Math.min(spec.high, spec.low + steps * spec.step).toFixed(spec.digits));
      if (i < spec.given.length || value === values[i]) return;
      values[i] = value;
      plot.update(i);
      speak(i);
      field.value = JSON.stringify(values);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }

    function speak(i) {
      const handle = plot.handles[i];
      handle.setAttribute("aria-valuenow", values[i]);
      handle.setAttribute("aria-valuetext", `${spec.labels[i]}: ${spoken(i)}`);
    }

    function press(event, i) {
      const big = Math.max(spec.step, (spec.high - spec.low) / 10);
      const moves = {
        ArrowUp: spec.step, ArrowRight: spec.step, ArrowDown: -spec.step, ArrowLeft: -spec.step, PageUp: big,
        PageDown: -big, Home: spec.low - spec.high, End: spec.high - spec.low,
      };
      if (!(event.key in moves)) return;
      event.preventDefault();
      set(i, values[i] + moves[event.key]);
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }

    function slider(i, node) {
      const facts = { role: "slider", tabindex: 0, "aria-label": spec.labels[i], "aria-orientation": parts.orientation,
        "aria-valuemin": spec.low, "aria-valuemax": spec.high, class: "draw-handle" };
      for (const [key, value] of Object.entries(facts)) node.setAttribute(key, value);
      node.addEventListener("keydown", (event) => press(event, i));
      node.addEventListener("focus", () => plot.name(i));
      return node;
    }

    function pointer(svg) {
      let row = null;
      const at = (event) => {
        const box = svg.getBoundingClientRect();
        return plot.where(event.clientX - box.left, event.clientY - box.top, row);
      };
      svg.addEventListener("pointerdown", (event) => {
        const hit = at(event);
        if (!hit) return;
        row = hit.i;
        svg.setPointerCapture(event.pointerId);
        plot.name(hit.i);
        set(hit.i, hit.value);
      });
      svg.addEventListener("pointermove", (event) => {
        const hit = row === null ? null : at(event);
        if (hit) { plot.name(hit.i); set(hit.i, hit.value); }
      });
      const end = () => {
        if (row !== null) field.dispatchEvent(new Event("change", { bubbles: true }));
        row = null;
      };
      svg.addEventListener("pointerup", end);
      svg.addEventListener("pointercancel", end);
    }

    function redraw() {
      const focused = plot ? plot.handles.indexOf(document.activeElement) : -1;
      values = stored() ?? fresh();
      const width = Math.max(240, Math.floor(holder.clientWidth));
      const svg = element("svg", { role: "group", "aria-label": "Your drawing", width });
      plot = parts(svg, width, spec, () => values, slider);
      spec.labels.forEach((_, i) => { if (plot.handles[i]) speak(i); plot.update(i); });
      if (truth) plot.truth(truth);
      pointer(svg);
      holder.replaceChildren(svg);
      if (focused >= 0) plot.handles[focused].focus();
    }

    let last = holder.clientWidth;
    new ResizeObserver(() => { if (holder.clientWidth !== last) { last = holder.clientWidth; redraw(); } }).observe(holder);
    redraw();
    return {
      spec, redraw,
      show(real) { truth = real; redraw(); },
      hide() { if (truth) { truth = null; redraw(); } },
    };
  }

  // A line over points from left to right; the ones given cannot be moved.
  function linePlot(svg, width, spec, values, slider) {
    const { values: marks, digits } = ticks(spec.low, spec.high);
    const left = 14 + 7.5 * Math.max(...marks.map((v) => format(v, digits).length));
    const [right, top, bottom] = [60, 34, 30];
    const height = Math.round(Math.min(320, Math.max(230, width * 0.5)));
    const y = (v) => height - bottom - ((v - spec.low) / (spec.high - spec.low)) * (height - top - bottom);
    const x = (i) => left + ((i + 0.5) / spec.labels.length) * (width - left - right);
    const first = spec.given.length;
    svg.setAttribute("height", height);
    svg.style.touchAction = "none";

    if (spec.unit) element("text", { x: 0, y: 14, class: "draw-muted" }, svg, spec.unit);
    const readout = element("text", { x: width - 4, y: 14, "text-anchor": "end", class: "draw-readout" }, svg);
    for (const v of marks) {
      element("line", { x1: left, x2: width - right, y1: y(v), y2: y(v), class: "draw-grid" }, svg);
      element("text", { x: left - 6, y: y(v) + 4, "text-anchor": "end", class: "draw-muted" }, svg, format(v, digits));
    }
    xLabels(svg, spec.labels, x, height, (width - left - right) / spec.labels.length);
    if (first) {
      element("polyline", { class: "draw-given", points: points(spec.given, x, y) }, svg);
      spec.given.forEach((v, i) => element("circle", { cx: x(i), cy: y(v), r: 3.5, class: "draw-given-dot" }, svg));
    }
    const line = element("polyline", { class: "draw-yours" }, svg);
    const yours = element("text", { x: x(spec.labels.length - 1) + 20, class: "draw-yours-word" }, svg, "yours");
    const handles = spec.labels.map((_, i) => i < first ? null : slider(i, handleDot(svg, x(i))));
    const truthLayer = element("g", { class: "draw-truth", "aria-hidden": "true" }, svg);

    const update = (i) => {
      const from = Math.max(0, first - 1);
      line.setAttribute("points", points(values().slice(from), (n) => x(n + from), y));
      handles[i]?.querySelectorAll("circle").forEach((c) => c.setAttribute("cy", y(values()[i])));
      yours.setAttribute("y", y(values().at(-1)) + 4);
      if (readout.dataset.place === String(i)) name(i);
    };
    const name = (i) => {
      readout.dataset.place = i;
      readout.textContent = `${spec.labels[i]}: ${withUnit(format(values()[i], spec.digits), "")}`;
    };
    function truth(real) {
      const from = Math.max(0, first - 1);
      for (const dot of svg.querySelectorAll(".draw-dot")) dot.setAttribute("r", 4.5); // so that the truth is seen
      element("polyline", { points: points(real.slice(from), (n) => x(n + from), y) }, truthLayer);
      real.forEach((v, i) => i >= first && element("rect", { x: x(i) - 3.5, y: y(v) - 3.5, width: 7, height: 7 }, truthLayer));
      const mine = y(values().at(-1)), its = y(real.at(-1));
      const apart = Math.abs(mine - its) < 15 ? (its <= mine ? mine - 15 : mine + 15) : its;
      element("text", { x: x(real.length - 1) + 20, y: apart + 4 }, truthLayer, "in fact");
    }
    const where = (px, py) => {
      if (px < left - 10 || px > width - right + 14) return null;
      const i = Math.min(spec.labels.length - 1, Math.floor(((px - left) / (width - left - right)) * spec.labels.length));
      const value = spec.low + ((height - bottom - py) / (height - top - bottom)) * (spec.high - spec.low);
      return i < first ? null : { i, value };
    };
    return { handles, update, name, truth, where };
  }
  linePlot.orientation = "vertical";

  const points = (list, x, y) => list.map((v, i) => `${x(i)},${y(v)}`).join(" ");

  function handleDot(svg, cx) {
    const group = element("g", {}, svg);
    element("circle", { cx, r: 16, class: "draw-hit" }, group);
    element("circle", { cx, r: 7, class: "draw-dot" }, group);
    return group;
  }

  // As many labels as fit, the last one always.
  function xLabels(svg, labels, x, height, gap) {
    const longest = 7.2 * Math.max(...labels.map((text) => text.length)) + 8;
    const every = Math.max(1, Math.ceil(longest / gap));
    const last = labels.length - 1;
    labels.forEach((text, i) => {
      if ((last - i) % every === 0) {
        element("text", { x: x(i), y: height - 8, "text-anchor": "middle", class: "draw-muted" }, svg, text);
      }
    });
  }

  // Bars lie, each below its words, so that long names fit a phone.
  function barPlot(svg, width, spec, values, slider) {
    const { values: marks, digits } = ticks(spec.low, spec.high);
    const [left, right, top] = [10, 16, spec.unit ? 26 : 8];
    const tall = spec.labels.some((label) => 7.2 * (label.length + 22) > width);
    const row = tall ? TALL : ROW;
    const height = top + row * spec.labels.length + 26;
    const x = (v) => left + ((v - spec.low) / (spec.high - spec.low)) * (width - left - right);
    const first = spec.given.length;
    const base = x(Math.max(spec.low, Math.min(0, spec.high))); // bars start at zero when the scale holds it
    svg.setAttribute("height", height);
    svg.style.touchAction = "pan-y";

    if (spec.unit) element("text", { x: 0, y: 14, class: "draw-muted" }, svg, spec.unit);
    for (const v of marks) {
      element("line", { x1: x(v), x2: x(v), y1: top, y2: height - 22, class: "draw-grid" }, svg);
      element("text", { x: x(v), y: height - 7, "text-anchor": "middle", class: "draw-muted" }, svg, format(v, digits));
    }
    const truthLayer = element("g", { class: "draw-truth", "aria-hidden": "true" }, svg);
    const rows = spec.labels.map((label, i) => {
      const y = top + row * i + row - ROW;
      const name = element("text", { x: left, y: y + 16 + ROW - row, class: "draw-name" }, svg, tall ? label : "");
      const words = tall ? element("text", { x: left, y: y + 16, class: "draw-name" }, svg) : name;
      const bar = element("rect", { y: y + 24, height: 16, class: i < first ? "draw-given-bar" : "draw-bar" }, svg);
      return { y, words, bar, note: "" };
    });
    const handles = rows.map((row, i) => i < first ? null : slider(i, handleBar(svg, row.y + 32)));

    const update = (i) => {
      const end = x(values()[i]);
      rows[i].bar.setAttribute("x", Math.min(base, end));
      rows[i].bar.setAttribute("width", Math.abs(end - base));
      const words = `${format(values()[i], spec.digits)}${rows[i].note}`;
      rows[i].words.textContent = tall ? words : `${spec.labels[i]}: ${words}`;
      handles[i]?.setAttribute("transform", `translate(${end} 0)`);
    };
    function truth(real) {
      real.forEach((v, i) => {
        if (i < first) return;
        const end = x(v);
        const width = Math.max(1, Math.abs(end - base));
        element("rect", { x: Math.min(base, end), width, y: rows[i].y + 42, height: 8 }, truthLayer);
        rows[i].note = `, in fact ${format(v, spec.digits)}`;
        update(i);
      });
    }
    const where = (px, py, held) => {
      const i = held ?? Math.floor((py - top) / row);
      if (i < first || i >= spec.labels.length) return null;
      return { i, value: spec.low + ((px - left) / (width - left - right)) * (spec.high - spec.low) };
    };
    return { handles, update, name: () => {}, truth, where };
  }
  barPlot.orientation = "horizontal";

  function handleBar(svg, cy) {
    const group = element("g", {}, svg);
    element("circle", { cx: 0, cy, r: 16, class: "draw-hit" }, group);
    element("rect", { x: -4, y: cy - 13, width: 8, height: 26, rx: 4, class: "draw-dot" }, group);
    return group;
  }

  window.course.drawing = drawing;
})();
