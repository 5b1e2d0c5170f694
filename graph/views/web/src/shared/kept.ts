import { useState } from "preact/hooks";

const kept = new Map<string, unknown>();

/** State that outlives its component: what a reader has set in a view stands when they come back to it. */
export function useKept<T>(name: string, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(kept.has(name) ? (kept.get(name) as T) : initial);
  const keep = (next: T) => {
    kept.set(name, next);
    setValue(() => next);
  };
  return [value, keep];
}

/** A set with these put in if they are out, and out if they are in. */
export function toggled<T>(set: ReadonlySet<T>, ...these: T[]): ReadonlySet<T> {
  const next = new Set(set);
  for (const one of these) if (!next.delete(one)) next.add(one);
  return next;
}
