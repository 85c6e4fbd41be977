// What a cell gave, drawn below it: a figure like those of the course and marked as the reader's version, a table, the
// controls of a lab, text, or an error in words.
//
//   course.liveDraw(kernel, page)  {draw(place, items), clear(place), node(tag, class, ...content)}
(() => {
  "use strict";
  const { load, figures } = window.course;

  function node(tag, name, ...content) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.append(...content);
    return made;
  }

  window.course.liveDraw = (kernel, page) => {
    const names = new WeakMap(); // place -> the figures and labs that it shows

    const noted = (place, name) => names.set(place, [...(names.get(place) ?? []), name]);

    // A chart is laid out by the course's Python and compiled here; the last layout serves while Python is stopped.
    function compiler(item) {
      let last = null;
      return async (width, extra) => {
        await load(`${page.folder}compiler.js`);
        if (kernel.running() || !last) last = await kernel.ask("layout", { figure: item.id, width, room: width + extra });
        return window.course.compileChart(structuredClone(last));
      };
    }

    async function figure(place, item) {
      const holder = node("div");
      holder.innerHTML = item.html; // the course's own template, every text in it escaped
      const [made] = holder.children;
      place.append(made);
      noted(place, item.id);
      await figures.add(made, item.words, compiler(item));
    }

    function table(place, { head, rows, count }) {
      const line = (cells, tag) => node("tr", "", ...cells.map((text) => {
        const cell = node(tag, "", text);
        if (tag === "th") cell.scope = "col";
        return cell;
      }));
      const made = node("div", "course-scroll", node("table", "", node("thead", "", line(head, "th")), node("tbody", "", ...rows.map((row) => line(row, "td")))));
      made.tabIndex = 0;
      made.setAttribute("role", "region");
      made.setAttribute("aria-label", "Table of your version");
      place.append(node("p", "live-mark", "Your version."), made);
      if (count > rows.length) place.append(node("p", "course-more", `The first ${rows.length} of ${count} rows.`));
    }

    // Fields ---------------------------------------------------------------------------------------------------------

    function list(field, move) {
      const select = node("select");
      select.multiple = field.type === "SelectMultiple";
      field.options.forEach((text, place) => {
        const option = node("option", "", text);
        option.selected = field.chosen.includes(place);
        select.append(option);
      });
      select.addEventListener("change", () => move([...select.selectedOptions].map((option) => option.index)));
      return [select];
    }

    function box(field, move) {
      const input = node("input");
      input.type = "checkbox";
      input.checked = field.value;
      input.addEventListener("change", () => move(input.checked));
      return [input];
    }

    function slider(field, move) {
      const input = Object.assign(node("input"), { type: "range", min: field.min, max: field.max, step: field.step, value: field.value });
      const output = node("output", "", String(field.value));
      input.addEventListener("input", () => { output.textContent = input.value; });
      input.addEventListener("change", () => move(Number(input.value)));
      return [input, output];
    }

    function area(field, move) {
      const input = Object.assign(node("textarea"), { value: field.value, rows: 5 });
      input.addEventListener("change", () => move(input.value));
      return [input];
    }

    const FIELDS = { Checkbox: box, Textarea: area };

    function control(field, id, move) {
      const [input, ...rest] = (field.options ? list : FIELDS[field.type] ?? slider)(field, move);
      input.id = id;
      const label = node("label", "", field.label);
      label.htmlFor = id;
      return node("div", "course-control", label, input, ...rest);
    }

    async function controls(place, item) {
      noted(place, item.id);
      const form = node("form", "course-controls");
      form.setAttribute("aria-label", "Controls of the lab");
      form.addEventListener("submit", (event) => event.preventDefault());
      const shown = node("div", "live-shown");
      const said = node("p", "course-said");
      said.setAttribute("role", "status");
      const move = (number) => async (value) => {
        const started = performance.now();
        said.textContent = "";
        try {
          const { items } = await kernel.ask("change", { lab: item.id, number, value });
          await swap(shown, items);
          said.textContent = shown.querySelector(".course-caption")?.textContent ?? "";
          page.moved = Math.round(performance.now() - started);
        } catch { said.textContent = "Python was stopped; start the lab again."; }
      };
      form.append(...item.inputs.map((field, number) => control(field, `${item.id}-${number}`, move(number))));
      place.append(form, said, shown);
      await all(shown, item.outputs);
    }

    // A lab draws new figures beside the old ones and then takes their place, so that the page does not jump.
    async function swap(place, items) {
      const fresh = node("div", "live-shown live-coming");
      place.before(fresh);
      fresh.style.width = `${place.clientWidth}px`;
      await all(fresh, items);
      clear(place);
      place.replaceChildren(...fresh.children);
      for (const name of names.get(fresh) ?? []) noted(place, name);
      fresh.remove();
    }

    // Items ----------------------------------------------------------------------------------------------------------

    function error(place, { words, line, cell }) {
      const where = cell === null ? (line ? `Line ${line}. ` : "") : `In an earlier cell of this page that this one needs (cell ${cell + 1}). `;
      const told = node("p", "live-error", node("strong", "", where), words);
      told.setAttribute("role", "alert");
      place.append(told);
    }

    const text = (place, item) => place.append(node("pre", "live-text", item.text));
    const kinds = { figure, table, controls, error, text };

    async function all(place, items) {
      for (const item of items) await kinds[item.kind](place, item);
    }

    function clear(place) {
      for (const made of place.querySelectorAll("figure.course-figure")) figures.drop(made);
      if (kernel.running() && names.get(place)?.length) kernel.ask("forget", { names: names.get(place) }).catch(() => {});
      names.delete(place);
      place.replaceChildren();
    }

    return { draw: async (place, items) => { clear(place); await all(place, items); }, clear, node };
  };
})();
