// Why an order is sent back: coded reasons of the list, each with words that can be made precise.
import { useEffect, useRef, useState } from 'preact/hooks';
import materials from 'defs:material';
import reasons from 'defs:reason-review';
import type { Desk, Reason } from '../order/data';
import { paperName } from '../order/papers';
import { of } from '../text';
import { t } from './text';

interface Choice { key: string; reason: Reason; name: string; blank: boolean }
interface Group { target: string; name: string; choices: Choice[] }

const OPEN = ['other_form', 'other_document', 'supplement_needed']; // they say nothing by themselves

/** Every reason that can be given for this order, group by group; papers first, as they lie there. */
export function groupsOf(order: Desk): Group[] {
  const organisation = order.certificate_type === 'organisation';
  const papers = Object.entries(materials).filter(([, row]) => row.source === 'SCAN' && row.needed === 'DOCUMENTS' && (organisation || row.types === 'BOTH')).map(([kind]) => `documents/${kind}`);
  const groups: Group[] = [...papers, 'form', 'identity', 'documents/supplement'].map((target) => ({
    target, choices: [], name: target === 'form' ? t('gForm') : target === 'identity' ? t('gIdentity') : paperName(target.slice(10)),
  }));
  for (const [code, row] of Object.entries(reasons)) {
    if (order.return_reasons && !order.return_reasons.includes(code)) continue;
    const pointer = row.pointer.replace(/^\/person\//, organisation ? '/handler/' : '/applicant/');
    if (!organisation && /^\/(?:legal_representative|organisation\/(?:address|valid_to))/.test(pointer)) continue;
    const targets = row.target === 'documents' ? papers : [row.target];
    for (const target of targets) {
      const name = code === 'other_document' ? t('otherDocument') : code === 'other_form' ? t('otherForm') : of(row);
      groups.find((group) => group.target === target)?.choices.push({
        key: `${target} ${code}`, name, blank: OPEN.includes(code), reason: { target, ...(pointer && { pointer }), code, text: OPEN.includes(code) ? '' : row.zh },
      });
    }
  }
  return groups.filter(({ choices }) => choices.length);
}

/** What has been chosen, by key, with its words. */
export type Chosen = Record<string, Reason>;

export function Reasons({ order, chosen, set, problem }: { order: Desk; chosen: Chosen; set: (next: Chosen) => void; problem: string }) {
  const [filter, setFilter] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const toggle = ({ key, reason }: Choice, on: boolean) => set(on ? { ...chosen, [key]: reason } : Object.fromEntries(Object.entries(chosen).filter(([name]) => name !== key)));
  const groups = groupsOf(order).map((group) => ({ ...group, choices: group.choices.filter(({ key, name }) => chosen[key] || `${group.name} ${name}`.toLowerCase().includes(filter.trim().toLowerCase())) }))
    .filter(({ choices }) => choices.length);
  return (
    <div class="reasons">
      <h3 id="reasons-title">{t('reasons')}</h3>
      <label class="reasonFilter">{t('reasonFilter')}<input id="reason-filter" ref={field} class="plain" type="search" value={filter} placeholder={t('reasonFilterHint')} autoComplete="off"
        aria-describedby={problem ? 'verdict-problem' : undefined} onInput={(event) => setFilter(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === 'Enter') event.preventDefault(); }} /></label>
      {!groups.length && <p class="soft" role="status">{t('reasonNone')}</p>}
      {groups.map((group) => (
        <fieldset key={group.target}>
          <legend>{group.name}</legend>
          {group.choices.map((choice) => {
            const id = `r-${choice.key.replace(/\W/g, '-')}`;
            const picked = chosen[choice.key];
            return (
              <div key={choice.key}>
                <label class="choice"><input type="checkbox" id={id} checked={!!picked} onChange={(event) => toggle(choice, event.currentTarget.checked)} /><span>{choice.name}</span></label>
                {picked && <textarea class="plain" rows={2} maxLength={300} aria-label={`${t('reasonText')}：${choice.name}`} value={picked.text} onInput={(event) => set({ ...chosen, [choice.key]: { ...picked, text: event.currentTarget.value } })} />}
              </div>
            );
          })}
        </fieldset>
      ))}
    </div>
  );
}

/** The first of the chosen that says nothing yet, by its name. */
export function unsaid(order: Desk, chosen: Chosen): string {
  const all = groupsOf(order).flatMap(({ name, choices }) => choices.map((choice) => ({ ...choice, group: name })));
  const found = all.find(({ key }) => chosen[key] && !chosen[key].text.trim());
  return found ? `${found.group} · ${found.name}` : '';
}
