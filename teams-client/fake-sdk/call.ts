import type * as Calling from '@azure/communication-calling';

import type { Call, Credential } from '../src/parts';
import { commands, resolve, tell, type Command, type Place } from './cloud';
import { AzureCommunicationTokenCredential } from './common';
import { Emitter } from './emitter';
import {
  FakeCapabilities,
  FakeCaptions,
  FakeDiagnostics,
  FakeHands,
  FakeReactions,
  FakeRecording,
  FakeSpeakers,
  FakeTranscription,
} from './features';
import { FEATURES } from './names';
import { FakeParticipant } from './people';
import { Seat } from './seat';
import { shared } from './shared';

const POLL_MS = 300;
const SELF = '8:acs:fake_self';

/** Why the room behind let us go, in Teams' codes. */
const ENDINGS: Record<string, Calling.CallEndReason> = {
  left: { code: 0, subCode: 0 },
  removed: { code: 0, subCode: 5000 },
  declined: { code: 0, subCode: 5854 },
  ended: { code: 0, subCode: 4097 },
  replaced: { code: 409, subCode: 40228 },
  bad_token: { code: 401, subCode: 10009 },
  network: { code: 490, subCode: 4525 },
};

/** A local stream of the fake; the declared classes can't be written down, their private parts are not ours. */
interface Local {
  getMediaStream(): Promise<MediaStream>;
  changed?: (() => void) | undefined;
}

export class FakeCall extends Emitter implements Call {
  state: Calling.CallState = 'Connecting';
  callEndReason?: Calling.CallEndReason;
  isMuted: boolean;
  role: Calling.ParticipantRole = 'Unknown';
  readonly info: Calling.CallInfo;
  private readonly people = new Map<number, FakeParticipant>();
  private seat: Seat | undefined;
  private isMediaUp = false;
  private last = 0;
  private poll: ReturnType<typeof setTimeout> | undefined;
  private readonly audio: Local | undefined;
  private readonly demand = {
    isRequired: false,
    grant: async () => {
      this.demand.isRequired = false;
      await tell('consented');
    },
  };
  private readonly recording = new FakeRecording(this.demand);
  private readonly transcription = new FakeTranscription(this.demand);
  private readonly captions = new FakeCaptions();
  private readonly hands = new FakeHands(SELF);
  private readonly reactions = new FakeReactions(SELF);
  private readonly speakers = new FakeSpeakers();
  private readonly capabilities = new FakeCapabilities();
  private readonly diagnostics = new FakeDiagnostics();

  constructor(
    private readonly place: Place,
    private readonly credential: Credential,
    sending: Calling.JoinCallOptions | undefined,
  ) {
    super();
    this.isMuted = sending?.audioOptions?.muted ?? false;
    this.audio = sending?.audioOptions?.localAudioStreams?.[0];
    if (this.audio) this.audio.changed = () => { this.sendSound().catch(() => undefined); };
    const isChannel = decodeURIComponent(place.meeting).includes('@thread.tacv2');
    this.info = {
      groupId: undefined,
      threadId: isChannel ? '19:fake@thread.tacv2' : '19:meeting_fake@thread.v2',
      participantId: 'fake',
      getServerCallId: () => Promise.resolve('fake'),
      onCallInfoChanged: () => undefined,
      offCallInfoChanged: () => undefined,
    };
    shared().self = SELF;
    this.start().catch(() => { this.end({ code: 500, subCode: 0 }); });
  }

  get remoteParticipants(): FakeParticipant[] {
    return [...this.people.values()];
  }

  private async start(): Promise<void> {
    const resolved = await resolve(this.place);
    if ('code' in resolved) {
      this.end(resolved);
      return;
    }
    await this.obey();
    if (this.isOver()) return;
    const seat = new Seat(resolved.socket, resolved.token);
    this.seat = seat;
    shared().seat = seat;
    seat.on('room', () => { this.look(); });
    seat.on('streams', () => { this.meet(); });
    seat.on('connected', () => {
      this.isMediaUp = true;
      this.look();
    });
    seat.on('closed', (why: string) => { this.end(ENDINGS[why] ?? { code: 500, subCode: 0 }); });
    await this.sendSound();
  }

  private isOver(): boolean {
    return this.state === 'Disconnected';
  }

  private look(): void {
    const status = this.seat?.room?.you.status;
    if (status === 'waiting') this.to('InLobby');
    if (status === 'admitted' && this.isMediaUp && this.state !== 'Connected') {
      this.setRole('Attendee');
      this.to('Connected');
    }
  }

  private to(state: Calling.CallState): void {
    if (this.state === state || this.isOver()) return;
    this.state = state;
    this.emit('stateChanged');
    this.meet();
  }

