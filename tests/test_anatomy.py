"""Blocks of a chapter: the card's schema, the rule of minutes, folded sections, lists of claims and verdicts."""

from pathlib import Path

import pytest
from conftest import CHAPTERS, ROOT

from coursekit.book import anatomy, card, reading
from coursekit.book.directives import claims_tested
from coursekit.tables import TableError

CARD = """\
number: 4
before: "A sentence that says what to know."
claims: [C01]
tables: [countries]
exercise: some
quiz: some
lab: some.where
outcomes:
  - {id: O1, text: "do the first thing", assessed_by: ["lab"]}
  - {id: O2, text: "do the second thing", assessed_by: ["lab"]}
  - {id: O3, text: "do the third thing", assessed_by: ["lab"]}
"""

PAGE = """\
---
kernelspec: {name: python3}
---

# A title of five words

```{chapter-card}
number: 4
```

(c04-first)=
One two three {term}`four words <Shown>` here {glue}`x` and {glue}`y` {cite}`someone`.

```{code-cell} ipython3
figure(
    chart,
    controls=[year],
)
# many words that nobody counts
```

## Folded

```{deeper}
What is inside
```

One two three.

### Below the fold

Four five.

```{lab} some.module
:minutes: 20
Six seven.
```

## Open again

Eight.

```{code-cell} ipython3
figure(chart, name="b")
```

::::{tab-set}
:::{tab-item} One
Nine ten.
:::
::::

```{dropdown} Closed
Nobody counts this.
```
"""


def test_card_of_the_schema_passes():
    assert card.parse(CARD, "x.md")["number"] == 4


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("lab: some.where\n", "", "x.md: the chapter card lacks the key 'lab'; add it"),
        ("claims:", "claim:", "x.md: the chapter card has the unknown key 'claim'; did you mean 'claims'?"),
        ("lab: ", "minutes: 3\nlab: ", "unknown key 'minutes'"),
        ('assessed_by: ["lab"]}\n  - {id: O2', 'assesed_by: ["lab"]}\n  - {id: O2', "outcomes[0] of the chapter card"),
        ("number: 4", "number: four", "number of the chapter card: 'four' is not of type 'integer'"),
        ("claims: [C01]", "claims: [first]", "claims[0] of the chapter card"),
        ("number: 4", "number: 4\nnumber: 4", "x.md, line 2: the key 'number' is written twice"),
    ],
)
def test_card_fault_is_one_sentence_with_its_place(old, new, words):
    with pytest.raises(card.CardError) as fault:
        card.parse(CARD.replace(old, new), "x.md")
    assert words in str(fault.value) and "\n" not in str(fault.value)


def test_a_chapter_that_owns_no_claim_says_so_and_leads_to_the_ledger():
    assert card.parse(CARD.replace("claims: [C01]", "claims: []"), "x.md")["claims"] == []
    assert claims_tested(["C01", "C21"]) == "{claim}`C01` · {claim}`C21`"
    said = claims_tested([])
    assert said.startswith("none of its own") and "{doc}`ledger </chapters/reference/ledger>`" in said


