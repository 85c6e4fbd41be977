// Self-check questions: answers are fetched when a reader first checks one, so the page itself does not give them away.
const banks = new Map();

const bank = (url) => {
  if (!banks.has(url)) banks.set(url, fetch(url).then((reply) => reply.json()));
  return banks.get(url);
};

const plain = (form) => [...form.querySelectorAll("input:checked")].map((input) => Number(input.value));
const chosen = (form) => [...form.querySelectorAll("select")].map((select) => select.value);

const judges = {
  single: (form, key) => {
    const [pick] = plain(form);
    if (pick === undefined) return { empty: "Choose one answer first." };
    return { right: key.options[pick].correct, notes: [key.options[pick].feedback] };
  },
  multiple: (form, key) => {
    const picks = plain(form);
    if (!picks.length) return { empty: "Choose at least one answer first." };
    const missed = key.options.filter((o, i) => o.correct && !picks.includes(i)).length;
    const right = !missed && picks.every((i) => key.options[i].correct);
    const notes = picks.map((i) => key.options[i].feedback);
    if (missed) notes.push(`Right answers not chosen yet: ${missed}.`);
    return { right, notes };
  },
  number: (form, key) => {
    const text = form.querySelector("input").value.trim().replace(",", ".");
    const value = Number(text);
    if (!text || Number.isNaN(value)) return { empty: "Write a number first, for example 12.5." };
    const gap = Math.abs(value - key.answer);
    if (gap <= key.tolerance) return { right: true, notes: [key.feedback.right] };
    const near = gap <= 3 * key.tolerance;
    return { right: false, notes: [near ? key.feedback.near : key.feedback.wrong] };
  },
  order: (form, key) => compare(form, key, "Give every step a place first."),
  match: (form, key) => compare(form, key, "Match every line first."),
};

function compare(form, key, ask) {
  const picks = chosen(form);
  if (picks.includes("")) return { empty: ask };
  const hits = picks.filter((pick, i) => pick === key.answer[i]).length;
  const right = hits === picks.length;
  return { right, notes: [right ? key.feedback.right : `${hits} of ${picks.length} in place. ${key.feedback.wrong}`] };
}

function tell(status, result) {
  status.replaceChildren();
  status.className = "quiz-feedback";
  if (result.empty) { status.textContent = result.empty; return; }
  status.classList.add(result.right ? "right" : "wrong");
  const head = document.createElement("strong");
  head.textContent = result.right ? "✓ Right. " : "✗ Not yet. ";
  status.append(head);
  for (const note of result.notes) {
    const line = document.createElement("span");
    line.innerHTML = note; // written by the course and rendered at build time
    status.append(line, " ");
  }
}

for (const form of document.querySelectorAll("form.course-quiz")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const status = form.querySelector(".quiz-feedback");
    try {
      const keys = await bank(form.dataset.bank);
      tell(status, judges[form.dataset.kind](form, keys[form.dataset.item]));
    } catch {
      status.textContent = "The answers could not be read. Open the book through a web server (see the README), not as a file.";
    }
  });
  form.querySelector("button").disabled = false;
}
