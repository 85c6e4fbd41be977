"""What every chapter must be, from chapter-anatomy: parametrised over the chapters that exist."""

import re
from math import ceil

import pytest
import yaml
from conftest import CHAPTERS, ROOT

from coursekit import tables
from coursekit.book import card, reading
from coursekit.exercises.quizzes import load_bank

CORE_BLOCKS = ("predict", "claim", "concepts", "evidence", "two-paths", "disagree")
CORE_BLOCKS += ("verdict", "other-side", "check", "summary")
DEEPER_BLOCKS = ("lab", "graded")
CORE_WORDS, PAGE_WORDS, NUMERALS = 2000, 4000, 4  # words, words, numerals in a hundred words
SEEN_WORDS, SEEN_NUMBERS = 60, 5
CHOICES = ("single", "multiple")
FRONT = reading.FRONT
BIB = set(re.findall(r"^@\w+\{([^,]+),", (ROOT / "references.bib").read_text(encoding="utf-8"), re.M))
# Thresholds that define a pledge or a test may be typed; every other statistic is computed and glued.
THRESHOLDS = {"2", "1.5", "3.5", "5", "20"}
STATISTIC = re.compile(r"(?<![\w.{`])(\d[\d,.]*)\s*(?:%|per cent|percentage points?|billion|million|trillion|thousand)")
SEE = re.compile(r"^\*{1,2}What you see\.\*{1,2} (.*)$", re.M)
NOT = re.compile(r"^\*{1,2}What you cannot conclude\.\*{1,2} (.*)$", re.M)
by_name = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda p: p.stem)


def source(chapter) -> str:
    """A chapter's text as its author wrote it."""
    return chapter.read_text(encoding="utf-8")


def parts(chapter) -> list[reading.Part]:
    """A chapter's parts, one a heading."""
    return reading.parts(source(chapter))


def prose(chapter) -> str:
    """The words outside code and directives."""
    return "\n".join(part.prose for part in parts(chapter))


def blocks(chapter, name: str, layer: str = "") -> list[reading.Block]:
    """The fenced blocks of one directive, in the whole page or in one layer."""
    return [b for part in parts(chapter) for b in part.blocks if b.name == name and layer in ("", part.layer)]


def figures(chapter, layer: str = "") -> list[str]:
    """The code of each cell that draws a figure."""
    return [b.body for b in blocks(chapter, "code-cell", layer) if re.search(r"^figure\(", b.body, re.M)]


def section(chapter, label: str) -> str:
    """The text from a block's label to the next label or heading of its own level."""
    number = card.read(chapter)["number"]
    text = source(chapter)
    start = text.index(f"(c{number:02d}-{label})=")
    end = re.search(r"^(\(c\d\d-[\w-]+\)=|## )", text[text.index("\n## ", start) + 4 :], re.M)
    return text[start : text.index("\n## ", start) + 4 + end.start()] if end else text[start:]


def bank(chapter):
    return load_bank(ROOT / "exercises" / "quizzes" / f"{card.read(chapter)['quiz']}.yml")


@by_name
def test_card_is_complete_and_true(chapter):
    entry = card.read(chapter)
    assert chapter.stem.startswith(f"{entry['number']:02d}-")
    assert set(entry["tables"]) <= set(tables.names())
    drawn = set(re.findall(r'"(\w+)"', " ".join(re.findall(r"^    source=(.*),$", source(chapter), re.M))))
    assert drawn <= set(entry["tables"]), f"the card lacks tables that a figure draws: {drawn - set(entry['tables'])}"


@by_name
def test_chapter_owns_its_claims(chapter):
    entry = card.read(chapter)
    claims = tables.load("claims")
    assert set(entry["claims"]) == set(claims[claims.chapter == entry["number"]].claim_id)
    for name in ("claims-list", "verdict-lines"):
        named = [claim for block in blocks(chapter, name) for claim in block.argument.split()]
        assert sorted(named) == sorted(entry["claims"]), f"{{{name}}} holds each claim of the chapter once"


