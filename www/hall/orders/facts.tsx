// One thing of an order as a list of names and values; what is empty is left out.
import type { ComponentChildren } from 'preact';

export function Facts({ title, lines, id, wide, children }: { title: string; lines: [string, ComponentChildren][]; id?: string; wide?: boolean; children?: ComponentChildren }) {
  return (
    <section class="card" id={id} tabIndex={id ? -1 : undefined}>
      <h2>{title}</h2>
      <dl class={`bill${wide ? ' wide' : ''}`}>{lines.filter(([, value]) => value).map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
      {children}
    </section>
  );
}
