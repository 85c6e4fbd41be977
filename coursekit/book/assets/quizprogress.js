// One short sentence on how far the reader is, in every element with data-course-progress. Nothing when nothing is answered.
(() => {
  "use strict";
  const address = document.querySelector("meta[name=course-questions]")?.content;
  const places = document.querySelectorAll("[data-course-progress]");
  const root = document.documentElement.dataset.content_root || "./";

  function tell(place, index, answered) {
    const next = index.questions.find((question) => !answered.has(question.id));
    const count = index.questions.filter((question) => answered.has(question.id)).length;
    const all = index.questions.length;
    if (!count) return;
    place.textContent = next ? `You have answered ${count} of ${all} questions; ` : `You have answered all ${all} questions.`;
    if (!next) return;
    const link = document.createElement("a");
    link.href = `${root}${next.page}.html#${next.anchor}`;
    link.textContent = `continue with ${index.chapters.find((chapter) => chapter.page === next.page).words}`;
    place.append(link, ".");
  }

  async function start() {
    const answered = new Set(Object.entries(window.course.answers.all()).filter(([, kept]) => kept.tries).map(([id]) => id));
    if (!answered.size || !address) return;
    // Without its index the front page says nothing about progress; My course, which is about it, says what failed.
    const index = await window.course.load(address, "questions").catch(() => null);
    if (index) for (const place of places) tell(place, index, answered);
  }

  start();
})();
