// Parts that pages are made of: native elements with labels, hints and messages tied to them.
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

export interface Message { id: string; text: string }

/** What is wrong, on top of the form; takes the focus whenever `shown` changes. */
export function ErrorSummary({ title, items, shown }: { title: string; items: Message[]; shown: number }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => { if (shown && items.length) box.current?.focus(); }, [shown]);
  if (!items.length) return null;
  const jump = (event: Event, id: string) => {
    const target = document.getElementById(id);
    if (!target) return;
    event.preventDefault();
    target.focus();
    target.scrollIntoView({ block: 'center' });
  };
  return (
    <div class="summary" role="alert" tabIndex={-1} ref={box}>
      <h2>{title}</h2>
      <ul>{items.map(({ id, text }) => <li key={id + text}><a href={`#${id}`} onClick={(event) => jump(event, id)}>{text}</a></li>)}</ul>
    </div>
  );
}

export type Tone = 'info' | 'good' | 'warn' | 'bad';
const MARK: Record<Tone, string> = { info: 'i', good: '✓', warn: '!', bad: '×' };

export function Notice({ tone = 'info', children, live }: { tone?: Tone; children: ComponentChildren; live?: boolean }) {
  return (
    <div class={`notice ${tone}`} role={live ? 'status' : undefined}>
      <span class="mark" aria-hidden="true">{MARK[tone]}</span>
      <div>{children}</div>
    </div>
  );
}

export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

interface FieldProps {
  id: string; label: string; required?: boolean; hint?: ComponentChildren; error?: string; warning?: string; wide?: boolean;
}

/** Which texts belong to a control. */
export function describe({ id, hint, error, warning }: Pick<FieldProps, 'id' | 'hint' | 'error' | 'warning'>) {
  const names = [hint && `${id}-hint`, error && `${id}-error`, !error && warning && `${id}-warning`].filter(Boolean).join(' ');
  return { 'aria-describedby': names || undefined, 'aria-invalid': error ? true : undefined };
}

export function Around({ id, label, required, hint, error, warning, wide, children }: FieldProps & { children: ComponentChildren }) {
  return (
    <div class={`field${error ? ' wrong' : ''}${wide ? ' wide' : ''}`}>
      <label for={id}>{required && <span class="star" aria-hidden="true">*</span>}{label}</label>
      <div class="control">
        {children}
        {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
        {error ? <p class="error" id={`${id}-error`}>{error}</p> : warning && <p class="warning" id={`${id}-warning`}>{warning}</p>}
      </div>
    </div>
  );
}

type InputProps = Omit<JSX.IntrinsicElements['input'], 'onInput' | 'value' | 'id' | 'label'>;

export function TextField({ value, onValue, id, label, required, hint, error, warning, wide, after, ...rest }:
  FieldProps & InputProps & { value: string; onValue: (value: string) => void; after?: ComponentChildren }) {
  return (
    <Around {...{ id, label, required, hint, error, warning, wide }}>
      <div class="inline">
        <input type="text" id={id} value={value} aria-required={required || undefined} {...describe({ id, hint, error, warning })} {...rest}
          onInput={(event) => onValue(event.currentTarget.value)} />
        {after}
      </div>
    </Around>
  );
}

/** A password that can be looked at. */
export function PasswordField({ show, hide, ...props }: Parameters<typeof TextField>[0] & { show: string; hide: string }) {
  const [open, setOpen] = useState(false);
  const toggle = <button type="button" class="quiet" aria-pressed={open} onClick={() => setOpen(!open)}>{open ? hide : show}</button>;
  return <TextField {...props} type={open ? 'text' : 'password'} after={toggle} />;
}

export interface Choice { value: string; label: string }

export function SelectField({ value, onValue, choices, empty, id, label, required, hint, error, warning, wide, ...rest }:
  FieldProps & Omit<JSX.IntrinsicElements['select'], 'onChange' | 'value' | 'id' | 'label'> & { value: string; onValue: (value: string) => void; choices: Choice[]; empty?: string }) {
  return (
    <Around {...{ id, label, required, hint, error, warning, wide }}>
      <select id={id} value={value} aria-required={required || undefined} {...describe({ id, hint, error, warning })} {...rest}
        onChange={(event) => onValue(event.currentTarget.value)}>
        {empty !== undefined && <option value="">{empty}</option>}
        {choices.map((choice) => <option key={choice.value} value={choice.value}>{choice.label}</option>)}
      </select>
    </Around>
  );
}

export function RadioField({ value, onValue, choices, id, label, required, hint, error, wide }:
  FieldProps & { value: string; onValue: (value: string) => void; choices: Choice[] }) {
  return (
    <fieldset class={`field${error ? ' wrong' : ''}${wide ? ' wide' : ''}`} {...describe({ id, hint, error })}>
      <legend>{required && <span class="star" aria-hidden="true">*</span>}{label}</legend>
      <div class="control">
        <div class="choices">
          {choices.map((choice, i) => (
            <label key={choice.value} class="choice">
              <input type="radio" name={id} id={i ? `${id}-${choice.value}` : id} checked={choice.value === value} onChange={() => onValue(choice.value)} />
              <span>{choice.label}</span>
            </label>
          ))}
        </div>
        {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
        {error && <p class="error" id={`${id}-error`}>{error}</p>}
      </div>
    </fieldset>
  );
}

export function Tick({ id, checked, onValue, error, children }:
  { id: string; checked: boolean; onValue: (on: boolean) => void; error?: string; children: ComponentChildren }) {
  return (
    <div class={`tick${error ? ' wrong' : ''}`}>
      <label class="choice">
        <input type="checkbox" id={id} checked={checked} {...describe({ id, error })} onChange={(event) => onValue(event.currentTarget.checked)} />
        <span>{children}</span>
      </label>
      {error && <p class="error" id={`${id}-error`}>{error}</p>}
    </div>
  );
}

/** Seconds until a moment, counted down; 0 when it is over or there is none. */
export function useSeconds(until: number): number {
  const left = () => Math.max(0, Math.ceil((until - Date.now()) / 1000));
  const [seconds, setSeconds] = useState(left());
  useEffect(() => {
    setSeconds(left());
    const timer = setInterval(() => {
      setSeconds(left());
      if (!left()) clearInterval(timer);
    }, 500);
    return () => clearInterval(timer);
  }, [until]);
  return seconds;
}

export const clock = (seconds: number) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

/** Copies a text; where that is not allowed, it selects it. */
export function Copy({ text, label, done }: { text: string; label: string; done: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement('textarea');
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
    setCopied(true);
    setTimeout(() => setCopied(false), 3000);
  };
  return (
    <>
      <button type="button" class="quiet" onClick={copy}>{label}</button>
      <span class="copied" role="status">{copied ? done : ''}</span>
    </>
  );
}

export function Steps({ label, names, current, done }: { label: string; names: string[]; current: number; done: string }) {
  return (
    <nav aria-label={label} class="steps">
      <ol>
        {names.map((name, i) => (
          <li key={name} class={i < current ? 'done' : i === current ? 'current' : ''} aria-current={i === current ? 'step' : undefined}>
            <span class="dot" aria-hidden="true">{i < current ? '✓' : i + 1}</span>
            <span class="name">{name}{i < current && <span class="unseen">{done}</span>}</span>
          </li>
        ))}
      </ol>
    </nav>
  );
}
