// Choosing from long lists: a bank branch while typing, a region level by level, a date or 长期.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { BankField as Branch } from '../../shared/bank';
import { Around, describe } from '../../shared/kit';
import { allRegions, type Region } from '../order';
import { t } from '../text';

interface Props { id: string; label: string; required?: boolean; hint?: ComponentChildren; error?: string; warning?: string; wide?: boolean; value: string; onValue: (value: string) => void; onLeave: () => void }
/** A branch by its keyword, in the words of the hall. */
export const BankField = (props: Props) => <Branch {...props} say={t} />;

/** Province, city, district; the value is the code of a place that has no parts. */
export function RegionField({ value, onValue, onLeave, ...field }: Props) {
  const [regions, setRegions] = useState<Region[]>([]);
  const [path, setPath] = useState<string[]>(['', '', '']);
  useEffect(() => { allRegions().then(setRegions, () => undefined); }, []);
  useEffect(() => {
    if (!value || !regions.length) return;
    const known = new Map(regions.map((region) => [region.code, region]));
    const up: string[] = [];
    for (let region = known.get(value); region; region = region.parent ? known.get(region.parent) : undefined) up.unshift(region.code);
    setPath([up[0] ?? '', up[1] ?? '', up[2] ?? '']);
  }, [value, regions]);
  const below = (parent: string | null) => regions.filter((region) => region.parent === parent);
  const choose = (level: number, code: string) => {
    const next = path.map((old, i) => (i < level ? old : i === level ? code : ''));
    for (let i = level; i < 2 && next[i]; i++) { // a city that is the only one is not asked for
      const only = below(next[i]);
      if (only.length !== 1) break;
      next[i + 1] = only[0].code;
    }
    setPath(next);
    const last = next.filter(Boolean).pop() ?? '';
    onValue(regions.find((region) => region.code === last)?.is_leaf ? last : '');
  };
  const { id, label } = field;
  const levels: [string | null, string][] = [[null, t('province')], [path[0], t('city')], [path[1], t('district')]];
  return (
    <Around {...field}>
      <div class="cascade">
        {levels.map(([parent, name], level) => {
          const choices = parent === '' ? [] : below(parent);
          return (
            <select key={name} id={level ? `${id}-${level}` : id} aria-label={`${label} ${name}`} value={path[level]} disabled={level > 0 && !choices.length} aria-required={field.required || undefined}
              {...describe(field)} onChange={(event) => choose(level, event.currentTarget.value)} onBlur={() => { if (level === 2 || !choices.length) onLeave(); }}>
              <option value="">{name}</option>
              {choices.map((region) => <option key={region.code} value={region.code}>{region.name}</option>)}
            </select>
          );
        })}
      </div>
    </Around>
  );
}

export function DateField({ value, onValue, onLeave, ...field }: Props) {
  const { id, label } = field;
  const long = value === 'long_term';
  return (
    <Around {...field}>
      <div class="inline">
        <input id={id} type="date" value={long ? '' : value} disabled={long} min="1990-01-01" max="2199-12-31" aria-required={field.required || undefined} {...describe(field)}
          onInput={(event) => onValue(event.currentTarget.value)} onBlur={onLeave} />
        <label class="choice"><input type="checkbox" checked={long} aria-label={`${label} ${t('longTerm')}`} onChange={(event) => onValue(event.currentTarget.checked ? 'long_term' : '')} /><span>{t('longTerm')}</span></label>
      </div>
    </Around>
  );
}
