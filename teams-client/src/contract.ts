/**
 * What the page and this module say to each other. The page calls the module in `app/src/call/engines/teams/module.rs`, and
 * reads each event straight into `EngineEvent` (`app/src/call/engines/event.rs`): a new event is a line here and one there.
 */

export interface Host {
  report(event: Event): void;
  /** Asks our server, through the seat, for a fresh token. */
  refresh(): Promise<{ token: string; expiresOn: string }>;
}

export interface Credentials {
  token: string;
  expiresOn: string;
  /** `8:acs:…` */
  user: string;
  name: string;
  meeting: { link: string } | { id: string; passcode?: string };
  /** `nothing` is an attendee's seat: no sound, no picture and no screen leave it, whatever Teams would allow. */
  publish: 'all' | 'nothing';
  /** null: Teams chat is off. */
  chat: { endpoint: string } | null;
}

export interface Tracks {
  microphone?: MediaStreamTrack | undefined;
  camera?: MediaStreamTrack | undefined;
  screen?: MediaStreamTrack | undefined;
}

export type Reaction = 'like' | 'heart' | 'applause' | 'laugh' | 'surprised';

export interface Engine {
  join(credentials: Credentials, sending: Tracks & { muted: boolean }): void;
  /** Frees everything; no event follows. */
  leave(): void;
  setMicrophone(track?: MediaStreamTrack): void;
  mute(muted: boolean): void;
  setCamera(track?: MediaStreamTrack): void;
  setScreen(track?: MediaStreamTrack): void;
  raiseHand(up: boolean): void;
  react(kind: Reaction): void;
  captions(on: boolean): void;
  consent(): void;
  say(text: string): void;
  networkChanged(): void;
}

export type Source = 'camera' | 'screen';
export type Quality = 'good' | 'fair' | 'poor' | 'lost';
export type ChatOff = 'forbidden' | 'channel' | 'ended' | 'failed';

export interface Person {
  id: string;
  name: string;
  muted: boolean;
  hand: boolean;
  speaking: boolean;
  self: boolean;
}

/** What a person is told in a sentence of the page's, in the page's language. The first are the SDK's own names. */
export type DiagnosticCode =
  | 'speakingWhileMicrophoneIsMuted'
  | 'noSpeakerDevicesEnumerated'
  | 'noMicrophoneDevicesEnumerated'
  | 'cameraFreeze'
  | 'cameraStartFailed'
  | 'cameraStartTimedOut'
  | 'capturerStartFailed'
  | 'microphoneNotFunctioning'
  | 'microphoneMuteUnexpectedly'
  | 'cameraStoppedUnexpectedly'
  | 'capturerStoppedUnexpectedly'
  | 'microphonePermissionDenied'
  | 'cameraPermissionDenied'
  | 'microphoneNotMuteButSilent'
  | 'noNetwork'
  | 'networkRelaysNotReachable'
  | 'captionsMissing'
  | 'captionsStay'
  | 'chatElsewhere'
  | 'consentFailed'
  | 'mutedByHost'
  | 'partsMissing'
  | 'handFailed'
  | 'reactionFailed'
  | 'pictureFailed'
  | 'microphoneFailed'
  | 'muteFailed'
  | 'cameraRefused'
  | 'screenRefused';

export type Event =
  | { type: 'loading'; share: number }
  | { type: 'state'; state: 'connecting' | 'lobby' | 'connected' | 'interrupted' }
  | { type: 'ended'; code: number; subCode: number }
  | { type: 'people'; people: Person[] }
  | { type: 'stream'; id: string; source: Source; stream: MediaStream }
  | { type: 'streamGone'; id: string; source: Source }
  | { type: 'quality'; quality: Quality }
  | { type: 'diagnostic'; code: DiagnosticCode }
  | { type: 'recording'; on: boolean }
  | { type: 'transcription'; on: boolean }
  /** The meeting's demand for consent, which can be withdrawn. */
  | { type: 'consentRequired'; on: boolean }
  | { type: 'captions'; on: boolean }
  | { type: 'caption'; speaker: string; text: string; final: boolean }
  | { type: 'reaction'; id: string; kind: string }
  | { type: 'role'; role: string }
  | { type: 'may'; share: boolean; camera: boolean; microphone: boolean }
  | { type: 'chat'; id: string; sender: string; mine: boolean; text: string; at: number }
  /** What is said reaches the meeting's own chat from now on. */
  | { type: 'chatOn' }
  | { type: 'chatOff'; reason: ChatOff }
  /** Teams has taken a message of ours. */
  | { type: 'wrote' }
  /** What was to be said and did not reach the meeting's chat: it must go another way. */
  | { type: 'unsent'; text: string }
  /** The host has muted us. */
  | { type: 'mutedByOthers' }
  /** The meeting did not take this picture: it is not sent. */
  | { type: 'refused'; source: Source };

export type Report = (event: Event) => void;
