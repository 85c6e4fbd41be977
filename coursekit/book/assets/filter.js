// Tables a reader can search, filter and sort. Without this script the whole table is simply there.
for (const box of document.querySelectorAll("[data-course-filter]")) {
  const table = box.querySelector("table");
  const rows = [...table.tBodies[0].rows];
  const heads = [...table.tHead.rows[0].cells];
  const bar = document.createElement("div");
  bar.className = "course-filter";
  const status = Object.assign(document.createElement("p"), { className: "course-filter-count" });
  status.setAttribute("role", "status");
  const tests = [];

  const add = (name, field) => {
    const label = document.createElement("label");
    label.append(`${name} `, field);
    field.addEventListener("input", apply);
    bar.append(label);
  };
  const search = Object.assign(document.createElement("input"), { type: "search" });
  add("Search", search);
  tests.push((row) => row.textContent.toLowerCase().includes(search.value.toLowerCase()));

  for (const name of box.dataset.courseFilter.split("|").filter(Boolean)) {
    const index = heads.findIndex((head) => head.dataset.name === name);
    const value = (row) => (row.cells[index].dataset.value ?? row.cells[index].textContent).split(";").map((v) => v.trim());
    const values = [...new Set(rows.flatMap(value))].filter(Boolean)
      .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    const select = document.createElement("select");
    select.append(new Option("all", ""), ...values.map((v) => new Option(v, v)));
    add(name, select);
    tests.push((row) => !select.value || value(row).includes(select.value));
  }

  function apply() {
    for (const row of rows) row.hidden = !tests.every((test) => test(row));
    const shown = rows.filter((row) => !row.hidden).length;
    status.textContent = `${shown} of ${rows.length} rows`;
  }

  heads.forEach((head, index) => {
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.append(...head.childNodes);
    head.append(button);
    const text = (row) => row.cells[index].dataset.sort ?? row.cells[index].textContent.trim();
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      rows.sort((a, b) => (up ? 1 : -1) * text(a).localeCompare(text(b), "en", { numeric: true }));
      table.tBodies[0].append(...rows);
    });
  });
  box.prepend(bar, status);
  const wanted = new URLSearchParams(location.search).get("show");
  if (wanted) search.value = wanted;
  apply();
}