@by_name
def test_core_blocks_stand_in_order_and_deeper_ones_are_folded(chapter):
    number = card.read(chapter)["number"]
    text = source(chapter)
    places = [text.find(f"(c{number:02d}-{block})=") for block in CORE_BLOCKS]
    assert -1 not in places, f"missing: {[b for b, p in zip(CORE_BLOCKS, places, strict=True) if p < 0]}"
    assert places == sorted(places)
    for block in DEEPER_BLOCKS:
        assert "```{deeper}" in section(chapter, block), f"{block} is not folded"


@by_name
def test_budget_of_words_and_numbers(chapter):
    found = reading.loads(chapter, ROOT)
    core, deeper = found[reading.CORE], found[reading.DEEPER]
    assert core.words <= CORE_WORDS, f"the core has {core.words} words"
    assert core.words + deeper.words <= PAGE_WORDS, f"the page has {core.words + deeper.words} words"
    assert 100 * core.numerals / core.words <= NUMERALS, f"{100 * core.numerals / core.words:.1f} numerals in 100 words"


@by_name
def test_prediction_stands_at_once_before_the_card(chapter):
    text = source(chapter)
    first = re.search(r"^```\{quiz\} \S+\n:items: (\S+)", text, re.M)
    assert first and first.start() < text.index("```{chapter-card}")
    assert {item.id: item.tag for item in bank(chapter).items}[first[1]] == "predict"


@by_name
def test_each_figure_is_named_and_told(chapter):
    number = card.read(chapter)["number"]
    names = [re.search(r'^    name="([\w-]+)",$', code, re.M) for code in figures(chapter)]
    assert all(names) and all(found[1].startswith(f"fig-c{number:02d}-") for found in names)
    moved = [code for code in figures(chapter, reading.CORE) if re.search(r"^    controls=", code, re.M)]
    assert 3 <= len(moved) <= 4, f"{len(moved)} figures with controls in the core"
    code = "\n".join(figures(chapter))
    assert not re.findall(r"""["']#[0-9a-fA-F]{3,8}["']""", code), "colours come from ip4.colours and coursekit.charts"
    assert "read_csv" not in code and "alt.theme" not in code


@by_name
def test_what_a_figure_shows_is_short_and_its_limit_is_a_sentence(chapter):
    seen, limits = SEE.findall(source(chapter)), NOT.findall(source(chapter))
    assert len(limits) >= len(seen) >= 3
    for text in seen:
        words = reading.plain(text)
        assert len(reading.WORD.findall(words)) <= SEEN_WORDS, text[:60]
        assert len(re.findall(r"\{glue\}|(?<![\w}`-])\d[\d.,]*(?!\w)", text)) <= SEEN_NUMBERS, text[:60]  # two years
    for text in limits:
        first = re.split(r"(?<=[.?!]) ", text)[0]
        assert len(first.split()) >= 6 and not first.startswith("That "), f"not a whole sentence: {first}"


@by_name
def test_each_outcome_is_assessed_by_something_that_exists(chapter):
    entry = card.read(chapter)
    items = {item.id for item in bank(chapter).items}
    for outcome in entry["outcomes"]:
        for how in outcome["assessed_by"]:
            assert how in {"exercise", "lab", "debate"} or how.removeprefix("quiz:") in items, f"{outcome['id']}: {how}"


@by_name
def test_quiz_bank_covers_what_it_must_and_is_drawn_once(chapter):
    items = bank(chapter).items
    assert {"predict", "misconception", "measurement"} <= {item.tag for item in items}
    assert any(item.kind in ("number", "estimate", "draw") for item in items)
    assert {item.outcome for item in items} <= {o["id"] for o in card.read(chapter)["outcomes"]}
    drawn = [name for block in blocks(chapter, "quiz") for name in block.options["items"].split()]
    assert sorted(drawn) == sorted(item.id for item in items), "each question stands in the page once"


