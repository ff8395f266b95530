import type { Report } from './contract';
import type { Recording, Transcription } from './parts';

/**
 * Recording and transcription: announced the moment the SDK says so. Where the meeting demands consent, nothing may be
 * sent before the person has given it.
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
    if (!this.isRequired) this.stand = 'free';
    else if (this.stand === 'free') {
      this.stand = 'asked';
      this.report({ type: 'consentRequired' });
    }
    if (before !== this.isAwaited) this.changed();
  }

  async grant(): Promise<void> {
    if (this.stand !== 'asked') return;
    this.stand = 'granting';
    try {
      if (this.recording.isTeamsConsentRequired) await this.recording.grantTeamsConsent();
      // One consent counts for both, says the SDK; the flag says whether it did.
      if (this.transcription.isTeamsConsentRequired) await this.transcription.grantTeamsConsent();
      this.stand = 'granted';
    } catch {
      this.stand = 'asked';
      this.report({ type: 'diagnostic', text: 'Your consent did not reach the meeting. Please agree once more.' });
      this.report({ type: 'consentRequired' });
      return;
    }
    this.changed();
  }
}
