import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Menu } from '../../ui/menu.tsx';
import { notify } from '../../ui/toast.tsx';
import { EXAMPLES } from './examples.ts';
import { forgetQuery, saveQuery, useSavedQueries } from './saved.ts';

export interface SavedMenuProps {
  /** What is in the editor. */
  readonly text: string;
  readonly onChoose: (text: string) => void;
}

/** The queries that this browser remembers, and some to begin with. */
export function SavedMenu({ text, onChoose }: SavedMenuProps) {
  const saved = useSavedQueries();
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const present = saved.find(({ sql }) => sql === text);
  return (
    <>
      <Menu
        trigger={<Button icon="down">Queries</Button>}
        groups={[
          [
            { label: 'Save this query…', icon: 'plus', onSelect: () => setNaming(true), disabled: text.trim() === '' },
            ...(present === undefined
              ? []
              : [
                  {
                    label: `Forget “${present.name}”`,
                    icon: 'close' as const,
                    danger: true,
                    onSelect: () => forgetQuery(present.name),
                  },
                ]),
          ],
          saved.map(({ name: label, sql }) => ({ label, onSelect: () => onChoose(sql) })),
          EXAMPLES.map(({ name: label, sql }) => ({ label, note: 'example', onSelect: () => onChoose(sql) })),
        ]}
      />
      <Dialog
        open={naming}
        onOpenChange={setNaming}
        title="Save this query"
        description="It is kept in this browser. One of the same name is replaced."
        actions={
          <Button type="submit" form="save-query" variant="primary" disabled={name.trim() === ''}>
            Save
          </Button>
        }
      >
        <form
          id="save-query"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() === '') return;
            saveQuery({ name: name.trim(), sql: text });
            setNaming(false);
            setName('');
            notify('Saved', name.trim());
          }}
        >
          <Field label="Name">
            <Input
              value={name}
              maxLength={80}
              onChange={(event) => setName(event.currentTarget.value)}
              className="w-full"
            />
          </Field>
        </form>
      </Dialog>
    </>
  );
}
