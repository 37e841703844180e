import type { SqlAnswer } from '@champion/contract';
import { ChampionError } from '@champion/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api } from '../../app/api.ts';
import { bytes } from '../../lib/numbers.ts';
import { saveBlob, saveFile } from '../../lib/save-file.ts';
import { Button } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { notify, notifyError } from '../../ui/toast.tsx';
import { toCsv } from './cells.ts';

type Format = 'csv' | 'parquet';

interface ExportMenuProps {
  /** The query that was answered. */
  readonly query: string;
  readonly answer: SqlAnswer;
}

/** The rows that are shown, at once; or the whole answer, which the server asks for again and gives as a file. */
export function ExportMenu({ query, answer }: ExportMenuProps) {
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const whole = useMutation({
    mutationFn: async (format: Format) => {
      const controller = new AbortController();
      running.current = controller;
      const { signal } = controller;
      return saveFile(await api().exportSql({ body: { query, format, file_name: fileName() }, signal }));
    },
    onSuccess: (size, format) => notify(`The answer was saved as ${NAMES[format]}`, bytes(size)),
    onError: (error, format) => {
      if (error instanceof ChampionError && error.code === 'CANCELLED') return;
      // The browser's own, while the file comes.
      if (error.name === 'AbortError') return;
      notifyError(`The answer was not exported as ${NAMES[format]}`, error);
    },
  });
  if (whole.isPending) {
    return (
      <Button size="sm" icon="stop" onClick={() => running.current?.abort()}>
        Stop the export
      </Button>
    );
  }
  return (
    <Menu
      trigger={
        <Button size="sm" icon="download">
          Export
        </Button>
      }
      groups={[
        [
          {
            label: 'These rows as CSV',
            icon: 'download',
            onSelect: () => {
              const csv = toCsv(answer.columns, answer.rows);
              saveBlob(`${fileName()}.csv`, new Blob([csv], { type: 'text/csv;charset=utf-8' }));
            },
          },
        ],
        [
          { label: 'The whole answer as CSV', onSelect: () => whole.mutate('csv') },
          { label: 'The whole answer as Parquet', note: 'with its types', onSelect: () => whole.mutate('parquet') },
        ],
      ]}
    />
  );
}

const NAMES = { csv: 'CSV', parquet: 'Parquet' } as const;

function fileName(): string {
  return `champion-${new Date().toISOString().slice(0, 19).replace(/[:T]/g, '-')}`;
}
