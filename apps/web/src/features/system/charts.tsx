import type { SystemHistory } from '@champion/contract';
import { useMemo } from 'react';
import { bytes, percent } from '../../lib/numbers.ts';
import { clockTime } from '../../lib/time.ts';
import LineChart from '../../ui/line-chart.tsx';
import { Panel } from '../../ui/panel.tsx';
import { columnsOf } from './samples.ts';

const clock = (at: number) => clockTime(at * 1000);
const share = (value: number) => percent(value, 0);
const whole = (value: number) => (Number.isInteger(value) ? String(value) : '');

/** What the server and its machine did, by its own samples. */
export default function Charts({ history }: { readonly history: SystemHistory }) {
  const drawn = useMemo(() => {
    const { x, of } = columnsOf(history);
    return {
      x,
      cpu: [{ label: 'This process', values: of(({ cpu }) => cpu), color: 'accent', kind: 'area' }] as const,
      memory: [
        { label: 'Resident', values: of(({ rss_bytes }) => rss_bytes), color: 'accent', kind: 'area' },
        { label: 'JavaScript heap', values: of(({ heap_used_bytes }) => heap_used_bytes), color: 'late', dashed: true },
      ] as const,
      machine: [
        { label: 'Memory', values: of(({ memory_used }) => memory_used), color: 'accent' },
        { label: 'Disk', values: of(({ disk_used }) => disk_used), color: 'paused', dashed: true },
      ] as const,
      queues: [
        { label: 'Running', values: of(({ running }) => running), color: 'running', kind: 'area' },
        { label: 'Late', values: of(({ late }) => late), color: 'late', dashed: true },
      ] as const,
      requests: [
        { label: 'Answered', values: of(({ requests }) => requests.answered), color: 'completed', kind: 'area' },
        { label: 'Refused', values: of(({ requests }) => requests.refused), color: 'late', dashed: true },
        { label: 'Failed', values: of(({ requests }) => requests.failed), color: 'failed' },
      ] as const,
      load: [{ label: 'Load, one minute', values: of(({ load }) => load), color: 'accent' }] as const,
    };
  }, [history]);
  const common = { x: drawn.x, time: true, height: 130, formatX: clock, min: 0 };
  return (
    <div className="grid gap-3 md:grid-cols-2 xl:grid-cols-3">
      <Panel title="Processor" aside="of all cores">
        <LineChart {...common} label="Processor use" series={drawn.cpu} formatY={share} max={1} />
      </Panel>
      <Panel title="Memory" aside="of this process">
        <LineChart {...common} label="Memory of this process" series={drawn.memory} formatY={bytes} />
      </Panel>
      <Panel title="Machine" aside="share used">
        <LineChart {...common} label="Memory and disk of the machine" series={drawn.machine} formatY={share} max={1} />
      </Panel>
      <Panel title="Load" aside="of the machine">
        <LineChart {...common} label="Load of the machine" series={drawn.load} formatY={(value) => value.toFixed(1)} />
      </Panel>
      <Panel title="Runs" aside="over all work queues">
        <LineChart {...common} label="Runs at work and late" series={drawn.queues} formatY={whole} />
      </Panel>
      <Panel title="Requests to the API" aside={`in ${history.every_seconds} s`}>
        <LineChart {...common} label="Requests by what became of them" series={drawn.requests} formatY={whole} />
      </Panel>
    </div>
  );
}
