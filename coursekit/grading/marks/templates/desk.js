/* The marking desk: shows one answer at a time, saves each field as it changes, never drops what was typed. */
(function () {
  "use strict";
  var token = location.pathname.split("/")[1];
  var state, list = [], place = 0, item = null, loading = 0;
  var unsent = new Map(); // "question|n|field|criterion" -> the change that the desk does not have yet
  var timers = new Map();
  var sending = false;
  var byId = function (name) { return document.getElementById(name); };

  function make(tag, text, css) {
    var made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (css) made.className = css;
    return made;
  }
  function get(path) {
    return fetch(path).then(function (reply) {
      return reply.json().then(function (body) {
        if (!reply.ok) throw { sentence: body.error };
        return body;
      });
    });
  }
  function say(text) { byId("status").textContent = text; }
  function alarm(text) { if (byId("alarm").textContent !== text) byId("alarm").textContent = text; }

  /* ---- the list of answers ---- */
  function handin(n) { return state.handins.find(function (row) { return row.n === n; }); }
  function isDone(entry) { return handin(entry.n).done.indexOf(entry.q) >= 0; }
  function name(entry) { return handin(entry.n).label + (state.questions.length > 1 ? ", " + entry.q : ""); }
  function count() {
    var done = list.filter(isDone).length;
    byId("count").textContent = done + " of " + list.length + " marked";
    byId("bar").max = list.length;
    byId("bar").value = done;
    list.forEach(function (entry, at) {
      byId("place").options[at].textContent = (isDone(entry) ? "✓ " : "○ ") + name(entry);
    });
  }
  function start(loaded) {
    state = loaded;
    state.questions.forEach(function (question) {
      state.handins.forEach(function (row) { list.push({ q: question.id, n: row.n }); });
    });
    list.forEach(function () { byId("place").appendChild(make("option")); });
    count();
    var asked = location.hash.slice(1);
    var found = list.findIndex(function (entry) { return entry.q + "-" + entry.n === asked; });
    go(found >= 0 ? found : Math.max(0, firstUnmarked()));
  }
  function firstUnmarked() { return list.findIndex(function (entry) { return !isDone(entry); }); }

  /* ---- moving ---- */
  function go(to) {
    if (!state || to < 0 || to >= list.length) { say(to < 0 ? "This is the first answer." : "This is the last answer."); return; }
    var bad = document.querySelector('[aria-invalid="true"]');
    if (bad && item) { bad.focus(); say("Mend or clear this field first."); return; }
    flush();
    var entry = list[to], turn = ++loading;
    get("item?n=" + entry.n + "&q=" + encodeURIComponent(entry.q)).then(function (body) {
      if (turn !== loading) return;
      place = to;
      item = body;
      history.replaceState(null, "", "#" + entry.q + "-" + entry.n);
      byId("place").selectedIndex = to;
      if (!unsent.size) alarm("");
      draw();
    }, function (fault) {
      if (turn !== loading) return;
      byId("place").selectedIndex = item ? place : to;
      alarm(fault.sentence ? fault.sentence : lost);
      if (fault.sentence && !item) { place = to; byId("label").textContent = name(entry); }
      if (fault.sentence) { place = to; byId("place").selectedIndex = to; item = null; blank(name(entry)); }
    });
  }
  function blank(label) {
    byId("label").textContent = label;
    ["essay", "charts", "task", "other", "form"].forEach(function (box) { byId(box).replaceChildren(); });
    byId("total").textContent = "";
    byId("before").hidden = true;
  }
  function jump() {
    var to = firstUnmarked();
    if (to < 0) say("Every answer is marked."); else go(to);
  }

  /* ---- one answer ---- */
  function picture(work) {
    var box = make("figure"), image = make("img");
    image.src = "data:image/png;base64," + work.png;
    image.alt = "The student's chart, " + work.question;
    box.append(make("figcaption", "The student's chart, " + work.question), image);
    return box;
  }
  function draw() {
    blank(item.label + ", " + item.question);
    var words = item.text.trim();
    byId("essay").appendChild(words ? document.createTextNode(item.text) : make("span", "Nothing was written.", "empty"));
    byId("task").textContent = item.task;
    if (item.before) {
      byId("before").hidden = false;
      byId("before").textContent = "The student handed in another text since you marked this answer. You gave: " + item.before + ".";
    }
    item.work.forEach(function (work) {
      if (work.png) byId("charts").appendChild(picture(work));
    });
    other();
    var criteria = state.questions.find(function (question) { return question.id === item.question; }).criteria;
    criteria.forEach(function (criterion) { byId("form").appendChild(row(criterion)); });
    byId("form").appendChild(commentBox("comment", "", "General comment for the student", 3, item.answer.comment));
    total();
    window.scrollTo(0, 0);
    var fields = Array.from(document.querySelectorAll(".points"));
    var first = fields.find(function (field) { return field.value === ""; }) || fields[0];
    if (first) first.focus({ preventScroll: true });
  }
  function other() {
    var box = byId("other");
    item.notes.forEach(function (note) { box.appendChild(make("p", "Repaired when it was collected: " + note)); });
    item.work.forEach(function (work) {
      box.appendChild(make("h3", work.question));
      box.appendChild(make("pre", work.source));
      if (work.text) box.appendChild(make("pre", work.text));
      if (work.error) box.appendChild(make("p", "The cell stopped: " + work.error));
    });
    if (!item.verdicts.length) return;
    box.appendChild(make("h3", "Checks"));
    var lines = make("ul");
    item.verdicts.forEach(function (verdict) {
      var text = verdict.question + ", " + verdict.points + " points: " + verdict.status;
      lines.appendChild(make("li", verdict.sentence ? text + ". " + verdict.sentence : text));
    });
    box.appendChild(lines);
  }
  function key(field, criterion) { return [item.question, item.n, field, criterion].join("|"); }
  function known(field, criterion, stored) {
    var waiting = unsent.get(key(field, criterion));
    var value = waiting ? waiting.value : stored;
    return value === undefined || value === null ? "" : String(value);
  }
  function anchors(texts) {
    var list = make("dl", undefined, "anchors");
    [["full", "All points"], ["half", "Half"], ["none", "None"]].forEach(function (pair) {
      list.appendChild(make("dt", pair[1]));
      list.appendChild(make("dd", texts[pair[0]]));
    });
    return list;
  }
  function row(criterion) {
    var box = make("div", undefined, "criterion");
    var text = make("p", criterion.text);
    text.id = "text-" + criterion.id;
    box.setAttribute("role", "group");
    box.setAttribute("aria-labelledby", text.id);
    box.appendChild(text);
    if (criterion.anchors) box.appendChild(anchors(criterion.anchors));
    var line = make("div", undefined, "row");
    var label = make("label", "Points of " + criterion.points);
    var field = make("input", undefined, "points");
    var refused = make("p", "", "refused");
    field.id = "points-" + criterion.id;
    label.htmlFor = field.id;
    refused.id = "refused-" + criterion.id;
    field.type = "text";
    field.inputMode = "decimal";
    field.dataset.criterion = criterion.id;
    field.dataset.max = criterion.points;
    field.setAttribute("aria-describedby", text.id + " " + refused.id);
    field.value = known("points", criterion.id, item.answer.points[criterion.id]);
    field.addEventListener("input", function () { typed(field, 450); });
    field.addEventListener("change", function () { typed(field, 0); });
    field.addEventListener("focus", function () { field.select(); }); /* a digit replaces what stood there */
    line.append(label, field);
    for (var points = 0; points <= criterion.points && criterion.points <= 10; points++) line.appendChild(quick(field, points));
    box.append(line, refused);
    if (item.others[criterion.id]) box.appendChild(make("p", "Others gave: " + item.others[criterion.id], "others"));
    box.appendChild(commentBox("comments", criterion.id, "Comment on this", 1, item.answer.comments[criterion.id]));
    press(box, field);
    return box;
  }
  function quick(field, points) {
    var button = make("button", String(points));
    button.type = "button";
    button.tabIndex = -1; /* the field and the digit keys do the same by keyboard */
    button.dataset.points = points;
    button.setAttribute("aria-label", points + " points");
    button.addEventListener("click", function () { set(field, String(points)); });
    return button;
  }
  function press(box, field) {
    box.querySelectorAll("button").forEach(function (button) {
      button.setAttribute("aria-pressed", String(field.value !== "" && Number(field.value.replace(",", ".")) === Number(button.dataset.points)));
    });
  }
  function commentBox(field, criterion, words, rows, stored) {
    var box = make("div", undefined, criterion ? "" : "criterion");
    var label = make("label", words), area = make("textarea");
    area.id = field + "-" + (criterion || "all");
    label.htmlFor = area.id;
    area.rows = rows;
    area.value = known(field, criterion, stored);
    area.addEventListener("input", function () { keep(field, criterion, area.value, 700); });
    area.addEventListener("change", function () { keep(field, criterion, area.value, 0); });
    box.append(label, area);
    return box;
  }
  function set(field, value) { field.value = value; typed(field, 0); field.focus({ preventScroll: true }); field.select(); }
  function typed(field, wait) {
    var text = field.value.trim().replace(",", ".");
    var value = text === "" ? null : isNaN(Number(text)) ? text : Number(text);
    var bad = value !== null && !(value >= 0 && value <= Number(field.dataset.max));
    press(field.closest(".criterion"), field);
    field.setAttribute("aria-invalid", String(bad)); /* the desk says why; until then nobody walks on */
    if (!bad) byId("refused-" + field.dataset.criterion).textContent = "";
    keep("points", field.dataset.criterion, value, bad ? 0 : wait);
    total();
  }
  function total() {
    var sum = 0, of = 0;
    document.querySelectorAll(".points").forEach(function (field) {
      sum += Number(field.value.replace(",", ".")) || 0;
      of += Number(field.dataset.max);
    });
    byId("total").textContent = sum + " of " + of;
  }

  /* ---- saving: each field by itself, again and again until the desk has it ---- */
  var lost = "Not saved: the marking desk does not answer. What you typed stays here and is sent when it is back.";
  function keep(field, criterion, value, wait) {
    var id = key(field, criterion), old = unsent.get(id);
    if (wait === 0 && !timers.has(id) && !old) {
      var stored = field === "comment" ? item.answer.comment : item.answer[field][criterion];
      if ((stored === undefined || stored === null ? "" : String(stored)) === (value === null ? "" : String(value))
          && !document.querySelector('[aria-invalid="true"]')) return;
    }
    unsent.set(id, { n: item.n, question: item.question, field: field, criterion: criterion, value: value });
    clearTimeout(timers.get(id));
    timers.set(id, setTimeout(function () { timers.delete(id); send(); }, wait));
  }
  function flush() {
    timers.forEach(clearTimeout);
    timers.clear();
    send();
  }
  function send() {
    if (sending) return;
    var next = Array.from(unsent.entries()).find(function (pair) { return !timers.has(pair[0]); });
    if (!next) return;
    sending = true;
    say("Saving");
    post(next[1]).then(function (answer) {
      sending = false;
      if (unsent.get(next[0]) === next[1]) unsent.delete(next[0]);
      stored(next[1], answer);
      send();
    }, function () {
      sending = false;
      say("");
      alarm(lost);
      setTimeout(send, 2000);
    });
  }
  function post(change) {
    return fetch("save", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Desk-Token": token },
      body: JSON.stringify(change)
    }).then(function (reply) { return reply.json(); });
  }
  function stored(change, answer) {
    var here = item && item.n === change.n && item.question === change.question;
    var field = here && change.field === "points" ? byId("points-" + change.criterion) : null;
    if (field) {
      field.setAttribute("aria-invalid", answer.error ? "true" : "false");
      byId("refused-" + change.criterion).textContent = answer.error || "";
    }
    if (answer.error) { say(""); alarm(field ? "" : answer.error); return; }
    alarm("");
    if (here && change.field === "comment") item.answer.comment = change.value;
    else if (here) item.answer[change.field][change.criterion] = change.value;
    var done = handin(change.n).done, at = done.indexOf(change.question);
    if (answer.done && at < 0) done.push(change.question);
    if (!answer.done && at >= 0) done.splice(at, 1);
    count();
    say(unsent.size ? "Saving" : answer.book ? "Saved. It gets into the gradebook later: " + answer.book : "Saved");
  }
  window.addEventListener("beforeunload", function (event) { if (unsent.size) event.preventDefault(); });

  /* ---- keys ---- */
  function half(field, step) {
    var now = Number(field.value.replace(",", ".")) || 0;
    set(field, String(Math.min(Number(field.dataset.max), Math.max(0, now + step))));
  }
  function fieldKeys(event, field) {
    var fields = Array.from(document.querySelectorAll(".points"));
    if (event.key === "ArrowUp" || event.key === "ArrowDown") half(field, event.key === "ArrowUp" ? 0.5 : -0.5);
    else if (event.key === "Enter" && field.getAttribute("aria-invalid") === "true") field.select();
    else if (event.key === "Enter") (fields[fields.indexOf(field) + 1] || byId("comment-all")).focus();
    else if (event.key === "h" && byId("letters").checked) half(field, Number(field.value.replace(",", ".")) % 1 ? -0.5 : 0.5);
    else return false;
    return true;
  }
  var letters = {
    n: function () { go(place + 1); },
    p: function () { go(place - 1); },
    u: jump,
    c: function () { byId("comment-all").focus(); },
    "?": function () { byId("help").showModal(); }
  };
  function digit(event) {
    var fields = Array.from(document.querySelectorAll(".points"));
    var field = fields.find(function (one) { return one.value === ""; });
    if (!field || !/^[0-9]$/.test(event.key)) return false;
    set(field, event.key);
    return true;
  }
  function act(event) {
    var on = event.target, field = on.classList && on.classList.contains("points") ? on : null;
    var moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.altKey && moves[event.key]) { go(place + moves[event.key]); return true; }
    if (event.altKey || event.ctrlKey || event.metaKey || byId("help").open) return false;
    if (on.tagName === "TEXTAREA") {
      if (event.key !== "Escape") return false;
      var group = on.closest(".criterion").querySelector(".points") || document.querySelector(".points");
      group.focus();
      return true;
    }
    if (on.tagName === "SELECT") return false;
    if (field && fieldKeys(event, field)) return true;
    if (!byId("letters").checked) return false;
    if (letters[event.key]) { letters[event.key](); return true; }
    return !field && digit(event);
  }
  document.addEventListener("keydown", function (event) { if (act(event)) event.preventDefault(); });
  byId("form").addEventListener("submit", function (event) { event.preventDefault(); });
  byId("place").addEventListener("change", function () { go(byId("place").selectedIndex); });
  byId("next").addEventListener("click", function () { go(place + 1); });
  byId("previous").addEventListener("click", function () { go(place - 1); });
  byId("unmarked").addEventListener("click", jump);
  byId("keys").addEventListener("click", function () { byId("help").showModal(); });
  byId("close").addEventListener("click", function () { byId("help").close(); });
  get("state").then(start, function (fault) { alarm(fault.sentence || lost); });
})();
