// What a style sheet cannot do for a term's definition: Escape closes it, and on a touch screen the first tap opens it.
(() => {
  "use strict";
  const boxOf = (node) => node.closest?.(".course-term");
  const others = (kept) => document.querySelectorAll(".course-term.open, .course-term.shut").forEach((box) => box === kept || box.classList.remove("open", "shut"));
  let touched = false;

  document.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch"; others(boxOf(event.target)); });

  document.addEventListener("click", (event) => {
    const box = boxOf(event.target);
    if (!touched || !box || !event.target.closest("a") || box.classList.contains("open")) return;
    event.preventDefault();
    box.classList.add("open");
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll(".course-term:hover, .course-term:focus-within, .course-term.open").forEach((box) => {
      box.classList.remove("open");
      box.classList.add("shut");
    });
  });

  // Closed by Escape, it opens again the next time.
  const left = (event) => {
    const box = boxOf(event.target);
    if (box && !box.contains(event.relatedTarget)) box.classList.remove("shut");
  };
  document.addEventListener("pointerout", left);
  document.addEventListener("focusout", left);
  document.addEventListener("focusin", (event) => others(boxOf(event.target)));
})();
