"""The sidebar names what is near the page, and is asked for only in that form: the theme draws it once a page."""

from coursekit.book.site import clean_page, show_near


def test_below_an_entry_only_what_is_near_whatever_the_theme_asks_for():
    asked = []
    context = {"toctree": lambda **named: asked.append(named) or "<ul></ul>"}
    show_near(None, "chapters/04-money", "page.html", context, None)
    assert context["toctree"](collapse=False, maxdepth=4) == "<ul></ul>"
    assert asked == [{"collapse": True, "maxdepth": 4}]


def test_the_page_asks_as_the_theme_did_so_that_its_drawing_is_found():
    asked = []
    context = {"generate_toctree_html": lambda *given, **named: asked.append((given, named)) or "<summary>"}
    clean_page(None, "index", "page.html", context, None)
    assert context["generate_toctree_html"](kind="sidebar", collapse=False).startswith("<summary aria-label=")
    assert asked == [((), {"kind": "sidebar", "collapse": False})]


def test_a_page_without_a_table_of_contents_stays_as_it_is():
    context = {}
    show_near(None, "404", "page.html", context, None)
    assert context == {}
