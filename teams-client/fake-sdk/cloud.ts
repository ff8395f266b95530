import type { MediaDiagnosticType, NetworkDiagnosticType, ParticipantRole, Reaction } from '@azure/communication-calling';

declare global {
  /** Where the test's cloud listens, told to the page before the module is loaded. */
  var anteroomFakeCloud: string | undefined;
}

const cloud = (): string => globalThis.anteroomFakeCloud ?? 'http://localhost:18990';

export type Command = { n: number } & (
  | { t: 'end'; code: number; subCode: number }
  | { t: 'recording' | 'transcription'; on: boolean }
  | { t: 'consent' | 'refresh' | 'muted' }
  | { t: 'may'; share: boolean; camera: boolean; microphone: boolean }
  | { t: 'role'; role: ParticipantRole }
  | { t: 'caption'; speaker: string; text: string; final: boolean }
  | { t: 'reaction'; kind: Reaction }
  | { t: 'hand'; up: boolean }
  | { t: 'network'; diagnostic: NetworkDiagnosticType; value: number | boolean }
  | { t: 'media'; diagnostic: MediaDiagnosticType; value: number | boolean }
  | { t: 'chat'; status: number }
);

export type Resolved = { token: string; socket: string } | { code: number; subCode: number };

export interface Place {
  meeting: string;
  passcode?: string | undefined;
  name: string;
}

function address(path: string, place: Place, more: Record<string, string> = {}): URL {
  const url = new URL(path, cloud());
  const { meeting, passcode, name } = place;
  const fields = { meeting, name, ...(passcode === undefined ? {} : { passcode }), ...more };
  for (const [field, value] of Object.entries(fields)) url.searchParams.set(field, value);
  return url;
}

export async function resolve(place: Place): Promise<Resolved> {
  const answer = await fetch(address('/resolve', place)).catch(() => undefined);
  if (!answer) return { code: 490, subCode: 4525 };
  if (!answer.ok) return { code: 404, subCode: 4500 };
  return (await answer.json()) as Resolved;
}

export async function commands(place: Place, since: number): Promise<Command[]> {
  const answer = await fetch(address('/control', place, { since: String(since) })).catch(() => undefined);
  return answer?.ok === true ? ((await answer.json()) as Command[]) : [];
}

/** Tells the test what the page did. */
export async function tell(what: 'refreshed' | 'consented', body: object = {}): Promise<void> {
  await fetch(new URL(`/${what}`, cloud()), {
    method: 'POST',
    // Plain text: a request that needs no permission first.
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify(body),
  }).catch(() => undefined);
}

/** A network that blocks Microsoft. */
export async function isBlocked(): Promise<boolean> {
  const answer = await fetch(new URL('/sdk', cloud())).catch(() => undefined);
  return answer?.status === 500;
}