@by_name
def test_check_yourself_is_short_and_mostly_not_choices(chapter):
    kinds = {item.id: item.kind for item in bank(chapter).items}
    drawn = re.search(r"^:items: (.*)$", section(chapter, "check"), re.M)[1].split()
    assert 5 <= len(drawn) <= 7
    assert sum(kinds[name] in CHOICES for name in drawn) <= len(drawn) / 2


@by_name
def test_the_key_is_not_the_longest_option_more_often_than_chance(chapter):
    single = [item for item in bank(chapter).items if item.kind == "single"]
    longest = sum(max(item.options, key=lambda option: len(option.text)).correct for item in single)
    assert longest <= ceil(sum(1 / len(item.options) for item in single))


@by_name
def test_no_statistic_is_typed(chapter):
    text = re.sub(r"\{glue[^}]*\}`[^`]*`|\{cite[^}]*\}`[^`]*`|\{math\}`[^`]*`|\$[^$]*\$", "", prose(chapter))
    text = re.sub(r"[\"“][^\"”]*[\"”]", "", text)  # words quoted from a source stay as they are
    typed = [number for number in STATISTIC.findall(text) if number.rstrip(".,") not in THRESHOLDS]
    assert not typed, f"computed numbers come by glue, these are typed: {typed}"


@by_name
def test_glue_names_carry_the_chapter(chapter):
    number = card.read(chapter)["number"]
    names = set(re.findall(r"\{glue[^}]*\}`(\w+)", source(chapter)))
    assert names and all(name.startswith(f"c{number:02d}_") for name in names)


@by_name
def test_citations_exist_and_terms_are_linked(chapter):
    text = source(chapter)
    keys = {k.strip() for group in re.findall(r"\{cite[^}]*\}`([^`]+)`", text) for k in group.split(",")}
    assert keys <= BIB, f"not in references.bib: {keys - BIB}"
    assert len(keys) >= 5
    terms = set(re.findall(r"\{term\}`(?:[^<`]*<)?([^>`]+)>?`", text))
    glossary = {t.lower() for t in tables.load("glossary").term}
    assert terms and {t.lower() for t in terms} <= glossary


@by_name
def test_every_outside_link_is_a_source_or_a_reference(chapter):
    """A link to another site goes by {cite} or {source}, so that it is in a table with its publisher and vintage."""
    assert not re.findall(r"\]\(https?://[^)]+\)", prose(chapter))


@by_name
def test_the_other_side_has_four_voices(chapter):
    voices = re.findall(r"^(?:- )?\*\*[^*]+\.\*\* (.*)$", section(chapter, "other-side"), re.M)
    assert len(voices) >= 4
    assert all(len(re.findall(r"[.?!](?: |$)", voice)) <= 4 for voice in voices), "two or three sentences a voice"


@by_name
def test_two_paths_hold_their_code_and_are_filled_in_the_page(chapter):
    text = section(chapter, "two-paths")
    without, code = text.index("### Without code"), text.index("### With code")
    assert text.index("```{paths}") < without < code
    assert re.search(r"^```\{code-cell\} ipython3\n(?!:tags:)", text[code:], re.M), (
        "the code stands open in its own tab"
    )
    kinds = {item.id: item.kind for item in bank(chapter).items}
    filled = re.search(r"^:items: (.*)$", text[:without], re.M)[1].split()
    assert any(kinds[name] == "cells" for name in filled), "a table to fill in stands above the two paths"


@by_name
def test_the_tab_with_code_holds_nothing_of_the_core(chapter):
    """What follows the last sub-section lands in its tab: a figure for everyone needs a section of its own."""
    text = section(chapter, "two-paths")
    code = text[text.index("### With code") :]
    assert "hide-input" not in code and "*What you see.*" not in code


@by_name
def test_lab_and_exercise_are_named(chapter):
    entry = card.read(chapter)
    (lab,) = blocks(chapter, "lab")
    assert lab.argument == entry["lab"] and int(lab.options["minutes"]) > 0
    assert f"from {entry['lab']} import explore" in source(chapter)
    assert [block.argument for block in blocks(chapter, "graded-exercise")] == [entry["exercise"]]
    assert reading.graded_minutes(entry["exercise"], ROOT) > 0


