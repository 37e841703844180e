import { type ReactNode, useState } from 'react';
import { Field } from './field.tsx';
import { Input } from './input.tsx';
import { fieldsOf, MASK, readValue, type SchemaField, textOf } from './schema-fields.ts';
import { SecretInput } from './secret-input.tsx';
import { Select } from './select.tsx';
import { TextArea } from './text-area.tsx';

export interface SchemaFormProps {
  /** JSON Schema of an object. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly value: Readonly<Record<string, unknown>>;
  /** Given the values that are set; what is left empty is left out. `valid`: nothing is missing and all can be read. */
  readonly onChange: (value: Record<string, unknown>, valid: boolean) => void;
  /** Says what is missing too; without it only what was typed is complained about. */
  readonly tried?: boolean;
  /** What somebody else says is wrong, by field. */
  readonly errors?: Readonly<Record<string, string>> | undefined;
  /** More about what stands in a field, below it. `onText` puts something else there. */
  readonly note?: (field: SchemaField, text: string, onText: (text: string) => void) => ReactNode;
}

/** A form made of a JSON schema: dates, choices, switches, numbers, lists, secrets and text; anything else as JSON. */
export function SchemaForm({ schema, value, onChange, tried = false, errors = {}, note }: SchemaFormProps) {
  const fields = fieldsOf(schema);
  const [texts, setTexts] = useState<Record<string, string>>(() =>
    Object.fromEntries(fields.map((field) => [field.name, textOf(field, value[field.name])])),
  );
  const set = (name: string, text: string) => {
    const next = { ...texts, [name]: text };
    setTexts(next);
    const read = fields.map((field) => [field.name, readValue(field, next[field.name] ?? '')] as const);
    onChange(
      Object.fromEntries(read.flatMap(([key, { value: parsed }]) => (parsed === undefined ? [] : [[key, parsed]]))),
      read.every(([, { error }]) => error === undefined),
    );
  };
  if (fields.length === 0) return <p className="text-sm text-ink-3">It takes no parameters.</p>;
  return (
    <div className="flex flex-col gap-3">
      {fields.map((field) => {
        const text = texts[field.name] ?? '';
        const onText = (next: string) => set(field.name, next);
        const own = text === '' && !tried ? undefined : readValue(field, text).error;
        const error = own ?? errors[field.name];
        if (field.kind === 'choices') {
          return <Choices key={field.name} field={field} text={text} onText={onText} error={error} />;
        }
        return (
          <div key={field.name} className="flex min-w-0 flex-col gap-1">
            <Field label={<Label field={field} />} hint={field.hint} error={error}>
              <Control
                field={field}
                text={text}
                onText={onText}
                kept={field.kind === 'secret' && value[field.name] === MASK}
              />
            </Field>
            {note?.(field, text, onText)}
          </div>
        );
      })}
    </div>
  );
}

function Label({ field }: { readonly field: SchemaField }) {
  return (
    <>
      {field.title ?? <span className="figures">{field.name}</span>}
      {field.required ? <span className="ml-1 text-xs font-normal text-ink-3">required</span> : null}
    </>
  );
}

interface ControlProps {
  readonly field: SchemaField;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** There is a secret already. */
  readonly kept: boolean;
}

function Control({ field, text, onText, kept, ...rest }: ControlProps) {
  if (field.kind === 'boolean' || field.kind === 'choice') {
    const options = field.kind === 'boolean' ? ['true', 'false'] : field.choices;
    const words = field.kind === 'boolean' ? { true: 'Yes', false: 'No' } : {};
    return (
      <Select
        {...rest}
        value={text}
        onValueChange={onText}
        options={[
          ...(field.required && field.fallback === undefined ? [] : [{ value: '', label: fallbackLabel(field) }]),
          ...options.map((option) => ({ value: option, label: (words as Record<string, string>)[option] ?? option })),
        ]}
      />
    );
  }
  if (field.kind === 'secret') {
    return <SecretInput {...rest} name={field.title ?? field.name} text={text} onText={onText} kept={kept} />;
  }
  const placeholder = field.fallback === undefined ? undefined : fallbackLabel(field);
  if (field.kind === 'list' || field.kind === 'json') {
    return (
      <TextArea
        {...rest}
        rows={Math.min(8, Math.max(2, text.split('\n').length + (field.kind === 'list' ? 1 : 0)))}
        value={text}
        placeholder={placeholder}
        spellCheck={false}
        onChange={(event) => onText(event.currentTarget.value)}
      />
    );
  }
  return (
    <Input
      {...rest}
      inputMode={field.kind === 'number' || field.kind === 'integer' ? 'decimal' : undefined}
      value={text}
      placeholder={placeholder ?? (field.kind === 'date' ? 'YYYY-MM-DD' : undefined)}
      autoComplete="off"
      onChange={(event) => onText(event.currentTarget.value)}
      className="font-mono"
    />
  );
}

interface ChoicesProps extends Pick<ControlProps, 'field' | 'text' | 'onText'> {
  readonly error: string | undefined;
}

/** Several of a few, as boxes to tick. */
function Choices({ field, text, onText, error }: ChoicesProps) {
  const chosen = text === '' ? [] : text.split('\n');
  return (
    <fieldset>
      <legend className="text-sm font-medium">
        <Label field={field} />
      </legend>
      <div className="mt-1 flex flex-wrap gap-x-4 gap-y-1">
        {field.choices.map((choice) => (
          <label key={choice} className="flex items-center gap-1.5 text-sm">
            <input
              type="checkbox"
              className="size-3.5 accent-accent"
              checked={chosen.includes(choice)}
              onChange={(event) =>
                onText(
                  // In the order of the schema, whatever was ticked first.
                  field.choices
                    .filter((each) => (each === choice ? event.currentTarget.checked : chosen.includes(each)))
                    .join('\n'),
                )
              }
            />
            {choice}
          </label>
        ))}
      </div>
      {error === undefined && field.hint === undefined ? null : (
        <p className={error === undefined ? 'mt-1 text-xs text-ink-3' : 'mt-1 text-xs text-failed'}>
          {error ?? field.hint}
        </p>
      )}
    </fieldset>
  );
}

function fallbackLabel(field: SchemaField): string {
  if (field.fallback === undefined) return 'Not set';
  if (field.kind === 'boolean') return `Default: ${field.fallback === true ? 'Yes' : 'No'}`;
  const value = textOf(field, field.fallback);
  return `Default: ${field.kind === 'list' ? value.replaceAll('\n', ', ') : value}`;
}
