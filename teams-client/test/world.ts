/** A meeting under the test's hand: Microsoft's side played with Microsoft's declarations, the browser's by stand-ins. */

import type * as Calling from '@azure/communication-calling';
import type { ChatMessage, ChatMessageReceivedEvent } from '@azure/communication-chat';

import {
  FakeCapabilities,
  FakeCaptions,
  FakeDiagnostics,
  FakeHands,
  FakeReactions,
  FakeRecording,
  FakeSpeakers,
  FakeTranscription,
} from '../fake-sdk/features';
import { Emitter } from '../fake-sdk/emitter';
import { FEATURES } from '../fake-sdk/names';
import type { Credentials, Event } from '../src/contract';
import { TeamsEngine } from '../src/engine';
import type { Agent, Call, Chat, Credential, Loader, LocalAudio, LocalVideo, Sdk } from '../src/parts';

let tracks = 0;
export class Track {
  readonly id = `track-${(tracks += 1)}`;
  enabled = true;
  stopped = false;
  readonly copies: Track[] = [];
  constructor(readonly kind: 'audio' | 'video') {}
  clone(): Track {
    const copy = new Track(this.kind);
    copy.enabled = this.enabled;
    this.copies.push(copy);
    return copy;
  }
  stop(): void {
    this.stopped = true;
  }
}

export class Stream {
  constructor(readonly tracks: Track[] = []) {}
  getTracks(): Track[] {
    return this.tracks;
  }
}

Object.assign(globalThis, {
  MediaStream: Stream,
  AudioContext: class {
    createMediaStreamDestination = () => ({ stream: new Stream([new Track('audio')]) });
    close = () => Promise.resolve();
  },
});

export const track = (kind: 'audio' | 'video') => new Track(kind) as Track & MediaStreamTrack;

class Local {
  disposed = false;
  constructor(public stream: Stream) {}
  setMediaStream = (stream: Stream): Promise<void> => {
    this.stream = stream;
    return Promise.resolve();
  };
  dispose(): void {
    this.disposed = true;
  }
}

export class Video extends Emitter implements Calling.RemoteVideoStream {
  readonly id = 1;
  readonly size = { width: 1, height: 1 };
  readonly isReceiving = true;
  isAvailable = true;
  readonly stream = new Stream() as unknown as MediaStream;
  constructor(readonly mediaStreamType: Calling.MediaStreamType) {
    super();
  }
  getMediaStream(): Promise<MediaStream> {
    return Promise.resolve(this.stream);
  }
}

export class Participant extends Emitter implements Calling.RemoteParticipant {
  readonly endpointDetails: Calling.EndpointDetails[] = [];
  readonly role = 'Organizer';
  state: Calling.RemoteParticipantState = 'Connected';
  isMuted = false;
  isSpeaking = false;
  videoStreams: Video[] = [];
  readonly identifier: { kind: 'microsoftTeamsUser'; microsoftTeamsUserId: string; rawId: string };
  constructor(id: string, public displayName: string) {
    super();
    this.identifier = { kind: 'microsoftTeamsUser', microsoftTeamsUserId: id, rawId: `8:orgid:${id}` };
  }
  mute(): Promise<void> {
    return Promise.resolve();
  }
}

export class TestCall extends Emitter implements Call {
  state: Calling.CallState = 'Connecting';
  callEndReason?: Calling.CallEndReason;
  isMuted = true;
  role: Calling.ParticipantRole = 'Unknown';
  remoteParticipants: Participant[] = [];
  readonly done: string[] = [];
  readonly pictures: Local[] = [];
  /** What the meeting refuses. */
  readonly refuses = new Set<string>();
  readonly info = Object.assign(new Emitter(), {
    groupId: undefined,
    threadId: undefined as string | undefined,
    participantId: 'p',
    getServerCallId: () => Promise.resolve('s'),
    onCallInfoChanged: (event: string, listener: () => void) => { this.info.on(event, listener); },
    offCallInfoChanged: () => undefined,
  });
  readonly demand = {
    isRequired: false,
    grant: async () => {
      this.did('grant');
      this.demand.isRequired = false;
    },
  };
  readonly recording = new FakeRecording(this.demand);
  readonly transcription = new FakeTranscription(this.demand);
  readonly captions = new FakeCaptions();
  readonly hands = new FakeHands('8:acs:me');
  readonly reactions = new FakeReactions('8:acs:me');
  readonly speakers = new FakeSpeakers();
  readonly capabilities = new FakeCapabilities();
  readonly diagnostics = new FakeDiagnostics();

  feature<T extends Calling.CallFeature>(factory: Calling.CallFeatureFactory<T>): T {
    const known = new Map<unknown, unknown>([
      [FEATURES.Recording, this.recording],
      [FEATURES.Transcription, this.transcription],
      [FEATURES.Captions, this.captions],
      [FEATURES.RaiseHand, this.hands],
      [FEATURES.Reaction, this.reactions],
      [FEATURES.DominantSpeakers, this.speakers],
      [FEATURES.Capabilities, this.capabilities],
      [FEATURES.UserFacingDiagnostics, this.diagnostics],
    ]);
    return known.get(factory) as T;
  }

