// Read in the head, before anything is drawn, so that a dark page never flashes white. Same keys as the theme's own script.
(() => {
  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } }; // storage may be refused
  document.documentElement.dataset.mode = kept("mode") || "auto";
  document.documentElement.dataset.theme = kept("theme") || "auto";
})();
