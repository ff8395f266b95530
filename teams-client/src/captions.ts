import type { Report } from './contract';
import type { Call, Sdk } from './parts';
import type { Captions as PlainCaptions, CaptionsCommon, TeamsCaptions } from '@azure/communication-calling';

/** Captions, in the language in which the meeting speaks. */
export class Captions {
  private readonly heard = new WeakSet<CaptionsCommon>();
  private told = false;

  constructor(
    private readonly call: Call,
    private readonly sdk: Sdk,
    private readonly report: Report,
  ) {
    this.feature().on('CaptionsKindChanged', () => { this.listen(); });
    this.listen();
  }

  private feature() {
    return this.call.feature(this.sdk.features.Captions);
  }

  private listen(): void {
    const { captions } = this.feature();
    if (this.heard.has(captions)) return;
    this.heard.add(captions);
    if (isTeams(captions)) {
      captions.on('CaptionsActiveChanged', () => { this.tell(); });
      captions.on('CaptionsReceived', ({ captionText, spokenText, speaker, resultType }) => {
        this.caption(speaker.displayName, captionText === '' ? spokenText : captionText, resultType);
      });
    } else if (isPlain(captions)) {
      captions.on('CaptionsActiveChanged', () => { this.tell(); });
      captions.on('CaptionsReceived', ({ spokenText, speaker, resultType }) => {
        this.caption(speaker.displayName, spokenText, resultType);
      });
    }
    this.tell();
  }

  private caption(speaker: string | undefined, text: string, resultType: 'Partial' | 'Final'): void {
    if (text.trim() === '') return;
    this.report({ type: 'caption', speaker: speaker ?? 'Somebody', text, final: resultType === 'Final' });
  }

  private tell(): void {
    const on = this.feature().captions.isCaptionsFeatureActive;
    if (on === this.told) return;
    this.told = on;
    this.report({ type: 'captions', on });
  }

  async turn(on: boolean): Promise<void> {
    try {
      const { captions } = this.feature();
      await (on ? captions.startCaptions() : captions.stopCaptions());
    } catch {
      this.report({ type: 'diagnostic', code: on ? 'captionsMissing' : 'captionsStay' });
      // The button must show what is.
      this.told = !this.feature().captions.isCaptionsFeatureActive;
    }
    this.tell();
  }
}

const isTeams = (captions: CaptionsCommon): captions is TeamsCaptions => captions.kind === 'TeamsCaptions';
const isPlain = (captions: CaptionsCommon): captions is PlainCaptions => captions.kind === 'Captions';
