type Listener = (...args: never[]) => void;

/** `on` and `off` of every event of the SDK: the declarations' overloads say which there are. */
export class Emitter {
  private readonly listeners = new Map<string, Set<Listener>>();

  on(event: string, listener: Listener): void {
    const all = this.listeners.get(event) ?? new Set();
    all.add(listener);
    this.listeners.set(event, all);
  }

  off(event: string, listener: Listener): void {
    this.listeners.get(event)?.delete(listener);
  }

  emit(event: string, ...args: unknown[]): void {
    for (const listener of this.listeners.get(event) ?? []) (listener as (...args: unknown[]) => void)(...args);
  }
}
