// A quiet button on every visible cell: "Run and change this code". Nothing of Python is loaded before it is pressed; the
// scripts that then work come first (live-kernel, live-draw, live-room), Python itself when something is run.
(() => {
  "use strict";
  const about = document.querySelector("meta[name=course-live]");
  const { load, folder, trouble } = window.course;
  const ROOM = ["live-kernel.js", "live-draw.js", "live-room.js"];
  const FROM_DISK = "This page was opened as a file, and browsers do not let a file start Python. On a web server, also on "
    + "your own computer, each piece of code here has a button that runs it.";

  const page = {
    name: about.content,
    folder: new URL(about.dataset.folder, document.baseURI).href,
    megabytes: about.dataset.megabytes,
    seconds: about.dataset.seconds,
  };

  // The cells' code may have changed since the browser last read this file, so it is asked for anew.
  const address = `${page.folder}pages/${page.name.replaceAll("/", "-")}.js?${Date.now()}`;

  async function room() {
    for (const script of ROOM) await load(folder + script);
    page.about ??= await load(address, `live:${page.name}`);
    return window.course.liveRoom(page);
  }

  function button(text, place, task) {
    const made = document.createElement("button");
    const line = document.createElement("p");
    const said = document.createElement("span");
    made.type = "button";
    made.className = "course-quiet live-open";
    made.textContent = text;
    said.setAttribute("role", "status");
    line.className = "live-line";
    line.append(made, " ", said);
    const go = async () => {
      made.disabled = true;
      try {
        await task(await room());
        line.remove();
      } catch {
        made.disabled = false;
        trouble(said, "The scripts for this did not arrive; the connection may have dropped.", go);
      }
    };
    made.addEventListener("click", go);
    place.append(line);
  }

  function sayWhy(place) {
    const line = document.createElement("p");
    line.className = "live-line live-why";
    line.textContent = FROM_DISK;
    place.append(line);
  }

  function start() {
    const cells = [...document.querySelectorAll("div.cell")];
    const inputs = cells.map((cell) => cell.querySelector(".cell_input"));
    if (location.protocol === "file:") { sayWhy(inputs.find(Boolean)); return; }
    for (const how of document.querySelectorAll(".course-lab .course-how")) how.textContent = "The explorer runs on this page: press “Start this lab on the page” below.";
    cells.forEach((cell, place) => {
      if (!inputs[place]) return;
      const lab = /\bexplore\(\)\s*$/.test(inputs[place].querySelector("pre")?.textContent ?? "");
      const kept = window.course.code?.get(`${page.name}/${place}`);
      const text = kept ? "Go on with your version of this code" : "Run and change this code";
      button(lab ? "Start this lab on the page" : text, inputs[place], (made) => made.open(cell, place, lab));
    });
  }

  window.course.live = { page, room };
  start();
})();
