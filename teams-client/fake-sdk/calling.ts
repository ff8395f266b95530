/**
 * Plays `@azure/communication-calling`. What is exported is what `src/sdk.ts` takes from there; that it fits is checked
 * below, against Microsoft's own declarations.
 */

import type * as Calling from '@azure/communication-calling';

import type { Agent, Call, Credential } from '../src/parts';
import { isBlocked } from './cloud';
import { FakeCall } from './call';
import { FEATURES } from './names';

// Before anything is exported: the import itself fails, as it does where Microsoft is blocked.
if (await isBlocked()) throw new Error('The fake SDK could not be loaded.');

class FakeStream {
  constructor(private source: MediaStream) {}
  getMediaStream(): Promise<MediaStream> {
    return Promise.resolve(this.source);
  }
  setMediaStream(source: MediaStream): Promise<void> {
    this.source = source;
    this.changed?.();
    return Promise.resolve();
  }
  /** The call that sends it. */
  changed: (() => void) | undefined;
  dispose(): void {
    this.changed = undefined;
  }
}

export class LocalAudioStream extends FakeStream {
  readonly mediaStreamType = 'Audio';
}
export class LocalVideoStream extends FakeStream {
  readonly mediaStreamType = 'Video';
}

class SdkError extends Error {
  constructor(message: string, readonly code: number, readonly subCode: number) {
    super(message);
  }
}

export class CallClient {
  async createCallAgent(credential: Credential, options?: Calling.CallAgentOptions): Promise<Agent> {
    const { token } = await credential.getToken();
    if (token === '') throw new SdkError('There is no token.', 401, 10009);
    const calls = new Set<FakeCall>();
    const agent: Agent = {
      join(meeting, sending): Call {
        const place =
          'meetingLink' in meeting ? { meeting: meeting.meetingLink } : { meeting: meeting.meetingId, passcode: meeting.passcode };
        const call = new FakeCall({ ...place, name: options?.displayName ?? '' }, credential, sending);
        calls.add(call);
        return call;
      },
      async dispose() {
        for (const call of calls) await call.hangUp();
      },
    };
    return agent;
  }
  async dispose(): Promise<void> {
    return Promise.resolve();
  }
}

export const Features = FEATURES;
