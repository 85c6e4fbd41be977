"""Move the controls of a page's figures and say what the page then shows; used by the tests of figures."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

from coursekit import settings
from coursekit.captions import caption_at

# Unfolds and shows each figure until it is alive; gives the names of those that stay still.
WAKE = """async () => {
    const figures = document.querySelectorAll("figure.course-figure");
    const show = figure => { for (let part = figure; part; part = part.parentElement) {
        if (part.tagName === "DETAILS") part.open = true;
        if (part.classList.contains("sd-tab-content"))
            document.getElementById(part.previousElementSibling.htmlFor).click();
    } };
    for (const figure of figures) {
    show(figure);
    figure.scrollIntoView();
    for (let n = 0; n < 1500 && !figure.dataset.live; n++) await new Promise(r => setTimeout(r, 20)); }
    window.scrollTo(0, 0); return [...document.querySelectorAll("figure.course-figure")]
        .filter(f => f.dataset.live !== "yes").map(f => f.id); }"""

# What is drawn, without the line that names the setting.
MARKS = """svg => { const copy = svg.cloneNode(true);
    for (const title of copy.querySelectorAll(".role-title")) title.remove(); return copy.innerHTML; }"""

# Words of a picture that run out of it, each with the pixels that are lost.
CUT = """svg => {
    const box = svg.getBoundingClientRect(), slack = 3;
    const lost = (at) => Math.round(Math.max(
        box.left - at.left, at.right - box.right, box.top - at.top - slack, at.bottom - box.bottom - slack));
    return [...svg.querySelectorAll("text")]
        .filter((text) => text.textContent.trim() && text.getAttribute("opacity") !== "0")
        .map((text) => [text.textContent, text.getBoundingClientRect()])
        .filter(([, at]) => at.width && lost(at) > 1)
        .map(([words, at]) => `${words} (${lost(at)} px)`); }"""
CUT_IN_PAGE = """() => Object.fromEntries([...document.querySelectorAll("figure.course-figure .course-live svg")]
    .map((svg) => [svg.closest("figure").id, (CUT)(svg)]).filter(([, cut]) => cut.length))""".replace("CUT", CUT)

# Keeps each text that the page offers as a download.
CATCH = """() => { window.caught = []; URL.createObjectURL = (blob) => { window.caught.push(blob); return "#"; };
    HTMLAnchorElement.prototype.click = function () { window.caughtName = this.download; }; }"""

# Sets one control through its own field, waits until the picture shows it, and reads the figure as a reader gets it.
MOVE = """async ([id, control, text]) => {
    const figure = document.getElementById(id);
    const holder = figure.querySelector(`[data-control="${CSS.escape(control)}"]`);
    const fields = [...holder.querySelectorAll("input, select")];
    const field = fields.length > 1 ? fields.find((one) => one.value === text) : fields[0];
    if (field.type === "radio") field.checked = true;
    else if (field.type === "checkbox") field.checked = text === "true";
    else field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const said = (value) => String(value);
    for (let n = 0; n < 200 && said(JSON.parse(figure.dataset.shows)[control]) !== text; n++)
        await new Promise((resolve) => setTimeout(resolve, 10));
    window.caught.length = 0;
    figure.querySelector(".course-csv").dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    for (let n = 0; n < 100 && !window.caught.length; n++) await new Promise((resolve) => setTimeout(resolve, 10));
    const live = figure.querySelector(".course-live");
    const names = live.getAttribute("aria-labelledby").split(" ").map((id) => document.getElementById(id).textContent);
    const lines = [...live.querySelectorAll(".role-title-text text")].flatMap((text) => [...text.childNodes]);
    const rows = [...figure.querySelectorAll(".course-scroll tbody tr")];
    return {
        caption: figure.querySelector(".course-caption").textContent,
        name: names.join(" "),
        state: figure.querySelector(".course-state").textContent,
        table: rows.map((row) => [...row.cells].map((cell) => cell.textContent)),
        csv: await window.caught[0].text(),
        line: lines.map((line) => line.textContent).join(" "),
        shows: JSON.parse(figure.dataset.shows),
        marks: (DRAWN)(live.querySelector("svg")),
        cut: (LOST)(live.querySelector("svg")),
    };
}""".replace("DRAWN", MARKS).replace("LOST", CUT)


# Waits until nothing in the page was changed or moved for some milliseconds.
STILL = """async (time) => {
    let last = performance.now();
    const watch = new MutationObserver(() => { last = performance.now(); });
    watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    const moves = (one) => one.playState === "running" && one.effect.getComputedTiming().endTime < 1e5;
    for (let n = 0; n < 1500 && performance.now() - last < time; n++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        if (document.getAnimations().some(moves)) last = performance.now();
    }
    watch.disconnect();
    return performance.now() - last >= time; }"""


def still(tab, time: int) -> None:
    """Wait until a page was left alone for ``time`` milliseconds: on a busy machine that is later than such a while."""
    assert tab.evaluate(STILL, time), "the page never came to rest"


def pause(tab, time: int) -> None:
    """Let ``time`` milliseconds pass on the page's own clock, so that a shorter timer of the page has surely ended."""
    tab.evaluate("(time) => new Promise((resolve) => setTimeout(resolve, time))", time)


