// A figure's words at a setting: the twin of coursekit/settings.py and coursekit/captions.py (rows_at, caption_at,
// formatted, shown). Python computed and checked every caption; here it is only looked up or filled in.
(() => {
  "use strict";
  const SLACK = 1e-9;

  const canonical = (value) => {
    if (value === null || value === undefined) return "";
    if (typeof value !== "number") return String(value);
    const text = value.toFixed(10).replace(/\.?0+$/, "");
    return text === "-0" ? "0" : text;
  };

  const compare = {
    "<=": (a, b) => a <= b, ">=": (a, b) => a >= b, "<": (a, b) => a < b, ">": (a, b) => a > b,
  };

  function passes(cell, how, value) {
    if (compare[how]) {
      if (cell === null) return false;
      if (typeof cell === "string" || typeof value === "string") return compare[how](String(cell), String(value));
      return Math.abs(cell - value) < SLACK ? how.includes("=") : compare[how](cell, value);
    }
    const same = canonical(cell) === canonical(value);
    return how === "!=" ? !same : same || (how === "all" && value === "all");
  }

  function rowsAt(words, values) {
    const tests = Object.entries(words.filters).map(([name, how]) => [words.rows.columns.indexOf(name), how, values[name]]);
    return words.rows.data.filter((row) => tests.every(([place, how, value]) => passes(row[place], how, value)));
  }

  // Number.toFixed rounds the exact value and sends a half away from zero, as Python's ROUND_HALF_UP does.
  function formatted(value, how) {
    if (value === null || value === undefined) return "no value";
    const match = /^(\+?)(,?)(?:\.(\d)f|d)$/.exec(how);
    if (!match) return canonical(value);
    const text = Math.abs(Number(value)).toFixed(Number(match[3] ?? 0));
    const [whole, rest] = text.split(".");
    const sign = !Number(text) ? "" : value < 0 ? "-" : match[1];
    return sign + (match[2] ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole) + (rest ? `.${rest}` : "");
  }

  function shown(value, kind) {
    if (value === null || value === undefined) return "no value";
    if (kind === "int") return Math.abs(value) >= 10000 ? formatted(value, ",d") : String(value);
    if (typeof value === "boolean") return value ? "yes" : "no";
    if (kind !== "float" || typeof value !== "number") return String(value);
    if (Math.abs(value) >= 1000) return formatted(value, ",.0f");
    const digits = value ? Math.min(12, Math.max(0, 3 - Number(value.toExponential(3).split("e")[1]))) : 0;
    const text = value.toFixed(digits);
    const short = text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
    return short === "-0" ? "0" : short;
  }

  const labelOf = (control, value) =>
    control.labels[control.values.findIndex((one) => canonical(one) === canonical(value))] ?? canonical(value);

  const signed = (text) => text.replace(/^-(?=[\d.])/, "−"); // in a sentence a negative number has a minus, not a hyphen

  function filled(parts, words, values) {
    let first;
    return parts.map((part) => {
      if ("text" in part) return part.text;
      const control = words.controls.find((one) => one.name === part.name);
      if (control) return signed(part.format ? formatted(values[part.name], part.format) : labelOf(control, values[part.name]));
      first ??= rowsAt(words, values)[0];
      return signed(formatted(first[words.rows.columns.indexOf(part.name)], part.format));
    }).join("");
  }

  const atDefault = (controls, values) =>
    controls.every((control) => canonical(values[control.name]) === canonical(control.default));

  function captionAt(words, values) {
    const captions = words.captions;
    if (!captions) return words.title;
    const keys = captions.keys ?? words.controls.map((control) => control.name);
    if (atDefault(words.controls.filter((control) => keys.includes(control.name)), values)) return words.title;
    if (captions.table) return captions.table[keys.map((key) => canonical(values[key])).join("\t")];
    return filled(captions.parts, words, values);
  }

  const settingWords = (words, values) =>
    words.controls.map((control) => `${control.label} ${labelOf(control, values[control.name])}`);

  function stateSentence(words, values, count) {
    const setting = settingWords(words, values).join("; ");
    const rows = `${formatted(count, ",d")} row${count === 1 ? "" : "s"} shown.`;
    return setting ? `Setting: ${setting}. ${rows}` : rows;
  }

  // The values that a page's address asks for, e.g. ?fig-c04-plane.year=2023; what is no option is passed over.
  function fromAddress(words, search) {
    const asked = new URLSearchParams(search);
    const found = {};
    for (const control of words.controls) {
      const text = asked.get(`${words.name}.${control.name}`);
      const value = control.values.find((one) => canonical(one) === text);
      if (text !== null && value !== undefined) found[control.name] = value;
    }
    return found;
  }

  // The address of this page with this figure in this setting; what other figures show stays in it.
  function toAddress(words, values, address) {
    const url = new URL(address);
    for (const control of words.controls) {
      const key = `${words.name}.${control.name}`;
      if (atDefault([control], values)) url.searchParams.delete(key);
      else url.searchParams.set(key, canonical(values[control.name]));
    }
    url.hash = words.name;
    return url.href;
  }

  window.course.figureWords = {
    canonical, rowsAt, formatted, shown, captionAt, settingWords, stateSentence, atDefault, fromAddress, toAddress, labelOf,
  };
})();
