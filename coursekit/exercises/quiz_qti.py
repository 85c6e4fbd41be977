"""A quiz bank as a QTI 1.2 package for Canvas and others: text2qti's structure, our texts and numbers.

text2qti reads Markdown of its own kind and refuses numbers by rules of its own. So it gets a skeleton (how many
questions, of which kind, which options are right), and the questions that it made are given their texts, keys and
points before it writes them. Nothing that stands in a bank passes its reader.
"""

from __future__ import annotations

import html
import re
from decimal import Decimal

from coursekit import tables
from coursekit.exercises.quiz_kinds import QuizError
from coursekit.exercises.quiz_parts import Part, written
from coursekit.exercises.quiz_text import Words

NATIVE = ()
DIGITS = 2  # decimals that Canvas shows of a point
WORDS = Words("qti")
LEAST = Decimal("0.0001")  # Canvas keeps four decimals of a number
UNLIMITED = "<fieldlabel>cc_maxattempts</fieldlabel>\n        <fieldentry>{}</fieldentry>"
LAST_FIELD = "<fieldlabel>assessment_question_identifierref</fieldlabel>"
FIELD = """
            <qtimetadatafield>
              <fieldlabel>{}</fieldlabel>
              <fieldentry>{}</fieldentry>
            </qtimetadatafield>"""
COPYRIGHT = "Private (Copyrighted) - http://en.wikipedia.org/wiki/Copyright"


def package(title: str, name: str, parts: list[Part]) -> bytes:
    """The questions as the bytes of a zip. ``title``: bare text; ``name``: the bank's, for the identifiers."""
    from text2qti.config import Config
    from text2qti.qti import QTI
    from text2qti.quiz import Quiz

    config = Config()
    config["latex_render_url"] = ""
    quiz = Quiz(_skeleton(name, parts), config=config, source_name=f"{name}.txt")
    quiz.title_xml = html.escape(title)
    quiz.points_possible = round(sum(float(part.points) for part in parts))
    for made, part in zip(quiz.questions_and_delims, parts, strict=True):
        _fill(made, part)
    written_by = QTI(quiz)
    written_by.assessment = _swap(written_by.assessment, UNLIMITED.format(1), UNLIMITED.format("unlimited"))
    written_by.assessment_meta = _practice(written_by.assessment_meta)
    written_by.assessment = _tagged(written_by.assessment, parts)
    written_by.imsmanifest_xml = _licensed(written_by.imsmanifest_xml, title)
    return written_by.zip_bytes()


def check(part: Part) -> None:
    """``QuizError`` (without the item's name) for a number that Canvas would round away."""
    if part.kind == "number" and (0 < part.tolerance < LEAST or (not part.tolerance and part.answer % LEAST)):
        key = f"{written(part.answer)} ± {written(part.tolerance)}"
        raise QuizError(f"its answer is {key} and Canvas keeps four decimals; use a larger unit")


def _skeleton(name: str, parts: list[Part]) -> str:
    """A quiz in text2qti's notation with a name in place of each text; they differ, since identities come from them."""
    lines = [f"Quiz title: {name}", ""]
    for number, part in enumerate(parts, 1):
        lines += [f"Title: {name}", f"{number}. {name}-{part.id}", *_body(part), ""]
    return "\n".join(lines)


def _body(part: Part) -> list[str]:
    if part.kind == "number":
        return ["+ right", "- wrong", "= 1 +- 0"]
    lines = []
    for number, choice in enumerate(part.choices, 1):
        star = "*" if choice.correct else ""
        mark = f"{star}a)" if part.kind == "single" else f"[{star or ' '}]"
        lines += [f"{mark} option {number}", "... feedback"]
    return lines


def _fill(made, part: Part) -> None:
    """Give a question of text2qti its texts, as HTML inside XML, its points and its key."""
    made.title_xml = html.escape(part.id)
    made.question_html_xml = html.escape(part.prompt)
    made.points_possible = written(part.points)
    for choice, own in zip(made.choices, part.choices, strict=True):
        choice.choice_html_xml, choice.feedback_html_xml = html.escape(own.text), html.escape(own.feedback)
    if part.kind == "number":
        made.correct_feedback_html_xml, made.incorrect_feedback_html_xml = map(html.escape, (part.right, part.wrong))
        ends = (part.answer, part.answer - part.tolerance, part.answer + part.tolerance)
        exact, least, most = (written(round(end, 4)) for end in ends)
        made.numerical_exact_html_xml, made.numerical_min_html_xml, made.numerical_max_html_xml = exact, least, most


def _tagged(assessment: str, parts: list[Part]) -> str:
    """Outcome and tag of each question among its metadata, after the last field that text2qti writes."""
    head, *items = assessment.split(LAST_FIELD)
    if len(items) != len(parts):
        raise QuizError(
            f"text2qti no longer writes {LAST_FIELD!r} once a question; use the release of constraints.txt."
        )
    return head + "".join(LAST_FIELD + _with_tags(item, part) for item, part in zip(items, parts, strict=True))


def _with_tags(item: str, part: Part) -> str:
    rest, end, after = item.partition("</qtimetadatafield>")
    fields = (FIELD.format(*pair) for pair in zip(("outcome", "tag"), part.tags, strict=True))
    return "".join([rest, end, *fields, after])


def _practice(meta: str) -> str:
    """A practice quiz with unlimited attempts, which is no assignment and gives no points in the gradebook."""
    meta = _swap(meta, "<quiz_type>assignment</quiz_type>", "<quiz_type>practice_quiz</quiz_type>")
    meta = _swap(meta, "<allowed_attempts>1</allowed_attempts>", "<allowed_attempts>-1</allowed_attempts>")
    return re.sub(r"  <assignment identifier=.*?</assignment>\n", "", meta, flags=re.DOTALL)


def _licensed(manifest: str, title: str) -> str:
    """The course's own licence, when it sets one (``licence`` in ``data/course.yaml``), and the bank's title."""
    licence = tables.setting("licence", {})
    words = " - ".join(filter(None, (licence.get("title"), licence.get("url")))) or "No licence is stated."
    manifest = _swap(manifest, COPYRIGHT, html.escape(words))
    return _swap(manifest, "QTI assessment generated by text2qti", html.escape(title))


def _swap(text: str, old: str, new: str) -> str:
    if text.count(old) != 1:
        raise QuizError(f"text2qti no longer writes {old!r} once; use the release that constraints.txt names.")
    return text.replace(old, new)
