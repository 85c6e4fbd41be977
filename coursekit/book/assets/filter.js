// Lists a reader can search, filter and sort: tables, cards, a glossary, a bibliography. Without this script all is simply there.
// A page has one list; its settings stand in the address of the page, so that a reader can share them.
(() => {
  "use strict";
  const words = (node) => node.textContent.toLowerCase();

  // What is shown or hidden: {parts: nodes that go together, row: where its cells are}.
  function itemsOf(box) {
    if (box.dataset.items) return [...document.querySelectorAll(box.dataset.items)].flatMap(fromList);
    const bodies = [...box.querySelector("table").tBodies];
    return (bodies.length > 1 ? bodies : [...bodies[0].rows]).map((row) => ({ parts: [row], row }));
  }

  function fromList(node) {
    if (node.tagName !== "DL") return [{ parts: [node], row: node }];
    const terms = [...node.children].filter((child) => child.tagName === "DT");
    return terms.map((term) => ({ parts: [term, term.nextElementSibling], row: term.nextElementSibling }));
  }

  const cell = (item, name) => item.row.querySelector(`[data-name="${name}"]`);
  const values = (item, name) => {
    const found = cell(item, name);
    return found ? (found.dataset.value ?? found.textContent).split(";").map((v) => v.trim()).filter(Boolean) : [];
  };
  const order = (item, name) => cell(item, name)?.dataset.sort ?? cell(item, name)?.textContent.trim() ?? "";
  const compare = (a, b) => a.localeCompare(b, "en", { numeric: true });

  class List {
    constructor(box) {
      this.box = box;
      this.items = itemsOf(box);
      this.fields = {};
      this.tests = [];
      this.bar = Object.assign(document.createElement("div"), { className: "course-filter" });
      this.status = Object.assign(document.createElement("p"), { className: "course-filter-count" });
      this.status.setAttribute("role", "status");
      this.addSearch();
      for (const name of box.dataset.courseFilter.split("|").filter(Boolean)) this.addSelect(name);
      if (box.querySelector("table")) this.addSort();
      if (this.items.some((item) => item.row.querySelector("details"))) this.addButton("Open all", (button) => this.openAll(button));
      if (Object.keys(this.fields).length > 1) this.addButton("Clear", () => this.set(new URLSearchParams()));
      box.prepend(this.bar, this.status);
      this.set(new URLSearchParams(location.search));
      this.openTarget();
    }

    add(name, field) {
      const label = document.createElement("label");
      label.append(Object.assign(document.createElement("span"), { textContent: name }), field);
      field.addEventListener("input", () => { this.apply(); this.keep(); });
      this.fields[name.toLowerCase().replaceAll(" ", "-")] = field;
      this.bar.append(label);
      return label;
    }

    addSearch() {
      const search = Object.assign(document.createElement("input"), { type: "search" });
      this.add("Search", search);
      this.tests.push((item) => item.parts.some((part) => words(part).includes(search.value.trim().toLowerCase())));
    }

    addSelect(name) {
      const select = document.createElement("select");
      const choices = [...new Set(this.items.flatMap((item) => values(item, name)))].sort(compare);
      select.append(new Option("all", ""), ...choices.map((v) => new Option(v, v)));
      this.add(name, select);
      this.tests.push((item) => !select.value || values(item, name).includes(select.value));
    }

    // Headings sort on a wide page; the select does where a row is a card and the headings are out of sight.
    addSort() {
      const heads = [...this.box.querySelectorAll("thead th")];
      const select = document.createElement("select");
      select.append(new Option("as listed", ""));
      for (const head of heads) {
        const name = head.dataset.name;
        select.append(new Option(name, name), new Option(`${name}, last first`, `-${name}`));
        const button = Object.assign(document.createElement("button"), { type: "button" });
        button.append(...head.childNodes);
        head.append(button);
        button.addEventListener("click", () => {
          select.value = select.value === name ? `-${name}` : name;
          select.dispatchEvent(new Event("input"));
        });
      }
      this.add("Sort by", select).classList.add("course-sort");
      this.sort = () => {
        const [down, name] = select.value.startsWith("-") ? [-1, select.value.slice(1)] : [1, select.value];
        const sorted = name ? [...this.items].sort((a, b) => down * compare(order(a, name), order(b, name))) : this.items;
        for (const head of heads) head.removeAttribute("aria-sort");
        heads.find((head) => name && head.dataset.name === name)?.setAttribute("aria-sort", down > 0 ? "ascending" : "descending");
        const home = this.items[0]?.row.parentNode;
        if (sorted.some((item, place) => home.children[home.children.length - sorted.length + place] !== item.row)) home.append(...sorted.map((i) => i.row));
      };
    }

    addButton(text, act) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: text, className: "course-plain" });
      button.addEventListener("click", () => { act(button); this.keep(); });
      this.bar.append(button);
    }

    openAll(button) {
      const open = button.textContent === "Open all";
      for (const item of this.items) for (const part of item.row.querySelectorAll("details")) part.open = open;
      button.textContent = open ? "Close all" : "Open all";
    }

    set(params) {
      for (const [name, field] of Object.entries(this.fields)) {
        const wanted = params.get(name) ?? "";
        field.value = wanted;
        if (field.value !== wanted) field.value = "";
      }
      this.apply();
    }

    apply() {
      let shown = 0;
      for (const item of this.items) {
        const fits = this.tests.every((test) => test(item));
        for (const part of item.parts) part.hidden = !fits;
        shown += fits;
      }
      if (this.box.dataset.items) this.hideEmptySections();
      this.sort?.();
      this.status.textContent = `${shown} of ${this.items.length} ${this.box.dataset.what ?? "rows"}`;
    }

    hideEmptySections() {
      for (const section of new Set(this.items.map((item) => item.row.closest("section")))) {
        const inside = this.items.filter((item) => section.contains(item.row));
        if (!section.contains(this.box)) section.hidden = inside.every((item) => item.row.hidden);
      }
    }

    // A page opened from a file may not change its address; it then simply does not keep the settings.
    keep() {
      if (location.protocol === "file:") return;
      const params = new URLSearchParams();
      for (const [name, field] of Object.entries(this.fields)) if (field.value) params.set(name, field.value);
      const query = params.toString();
      history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
    }

    // A link to one row opens it; the bar above has moved it since the browser scrolled there.
    openTarget() {
      const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const item = target && this.items.find(({ parts }) => parts.some((part) => part.contains(target)));
      if (!item) return;
      for (const part of item.row.querySelectorAll("details")) part.open = true;
      target.scrollIntoView({ behavior: "instant" });
    }
  }

  for (const box of document.querySelectorAll("[data-course-filter]")) {
    const list = new List(box);
    window.addEventListener("hashchange", () => list.openTarget());
  }
})();
