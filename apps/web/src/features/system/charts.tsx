import { useMemo } from 'react';
import { bytes, percent } from '../../lib/numbers.ts';
import { clockTime } from '../../lib/time.ts';
import LineChart from '../../ui/line-chart.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Sample } from './samples.ts';

const clock = (at: number) => clockTime(at * 1000);
const share = (value: number) => percent(value, 0);

/** What this process and its machine did while the page was open. */
export default function Charts({ samples }: { readonly samples: readonly Sample[] }) {
  const drawn = useMemo(
    () => ({
      x: samples.map(({ at }) => at),
      cpu: [{ label: 'Processor', values: samples.map(({ cpu }) => cpu), color: 'accent', kind: 'area' }] as const,
      memory: [
        { label: 'Resident', values: samples.map(({ rss }) => rss), color: 'accent', kind: 'area' },
        { label: 'JavaScript heap', values: samples.map(({ heap }) => heap), color: 'late', dashed: true },
      ] as const,
      machine: [
        { label: 'Memory of the machine', values: samples.map(({ memory }) => memory), color: 'accent' },
        { label: 'Disk', values: samples.map(({ disk }) => disk), color: 'paused', dashed: true },
      ] as const,
    }),
    [samples],
  );
  const common = { x: drawn.x, time: true, height: 150, formatX: clock, min: 0 };
  return (
    <div className="grid gap-3 lg:grid-cols-3">
      <Panel title="Processor" aside="of all cores">
        <LineChart {...common} label="Processor use" series={drawn.cpu} formatY={share} max={1} />
      </Panel>
      <Panel title="Memory" aside="of this process">
        <LineChart {...common} label="Memory of this process" series={drawn.memory} formatY={bytes} />
      </Panel>
      <Panel title="Machine" aside="share used">
        <LineChart {...common} label="Memory and disk of the machine" series={drawn.machine} formatY={share} max={1} />
      </Panel>
    </div>
  );
}
