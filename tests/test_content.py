"""What every chapter must be, from chapter-anatomy: parametrised over the chapters that exist."""

import re

import pytest
import yaml
from conftest import CHAPTERS, ROOT

from coursekit import tables
from coursekit.book import card
from coursekit.exercises.quizzes import load_bank

BLOCKS = (
    "claim",
    "predict",
    "concepts",
    "evidence",
    "two-paths",
    "disagree",
    "lab",
    "verdict",
    "other-side",
    "check",
    "graded",
    "debate",
    "summary",
)
CELL = re.compile(r"^```\{code-cell\}.*?^```", re.M | re.S)
FRONT = re.compile(r"\A---\n.*?\n---\n", re.S)
BIB = set(re.findall(r"^@\w+\{([^,]+),", (ROOT / "references.bib").read_text(encoding="utf-8"), re.M))
# Thresholds that define a pledge or a test may be typed; every other statistic is computed and glued.
THRESHOLDS = {"2", "1.5", "3.5", "5", "20"}
STATISTIC = re.compile(r"(?<![\w.{`])(\d[\d,.]*)\s*(?:%|per cent|percentage points?|billion|million|trillion|thousand)")
by_name = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda p: p.stem)


def prose(path) -> str:
    """A chapter's text without code, front matter, card, comments and directive options."""
    text = FRONT.sub("", path.read_text(encoding="utf-8"))
    text = card.CARD.sub("", CELL.sub("", text))
    return re.sub(r"^(%.*|:\w[\w-]*:.*|\(.*\)=|[`:]{3,}.*)$", "", text, flags=re.M)


def chapter_code(path) -> str:
    return "\n".join(CELL.findall(path.read_text(encoding="utf-8")))


@by_name
def test_card_is_complete_and_true(chapter):
    entry = card.read(chapter)
    assert chapter.stem.startswith(f"{entry['number']:02d}-")
    assert 3 <= len(entry["outcomes"]) <= 5
    assert set(entry["tables"]) <= set(tables.names())
    used = set(re.findall(r'load\("(\w+)"\)', chapter.read_text(encoding="utf-8")))
    assert used == set(entry["tables"]), "the card lists exactly the tables that the chapter loads"


@by_name
def test_chapter_owns_its_claims(chapter):
    entry = card.read(chapter)
    claims = tables.load("claims")
    owned = claims[claims.chapter == entry["number"]]
    assert set(entry["claims"]) == set(owned.claim_id)
    text = chapter.read_text(encoding="utf-8")
    for claim_id in entry["claims"]:
        assert f"{{claim-box}} {claim_id}" in text, f"{claim_id} is not stated"
        assert f"{{verdict}} {claim_id}" in text, f"{claim_id} has no verdict"


@by_name
def test_every_block_is_there_in_order(chapter):
    number = card.read(chapter)["number"]
    text = chapter.read_text(encoding="utf-8")
    places = [text.find(f"(c{number:02d}-{block})=") for block in BLOCKS]
    assert -1 not in places, f"missing: {[b for b, p in zip(BLOCKS, places, strict=True) if p < 0]}"
    assert places == sorted(places)


@by_name
def test_each_outcome_is_assessed_by_something_that_exists(chapter):
    entry = card.read(chapter)
    items = {item.id for item in load_bank(ROOT / "exercises" / "quizzes" / f"{entry['quiz']}.yml").items}
    for outcome in entry["outcomes"]:
        assert outcome["assessed_by"]
        for how in outcome["assessed_by"]:
            assert how in {"exercise", "lab", "debate"} or how.removeprefix("quiz:") in items, f"{outcome['id']}: {how}"


@by_name
def test_quiz_bank_covers_what_it_must(chapter):
    entry = card.read(chapter)
    bank = load_bank(ROOT / "exercises" / "quizzes" / f"{entry['quiz']}.yml")
    tags = [item.tag for item in bank.items]
    assert {"predict", "misconception", "measurement"} <= set(tags) and len(bank.items) >= 5
    assert any(item.kind == "number" for item in bank.items)
    assert {item.outcome for item in bank.items} <= {o["id"] for o in entry["outcomes"]}


@by_name
def test_prose_is_short_enough(chapter):
    assert len(re.findall(r"\b[\w’'-]+\b", prose(chapter))) <= 3500


@by_name
def test_no_statistic_is_typed(chapter):
    text = re.sub(r"\{glue[^}]*\}`[^`]*`|\{cite[^}]*\}`[^`]*`|\{math\}`[^`]*`|\$[^$]*\$", "", prose(chapter))
    typed = [number for number in STATISTIC.findall(text) if number.rstrip(".,") not in THRESHOLDS]
    assert not typed, f"computed numbers come by glue, these are typed: {typed}"


@by_name
def test_glue_names_carry_the_chapter(chapter):
    number = card.read(chapter)["number"]
    names = set(re.findall(r"\{glue[^}]*\}`(\w+)", chapter.read_text(encoding="utf-8")))
    assert names and all(name.startswith(f"c{number:02d}_") for name in names)


@by_name
def test_citations_exist_and_terms_are_linked(chapter):
    text = chapter.read_text(encoding="utf-8")
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
def test_two_paths_and_a_runnable_lab(chapter):
    text = chapter.read_text(encoding="utf-8")
    entry = card.read(chapter)
    assert "} Without code" in text and "} With code" in text
    assert f"```{{lab}} {entry['lab']}" in text and f"from {entry['lab']} import explore" in text
    assert f"```{{graded-exercise}} {entry['exercise']}" in text


@by_name
def test_figures_are_few_and_follow_the_scheme(chapter):
    code = chapter_code(chapter)
    assert 4 <= len(re.findall(r"^\s*figure\(", code, re.M)) <= 9
    assert not re.findall(r"""["']#[0-9a-fA-F]{3,8}["']""", code), "colours come from ip4.colours and coursekit.charts"
    assert "read_csv" not in code and "alt.theme" not in code, "tables are loaded by name; the theme is the course's"
    assert "binding_" in code, "at least one chart answers a control"


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
    front = yaml.safe_load(FRONT.match(chapter.read_text(encoding="utf-8"))[0].strip("-\n"))
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
