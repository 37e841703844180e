import { useState } from 'react';
import { Field } from './field.tsx';
import { Input } from './input.tsx';
import { fieldsOf, readValue, type SchemaField, textOf } from './schema-fields.ts';
import { Select } from './select.tsx';

export interface SchemaFormProps {
  /** JSON Schema of an object. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly value: Readonly<Record<string, unknown>>;
  /** Given the values that are set; what is left empty is left out. `valid`: nothing is missing and all can be read. */
  readonly onChange: (value: Record<string, unknown>, valid: boolean) => void;
}

/** A form made of a JSON schema: dates, choices, switches, numbers and text; anything else as JSON. */
export function SchemaForm({ schema, value, onChange }: SchemaFormProps) {
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
      {fields.map((field) => (
        <Field
          key={field.name}
          label={
            <>
              <span className="figures">{field.name}</span>
              {field.required ? <span className="ml-1 text-xs font-normal text-ink-3">required</span> : null}
            </>
          }
          hint={field.hint}
          error={texts[field.name] === '' ? undefined : readValue(field, texts[field.name] ?? '').error}
        >
          <Control field={field} text={texts[field.name] ?? ''} onText={(text) => set(field.name, text)} />
        </Field>
      ))}
    </div>
  );
}

interface ControlProps {
  readonly field: SchemaField;
  readonly text: string;
  readonly onText: (text: string) => void;
}

function Control({ field, text, onText, ...rest }: ControlProps) {
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
  return (
    <Input
      {...rest}
      type={field.kind === 'date' ? 'date' : 'text'}
      inputMode={field.kind === 'number' || field.kind === 'integer' ? 'decimal' : undefined}
      value={text}
      placeholder={field.fallback === undefined ? undefined : fallbackLabel(field)}
      onChange={(event) => onText(event.currentTarget.value)}
      className="font-mono"
    />
  );
}

function fallbackLabel(field: SchemaField): string {
  if (field.fallback === undefined) return 'Not set';
  const value = field.kind === 'boolean' ? (field.fallback === true ? 'Yes' : 'No') : textOf(field, field.fallback);
  return `Default: ${value}`;
}
