import { extend } from "vega-util";
import { transforms } from "vega-dataflow";
import * as common from "vega-transforms";
import * as layout from "vega-view-transforms";
import * as guides from "vega-encode";
import * as fits from "vega-regression";
import { View } from "vega-view";
import { parse } from "vega-parser";
import { expressionInterpreter } from "vega-interpreter";
import { Handler } from "vega-tooltip";

extend(transforms, common, layout, guides, fits);
window.vega = { View, parse, expressionInterpreter, Handler };
