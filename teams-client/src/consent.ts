import type { Report } from './contract';
import { endingOf } from './failure';
import type { Recording, Transcription } from './parts';

/** CONSENT_ALREADY_SET_OR_NOT_REQUIRED, in the SDK's words. */
const NOT_NEEDED = 41113;

/**
 * Recording and transcription: announced the moment the SDK says so. Where the meeting demands consent, nothing may be
 * sent before the person has given it. The demand is the meeting's policy: it stands whether or not anything is
 * recorded at the moment.
 */
export class Consent {
  private told = { recording: false, transcription: false };
  private stand: 'free' | 'asked' | 'granting' | 'granted' = 'free';

  constructor(
    private readonly recording: Recording,
    private readonly transcription: Transcription,
    private readonly report: Report,
    /** What may be sent has changed. */
    private readonly changed: () => void,
  ) {
    const look = () => { this.look(); };
    recording.on('isRecordingActiveChanged', look);
    transcription.on('isTranscriptionActiveChanged', look);
    this.look();
  }

  /** Is the person's word awaited? */
  get isAwaited(): boolean {
    return this.stand === 'asked' || this.stand === 'granting';
  }

  private get isRequired(): boolean {
    return this.recording.isTeamsConsentRequired || this.transcription.isTeamsConsentRequired;
  }

  /** The SDK has no event for the demand itself: it is looked for whenever something moves. */
  look(): void {
    const recording = this.recording.isRecordingActive;
    if (recording !== this.told.recording) this.report({ type: 'recording', on: recording });
    const transcription = this.transcription.isTranscriptionActive;
    if (transcription !== this.told.transcription) this.report({ type: 'transcription', on: transcription });
    this.told = { recording, transcription };

    const before = this.isAwaited;
    if (!this.isRequired) {
      this.stand = 'free';
      if (before) this.report({ type: 'consentRequired', on: false });
    } else if (this.stand === 'free') {
      this.stand = 'asked';
      this.report({ type: 'consentRequired', on: true });
    }
    if (before !== this.isAwaited) this.changed();
  }

  async grant(): Promise<void> {
    if (this.stand !== 'asked') return;
    this.stand = 'granting';
    try {
      // Once: both publish the same word, and the flag follows it late.
      await (this.recording.isTeamsConsentRequired ? this.recording : this.transcription).grantTeamsConsent();
    } catch (error) {
      if (endingOf(error).subCode !== NOT_NEEDED) {
        this.refused();
        return;
      }
    }
    // Withdrawn, or asked anew, meanwhile: that counts.
    if (this.isGranting()) this.stand = 'granted';
    this.changed();
  }

  /** As a method, because it changes while somebody waits. */
  private isGranting(): boolean {
    return this.stand === 'granting';
  }

  private refused(): void {
    if (!this.isGranting()) return;
    this.stand = 'asked';
    this.report({ type: 'diagnostic', code: 'consentFailed' });
    this.report({ type: 'consentRequired', on: true });
  }
}