  private did(what: string): void {
    if (this.refuses.has(what)) throw new Error(`refused: ${what}`);
    this.done.push(what);
  }

  to(state: Calling.CallState, reason?: Calling.CallEndReason): void {
    this.state = state;
    if (reason) this.callEndReason = reason;
    this.emit('stateChanged');
  }
  async mute(): Promise<void> {
    this.did('mute');
    this.isMuted = true;
  }
  async unmute(): Promise<void> {
    this.did('unmute');
    this.isMuted = false;
  }
  async startVideo(stream: unknown): Promise<void> {
    this.did('startVideo');
    this.pictures.push(stream as Local);
  }
  async stopVideo(): Promise<void> {
    this.did('stopVideo');
  }
  async startScreenSharing(stream?: unknown): Promise<void> {
    this.did('startScreenSharing');
    this.pictures.push(stream as Local);
  }
  async stopScreenSharing(): Promise<void> {
    this.did('stopScreenSharing');
  }
  async hangUp(): Promise<void> {
    this.did('hangUp');
  }
}

export class TestChat extends Emitter {
  sent: string[] = [];
  past: ChatMessage[] = [];
  failure: number | undefined;
  stopped = false;
  private check(): void {
    if (this.failure !== undefined) throw Object.assign(new Error('refused'), { statusCode: this.failure });
  }
  getChatThreadClient = () => ({
    sendMessage: async ({ content }: { content: string }) => {
      this.check();
      this.sent.push(content);
      return { id: 'x' };
    },
    listMessages: () => this.list(),
  });
  private async *list(): AsyncIterable<ChatMessage> {
    this.check();
    yield* this.past;
  }
  async startRealtimeNotifications(): Promise<void> {
    this.check();
  }
  async stopRealtimeNotifications(): Promise<void> {
    this.stopped = true;
  }
  receive(id: string, message: string, type = 'Text', user = '8:orgid:anna'): void {
    const event: ChatMessageReceivedEvent = {
      threadId: THREAD,
      id,
      message,
      type,
      version: '1',
      metadata: {},
      createdOn: new Date(5),
      sender: { kind: 'communicationUser', communicationUserId: user },
      senderDisplayName: 'Anna',
      recipient: { kind: 'communicationUser', communicationUserId: '8:acs:me' },
    };
    this.emit('chatMessageReceived', event);
  }
}

export const THREAD = '19:meeting_x@thread.v2';

export interface Options {
  given?: Partial<Credentials>;
  loader?: Partial<Loader>;
  agent?: () => Promise<Agent>;
  refresh?: () => Promise<{ token: string; expiresOn: string }>;
  sending?: { microphone?: MediaStreamTrack; camera?: MediaStreamTrack; screen?: MediaStreamTrack; muted: boolean };
  /** Before the module sees the call. */
  prepare?: (call: TestCall) => void;
}

/** Joined, with the call in `Connecting`, unless the options say otherwise. */
export async function world(options: Options = {}) {
  const events: Event[] = [];
  const call = new TestCall();
  options.prepare?.(call);
  const chat = new TestChat();
  const freed: string[] = [];
  const seen: {
    locator?: unknown;
    joined?: Calling.JoinCallOptions | undefined;
    refresh?: Parameters<Sdk['newCredential']>[0];
    audio?: Local;
  } = {};
  const agent: Agent = {
    join: (locator, joined) => {
      seen.locator = locator;
      seen.joined = joined;
      return call;
    },
    dispose: async () => { freed.push('agent'); },
  };
  const sdk: Sdk = {
    newClient: () => ({
      createCallAgent: options.agent ?? (() => Promise.resolve(agent)),
      dispose: async () => { freed.push('client'); },
    }),
    newCredential: (refresh) => {
      seen.refresh = refresh;
      return { dispose: () => freed.push('credential') } as unknown as Credential;
    },
    newAudio: (stream) => {
      seen.audio = new Local(stream as unknown as Stream);
      return seen.audio as unknown as LocalAudio;
    },
    newVideo: (stream) => new Local(stream as unknown as Stream) as unknown as LocalVideo,
    features: FEATURES,
  };
  const loader: Loader = {
    sdk: () => Promise.resolve(sdk),
    chat: () => Promise.resolve({ newChat: () => chat as unknown as Chat }),
    ...options.loader,
  };
  const host = {
    report: (event: Event) => { events.push(event); },
    refresh: options.refresh ?? (() => Promise.resolve({ token: 'fresh', expiresOn: '2030-01-01T00:00:00Z' })),
  };
  const engine = new TeamsEngine(host, loader);
  const given: Credentials = {
    token: 'secret',
    expiresOn: '2029-01-01T00:00:00Z',
    user: '8:acs:me',
    name: 'Ana',
    meeting: { link: 'https://teams.microsoft.com/l/meetup-join/x' },
    publish: 'all',
    chat: null,
    ...options.given,
  };
  engine.join(given, options.sending ?? { muted: false });
  await settle();
  const of = <T extends Event['type']>(type: T) => events.filter((event): event is Event & { type: T } => event.type === type);
  return { engine, events, of, call, chat, freed, seen, agent };
}

/** Lets everything that is under way come to its end. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}
