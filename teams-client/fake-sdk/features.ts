import type * as Calling from '@azure/communication-calling';

import { Emitter } from './emitter';

class Feature extends Emitter {
  readonly name: string = 'fake';
  dispose(): void {
    // Nothing is held.
  }
}

/** Recording and transcription share one consent, as in Teams. */
export interface Demand {
  isRequired: boolean;
  grant(): Promise<void>;
}

export class FakeRecording extends Feature implements Calling.RecordingCallFeature {
  isRecordingActive = false;
  readonly recordings: Calling.RecordingInfo[] = [];
  constructor(private readonly demand: Demand) {
    super();
  }
  get isTeamsConsentRequired(): boolean {
    return this.demand.isRequired;
  }
  grantTeamsConsent(): Promise<void> {
    return this.demand.grant();
  }
}

export class FakeTranscription extends Feature implements Calling.TranscriptionCallFeature {
  isTranscriptionActive = false;
  constructor(private readonly demand: Demand) {
    super();
  }
  get isTeamsConsentRequired(): boolean {
    return this.demand.isRequired;
  }
  grantTeamsConsent(): Promise<void> {
    return this.demand.grant();
  }
}

class FakeTeamsCaptions extends Emitter implements Calling.TeamsCaptions {
  readonly kind = 'TeamsCaptions';
  readonly supportedSpokenLanguages = ['en-us'];
  readonly supportedCaptionLanguages = ['en-us'];
  readonly activeSpokenLanguage = 'en-us';
  readonly activeCaptionLanguage = 'en-us';
  isCaptionsFeatureActive = false;
  async startCaptions(): Promise<void> {
    return this.turn(true);
  }
  async stopCaptions(): Promise<void> {
    return this.turn(false);
  }
  private async turn(on: boolean): Promise<void> {
    this.isCaptionsFeatureActive = on;
    this.emit('CaptionsActiveChanged');
    return Promise.resolve();
  }
  async setSpokenLanguage(): Promise<void> {
    return Promise.resolve();
  }
  async setCaptionLanguage(): Promise<void> {
    return Promise.resolve();
  }
}

export class FakeCaptions extends Feature implements Calling.CaptionsCallFeature {
  readonly captions = new FakeTeamsCaptions();
  caption(speaker: string, text: string, final: boolean): void {
    if (!this.captions.isCaptionsFeatureActive) return;
    const received: Calling.TeamsCaptionsInfo = {
      captionText: text,
      captionLanguage: 'en-us',
      resultType: final ? 'Final' : 'Partial',
      speaker: { identifier: undefined, displayName: speaker },
      spokenLanguage: 'en-us',
      spokenText: text,
      timestamp: new Date(),
    };
    this.captions.emit('CaptionsReceived', received);
  }
}

export class FakeHands extends Feature implements Calling.RaiseHandCallFeature {
  private hands: Calling.RaisedHand[] = [];
  constructor(private readonly self: string) {
    super();
  }
  set(id: string, up: boolean): void {
    const identifier = { communicationUserId: id };
    const others = this.hands.filter((hand) => !('communicationUserId' in hand.identifier && hand.identifier.communicationUserId === id));
    this.hands = up ? [...others, { identifier, order: others.length + 1 }] : others;
    this.emit(up ? 'raisedHandEvent' : 'loweredHandEvent', { identifier });
  }
  async raiseHand(): Promise<void> {
    this.set(this.self, true);
    return Promise.resolve();
  }
  async lowerHand(): Promise<void> {
    this.set(this.self, false);
    return Promise.resolve();
  }
  async lowerHands(): Promise<void> {
    return Promise.reject(new Error('A guest lowers nobody\u2019s hand.'));
  }
  async lowerAllHands(): Promise<void> {
    return this.lowerHands();
  }
  getRaisedHands(): Calling.RaisedHand[] {
    return this.hands;
  }
}

export class FakeReactions extends Feature implements Calling.ReactionCallFeature {
  constructor(private readonly self: string) {
    super();
  }
  react(id: string, reactionType: Calling.Reaction): void {
    const payload: Calling.ReactionEventPayload = { identifier: { communicationUserId: id }, reactionMessage: { reactionType } };
    this.emit('reaction', payload);
  }
  async sendReaction({ reactionType }: Calling.ReactionMessage): Promise<void> {
    this.react(this.self, reactionType);
    return Promise.resolve();
  }
}

export class FakeSpeakers extends Feature implements Calling.DominantSpeakersCallFeature {
  readonly dominantSpeakers: Calling.DominantSpeakersInfo = { speakersList: [], timestamp: new Date() };
}

export type May = Record<'shareScreen' | 'turnVideoOn' | 'unmuteMic', boolean>;

export class FakeCapabilities extends Feature implements Calling.CapabilitiesFeature {
  capabilities = capabilitiesOf({ shareScreen: true, turnVideoOn: true, unmuteMic: true });
  set(may: May): void {
    const oldValue = this.capabilities;
    this.capabilities = capabilitiesOf(may);
    const change: Calling.CapabilitiesChangeInfo = { oldValue, newValue: this.capabilities, reason: 'RoleChanged' };
    this.emit('capabilitiesChanged', change);
  }
}

const NAMES = [
  'turnVideoOn', 'unmuteMic', 'shareScreen', 'removeParticipant', 'hangUpForEveryOne', 'addCommunicationUser', 'addTeamsUser',
  'addPhoneNumber', 'manageLobby', 'spotlightParticipant', 'removeParticipantsSpotlight', 'blurBackground',
  'startLiveMeetingCaptions', 'startLiveCallingCaptions', 'setCaptionLanguage', 'raiseHand', 'pstnDialOut', 'muteOthers',
  'useReactions', 'viewAttendeeNames', 'startTogetherMode', 'joinBreakoutRooms', 'forbidOthersAudio', 'forbidOthersVideo',
  'realTimeText',
] as const satisfies readonly Calling.ParticipantCapabilityName[];

export function capabilitiesOf(may: May): Calling.ParticipantCapabilities {
  const has = (name: Calling.ParticipantCapabilityName) => (name in may ? may[name as keyof May] : false);
  const entries = NAMES.map((name) => {
    const isPresent = has(name);
    return [name, { isPresent, reason: isPresent ? 'Capable' : 'RoleRestricted' }] as const;
  });
  return Object.fromEntries(entries) as Calling.ParticipantCapabilities;
}

class Diagnoses extends Emitter {
  getLatest() {
    return {};
  }
}

export class FakeDiagnostics extends Feature implements Calling.UserFacingDiagnosticsFeature {
  readonly network = new Diagnoses();
  readonly media = new Diagnoses();
  readonly remote = Object.assign(new Diagnoses(), {
    isSendingDiagnosticsEnabled: false,
    startSendingDiagnostics: () => undefined,
    stopSendingDiagnostics: () => undefined,
    getLatest: () => ({ diagnostics: [] }),
  });
  set(kind: 'network' | 'media', diagnostic: string, value: number | boolean): void {
    const valueType = typeof value === 'boolean' ? 'DiagnosticFlag' : 'DiagnosticQuality';
    this[kind].emit('diagnosticChanged', { diagnostic, value, valueType });
  }
}
