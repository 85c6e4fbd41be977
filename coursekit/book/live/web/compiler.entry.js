// course.compileChart(spec): Vega of a Vega-Lite specification, as the book's build makes it for its own figures.
import { compile } from "vega-lite";

window.course = Object.assign(window.course ?? {}, { compileChart: (spec) => compile(spec).spec });