def test_layers_of_a_page_worked_by_hand(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    found = reading.loads(page, tmp_path)
    # Title 5; One two three four words here 0 and 0 cited = 10; Open again Eight 3; Nine ten 2.
    assert found["core"] == reading.Load(words=20, numerals=2, figures=1, questions=0, stated=0)
    # Folded One two three = 4; Below the fold Four five = 5; Six seven = 2.
    assert found["deeper"] == reading.Load(words=11, numerals=0, figures=0, questions=0, stated=20)


def test_minutes_follow_the_rule_and_are_rounded_up():
    assert reading.Load(words=1300, numerals=0, figures=3, questions=4, stated=0).minutes == 22
    assert reading.Load(words=1301, numerals=0, figures=3, questions=4, stated=0).minutes == 23
    assert reading.NOTHING.minutes == 0


def test_questions_are_those_drawn_and_tables_count_their_rows(tmp_path):
    bank = tmp_path / "exercises" / "quizzes" / "some.yml"
    bank.parent.mkdir(parents=True)
    bank.write_text(
        "items:\n  - {id: a}\n  - {id: b}\n  - {id: c, cells: {rows: {x: X, y: Y, z: Z}}}\n", encoding="utf-8"
    )
    block = reading.Block("quiz", "some", {}, "")
    assert reading.questions(block, tmp_path) == 5
    assert reading.questions(reading.Block("quiz", "some", {"except": "c"}, ""), tmp_path) == 2
    assert reading.questions(reading.Block("quiz", "some", {"items": "c"}, ""), tmp_path) == 3


def test_hashes_and_fences_inside_a_fence_are_no_headings():
    text = "# A\n\n````md\n# not one\n```{deeper}\n```\n````\n\n## B\n"
    assert [(part.heading, part.layer) for part in reading.parts(text)] == [("", "core"), ("A", "core"), ("B", "core")]


def build_page(tmp_path: Path, text: str, builder: str = "html") -> str:
    """One page built by Sphinx with the course's own blocks; its HTML or text, then the warnings."""
    from io import StringIO

    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    source, out = tmp_path / "source", tmp_path / builder
    source.mkdir(exist_ok=True)
    (source / "index.md").write_text(text, encoding="utf-8")
    # Only the extension under test and the parser: no notebook runs here.
    (source / "conf.py").write_text(
        "extensions = ['myst_parser', 'sphinx_design', 'only_anatomy']\nmyst_enable_extensions = ['colon_fence']\n",
        encoding="utf-8",
    )
    (source / "only_anatomy.py").write_text(
        "from coursekit.book import anatomy, directives\n"
        "def setup(app):\n    directives.setup(app)\n    anatomy.setup(app)\n",
        encoding="utf-8",
    )
    import sys

    sys.path.insert(0, str(source))
    warnings = StringIO()
    try:
        with docutils_namespace():
            app = Sphinx(source, source, out, tmp_path / "trees", builder, status=None, warning=warnings, freshenv=True)
            app.build()
    finally:
        sys.path.remove(str(source))
        sys.modules.pop("only_anatomy", None)
    return next(out.glob("index.*")).read_text(encoding="utf-8") + warnings.getvalue()


FOLD = (
    "# Page\n\n(target)=\n## Inside\n\n```{deeper}\nWhat is in it\n```\n\nText of it.\n\n"
    "### Below\n\nMore.\n\n## After\n\nOpen.\n"
)


def test_folded_section_holds_all_below_its_heading_and_keeps_its_target(tmp_path):
    from lxml import html

    tree = html.fromstring(build_page(tmp_path, FOLD))
    (fold,) = tree.xpath("//details[@class='course-deeper']")
    assert "Inside" in fold.xpath("string(summary//h2)") and "What is in it" in fold.xpath("string(summary)")
    assert not fold.xpath("summary//a"), "a link in a summary is out of reach for a screen reader"
    assert tree.xpath("//h2[contains(., 'After')]/a[@class='headerlink']"), "other headings keep theirs"
    inside = fold.xpath("string(div)")
    assert "Text of it." in inside and "More." in inside and "Open." not in inside
    assert fold.get("open") is None
    assert fold.xpath("ancestor::section[1][@id='target' or @id='inside' or .//span[@id='target']]")


def test_other_builders_show_a_folded_section_open(tmp_path):
    text = build_page(tmp_path, FOLD, "text")
    assert "Text of it." in text and "details" not in text


def test_deeper_that_does_not_stand_first_is_refused(tmp_path):
    assert "must stand first" in build_page(tmp_path, "# Page\n\n## A\n\nWords.\n\n```{deeper}\nx\n```\n")


PATHS = """\
# Page

## Two

```{paths}
```

Before.

### By hand

One.

### With code

Two.

## After

Open.
"""


def test_paths_become_tabs_in_order(tmp_path):
    from lxml import html

    tree = html.fromstring(build_page(tmp_path, PATHS))
    (box,) = tree.xpath("//div[contains(@class, 'sd-tab-set')]")
    assert [label.text_content().strip() for label in box.xpath("label")] == ["By hand", "With code"]
    assert ["One." in box.xpath("string(div[1])"), "Two." in box.xpath("string(div[2])")] == [True, True]
    assert len(box.xpath("input[@checked]")) == 1 and not box.xpath(".//h3")
    assert "Open." not in box.text_content() and "Before." not in box.text_content()


def test_paths_without_two_sub_sections_are_refused(tmp_path):
    assert "{paths} needs a section with two" in build_page(tmp_path, "# Page\n\n## A\n\n```{paths}\n```\n\nWords.\n")


def test_claims_list_states_each_claim_and_folds_its_test(tmp_path):
    from lxml import html

    from coursekit.ledger import claims

    page = build_page(tmp_path, "# Page\n\n```{claims-list} C01 C21\n```\n")
    items = html.fromstring(page).xpath("//ul[@class='course-claims']/li")
    assert len(items) == 2
    for item, name in zip(items, ["C01", "C21"], strict=True):
        row = claims.claim(name)
        assert row.paraphrase in item.text_content() and row.test in item.xpath("string(details)")
        assert item.xpath("a/@href") == [f"chapters/reference/ledger.html#{name.lower()}"]


def test_verdict_line_says_what_the_ledger_says_and_unfolds_its_row(tmp_path):
    from lxml import html

    from coursekit.ledger import claims, verdicts

    line = "C24 | days that Hungary took | - | c24_hun"
    page = build_page(tmp_path, f"# Page\n\n```{{verdict-lines}} C24\n{line}\n```\n")
    (fold,) = html.fromstring(page).xpath("//details[starts-with(@class, 'course-verdict-line')]")
    row, summary = claims.claim("C24"), " ".join(fold.xpath("string(summary)").split())
    for words, verdict in verdicts.both("C24"):
        said = f"{words}: {verdict.mark} {verdict.word} confidence {verdict.confidence}"
        assert said.strip() in summary, said
    assert row.paraphrase in summary
    assert f"today {claims.numbers('C24')['c24_hun']:.0f}" in summary and "then" not in summary.split(row.paraphrase)[1]
    assert row.counter_view in fold.text_content().replace("’", "'")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("C20 | a thing | - | c99_x", "no number 'c99_x'"),
        ("C20 | a thing | c20_ratio | -", "no number 'c20_ratio' as of 31 July 2023"),
        ("C20 | a thing", "write 'ID | what is counted | then | today'"),
    ],
)
def test_deciding_number_that_the_ledger_lacks_is_refused(line, words):
    with pytest.raises(TableError, match="verdict-lines") as fault:
        anatomy.deciding_number(line)
    assert words in str(fault.value)


