// course.editor(place, text, {label, run, changed}): Python in an editor; Tab leaves it, so that a keyboard is not caught.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { python } from "@codemirror/lang-python";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

// Colours are the page's own, light or dark: its style sheet sets the variables.
const colour = (name, ...tag) => ({ tag, color: `var(--live-${name})` });
const look = HighlightStyle.define([
  colour("word", tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword),
  colour("text", tags.string, tags.special(tags.string)),
  colour("number", tags.number, tags.bool, tags.null),
  colour("note", tags.comment),
]);
const frame = EditorView.theme({
  "&": { color: "var(--pst-color-text-base)", backgroundColor: "var(--pst-color-surface)", fontSize: ".85rem" },
  "&.cm-focused": { outline: "2px solid var(--pst-color-link)" },
  ".cm-content": { fontFamily: "var(--pst-font-family-monospace)", caretColor: "var(--pst-color-text-base)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--pst-color-text-muted)", border: "0" },
  ".cm-activeLine": { backgroundColor: "var(--live-line)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent" },
  ".cm-cursor": { borderLeftColor: "var(--pst-color-text-base)" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { backgroundColor: "var(--live-chosen)" },
});

const runs = (run) => Prec.highest(keymap.of(["Shift-Enter", "Mod-Enter"].map((key) => ({ key, run: () => { run(); return true; } }))));

function editor(place, text, { label, run, changed }) {
  const view = new EditorView({
    parent: place,
    state: EditorState.create({
      doc: text,
      extensions: [
        runs(run), lineNumbers(), history(), drawSelection(), highlightActiveLine(), indentOnInput(), bracketMatching(),
        indentUnit.of("    "), syntaxHighlighting(look), frame, python(), EditorView.lineWrapping,
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({ "aria-label": label }),
        EditorView.updateListener.of((update) => { if (update.docChanged) changed(); }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    replace: (other) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: other } }),
    focus: () => view.focus(),
    // The first letter of a line, counted from 1, is where an error is shown.
    select: (number) => {
      const line = view.state.doc.line(Math.min(Math.max(number, 1), view.state.doc.lines));
      view.dispatch({ selection: { anchor: line.from, head: line.to }, scrollIntoView: true });
    },
  };
}

window.course = Object.assign(window.course ?? {}, { editor });
