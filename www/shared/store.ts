// Values that several parts of a page look at.
import { useEffect, useState } from 'preact/hooks';

export class Store<T> {
  private listeners = new Set<() => void>();
  constructor(private value: T) {}
  get(): T {
    return this.value;
  }
  set(value: T): void {
    this.value = value;
    this.listeners.forEach((tell) => tell());
  }
  on(tell: () => void): () => void {
    this.listeners.add(tell);
    return () => { this.listeners.delete(tell); };
  }
}

export function useStore<T>(store: Store<T>): T {
  const [, again] = useState(0);
  useEffect(() => store.on(() => again((n) => n + 1)), [store]);
  return store.get();
}
