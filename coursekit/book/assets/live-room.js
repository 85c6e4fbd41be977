// A cell that a reader changes: editor, Run, Stop, back to the course's code, and the result below.
//
//   course.liveRoom(page)  {open(cell, place, lab), kernel, draw, bar}: made once a page
(() => {
  "use strict";
  const { load, code } = window.course;
  let made = null;

  function build(page) {
    const kernel = window.course.liveKernel(page);
    const drawer = window.course.liveDraw(kernel, page);
    const { node } = drawer;

    function button(text, task, name = "course-quiet") {
      const found = node("button", name, text);
      found.type = "button";
      found.addEventListener("click", task);
      return found;
    }

    // The line below the buttons: what the first run loads, then how far it is, then how long it took.
    function status() {
      const words = node("span", "live-status");
      words.setAttribute("role", "status");
      const bar = Object.assign(node("progress"), { max: 1 });
      bar.setAttribute("aria-label", "Python is loading");
      bar.hidden = true;
      const line = node("p", "live-line", words, " ", bar);
      let said = "";
      const say = (text) => { if (text !== said) words.textContent = said = text; };
      if (!kernel.running()) say(`The first run loads Python into this page: about ${page.megabytes} MB, once, and about ${page.seconds} seconds.`);
      const follow = ({ words: step, share, bytes }) => {
        bar.hidden = !step;
        if (!step) return;
        bar.value = share;
        bar.title = `${(bytes / 1e6).toFixed(1)} MB unpacked`;
        say(`${step} …`);
      };
      return { line, say, follow };
    }

    // Runs `request` and draws what it gives: one at a time, with Stop.
    function runner({ request, shown, after = () => {} }) {
      const line = status();
      let busy = false;
      async function run() {
        if (busy) return;
        busy = true;
        start.disabled = true;
        stop.hidden = false;
        const unwatch = kernel.watch(line.follow);
        const at = performance.now();
        line.say("Running …");
        try {
          const answer = await kernel.ask("run", request());
          await drawer.draw(shown, answer.items);
          const seconds = ((performance.now() - at) / 1000).toFixed(1);
          line.say(answer.items.some((item) => item.kind === "error") ? "It stopped with an error, below." : `Done in ${seconds} s${answer.items.length ? "" : "; this code shows nothing"}.`);
          page.ran = { took: Math.round(performance.now() - at), ran: answer.ran };
          after(answer);
        } catch (error) {
          line.say(error.message === "stopped" ? "Stopped. Python starts again at the next run." : error.message);
        } finally {
          unwatch();
          busy = false;
          start.disabled = false;
          stop.hidden = true;
        }
      }
      const start = button("Run", run, "course-plain live-run");
      const stop = button("Stop", () => kernel.stop(), "course-plain live-stop");
      stop.hidden = true;
      return { run, start, stop, line };
    }

    // The page's cells as the reader has them: an earlier cell that was changed runs as changed.
    const cells = () => page.about.cells.map((text, place) => {
      const seen = page.about.visible.indexOf(place);
      return (seen >= 0 && keptOf(seen)) || text;
    });

    const courseCode = (seen) => page.about.cells[page.about.visible[seen]];
    const nameOf = (seen) => `${page.name}/${seen}`;

    // A version is kept beside the course's code that it changes; when that has changed, the version is dropped.
    function keptOf(seen) {
      const found = code.get(nameOf(seen));
      return found?.of === courseCode(seen) ? found.code : null;
    }

    const keep = (seen, text) => code.save(nameOf(seen), text === courseCode(seen) ? null : { code: text, of: courseCode(seen) });

    async function open(cell, seen, lab) {
      const box = node("div", "live-cell");
      const shown = node("div", "live-shown");
      if (lab) return openLab(cell, seen, box, shown);
      await load(`${page.folder}editor.js`);
      const place = node("div", "live-editor");
      const original = courseCode(seen);
      const request = () => ({ cells: cells(), number: page.about.visible[seen], code: editor.text() });
      const mark = (answer) => { const wrong = answer.items.find((item) => item.kind === "error" && item.line); if (wrong) editor.select(wrong.line); };
      const { run, start, stop, line } = runner({ request, shown, after: mark });
      const back = button("Back to the course's code", () => { editor.replace(original); editor.focus(); });
      const changed = () => { back.hidden = editor.text() === original; if (!keep(seen, editor.text())) line.say("This browser does not let the page keep your code; it lasts until you leave the page."); };
      cell.querySelector(".cell_input").hidden = true;
      box.append(place, node("p", "live-line", start, " ", stop, " ", back), line.line, shown);
      cell.querySelector(".cell_input").after(box);
      const editor = window.course.editor(place, keptOf(seen) ?? original, { label: "Python code. Shift and Enter run it, Tab leaves it.", run, changed });
      back.hidden = editor.text() === original;
      editor.focus();
    }

    function openLab(cell, seen, box, shown) {
      const request = () => ({ cells: cells(), number: page.about.visible[seen], code: courseCode(seen) });
      const { run, start, stop, line } = runner({ request, shown });
      start.textContent = "Start the lab again";
      box.append(node("p", "live-line", start, " ", stop), line.line, shown);
      cell.querySelector(".cell_input").after(box);
      run();
    }

    return { open, kernel, drawer, runner, cells, button, node };
  }

  window.course.liveRoom = (page) => (made ??= build(page));
})();
