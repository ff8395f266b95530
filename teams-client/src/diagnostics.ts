import type {
  LatestDiagnosticValue,
  MediaDiagnosticType,
  NetworkDiagnosticType,
} from '@azure/communication-calling';

import type { Quality, Report } from './contract';
import type { Call, Sdk } from './parts';

/** DiagnosticQuality of the SDK, whose enum is not at hand without its seven megabytes. */
const GOOD = 1;
const BAD = 3;

/** What the SDK notices, for the person. Those that only its developers understand say nothing. */
const SENTENCES: Partial<Record<MediaDiagnosticType | NetworkDiagnosticType, string>> = {
  speakingWhileMicrophoneIsMuted: 'You are muted: nobody hears you.',
  noSpeakerDevicesEnumerated: 'No loudspeaker was found. Connect one to hear the others.',
  noMicrophoneDevicesEnumerated: 'No microphone was found. Connect one to be heard.',
  cameraFreeze: 'Your camera has stopped moving. Turn it off and on again.',
  cameraStartFailed: 'Your camera could not be started. Another program may be using it.',
  cameraStartTimedOut: 'Your camera does not answer. Another program may be using it.',
  capturerStartFailed: 'Your screen could not be shared. The browser or the system may forbid it.',
  microphoneNotFunctioning: 'Your microphone does not work. Choose another one, or reconnect it.',
  microphoneMuteUnexpectedly: 'Your microphone was muted by the system. Unmute it there to be heard.',
  cameraStoppedUnexpectedly: 'Your camera has stopped. Turn it on again.',
  capturerStoppedUnexpectedly: 'Sharing your screen has stopped.',
  microphonePermissionDenied: 'The browser may not use your microphone. Allow it in the address bar.',
  cameraPermissionDenied: 'The browser may not use your camera. Allow it in the address bar.',
  microphoneNotMuteButSilent: 'Nothing is heard from your microphone. Is it muted on the device itself?',
  noNetwork: 'The network is gone. Check your connection.',
  networkRelaysNotReachable: 'This network blocks calls. Try another one, a phone\u2019s for example.',
};

/** The state of the network, and what else the SDK notices. */
export class Diagnostics {
  private readonly network = new Map<NetworkDiagnosticType, number | boolean>();
  private quality: Quality | undefined;
  isInterrupted = false;

  constructor(
    call: Call,
    sdk: Sdk,
    private readonly report: Report,
    /** The connection to the meeting broke, or is back. */
    private readonly interrupted: () => void,
  ) {
    const { network, media } = call.feature(sdk.features.UserFacingDiagnostics);
    network.on('diagnosticChanged', ({ diagnostic, value }) => {
      this.network.set(diagnostic, value);
      this.say(diagnostic, value);
      this.weigh();
    });
    media.on('diagnosticChanged', ({ diagnostic, value }) => { this.say(diagnostic, value); });
    const latest = Object.entries(network.getLatest()) as [NetworkDiagnosticType, LatestDiagnosticValue | undefined][];
    for (const [diagnostic, one] of latest) if (one) this.network.set(diagnostic, one.value);
    this.weigh();
  }

  private say(diagnostic: MediaDiagnosticType | NetworkDiagnosticType, value: number | boolean): void {
    const text = SENTENCES[diagnostic];
    if (text !== undefined && (value === true || value === BAD)) this.report({ type: 'diagnostic', text });
  }

  private weigh(): void {
    const level = (name: NetworkDiagnosticType) => Number(this.network.get(name) ?? GOOD);
    const lost = this.network.get('noNetwork') === true || level('networkReconnect') > GOOD;
    const worst = Math.max(level('networkReceiveQuality'), level('networkSendQuality'));
    const quality: Quality = lost ? 'lost' : worst <= GOOD ? 'good' : worst === BAD ? 'poor' : 'fair';
    if (quality !== this.quality && !(this.quality === undefined && quality === 'good')) {
      this.report({ type: 'quality', quality });
    }
    this.quality = quality;
    if (lost !== this.isInterrupted) {
      this.isInterrupted = lost;
      this.interrupted();
    }
  }
}
