import type { DiagnosticCode, Report, Tracks } from './contract';
import { free } from './failure';
import type { Call, LocalAudio, LocalVideo, Sdk } from './parts';
import { silence } from './silence';

/** What the person wants to send. */
export interface Wish extends Tracks {
  muted: boolean;
}

/** May these leave now? */
export interface Leave {
  microphone: boolean;
  camera: boolean;
  screen: boolean;
}

/** A picture that is being sent: of which of the page's tracks, and what the SDK holds of it. */
interface Picture {
  of: MediaStreamTrack;
  copy: MediaStreamTrack;
  stream: LocalVideo;
}

/**
 * Brings what is sent to what is wished and allowed, one step after the other: the SDK takes one change at a time.
 *
 * The SDK is given copies of the page's tracks, because whoever frees a stream may stop its track, and the page still
 * shows the person's own picture. Without a microphone it is given silence: left without, it would open one itself.
 */
export class Sending {
  private readonly still = silence();
  readonly audio: LocalAudio;
  private voice: { of: MediaStreamTrack; copy: MediaStreamTrack } | undefined;
  private camera: Picture | undefined;
  private screen: Picture | undefined;
  private working = false;
  private again = false;
  private over = false;
  /** A track that the SDK refused is not tried over and over; the next one is. */
  private refused = new WeakSet<MediaStreamTrack>();

  constructor(
    private readonly sdk: Sdk,
    private readonly report: Report,
    private readonly wish: () => Wish,
    private readonly allowed: () => Leave,
  ) {
    this.audio = sdk.newAudio(this.still.stream);
  }

  /** Something changed: what is wished, what is allowed, or the call. */
  update(call: Call): void {
    this.again = true;
    this.hush();
    if (this.working || this.over) return;
    this.working = true;
    this.work(call).catch(() => undefined);
  }

  /** It ends in the same breath in which it finds nothing more to do: whatever comes after that starts it anew. */
  private async work(call: Call): Promise<void> {
    try {
      while (this.again && !this.isOver()) {
        this.again = false;
        await this.sound(call);
        await this.cameraPicture(call);
        await this.screenPicture(call);
      }
    } finally {
      this.working = false;
    }
  }

  /** What the meeting refused may be tried once more: consent was given, a right came, or we are in anew. */
  forgive(): void {
    this.refused = new WeakSet();
  }

  private isOver(): boolean {
    return this.over;
  }

  /**
   * At once, and whatever the SDK is busy with: what may not leave is silent and black. Copies are made so, and nothing
   * else turns them on.
   */
  private hush(): void {
    const allowed = this.allowed();
    if (this.voice) this.voice.copy.enabled = allowed.microphone && !this.wish().muted;
    if (this.camera) this.camera.copy.enabled = allowed.camera;
    if (this.screen) this.screen.copy.enabled = allowed.screen;
  }

  private async sound(call: Call): Promise<void> {
    const { microphone, muted } = this.wish();
    const track = this.allowed().microphone ? microphone : undefined;
    const speak = track !== undefined && !muted;
    try {
      // First silent, then without the microphone; first the microphone, then aloud.
      if (!speak && !call.isMuted) await call.mute();
      if (track !== this.voice?.of) await this.setVoice(track);
      // It may have become forbidden meanwhile.
      if (speak && call.isMuted && this.allowed().microphone && !this.wish().muted) await call.unmute();
    } catch {
      this.say(speak ? 'microphoneFailed' : 'muteFailed');
      // Whatever the meeting believes: nothing is said into it.
      if (!speak) await free(() => this.setVoice(undefined));
    }
  }

  private async setVoice(track: MediaStreamTrack | undefined): Promise<void> {
    const before = this.voice;
    const next = track && { of: track, copy: copyOf(track) };
    this.voice = next;
    this.hush();
    await this.audio.setMediaStream(next ? new MediaStream([next.copy]) : this.still.stream);
    before?.copy.stop();
  }

  private wished(source: 'camera' | 'screen'): MediaStreamTrack | undefined {
    return this.allowed()[source] ? this.wish()[source] : undefined;
  }

  private async cameraPicture(call: Call): Promise<void> {
    if (this.camera?.of === this.wished('camera')) return;
    const before = this.camera;
    this.camera = undefined;
    if (before) {
      await free(() => call.stopVideo(before.stream));
      this.drop(before);
    }
    // Only now: it may have become forbidden, or another one, meanwhile.
    const wished = this.wished('camera');
    if (!wished || this.refused.has(wished) || this.over) return;
    const picture = this.pictureOf(wished);
    this.camera = picture;
    this.hush();
    try {
      await call.startVideo(picture.stream);
    } catch {
      this.camera = undefined;
      this.drop(picture);
      this.refuse('camera', wished, 'cameraRefused');
    }
  }

  private async screenPicture(call: Call): Promise<void> {
    if (this.screen?.of === this.wished('screen')) return;
    const before = this.screen;
    this.screen = undefined;
    if (before) {
      await free(() => call.stopScreenSharing());
      this.drop(before);
    }
    const wished = this.wished('screen');
    if (!wished || this.refused.has(wished) || this.over) return;
    const picture = this.pictureOf(wished);
    this.screen = picture;
    this.hush();
    try {
      await call.startScreenSharing(picture.stream);
    } catch {
      this.screen = undefined;
      this.drop(picture);
      this.refuse('screen', wished, 'screenRefused');
    }
  }

  private refuse(source: 'camera' | 'screen', track: MediaStreamTrack, code: DiagnosticCode): void {
    // What was forbidden or taken back meanwhile was not refused.
    if (this.over || this.wished(source) !== track) return;
    this.refused.add(track);
    this.report({ type: 'refused', source });
    this.say(code);
  }

  private pictureOf(track: MediaStreamTrack): Picture {
    const copy = copyOf(track);
    return { of: track, copy, stream: this.sdk.newVideo(new MediaStream([copy])) };
  }

  private drop(picture: Picture): void {
    picture.copy.stop();
    void free(() => { picture.stream.dispose(); }).catch(() => undefined);
  }

  private say(code: DiagnosticCode): void {
    if (!this.over) this.report({ type: 'diagnostic', code });
  }

  free(): void {
    this.over = true;
    this.voice?.copy.stop();
    for (const picture of [this.camera, this.screen]) if (picture) this.drop(picture);
    this.voice = this.camera = this.screen = undefined;
    void free(() => { this.audio.dispose(); }).catch(() => undefined);
    this.still.free();
  }
}

function copyOf(track: MediaStreamTrack): MediaStreamTrack {
  const copy = track.clone();
  copy.enabled = false;
  return copy;
}
