// course.compileChart(spec): Vega of a Vega-Lite specification, as the book's build makes it for its own figures.
import { compile } from "vega-lite";
import { Error as ONLY_ERRORS, logger } from "vega-util";

const quiet = logger(ONLY_ERRORS); // what the build does not say of the course's figures is not said of a reader's either

window.course = Object.assign(window.course ?? {}, { compileChart: (spec) => compile(spec, { logger: quiet }).spec });