def kept(folder: Path, file: str) -> dict:
    """What a data file of ``_static/figures`` hands to the page: ``words`` and ``chart``."""
    text = (folder / file).read_text(encoding="utf-8")
    return json.loads(re.fullmatch(r'course\.keep\("\w+", (.*)\);\n', text, re.S)[1])


def figures(tab, site: Path) -> dict[str, dict]:
    """The words of each figure of an open page by its id."""
    files = tab.evaluate("[...document.querySelectorAll('figure.course-figure')].map(f => [f.id, f.dataset.file])")
    return {name: kept(site / "_static" / "figures", file.rsplit("/", 1)[1])["words"] for name, file in files}


def tried(control: dict) -> list:
    """The values that a test sets: up to six options of a choice; both ends and the middle of a slider."""
    values = [v for v in control["values"] if settings.canonical(v) != settings.canonical(control["default"])]
    if control["kind"] == "range" and len(values) > 3:
        return [values[0], values[len(values) // 2], values[-1]]
    return values[:6]


def faults(seen: dict, words: dict, values: dict) -> list[str]:
    """Where a figure says something else than Python computes for the setting."""
    rows = settings.rows_at(words, values)
    kinds = words["rows"]["kinds"]
    table = [[settings.shown(v, kind) for v, kind in zip(row, kinds, strict=True)] for row in rows[:40]]
    wanted = {
        "caption": caption_at(words, values),
        "name": f"Figure {words['number']}. {caption_at(words, values)}",
        "state": settings.state_sentence(words, values),
        "table": table,
        "line": flat(" · ".join(settings.setting_words(words["controls"], values))),
    }
    got = {key: seen[key] for key in wanted} | {"line": flat(seen["line"])}
    if wanted["line"] in got["line"]:  # the titles of panels are read with it
        del wanted["line"]
    found = [f"{key}: {got[key]!r} instead of {wanted[key]!r}" for key in wanted if got[key] != wanted[key]]
    found += [f"cut at the edge of the picture: {one}" for one in seen["cut"]]
    return found + ([] if same_rows(seen["csv"], words, rows) else [f"csv: {seen['csv'][:200]!r}"])


def flat(text: str) -> str:
    return re.sub(r"[\s·]+", " ", text).strip()


def same_rows(text: str, words: dict, rows: list[list]) -> bool:
    """Whether a CSV holds exactly these rows."""
    head, *lines = csv.reader(io.StringIO(text))
    return head == words["rows"]["columns"] and [[loose(c) for c in line] for line in lines] == [
        [loose(c) for c in row] for row in rows
    ]


def loose(cell) -> object:
    if cell is None or isinstance(cell, bool):
        return "" if cell is None else str(cell).lower()
    try:
        return float(cell)
    except ValueError:
        return str(cell)
