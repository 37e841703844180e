import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { SQLDialect, sql } from '@codemirror/lang-sql';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import type { TableShape } from './queries.ts';

export interface EditorProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Ctrl-Enter or Command-Enter; the selected text, or all of it. */
  readonly onRun: (text: string) => void;
  readonly tables: readonly TableShape[];
}

const clickHouse = SQLDialect.define({
  keywords:
    'select from where group by having order limit offset with as on using join inner left right full cross any all asof ' +
    'semi anti array union distinct except intersect final prewhere sample settings case when then else end in not null is ' +
    'and or between like ilike asc desc nulls first last interval day week month quarter year hour minute second over ' +
    'partition rows range preceding following unbounded current row window rollup cube totals show describe explain exists',
  types:
    'date datetime datetime64 string uuid bool decimal float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 ' +
    'nullable lowcardinality array map tuple',
  builtin:
    'count sum avg min max any argmin argmax quantile median uniq uniqexact countif sumif avgif maxif minif grouparray ' +
    'topk stddevpop round floor ceil abs if multiif ifnull coalesce todate tofloat64 tostring todecimal64 ' +
    'tostartofmonth tostartofweek toyear tomonth todayofweek datediff adddays subtractdays today now upper lower ' +
    'startswith endswith position like match replaceall substring length concat arraymap arrayfilter arraysum ' +
    'laginframe leadinframe row_number rank dense_rank exponentialmovingaverage',
  backslashEscapes: true,
  operatorChars: '*+-%<>!=&|~^/',
  identifierQuotes: '`"',
});

const look = EditorView.theme({
  '&': { height: '100%', fontSize: '13px', backgroundColor: 'var(--color-surface)', color: 'var(--color-ink)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--color-ink)', padding: '8px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--color-ink)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--color-ink-3)', border: 'none' },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--color-hover) 60%, transparent)' },
  '& .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'var(--color-selected)',
  },
  '.cm-matchingBracket': { outline: '1px solid var(--color-line-strong)' },
  '.cm-placeholder': { color: 'var(--color-ink-3)' },
  '.cm-tooltip': {
    border: 'none',
    borderRadius: '6px',
    backgroundColor: 'var(--color-raised)',
    boxShadow: 'var(--shadow-float)',
    overflow: 'hidden',
  },
  '.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px !important' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--color-selected) !important',
    color: 'var(--color-ink) !important',
  },
  '.cm-completionDetail': { color: 'var(--color-ink-3)', fontStyle: 'normal' },
});

const colors = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--color-accent)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--color-completed)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--color-late)' },
  { tag: [tags.typeName, tags.standard(tags.name)], color: 'var(--color-paused)' },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], color: 'var(--color-ink-3)', fontStyle: 'italic' },
]);

function language(tables: readonly TableShape[]) {
  return sql({
    dialect: clickHouse,
    upperCaseKeywords: true,
    schema: Object.fromEntries(
      tables.map((table) => [
        table.name,
        table.columns.map(({ name, type }) => ({ label: name, type: 'property', detail: type })),
      ]),
    ),
  });
}

/** The query, with completion of keywords, tables and columns. Tab leaves it. */
export default function Editor({ value, onChange, onRun, tables }: EditorProps) {
  const holder = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const parts = useRef({ language: new Compartment() });
  const latest = useRef({ onChange, onRun, value, tables });
  latest.current = { onChange, onRun, value, tables };

  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const run = ({ state }: EditorView) => {
      const { from, to, empty } = state.selection.main;
      latest.current.onRun(empty ? state.doc.toString() : state.sliceDoc(from, to));
      return true;
    };
    const made = new EditorView({
      parent: element,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          Prec.highest(keymap.of([{ key: 'Mod-Enter', run, preventDefault: true }])),
          lineNumbers(),
          history(),
          highlightSpecialChars(),
          drawSelection(),
          highlightActiveLine(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({ icons: false }),
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
          parts.current.language.of(language(latest.current.tables)),
          syntaxHighlighting(colors),
          look,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': 'SQL query' }),
          placeholder('SELECT …'),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    // On a phone it would bring up the keyboard.
    if (matchMedia('(pointer: fine)').matches) made.focus();
    return () => made.destroy();
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.language.reconfigure(language(tables)) });
  }, [tables]);

  // A saved query or an example was chosen.
  useEffect(() => {
    const made = view.current;
    if (made === undefined || made.state.doc.toString() === value) return;
    made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: value } });
  }, [value]);

  return <div ref={holder} className="h-full min-h-0 overflow-hidden" />;
}
