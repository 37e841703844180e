import type { BlockDocument, BlockSchema } from '@champion/contract';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { SchemaForm } from '../../ui/schema-form.tsx';
import { Select } from '../../ui/select.tsx';
import { useSaveBlock } from './actions.ts';
import { fieldErrors, nameError, referenceOf } from './words.ts';

interface BlockDialogProps {
  /** Undefined: a new one. */
  readonly block: BlockDocument | undefined;
  /** Of a new one, at first: a type's slug, or anything else for the first there is. */
  readonly type?: string;
  readonly schemas: readonly BlockSchema[];
  readonly blocks: readonly BlockDocument[];
  readonly onClose: () => void;
}

/** Makes or edits a block: a form made of its type's schema. Secrets that are there are masked, and can be replaced. */
export function BlockDialog({ block, type, schemas, blocks, onClose }: BlockDialogProps) {
  const [slug, setSlug] = useState(() => {
    const wanted = schemas.find(({ block_type }) => block_type?.slug === type) ?? schemas[0];
    return block?.block_type.slug ?? wanted?.block_type?.slug ?? '';
  });
  const [name, setName] = useState(block?.name ?? '');
  const [data, setData] = useState<Readonly<Record<string, unknown>>>(block?.data ?? {});
  const [valid, setValid] = useState(block !== undefined);
  const [tried, setTried] = useState(false);
  const save = useSaveBlock();
  const schema = schemas.find(({ block_type }) => block_type?.slug === slug);
  const wrongName = block === undefined ? nameError(name.trim(), slug, blocks) : undefined;
  const errors = save.error === null ? {} : fieldErrors(save.error);
  const submit = () => {
    setTried(true);
    if (!valid || wrongName !== undefined || schema === undefined) return;
    const given =
      block === undefined
        ? { id: undefined, name: name.trim(), typeId: schema.block_type_id, data }
        : { id: block.id, name: referenceOf(block), data };
    save.mutate(given, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      width="md"
      title={block === undefined ? 'A new block' : `Edit ${referenceOf(block)}`}
      description={schema?.block_type?.description ?? undefined}
      actions={
        <>
          <Button onClick={onClose}>{block === undefined ? 'Not now' : 'Leave it as it is'}</Button>
          <Button variant="primary" busy={save.isPending} onClick={submit}>
            Save the block
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {block === undefined ? (
          <div className="grid gap-3 sm:grid-cols-2">
            <Field label="Type">
              <Select
                value={slug}
                onValueChange={(next) => {
                  setSlug(next);
                  setData({});
                  setValid(false);
                  setTried(false);
                  save.reset();
                }}
                options={schemas.flatMap(({ block_type }) =>
                  block_type === null ? [] : [{ value: block_type.slug, label: block_type.name }],
                )}
              />
            </Field>
            <Field
              label="Name"
              hint={name === '' ? 'It can’t be changed later' : `Used as ${slug}/${name.trim()}`}
              error={tried || name !== '' ? wrongName : undefined}
            >
              <Input value={name} autoComplete="off" onChange={(event) => setName(event.currentTarget.value)} />
            </Field>
          </div>
        ) : null}
        {schema === undefined ? null : (
          <SchemaForm
            key={slug}
            schema={schema.fields}
            value={block?.data ?? {}}
            tried={tried}
            errors={errors}
            onChange={(next, whole) => {
              setData(next);
              setValid(whole);
              if (save.isError) save.reset();
            }}
          />
        )}
        {save.isError && Object.keys(errors).length === 0 ? (
          <ErrorState error={save.error} title="The block could not be saved" />
        ) : null}
      </div>
    </Dialog>
  );
}
