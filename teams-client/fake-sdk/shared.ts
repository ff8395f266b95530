import type { Seat } from './seat';

/** What the chunks of the fake share, as the real ones share Azure. */
interface Shared {
  seat?: Seat | undefined;
  self?: string;
  /** The HTTP status with which the chat answers, if it is to fail. */
  chatStatus?: number;
}

const KEY = Symbol.for('anteroom.fake-teams');

export function shared(): Shared {
  const found = Reflect.get(globalThis, KEY) as Shared | undefined;
  if (found) return found;
  const fresh: Shared = {};
  Reflect.set(globalThis, KEY, fresh);
  return fresh;
}
