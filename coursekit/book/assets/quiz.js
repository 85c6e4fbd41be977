// Self-check questions: keys come from the bank's data file when a reader first checks an answer, so the page itself does
// not give them away. Answers are kept by quizstore.js and are there again, with their feedback, after a reload.
(() => {
  "use strict";
  const { answers, numbers } = window.course;
  const { toNumber, format, withUnit } = numbers;
  const NOT_KEPT = "This browser does not let the page keep your answers; they last until you leave the page.";
  const drawings = new WeakMap();

  const inputs = (form) => [...form.querySelectorAll("fieldset input:not([type=hidden]), fieldset select")];
  const fields = (form) => [...form.querySelectorAll("fieldset input, fieldset select")];
  const picked = (form) => inputs(form).flatMap((field, i) => (field.checked ? [i] : []));
  const optionText = (form, i) => inputs(form)[i].closest("label").textContent.trim();
  const isPrediction = (form) => form.dataset.tag === "predict";
  const status = (form) => form.querySelector(".quiz-feedback");
  const identity = (form) => `${form.dataset.chapter}/${form.dataset.item}`;
  const decimals = (step) => Math.max(0, Math.min(6, Math.ceil(-Math.log10(step || 1))));

  // A result: {empty} asks for an answer; else {right, head, notes, said, score}. A prediction is told, never marked.
  const mark = (right, notes, said) => ({ right, head: right ? "✓ Right." : "✗ Not yet.", notes, said });

  const judges = {
    single(form, key) {
      const [pick] = picked(form);
      if (pick === undefined) return { empty: "Choose one answer first." };
      const option = key.options[pick];
      const result = mark(option.correct, [option.feedback], optionText(form, pick));
      if (!isPrediction(form)) return result;
      const fact = optionText(form, key.options.findIndex((o) => o.correct));
      const sure = form.querySelector(".quiz-sure select")?.value;
      return {
        ...result, head: option.correct ? "That is what happened." : `What happened: ${fact}.`.replace("..", "."),
        said: sure ? `${result.said} (${sure} % sure)` : result.said,
        score: sure ? { chance: Number(sure) / 100, came: option.correct } : undefined,
      };
    },

    multiple(form, key) {
      const picks = picked(form);
      if (!picks.length) return { empty: "Choose at least one answer first." };
      const missed = key.options.filter((o, i) => o.correct && !picks.includes(i)).length;
      const hits = picks.filter((i) => key.options[i].correct).length;
      const notes = picks.map((i) => key.options[i].feedback);
      if (missed) notes.push(`Right answers not chosen yet: ${missed}.`);
      const result = mark(!missed && hits === picks.length, notes, picks.map((i) => optionText(form, i)).join("; "));
      return isPrediction(form) ? { ...result, head: `${hits} of your ${picks.length} came true.` } : result;
    },

    number(form, key) {
      const value = toNumber(inputs(form)[0].value);
      if (value === null) return { empty: "Write a number first, for example 12.5." };
      const gap = Math.abs(value - key.answer);
      const right = gap <= key.tolerance + 1e-9;
      const near = gap <= 3 * key.tolerance + 1e-9;
      const note = key.feedback[right ? "right" : near ? "near" : "wrong"] ?? key.feedback.wrong;
      const result = mark(right, [note], withUnit(inputs(form)[0].value.trim(), key.unit));
      return isPrediction(form) ? { ...result, head: distance(value, key, decimals(key.tolerance), key.unit) } : result;
    },

    estimate(form, key) {
      const { low, high, digits, unit } = form.querySelector(".quiz-range").dataset;
      const said = inputs(form).map((field) => toNumber(field.value));
      if (said.includes(null)) return { empty: said.length > 1 ? "Write both ends of your range first." : "Write a number first." };
      const show = (value) => format(value, Number(digits));
      if (Math.min(...said) < Number(low) || Math.max(...said) > Number(high)) {
        return { empty: `A guess lies between ${show(Number(low))} and ${withUnit(show(Number(high)), unit)}; mend it first.` };
      }
      if (said.length > 1 && said[0] > said[1]) return { empty: "The first number must not be above the second; mend it first." };
      const scale = Number(high) - Number(low);
      const [from, to] = [said[0], said.at(-1)];
      const gap = Math.max(from - key.answer, key.answer - to, 0);
      const head = said.length > 1 ? inRange(from, to, key.answer, show, unit) : distance(from, key, Number(digits), unit);
      const score = { low: from, high: to, truth: key.answer, gap, scale, range: said.length > 1, hit: gap === 0 };
      return { right: null, head, notes: [key.feedback.after], said: withUnit(said.map(show).join(" to "), unit), score };
    },

    draw(form, key) {
      const { values, spec, moved } = drawings.get(form).read();
      if (!moved) return { empty: "Move at least one point first." };
      const told = compareDrawing(values, key.truth, spec);
      drawings.get(form).show(key.truth);
      const notes = [...told.notes, key.feedback.after];
      if (key.figure) notes.push(`<a href="#${encodeURIComponent(key.figure)}">See it in the figure.</a>`);
      const said = spec.labels.map((label, i) => `${label} ${format(values[i], spec.digits)}`).slice(spec.given.length).join(", ");
      return { right: null, head: told.head, notes, said, score: { mean: told.mean, scale: spec.high - spec.low } };
    },

    order: (form, key) => compare(form, key, "Give every step a place first."),
    match: (form, key) => compare(form, key, "Match every line first."),

    cells(form, key) {
      const said = inputs(form).map((field) => toNumber(field.value));
      const filled = inputs(form).filter((field) => field.value.trim()).length;
      if (!filled) return { empty: "Fill at least one cell first." };
      const goal = key.answers.flat(), room = key.tolerances.flat();
      const states = inputs(form).map((field, i) => cellState(field, said[i], goal[i], room[i]));
      inputs(form).forEach((field, i) => tellCell(field, states[i], isPrediction(form), said[i], goal[i]));
      const hits = states.filter((state) => state === "right").length;
      const open = goal.length - filled;
      const right = hits === goal.length;
      const count = `${hits} of ${goal.length} cells right${open ? `, ${open} still empty` : ""}.`;
      const note = right ? key.feedback.right : hits < filled ? key.feedback.wrong : "";
      const mood = right ? "✓ Right:" : hits === filled ? "So far so good:" : "✗ Not yet:";
      const text = inputs(form).map((field) => `${field.getAttribute("aria-label")}: ${field.value.trim() || "empty"}`).join("; ");
      return { right, head: isPrediction(form) ? count : `${mood} ${count}`, notes: note ? [note] : [], said: text, open: hits === filled && !right };
    },
  };

  function distance(value, key, digits, unit) {
    const gap = Math.abs(value - key.answer);
    const fact = withUnit(format(key.answer, digits), unit);
    if (gap <= key.tolerance + 1e-9) return `Close: you said ${format(value, digits)}, it is ${fact}.`;
    return `You were ${format(gap, digits)} too ${value < key.answer ? "low" : "high"}: it is ${fact}.`;
  }

  function inRange(low, high, truth, show, unit) {
    const fact = `It is ${withUnit(show(truth), unit)}`;
    const range = `your range of ${show(low)} to ${show(high)}`;
    if (truth < low) return `${fact}, ${show(low - truth)} below ${range}.`;
    return truth > high ? `${fact}, ${show(truth - high)} above ${range}.` : `${fact}, inside ${range}.`;
  }

  function compareDrawing(values, truth, spec) {
    const free = spec.labels.map((_, i) => i).slice(spec.given.length);
    const gaps = free.map((i) => Math.abs(values[i] - truth[i]));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const worst = free[gaps.indexOf(Math.max(...gaps))];
    const digits = spec.digits + 1;
    const show = (value) => withUnit(format(value, spec.digits), spec.unit);
    const fact = `${spec.labels[worst]}: you drew ${format(values[worst], spec.digits)}, it is ${show(truth[worst])}`;
    if (free.length === 1) return { mean, head: `${fact}; that is ${format(mean, spec.digits)} away.`, notes: [] };
    const notes = [`The largest gap is at ${fact}.`];
    if (spec.form === "line") notes.push(`From ${spec.labels[0]} to ${spec.labels.at(-1)} you drew ${trend(values, spec)}; it was ${trend(truth, spec)}.`);
    return { mean, head: `On average you were ${withUnit(format(mean, digits), spec.unit)} away.`, notes: notes.map(escaped) };
  }

  function trend(values, spec) {
    const change = values.at(-1) - values[0];
    if (Math.abs(change) < spec.step / 2) return "no change";
    return `a ${change > 0 ? "rise" : "fall"} of ${format(Math.abs(change), spec.digits)}`;
  }

  function escaped(text) {
    const node = document.createElement("span");
    node.textContent = text;
    return node.innerHTML;
  }

  function compare(form, key, ask) {
    const picks = inputs(form).map((select) => select.value);
    if (picks.includes("")) return { empty: ask };
    const hits = picks.filter((pick, i) => pick === key.answer[i]).length;
    const right = hits === picks.length;
    const notes = [right ? key.feedback.right : `${hits} of ${picks.length} in place. ${key.feedback.wrong}`];
    const said = inputs(form).map((select) => `${select.closest("label").querySelector("span").textContent}: ${select.value}`).join("; ");
    return isPrediction(form) ? { ...mark(right, notes, said), head: `${hits} of ${picks.length} as it is.` } : mark(right, notes, said);
  }

  function cellState(field, said, goal, room) {
    if (!field.value.trim()) return "empty";
    return said !== null && Math.abs(said - goal) <= room + 1e-9 ? "right" : "wrong";
  }

  function tellCell(field, state, told, said, goal) {
    const place = field.nextElementSibling;
    place.id ||= `${field.name}-told`;
    place.className = `quiz-cell ${told && state === "wrong" ? "told" : state}`;
    const gap = said === null ? "not a number" : `${format(Math.abs(said - goal), 2)} away`;
    place.textContent = { right: "✓ right", wrong: told ? gap : said === null ? "✗ not a number" : "✗ not yet", empty: "" }[state];
    field.setAttribute("aria-describedby", place.id);
    if (state === "wrong" && !told) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
  }

  function tell(form, result) {
    const place = status(form);
    place.replaceChildren();
    place.className = "quiz-feedback";
    if (result.empty) { place.textContent = result.empty; return; }
    const told = isPrediction(form) || result.right === null || result.open;
    place.classList.add(told ? "told" : result.right ? "right" : "wrong");
    const head = document.createElement("strong");
    head.textContent = `${result.head} `;
    place.append(head);
    for (const note of result.notes) {
      const line = document.createElement("span");
      line.innerHTML = note; // written by the course and rendered at build time
      place.append(line, " ");
    }
  }

  // The mark of an answer that is no longer there must not stay.
  function clear(form) {
    status(form).replaceChildren();
    status(form).className = "quiz-feedback";
    drawings.get(form)?.hide();
    for (const place of form.querySelectorAll(".quiz-cell")) { place.textContent = ""; place.className = "quiz-cell"; }
    for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  }

  const readFields = (form) => fields(form).map((field) => (/radio|checkbox/.test(field.type) ? field.checked : field.value));

  function writeFields(form, kept) {
    fields(form).forEach((field, i) => { if (typeof kept[i] === "boolean") field.checked = kept[i]; else field.value = kept[i] ?? ""; });
    drawings.get(form)?.redraw();
  }

  function keep(form, changes) {
    const old = answers.get(identity(form));
    const same = old?.version === form.dataset.version ? old : {};
    const record = { tries: 0, ...same, version: form.dataset.version, kind: form.dataset.kind, answer: readFields(form), ...changes };
    if (!answers.save(identity(form), record)) warn(form);
    return record;
  }

  function warn(form) {
    if (document.querySelector(".quiz-not-kept")) return;
    const line = document.createElement("p");
    line.className = "quiz-not-kept";
    line.setAttribute("role", "status");
    line.textContent = NOT_KEPT;
    form.append(line);
  }

  function record(form, result) {
    const { right, said, score } = result;
    const now = { right, said, told: result.head, score, when: new Date().toISOString() };
    const old = answers.get(identity(form));
    const before = old?.version === form.dataset.version ? old : {};
    keep(form, { ...now, checked: true, tries: (before.tries ?? 0) + 1, first: before.first ?? now });
  }

  async function judge(form, again) {
    const slow = setTimeout(() => { status(form).textContent = "The answers are being read …"; }, 600);
    try {
      const keys = await window.course.load(form.dataset.bank, `quiz:${form.dataset.chapter}`);
      clearTimeout(slow);
      const result = judges[form.dataset.kind](form, keys[form.dataset.item]);
      tell(form, result);
      return result;
    } catch {
      clearTimeout(slow);
      window.course.trouble(status(form), "The answers could not be read; the connection may have dropped.", again);
      return { empty: true };
    }
  }

  async function check(form) {
    const result = await judge(form, () => check(form));
    if (!result.empty) record(form, result);
  }

  // What was kept comes back quietly: a screen reader is not read every old answer when a page opens.
  async function restore(form) {
    const kept = answers.get(identity(form));
    if (!kept) return;
    if (kept.version !== form.dataset.version) {
      status(form).textContent = kept.tries ? "This question has changed since you answered it." : "";
      return;
    }
    writeFields(form, kept.answer);
    if (!kept.checked) return;
    status(form).setAttribute("aria-live", "off");
    await judge(form, () => restore(form));
    setTimeout(() => status(form).setAttribute("aria-live", "polite"), 500);
  }

  function draws(form) {
    const holder = form.querySelector(".quiz-draw"), field = holder.nextElementSibling;
    const widget = window.course.drawing(holder, field);
    const read = () => ({ spec: widget.spec, moved: field.value !== "", values: field.value ? JSON.parse(field.value) : [] });
    drawings.set(form, { ...widget, read });
  }

  function start(form) {
    if (form.dataset.kind === "draw") draws(form);
    form.addEventListener("submit", (event) => { event.preventDefault(); check(form); });
    form.addEventListener("input", () => {
      clear(form);
      if (answers.get(identity(form))?.checked) keep(form, { checked: false });
    });
    form.addEventListener("change", () => keep(form, {}));
    form.querySelector("button[type=submit]").disabled = false;
    restore(form);
  }

  for (const form of document.querySelectorAll("form.course-quiz")) start(form);
})();
