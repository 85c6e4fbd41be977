// What a reader takes away from a figure: a link to its setting, a citation, the picture with its words inside, the rows
// shown, and a line of code that loads them. All follow the controls.
(() => {
  "use strict";
  const { figureWords: say } = window.course;
  const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
  const PAD = 20;

  function make(tag, name, ...content) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.append(...content);
    return made;
  }

  function button(text, task) {
    const made = make("button", "course-quiet", text);
    made.type = "button";
    made.addEventListener("click", task);
    return made;
  }

  // Texts ------------------------------------------------------------------------------------------------------------

  const linkOf = (state) => say.toAddress(state.words, state.values, location.href.split(/[?#]/)[0]); // this figure's alone
  const stop = (text) => (!text || /[.!?…]$/.test(text) ? text : `${text}.`);

  function citationOf(state) {
    const { author, book, year, number, credit } = state.words;
    const chapter = document.querySelector("main h1, h1")?.firstChild?.textContent.trim() ?? document.title;
    const today = new Date().toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
    return [stop(author), stop(year), `“${stop(state.caption)}”`, `Figure ${number} in “${chapter},”`, stop(book),
      `Data: ${stop(credit)}`, `Accessed ${today}.`, linkOf(state)].filter(Boolean).join(" ");
  }

  const quoted = (value) => (typeof value === "string" ? `'${value.replace(/[\\']/g, "\\$&")}'` : say.canonical(value));
  const named = (name) => (/^[A-Za-z_]\w*$/.test(name) ? name : `\`${name}\``);

  function codeOf(state) {
    const { filters, csv } = state.words;
    const file = new URL(csv, new URL(state.figure.dataset.file, document.baseURI)).href;
    const tests = Object.entries(filters)
      .filter(([name, how]) => !(how === "all" && state.values[name] === "all"))
      .map(([name, how]) => {
        const value = state.values[name];
        const text = typeof value === "boolean" ? (value ? "True" : "False") : quoted(value);
        return `${named(name)} ${how === "all" ? "==" : how} ${text}`;
      });
    const query = tests.length ? `.query("${tests.join(" and ").replace(/["\\]/g, "\\$&")}")` : "";
    return `pd.read_csv("${file}")${query}`;
  }

  const cellOf = (value) => {
    const text = value === null ? "" : String(value);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };

  const csvOf = (state) =>
    [state.words.rows.columns, ...state.rows].map((row) => `${row.map(cellOf).join(",")}\n`).join("");

  function fileOf(state, end) {
    const moved = state.words.controls.filter((control) => !say.atDefault([control], state.values));
    const said = moved.map((control) => say.canonical(state.values[control.name]));
    return `${[state.words.name, ...said].join("-").toLowerCase().replace(/[^\p{L}\p{N}.]+/gu, "-").replace(/-+$/, "")}.${end}`;
  }

  // Picture ----------------------------------------------------------------------------------------------------------

  const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const pen = document.createElement("canvas").getContext("2d");

  function wrapped(text, style, width) {
    pen.font = `${style} ${FONT}`;
    const lines = [];
    for (const word of text.split(/\s+/).filter(Boolean)) {
      const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
      if (lines.length && pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  }

  const texts = (lines, top, size, colour, weight = 400) => lines.map((line, n) =>
    `<text x="${PAD}" y="${top + (n + 0.8) * size * 1.3}" font-size="${size}" font-weight="${weight}" fill="${colour}">${escaped(line)}</text>`).join("");

  // Title above, the chart as it stands (its setting is written in it), source and address below; light colours always.
  async function pictureOf(state) {
    await state.draw();
    const drawn = (await state.view.toSVG()).replace(/var\(--c-\w+,\s*(#\w+)\)/g, "$1");
    const [, wide, high] = /<svg[^>]*?width="([\d.]+)"[^>]*?height="([\d.]+)"/.exec(drawn).map(Number);
    const width = Math.max(wide, 320);
    const title = wrapped(state.caption, "600 18px", width);
    const foot = [...wrapped(`${state.words.note} Source: ${stop(state.words.credit)}`, "12px", width),
      ...wrapped(`${state.compile ? "A reader’s own version of a figure" : `Figure ${state.words.number}`}, ${document.title.replace(/ — /g, ", ")}`, "12px", width)];
    const top = PAD + title.length * 18 * 1.3 + 12;
    const below = top + high + 12;
    const height = below + foot.length * 12 * 1.3 + PAD;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width + 2 * PAD}" height="${Math.ceil(height)}" font-family="${escaped(FONT)}">`
      + `<title>${escaped(state.caption)}</title><desc>${escaped(linkOf(state))}</desc><rect width="100%" height="100%" fill="#fff"/>`
      + texts(title, PAD, 18, "#1d2733", 600) + drawn.replace("<svg ", `<svg x="${PAD}" y="${top}" `) + texts(foot, below, 12, "#566270") + "</svg>";
    return { svg, width: width + 2 * PAD, height: Math.ceil(height) };
  }

  function asPng({ svg, width, height }) {
    return new Promise((resolve, reject) => {
      const image = new Image();
      image.onload = () => {
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [width * 2, height * 2];
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(resolve, "image/png");
      };
      image.onerror = () => reject(new Error("The picture could not be made."));
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    });
  }

  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // The clipboard is closed to a page opened as a file; then the text is selected for the reader's own copy.
  async function copy(text, said) {
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = "Copied.";
    } catch {
      const field = make("textarea", "", text);
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      said.textContent = done ? "Copied." : "Your browser keeps the clipboard closed; select the text and copy it.";
    }
  }

  // Under the figure -------------------------------------------------------------------------------------------------

  function fill(state) {
    const said = make("span", "course-done");
    said.setAttribute("role", "status");
    const trying = (task) => async () => {
      said.textContent = "";
      try { await state.know(); await task(); } catch { said.textContent = "That did not work; try again."; }
    };
    const lines = { link: make("code"), cite: make("span"), code: make("code") };
    const row = (title, key, of) => make("p", "course-take", make("strong", "", title), " ", lines[key], " ",
      button("Copy", trying(() => copy(of(state), said))));
    state.lines = lines;
    const own = state.compile !== undefined; // a reader's version has no address, no citation and no file
    state.tools.append(
      make("p", "course-take",
        button("Save PNG", trying(async () => save(await asPng(await pictureOf(state)), fileOf(state, "png")))),
        button("Save SVG", trying(async () => save(new Blob([(await pictureOf(state)).svg], { type: "image/svg+xml" }), fileOf(state, "svg")))),
        said),
      ...(own ? [] : [row("Link", "link", linkOf), row("Cite", "cite", citationOf), row("Rows in Python", "code", codeOf)]));
  }

  function follow(state) {
    if (!state.lines || !state.words || state.compile) return;
    state.lines.link.textContent = linkOf(state);
    state.lines.cite.textContent = citationOf(state);
    state.lines.code.textContent = codeOf(state);
  }

  function add(state) {
    const details = make("details", "course-take-away", make("summary", "", state.compile ? "Save" : "Link, cite, save"));
    state.tools = details;
    details.addEventListener("toggle", async () => {
      if (!details.open) return;
      if (!state.lines) fill(state);
      await state.know();
      follow(state);
    });
    state.figure.querySelector(".course-tools").replaceChildren(details);
    const link = state.figure.querySelector(".course-csv"); // without scripts: the rows of all settings
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      try {
        await state.know();
        save(new Blob([csvOf(state)], { type: "text/csv" }), fileOf(state, "csv"));
      } catch { location.href = link.href; }
    });
  }

  window.course.figureTools = { add, follow, csvOf, pictureOf };
})();
