import type { Engine, Host } from './contract';
import { TeamsEngine } from './engine';
import { loader } from './load';

export type * from './contract';

export function createEngine(host: Host): Engine {
  return new TeamsEngine(host, loader);
}
