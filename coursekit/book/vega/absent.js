// Stands for what no chart of a page calls: measures on the globe, and readers of formats other than rows.
const absent = (name) => () => { throw new Error(`The page's Vega leaves out ${name}.`); };
export const geoArea = absent("geoArea"), geoBounds = absent("geoBounds"), geoCentroid = absent("geoCentroid");
export const dsvFormat = absent("dsv"), feature = absent("topojson"), mesh = absent("topojson");
