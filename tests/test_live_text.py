"""A field for a text of the reader's own in a lab: described to the page, and read from it."""

from coursekit.book.live import shown, standins


def test_a_text_field_is_described_and_its_text_comes_back():
    standins_module = standins.modules()["ipywidgets"]
    field = standins_module.Textarea(value="before", description="Your text")
    heard = []
    field.observe(lambda change: heard.append(change["new"]))
    assert shown.described(field) == {
        "type": "Textarea",
        "label": "Your text",
        "value": "before",
        "min": None,
        "max": None,
        "step": None,
    }
    field.value = shown.value_from_page(field, "two\n\nparagraphs")
    assert heard == ["two\n\nparagraphs"]


def test_a_box_to_tick_gives_true_or_false():
    box = standins.modules()["ipywidgets"].Checkbox(value=False, description="Whole words only")
    assert shown.value_from_page(box, True) is True and shown.described(box)["value"] is False
