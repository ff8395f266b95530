import type { CapabilityResolutionReason } from '@azure/communication-calling';

import type { Event, Report } from './contract';
import type { Call, Sdk } from './parts';

interface May {
  share: boolean;
  camera: boolean;
  microphone: boolean;
}

/** Said of everything before Teams has told the SDK anything: no refusal. */
const UNKNOWN: ReadonlySet<string> = new Set<CapabilityResolutionReason>([
  'NotInitialized',
  'FeatureNotSupported',
  'CapabilityNotApplicableForTheCallType',
]);

/** The role that Teams gave, and what it lets the person do. */
export class Rights {
  /** Until Teams says otherwise. */
  may: May = { share: true, camera: true, microphone: true };
  private role = '';
  private told = '';

  constructor(
    private readonly call: Call,
    sdk: Sdk,
    private readonly viewOnly: boolean,
    private readonly report: Report,
    changed: () => void,
  ) {
    const feature = call.feature(sdk.features.Capabilities);
    const read = () => {
      const { shareScreen, turnVideoOn, unmuteMic } = feature.capabilities;
      const says = (one: { isPresent: boolean; reason: string } | undefined) =>
        one === undefined || one.isPresent || UNKNOWN.has(one.reason);
      this.may = { share: says(shareScreen), camera: says(turnVideoOn), microphone: says(unmuteMic) };
      this.tell();
    };
    feature.on('capabilitiesChanged', () => {
      read();
      changed();
    });
    call.on('roleChanged', () => {
      this.tellRole();
      read();
      changed();
    });
    this.tellRole();
    read();
  }

  private tellRole(): void {
    const { role } = this.call;
    if (role === this.role || role === 'Unknown') return;
    this.role = role;
    this.report({ type: 'role', role });
  }

  private tell(): void {
    const event: Event = this.viewOnly
      ? { type: 'may', share: false, camera: false, microphone: false }
      : { type: 'may', ...this.may };
    const text = JSON.stringify(event);
    if (text === this.told) return;
    this.told = text;
    this.report(event);
  }
}
