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

/** What the SDK notices and a person can do something about. The rest only its developers understand. */
const TOLD = [
  'speakingWhileMicrophoneIsMuted',
  'noSpeakerDevicesEnumerated',
  'noMicrophoneDevicesEnumerated',
  'cameraFreeze',
  'cameraStartFailed',
  'cameraStartTimedOut',
  'capturerStartFailed',
  'microphoneNotFunctioning',
  'microphoneMuteUnexpectedly',
  'cameraStoppedUnexpectedly',
  'capturerStoppedUnexpectedly',
  'microphonePermissionDenied',
  'cameraPermissionDenied',
  'microphoneNotMuteButSilent',
  'noNetwork',
  'networkRelaysNotReachable',
] as const satisfies readonly (MediaDiagnosticType | NetworkDiagnosticType)[];

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
    const code = TOLD.find((told) => told === diagnostic);
    if (code !== undefined && (value === true || value === BAD)) this.report({ type: 'diagnostic', code });
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