def test_shown_numbers_have_the_decimals_of_their_tolerance():
    assert anatomy.shown("C01", "c01_median_2023") == "1.71"  # tolerance 0.005
    assert anatomy.shown("C21", "c21_people_2023") == "−3.3"  # tolerance 0.05
    assert anatomy.shown("C21", "-") == ""


def test_the_wing_names_no_subject():
    for file in ["anatomy.py", "reading.py", "card.py", "schemas/card.json"]:
        assert "NATO" not in (ROOT / "coursekit" / "book" / file).read_text(encoding="utf-8")


# In a browser: folded sections open where a link leads, and in print.

OPEN = "[...document.querySelectorAll('details.course-deeper')].map(fold => fold.open)"


@pytest.mark.browser
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda p: p.stem)
def test_folded_sections_open_by_address_by_link_and_in_print(chapter, site, browser):
    page = browser.new_page()
    number = card.read(chapter)["number"]
    page.goto(f"{site}chapters/{chapter.stem}.html")
    assert page.evaluate(OPEN) and not any(page.evaluate(OPEN)), "the core is read without opening anything"
    page.goto(f"{site}chapters/{chapter.stem}.html#c{number:02d}-lab")
    page.wait_for_function(f"{OPEN}.filter(Boolean).length === 1")
    page.wait_for_function(f"Math.abs(document.getElementById('c{number:02d}-lab').getBoundingClientRect().top) < 400")
    page.evaluate(f"location.hash = '#c{number:02d}-graded'")
    page.wait_for_function(f"{OPEN}.filter(Boolean).length === 2")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert all(page.evaluate(OPEN))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert sum(page.evaluate(OPEN)) == 2, "what was closed before print is closed again"
    page.close()
