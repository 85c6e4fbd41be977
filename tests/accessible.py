"""axe-core as the tests run it: the same rules and findings as axe's own, in about a third of the time.

Two things cost axe most of its time on a long page, both when it judges the contrast of each text: it reads the same
few colours of the style sheet anew for each text and each layer behind it, and it keeps the fields of its colours in
weak maps, which the collector of the browser must look through again and again. Here each written colour is read once,
and these maps keep their values on the objects themselves. No rule, option or threshold of axe is touched;
``test_accessible.py`` compares every finding, passes included.
"""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe

PLAIN = Axe().axe_script
# Stand in for WeakMap and WeakSet inside axe only. A key that takes no field is an error, never a silent loss.
MAPS = """
class Kept {
  constructor() { this.field = Symbol("axe"); }
  has(key) { return Object.hasOwn(key, this.field); }
  get(key) { return this.has(key) ? key[this.field] : undefined; }
  set(key, value) { key[this.field] = value; return this; }
  add(key) { return this.set(key, true); }
  delete(key) { return this.has(key) && delete key[this.field]; }
}
"""
# What a colour says depends on its text alone; one that cannot be read is asked of axe again, so that axe reports it.
COLOURS = """
{
  const parse = axe.commons.color.Color.prototype.parseString, known = new Map();
  axe.commons.color.Color.prototype.parseString = function (text) {
    if (!known.has(text)) {
      parse.call(this, text);
      known.set(text, [this.r, this.g, this.b, this.alpha]);
    }
    [this.r, this.g, this.b, this.alpha] = known.get(text);
    return this;
  };
}
"""
# The last 0: what is evaluated must not end in a function, which would be called.
QUICK = f"{{ {MAPS} (function (WeakMap, WeakSet) {{ {PLAIN}\n }})(Kept, Kept); {COLOURS} }} 0"
RUN = "async ([where, options]) => JSON.stringify(await axe.run(where ?? document, options))"
FOUND = """async ([where, preload]) => {
  const found = await axe.run(where ?? document, { resultTypes: ["violations"], preload });
  return found.violations.map((one) => `${one.id}: ${one.help} at ${one.nodes[0].target} (${one.nodes.length}x)`); }"""


def violations(tab, where: dict | str | None = None, preload: bool = False) -> list[str]:
    """What axe finds wrong on an open page, a line a rule, with its first place.

    ``where`` and ``preload`` are axe's own context and option.
    """
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(QUICK)
    return tab.evaluate(FOUND, [where, preload])
