"""The quicker axe of these tests finds what axe's own script finds: passes, failures and what it cannot decide."""

import json

import pytest
from accessible import PLAIN, QUICK, RUN, violations
from conftest import CHAPTERS
from figure_probe import WAKE, still

pytestmark = pytest.mark.browser
# Texts on layers of every kind that a judgement of contrast must work out, and one fault of other rules.
HARD = """<!doctype html><html lang="en"><head><title>Hard cases</title><style>
  body { background: #fafafa; color: color(srgb 0.2 0.2 0.2); } .veil { background: rgb(0 0 0 / 40%); }
  .weak { color: #bbb; } .mixed { background: #08f; mix-blend-mode: multiply; } .hue { mix-blend-mode: hue; }
  .faded { opacity: .4; } .drawn { background: linear-gradient(red, blue); } .shadow { text-shadow: 0 0 2px #000; }
  .odd { color: oklch(60% 0.2 40); background: hsl(0.5turn 40% 90%); } .over { position: relative; top: -1em; }
</style></head><body><main><h1>Hard cases</h1>
  <p class="weak">too weak</p><p class="veil">veiled <b class="weak">weak on a veil</b></p>
  <div class="mixed"><p class="faded">faded on a blend</p><p class="hue odd">a hue</p></div>
  <p class="drawn">on a gradient</p><p class="shadow">shadow</p><p class="shadow weak">weak shadow</p>
  <p class="odd">odd <i class="faded">and faded</i></p><p>below</p><p class="over veil">over</p>
  <img src="data:,"><a href="#x"></a><table><tr><td class="weak veil">cell</td></tr></table>
</main></body></html>"""
FULL = {"preload": False}


def judged(tab, script: str) -> dict:
    """All that axe says of a page, by kind and rule.

    Left out: times, and the quoted tag of a place, where a page says that it was scrolled. Its address is compared.
    """
    tab.evaluate(f"{script}\n; 0")
    said = json.loads(tab.evaluate(RUN, [None, FULL]))
    kept = {kind: said[kind] for kind in ("violations", "passes", "incomplete", "inapplicable")}
    for one in (one for rules in kept.values() for one in rules):
        one["nodes"] = [{name: value for name, value in node.items() if name != "html"} for node in one["nodes"]]
    return {kind: {one["id"]: one for one in rules} for kind, rules in kept.items()}


@pytest.mark.parametrize("page", ["hard", f"chapters/{CHAPTERS[0].stem}.html", "chapters/reference/argument-map.html"])
def test_every_finding_is_the_one_of_axe_itself(browser, site, page):
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    if page == "hard":
        tab.set_content(HARD)
    else:
        tab.goto(site + page)
        assert tab.evaluate(WAKE) == []
        still(tab, 300)
    judged(tab, QUICK)  # the page's list of sections marks where the reader is only after a first look through it
    quick, plain = judged(tab, QUICK), judged(tab, PLAIN)
    tab.close()
    for kind, rules in plain.items():
        assert list(quick[kind]) == list(rules), kind
        for rule, found in rules.items():
            assert quick[kind][rule] == found, f"{kind}: {rule}"
    contrast = [rules["color-contrast"]["nodes"] for rules in plain.values() if "color-contrast" in rules]
    assert any(contrast), "the slow rule was not tried"


def test_what_is_wrong_is_said_in_lines(browser):
    tab = browser.new_page()
    tab.set_content(HARD)
    found = {line.partition(":")[0]: line for line in violations(tab)}
    tab.close()
    assert {"color-contrast", "image-alt", "link-name"} <= set(found)
    assert found["image-alt"].endswith("at img (1x)")
