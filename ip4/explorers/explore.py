"""What the explorers share: controls above, one output below that is drawn again on every change."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets
from IPython.core.formatters import format_display_data

WIDE = {"description_width": "initial"}
ROW = widgets.Layout(flex_flow="row wrap", grid_gap="4px 24px")


def slider(label: str, value: float, low: float, high: float, step: float) -> widgets.Widget:
    """A slider that reports its value when it is let go; whole numbers when step is whole."""
    kind = widgets.IntSlider if isinstance(step, int) else widgets.FloatSlider
    return kind(
        value=value,
        min=low,
        max=high,
        step=step,
        description=label,
        continuous_update=False,
        style=WIDE,
        layout=widgets.Layout(width="340px"),
    )


def choice(label: str, options, value=None) -> widgets.Dropdown:
    """A drop-down list; the first option is the default."""
    options = list(options)
    first = options[0][1] if isinstance(options[0], tuple) else options[0]
    return widgets.Dropdown(options=options, value=first if value is None else value, description=label, style=WIDE)


def several(label: str, options, value=()) -> widgets.SelectMultiple:
    """A list from which several entries can be chosen (Ctrl or Shift and arrow keys)."""
    return widgets.SelectMultiple(
        options=list(options),
        value=tuple(value),
        description=label,
        rows=6,
        style=WIDE,
        layout=widgets.Layout(width="340px"),
    )


def tick(label: str, value: bool = False) -> widgets.Checkbox:
    """A box to tick."""
    return widgets.Checkbox(value=value, description=label, indent=False, style=WIDE)


def writing(label: str, value: str = "") -> widgets.Textarea:
    """A field for a text of the reader's own, read when the reader leaves the field."""
    layout = widgets.Layout(width="100%", height="7em")
    return widgets.Textarea(value=value, description=label, continuous_update=False, style=WIDE, layout=layout)


def explorer(draw: Callable, **controls: widgets.Widget) -> widgets.VBox:
    """Show ``draw(**values)`` below the controls, now and after every change of one of them.

    draw gets the controls' values by name and returns one thing to display or a list of them. A ValueError from a model
    is shown as its sentence, so that a setting out of range does not end the session.
    """
    output = widgets.Output()

    def redraw(_change=None) -> None:
        try:
            shown = draw(**{name: control.value for name, control in controls.items()})
        except ValueError as error:
            shown = widgets.HTML(f"<p>{error}</p>")
        output.outputs = tuple(_output(part) for part in (shown if isinstance(shown, list) else [shown]))

    for control in controls.values():
        control.observe(redraw, names="value")
    redraw()
    return widgets.VBox([widgets.Box(list(controls.values()), layout=ROW), output])


def _output(part) -> dict:
    """One thing as the Output widget keeps it. Set as state and not printed: a printed chart of 80 KB makes nbclient,
    which builds the book, wait until its time is over."""
    data, metadata = format_display_data(part)
    return {"output_type": "display_data", "data": data, "metadata": metadata}
