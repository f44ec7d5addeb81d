// Charts of our own: columns over days, and bars that are a table. Drawn at the width there is, so
// that letters keep their size.
import { useEffect, useRef, useState } from 'preact/hooks';

export interface Series { name: string; values: number[]; tone: 'blue' | 'green' | 'amber' | 'red' }

/** A round number at or above the highest value, and how many steps lead there. */
export function scaleOf(most: number, whole = true): { top: number; step: number } {
  if (most <= 0) return { top: whole ? 4 : 1, step: 1 };
  const rough = most / 4, power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(whole ? 1 : 0, ([1, 2, 2.5, 5, 10].find((n) => n * power >= rough) ?? 10) * power);
  const even = whole ? Math.ceil(step) : step;
  return { top: Math.ceil(most / even) * even, step: even };
}

function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(640);
  useEffect(() => {
    const look = () => { if (box.current) setWidth(Math.max(240, box.current.clientWidth)); };
    look();
    addEventListener('resize', look);
    return () => removeEventListener('resize', look);
  }, []);
  return { box, width };
}

const HEIGHT = 240, TOP = 12, FOOT = 28;

/** Columns stacked by series, or apart, one place a name; the table beneath says the same in words. */
export function Columns({ label, names, series, apart, show = String }: { label: string; names: string[]; series: Series[]; apart?: boolean; show?: (value: number) => string }) {
  const { box, width } = useWidth();
  const sums = names.map((_, i) => series.reduce((sum, { values }) => (apart ? Math.max(sum, values[i]) : sum + values[i]), 0));
  const { top, step } = scaleOf(Math.max(0, ...sums));
  const marks = Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step);
  const left = Math.max(...marks.map((mark) => show(mark).length)) * 8 + 12, high = HEIGHT - TOP - FOOT;
  const room = (width - left - 4) / Math.max(1, names.length), bar = Math.max(1, Math.min(40, room * 0.7));
  const every = Math.ceil(names.length / Math.max(2, Math.floor((width - left) / 56)));
  const y = (value: number) => TOP + high * (1 - value / top);
  return (
    <div class="chart" ref={box}>
      <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={label}>
        {marks.map((mark) => <g key={mark}><line class="grid" x1={left} x2={width} y1={y(mark)} y2={y(mark)} /><text x={left - 8} y={y(mark) + 4} text-anchor="end">{show(mark)}</text></g>)}
        {names.map((name, i) => {
          let under = 0;
          const x = left + room * i + (room - bar) / 2;
          return (
            <g key={name}>
              {series.map(({ values, tone }, at) => {
                const from = apart ? 0 : under, wide = apart ? bar / series.length : bar;
                under = from + values[i];
                return values[i] > 0 && <rect key={tone} class={tone} x={apart ? x + wide * at : x} width={wide} y={y(under)} height={Math.max(1, y(from) - y(under))}><title>{`${names[i]} ${series[at].name} ${show(values[i])}`}</title></rect>;
              })}
              {i % every === 0 && <text x={left + room * (i + 0.5)} y={HEIGHT - 8} text-anchor="middle">{name}</text>}
            </g>
          );
        })}
      </svg>
      {series.length > 1 && <ul class="legend" aria-hidden="true">{series.map(({ name, tone }) => <li key={name}><svg width="12" height="12"><rect class={tone} width="12" height="12" /></svg>{name}</li>)}</ul>}
    </div>
  );
}

/** Names, bars and numbers: a table with pictures in it. */
export function Bars({ label, head, rows, show = String }: { label: string; head: [string, string]; rows: { key: string; name: string; value: number; tone?: Series['tone'] }[]; show?: (value: number) => string }) {
  const most = Math.max(1, ...rows.map(({ value }) => value));
  return (
    <table class="bars">
      <caption class="unseen">{label}</caption>
      <thead class="unseen"><tr><th scope="col">{head[0]}</th><th scope="col">{head[1]}</th></tr></thead>
      <tbody>{rows.map(({ key, name, value, tone = 'blue' }) => (
        <tr key={key}><th scope="row">{name}</th><td><div><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="ground" width="100" height="10" /><rect class={tone} width={(100 * value) / most} height="10" /></svg><b>{show(value)}</b></div></td></tr>
      ))}</tbody>
    </table>
  );
}
