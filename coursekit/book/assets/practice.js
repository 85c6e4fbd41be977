// Practice: two hints, a check in words, a solution after two tries. Tasks of values are judged here, tasks of code by the
// page's Python (live-room.js) when there is one. What a reader did is kept with the answers and counted on My course.
(() => {
  "use strict";
  const { answers, code, load, numbers, trouble } = window.course;
  const { toNumber, withUnit } = numbers;
  const TRIES = 2; // before the solution can be seen
  const HINTS = ["First hint", "Second hint"];
  const part = (form, name) => form.querySelector(name);
  const identity = (form) => `${form.dataset.chapter}/practice-${form.dataset.task}`;
  const fields = (form) => [...form.querySelectorAll("fieldset input, fieldset select")];
  const keyOf = async (form) => (await load(form.dataset.file, form.dataset.key))[form.dataset.task];
  const live = () => window.course.live;

  function kept(form) {
    const found = answers.get(identity(form));
    return found?.version === form.dataset.version ? found : { tries: 0 };
  }

  function line(text, name) {
    const made = document.createElement("p");
    made.className = name;
    made.textContent = text;
    return made;
  }

  function keep(form, answer, right, said, told) {
    const now = { right, said, told, when: new Date().toISOString() };
    const old = kept(form);
    const record = { version: form.dataset.version, kind: "practice", answer, checked: true, ...now, tries: old.tries + 1, first: old.first ?? now };
    if (!answers.save(identity(form), record)) part(form, ".practice-help").append(line("This browser does not let the page keep your answers.", "quiz-not-kept"));
    offerSolution(form);
  }

  // Help -------------------------------------------------------------------------------------------------------------

  const block = (form, title, html) => {
    const made = document.createElement("div");
    made.className = "practice-shown";
    const head = document.createElement("strong");
    head.textContent = title;
    const body = document.createElement("div");
    body.innerHTML = html; // written by the course and rendered at build time
    made.append(head, body);
    part(form, ".practice-help").append(made);
    made.tabIndex = -1;
    made.focus();
  };

  async function hint(form) {
    const button = part(form, ".practice-hint");
    const number = Number(form.dataset.hints ?? 0);
    block(form, HINTS[number], (await keyOf(form)).hints[number]);
    form.dataset.hints = number + 1;
    button.textContent = HINTS[number + 1] ?? "";
    button.hidden = number + 1 >= HINTS.length;
    offerSolution(form);
  }

  // Where no try can be counted, because the page has no Python, both hints stand for them.
  function offerSolution(form) {
    const cannot = part(form, ".practice-code") && !live() && Number(form.dataset.hints ?? 0) >= HINTS.length;
    part(form, ".practice-solve").hidden = form.dataset.solved === "yes" || !(kept(form).tries >= TRIES || cannot);
  }

  async function solve(form) {
    block(form, "A solution", (await keyOf(form)).solution);
    form.dataset.solved = "yes";
    offerSolution(form);
  }

  // Values -----------------------------------------------------------------------------------------------------------

  function holds(field, goal) {
    if (goal.options.length) return field.value === goal.answer;
    const said = toNumber(field.value);
    return said !== null && Math.abs(said - goal.answer) <= goal.tolerance + 1e-9;
  }

  async function checkValues(form) {
    const { fields: goals } = await keyOf(form);
    const given = fields(form);
    const empty = given.findIndex((field) => !field.value.trim());
    if (empty >= 0) { tell(form, [line(`Give a value for “${goals[empty].label}” first.`, "")], null); given[empty].focus(); return; }
    const right = given.map((field, n) => holds(field, goals[n]));
    given.forEach((field, n) => { if (right[n]) field.removeAttribute("aria-invalid"); else field.setAttribute("aria-invalid", "true"); });
    const lines = goals.map((goal, n) => line(`${right[n] ? "✓" : "✗"} ${goal.label}: ${right[n] ? "right." : goal.otherwise}`, right[n] ? "practice-right" : "practice-wrong"));
    const said = goals.map((goal, n) => `${goal.label}: ${withUnit(given[n].value.trim(), goal.unit)}`).join("; ");
    finish(form, lines, right, given.map((field) => field.value), said);
  }

  function finish(form, lines, right, answer, said) {
    const all = right.every(Boolean);
    const head = all ? "✓ Right." : `✗ Not yet: ${right.filter(Boolean).length} of ${right.length} hold.`;
    tell(form, [line(head, all ? "practice-right" : "practice-wrong"), ...lines], all);
    keep(form, answer, all, said, head);
  }

  function tell(form, lines, right) {
    const place = part(form, ".practice-told");
    place.replaceChildren(...lines);
    place.dataset.right = right === null ? "" : String(right);
  }

  // Code -------------------------------------------------------------------------------------------------------------

  async function openCode(form, button) {
    button.disabled = true;
    try {
      const [room, key] = await Promise.all([live().room(), keyOf(form)]);
      await load(`${live().page.folder}editor.js`);
      workbench(form, room, key);
      button.remove();
    } catch {
      button.disabled = false;
      trouble(part(form, ".practice-told"), "The scripts for this did not arrive; the connection may have dropped.", () => openCode(form, button));
    }
  }

  function workbench(form, room, key) {
    const place = part(form, ".practice-code");
    const box = room.node("div", "live-editor");
    const shown = room.node("div", "live-shown");
    const store = identity(form);
    const found = code.get(store);
    const begun = found?.of === key.starter ? found.code : key.starter;
    const request = () => ({ cells: live().page.about.cells, number: live().page.about.cells.length, code: editor.text(), tests: key.checks.map((check) => check.test) });
    const after = (answer) => judgeCode(form, key, editor, answer);
    const { run, start, stop, line: status } = room.runner({ request, shown, after });
    start.textContent = "Run and check";
    const back = room.button("Back to the start", () => { editor.replace(key.starter); editor.focus(); });
    place.classList.add("live-cell");
    place.replaceChildren(box, room.node("p", "live-line", start, " ", stop, " ", back), status.line, shown);
    const changed = () => code.save(store, editor.text() === key.starter ? null : { code: editor.text(), of: key.starter });
    const editor = window.course.editor(box, begun, { label: "Python code of your answer. Shift and Enter run it, Tab leaves it.", run, changed });
    editor.focus();
  }

  function judgeCode(form, key, editor, answer) {
    const wrong = answer.items.find((item) => item.kind === "error");
    if (wrong?.line) editor.select(wrong.line);
    const right = key.checks.map((_check, n) => answer.passed[n] === true);
    const lines = wrong ? [line("The code stopped before it could be checked; the error is above.", "practice-wrong")]
      : key.checks.map((check, n) => line(`${right[n] ? "✓" : "✗"} ${right[n] ? check.words : check.otherwise}`, right[n] ? "practice-right" : "practice-wrong"));
    finish(form, lines, right, [editor.text().slice(0, 4000)], `${right.filter(Boolean).length} of ${right.length} checks hold`);
  }

  // Start ------------------------------------------------------------------------------------------------------------

  function restore(form) {
    const old = kept(form);
    if (!old.tries) return;
    fields(form).forEach((field, n) => { field.value = old.answer[n] ?? ""; });
    tell(form, [line(old.right ? "✓ You have solved this." : `Tried ${old.tries === 1 ? "once" : `${old.tries} times`}, not solved yet.`, "")], null);
    offerSolution(form);
  }

  function offerCode(form) {
    const box = part(form, ".practice-code");
    if (!box) return;
    if (!live() || location.protocol === "file:") { part(form, ".practice-without").hidden = false; return; }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "course-plain practice-open";
    button.textContent = code.get(identity(form)) ? "Go on with your code" : "Work on this code here";
    button.addEventListener("click", () => openCode(form, button));
    box.after(button);
  }

  function start(form) {
    const lost = (again) => () => trouble(part(form, ".practice-told"), "The task’s file could not be read; the connection may have dropped.", again);
    const trying = (task) => () => { const go = () => task(form).catch(lost(go)); return go(); };
    form.addEventListener("submit", (event) => { event.preventDefault(); if (fields(form).length) trying(checkValues)(); });
    form.addEventListener("input", () => { if (fields(form).length) part(form, ".practice-told").replaceChildren(); });
    part(form, ".practice-hint").addEventListener("click", trying(hint));
    part(form, ".practice-solve").addEventListener("click", trying(solve));
    for (const button of form.querySelectorAll("button:disabled")) button.disabled = false;
    offerCode(form);
    restore(form);
  }

  for (const form of document.querySelectorAll("form.course-practice")) start(form);
})();
