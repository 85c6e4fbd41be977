"""Python in the page: a reader changes a cell's code and sees the figure change, with no server and no other host.

Two sides, which share no module but ``pins``:

* in the reader's browser: ``kernel`` (runs cells), ``needs`` (which earlier cells), ``standins`` (IPython and
  ipywidgets), ``shown`` (results as JSON), ``faults`` (errors in words), ``compiled`` (a quicker start). They need
  what a chapter needs, and no Sphinx;
* in the builder: ``places`` and ``assemble`` (Python for the browser, each file verified), ``wheel`` (the course's own
  code), ``site`` (what a page gets), ``practice`` (exercises in the page).
"""