  /** The people of the room, once we are in. */
  private meet(): void {
    const { seat } = this;
    if (!seat?.room || this.state !== 'Connected') return;
    const here = seat.room.people.filter((one) => one.visit !== seat.room?.you.visit && one.status === 'admitted');
    const added: FakeParticipant[] = [];
    const removed: FakeParticipant[] = [];
    for (const [visit, one] of this.people) {
      if (here.some((person) => person.visit === visit)) continue;
      this.people.delete(visit);
      removed.push(one);
    }
    for (const person of here) {
      const known = this.people.get(person.visit);
      const one = known ?? new FakeParticipant(person);
      if (!known) {
        this.people.set(person.visit, one);
        added.push(one);
      }
      one.update(person, seat);
    }
    if (added.length + removed.length > 0) this.emit('remoteParticipantsUpdated', { added, removed });
  }

  /** Does what the test says, then asks again. */
  private async obey(): Promise<void> {
    if (this.isOver()) return;
    for (const command of await commands(this.place, this.last)) {
      this.last = Math.max(this.last, command.n);
      await this.execute(command);
    }
    if (!this.isOver()) this.poll = setTimeout(() => { this.obey().catch(() => undefined); }, POLL_MS);
  }

  private async execute(command: Command): Promise<void> {
    switch (command.t) {
      case 'end':
        this.end({ code: command.code, subCode: command.subCode });
        break;
      case 'recording':
        this.recording.isRecordingActive = command.on;
        this.recording.emit('isRecordingActiveChanged');
        break;
      case 'transcription':
        this.transcription.isTranscriptionActive = command.on;
        this.transcription.emit('isTranscriptionActiveChanged');
        break;
      case 'consent':
        this.demand.isRequired = true;
        this.recording.emit('isRecordingActiveChanged');
        break;
      case 'may':
        this.capabilities.set({ shareScreen: command.share, turnVideoOn: command.camera, unmuteMic: command.microphone });
        break;
      case 'role':
        this.setRole(command.role);
        break;
      case 'caption':
        this.captions.caption(command.speaker, command.text, command.final);
        break;
      case 'reaction':
        for (const id of this.others()) this.reactions.react(id, command.kind);
        break;
      case 'hand':
        for (const id of this.others()) this.hands.set(id, command.up);
        break;
      case 'network':
      case 'media':
        this.diagnostics.set(command.t, command.diagnostic, command.value);
        break;
      case 'muted':
        await this.mute();
        this.emit('mutedByOthers');
        break;
      case 'chat':
        shared().chatStatus = command.status;
        break;
      case 'refresh':
        if (this.credential instanceof AzureCommunicationTokenCredential) {
          this.credential.renew().catch(() => undefined);
        }
        break;
    }
  }

  private others(): string[] {
    return this.remoteParticipants.map(({ identifier }) =>
      identifier.kind === 'communicationUser' ? identifier.communicationUserId : ((identifier as { rawId?: string }).rawId ?? ''),
    );
  }

  private setRole(role: Calling.ParticipantRole): void {
    this.role = role;
    this.emit('roleChanged');
  }

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

  private refuseWithoutConsent(): void {
    if (this.demand.isRequired) throw new Error('Nothing can be sent before consent is given.');
  }

  private async sendSound(): Promise<void> {
    const stream = await this.audio?.getMediaStream();
    await this.seat?.send('microphone', this.isMuted ? undefined : stream?.getAudioTracks()[0]);
  }

  async mute(): Promise<void> {
    return this.setMuted(true);
  }

  async unmute(): Promise<void> {
    this.refuseWithoutConsent();
    return this.setMuted(false);
  }

  private async setMuted(muted: boolean): Promise<void> {
    this.isMuted = muted;
    await this.sendSound();
    this.emit('isMutedChanged');
  }

  async startVideo(stream: Local): Promise<void> {
    this.refuseWithoutConsent();
    await this.seat?.send('camera', (await stream.getMediaStream()).getVideoTracks()[0]);
  }

  async stopVideo(): Promise<void> {
    await this.seat?.send('camera', undefined);
  }

  async startScreenSharing(stream?: Local): Promise<void> {
    this.refuseWithoutConsent();
    await this.seat?.send('screen', (await stream?.getMediaStream())?.getVideoTracks()[0]);
  }

  async stopScreenSharing(): Promise<void> {
    await this.seat?.send('screen', undefined);
  }

  async hangUp(): Promise<void> {
    this.seat?.leave();
    this.end({ code: 0, subCode: 0 });
    return Promise.resolve();
  }

  private end(reason: Calling.CallEndReason): void {
    if (this.isOver()) return;
    clearTimeout(this.poll);
    this.seat?.leave();
    if (shared().seat === this.seat) shared().seat = undefined;
    this.callEndReason = reason;
    this.state = 'Disconnected';
    this.emit('stateChanged');
  }
}
