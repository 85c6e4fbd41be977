"""Controls of a figure: each is named after a column and is an Altair parameter."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import and_

import altair as alt

from coursekit.marks.placing import MarkError


def slide(name: str, low: float, high: float, value: float, step: float = 1, label: str | None = None) -> alt.Parameter:
    """A slider named after a column: ``year = slide("year", 2014, 2026, value=2026, label="Year")``."""
    bind = alt.binding_range(min=low, max=high, step=step, name=f"{label or name} ")
    return alt.param(name=name, value=value, bind=bind)


def choose(name: str, options: Iterable, value=None, label: str | None = None) -> alt.Parameter:
    """Radio buttons (up to four options) or a drop-down list, named after a column.

    ``ally = choose("ally", sorted(rows.ally.unique()), value="Poland", label="Ally")``. Options are words or numbers;
    the first, or ``value``, is the default. Raises MarkError when the default is not an option.
    """
    options = [option.item() if hasattr(option, "item") else option for option in options]
    value = options[0] if value is None else value
    if value not in options:
        raise MarkError(
            f"choose('{name}'): the default {value!r} is not one of the options {options[:6]}; take one of them."
        )
    kind = alt.binding_radio if len(options) <= 4 else alt.binding_select
    return alt.param(name=name, value=value, bind=kind(options=options, name=f"{label or name} "))


def chosen(*controls: alt.Parameter) -> alt.expr.core.Expression:
    """Rows that equal the controls of the same name: ``chart.transform_filter(chosen(year, ally))``.

    What it returns can be joined with others: ``chosen(ally) & (alt.datum.year <= year)``.
    """
    return reduce(and_, map(_equals, controls))


def _equals(control: alt.Parameter) -> alt.expr.core.Expression:
    cell = alt.datum[control.name]
    if isinstance(control.param.value, (int, float)) and not isinstance(control.param.value, bool):
        return alt.expr.abs(cell - control) < 1e-6  # a slider in steps of 0.1 never equals 0.3 exactly
    return cell == control