@by_name
def test_debate_stands_on_the_class_page(chapter):
    number = card.read(chapter)["number"]
    page = (ROOT / "chapters" / "teaching" / "class" / chapter.name).read_text(encoding="utf-8")
    assert f"(c{number:02d}-debate)=" in page and f"(c{number:02d}-debate)=" not in source(chapter)
    assert "| Role |" in page and "50" in page and "Without laptops" in page


@by_name
def test_card_in_the_page_shows_the_minutes_of_the_rule(chapter):
    page = (ROOT / "_build" / "html" / "chapters" / f"{chapter.stem}.html").read_text(encoding="utf-8")
    found = reading.loads(chapter, ROOT)
    graded = reading.graded_minutes(card.read(chapter)["exercise"], ROOT)
    for words in (
        f"{found['core'].minutes} min for the chapter",
        f"{found['deeper'].minutes} min more for what is folded",
        f"{graded} min for the graded work",
    ):
        assert words in page


@by_name
def test_words_counted_are_the_words_in_the_page(chapter):
    """The rule reads the source; what a reader sees in the built page is the same within five in a hundred."""
    from lxml import html

    tree = html.parse(str(ROOT / "_build" / "html" / "chapters" / f"{chapter.stem}.html")).getroot()
    (article,) = tree.xpath("//article")
    closed = "self::details | self::form | self::figure | self::script | self::style | self::table[@class='figure']"
    hidden = [
        "course-card",
        "course-run",
        "course-figure",
        "cell",
        "headerlink",
        "sd-tab-label",
        "course-tip",
        "quiz-kept",
    ]
    for node in article.xpath(f"//*[{closed}]") + [
        n for css in hidden for n in article.xpath(f"//*[contains(concat(' ', @class, ' '), ' {css} ')]")
    ]:
        kept = node.xpath("summary") if node.tag == "details" and "verdict-line" in node.get("class", "") else []
        tail = node.tail or ""
        for child in list(node):
            if child not in kept:
                node.remove(child)
        node.text, node.tail = "", tail
    words = len(reading.WORD.findall(" ".join(article.itertext())))
    counted = reading.loads(chapter, ROOT)["core"].words
    assert abs(words - counted) <= 0.08 * counted, f"the rule counts {counted} words, the page shows {words}"


@by_name
def test_sources_disagree_on_the_page(chapter):
    """Two providers or editions stand side by side: at least two distinct sources in the chapter's tables."""
    sources = set()
    for name in card.read(chapter)["tables"]:
        frame = tables.load(name)
        sources |= set(frame.source_id.dropna()) if "source_id" in frame else set()
    assert len(sources) >= 2


@by_name
def test_front_matter_opens_as_a_notebook(chapter):
    front = yaml.safe_load(FRONT.match(source(chapter))[0].strip("-\n"))
    assert front["kernelspec"]["name"] == "python3"
    assert front["jupytext"]["text_representation"]["format_name"] == "myst"


def test_each_quiz_bank_is_drawn_by_a_chapter_or_the_front_page():
    pages = [ROOT / "index.md", *CHAPTERS]
    drawn = {
        name for page in pages for name in re.findall(r"^```\{quiz\} (\S+)", page.read_text(encoding="utf-8"), re.M)
    }
    assert {p.stem for p in (ROOT / "exercises" / "quizzes").glob("*.yml")} <= drawn


@by_name
def test_exercise_link_is_empty_only_until_the_exercise_is_out(chapter):
    """The block stands in each chapter; when the exercise folder exists, the built page must lead to it."""
    name = card.read(chapter)["exercise"]
    if (ROOT / "exercises" / name).is_dir():
        page = (ROOT / "_build" / "html" / "chapters" / f"{chapter.stem}.html").read_text(encoding="utf-8")
        assert f"exercises/{name}" in page


@by_name
def test_the_core_of_a_chapter_takes_at_most_thirty_minutes(chapter):
    assert reading.loads(chapter, ROOT)[reading.CORE].minutes <= 30
