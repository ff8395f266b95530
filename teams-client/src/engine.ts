import type { Credentials, Engine, Host, Reaction, Tracks } from './contract';
import { Meeting } from './meeting';
import type { Loader } from './parts';
import type { Wish } from './sending';

/** The page's side of a meeting: what the person wishes outlives a meeting that ended. */
export class TeamsEngine implements Engine {
  private readonly wish: Wish = { muted: true };
  private meeting: Meeting | undefined;

  constructor(
    private readonly host: Host,
    private readonly loader: Loader,
  ) {}

  join(credentials: Credentials, sending: Tracks & { muted: boolean }): void {
    const { microphone, camera, screen, muted } = sending;
    Object.assign(this.wish, { microphone, camera, screen, muted });
    if (this.meeting && !this.meeting.isOver()) {
      this.meeting.update();
      return;
    }
    this.meeting = new Meeting(credentials, this.wish, this.host, this.loader);
    this.meeting.start();
  }

  leave(): void {
    this.meeting?.free();
    this.meeting = undefined;
    Object.assign(this.wish, { microphone: undefined, camera: undefined, screen: undefined });
  }

  setMicrophone(track?: MediaStreamTrack): void {
    this.wish.microphone = track;
    this.meeting?.update();
  }

  mute(muted: boolean): void {
    this.wish.muted = muted;
    this.meeting?.update();
  }

  setCamera(track?: MediaStreamTrack): void {
    this.wish.camera = track;
    this.meeting?.update();
  }

  setScreen(track?: MediaStreamTrack): void {
    this.wish.screen = track;
    this.meeting?.update();
  }

  raiseHand(up: boolean): void {
    this.meeting?.raiseHand(up);
  }

  react(kind: Reaction): void {
    this.meeting?.react(kind);
  }

  captions(on: boolean): void {
    this.meeting?.captions(on);
  }

  consent(): void {
    this.meeting?.consent();
  }

  say(text: string): void {
    if (this.meeting && !this.meeting.isOver()) this.meeting.say(text);
    else this.host.report({ type: 'unsent', text });
  }

  networkChanged(): void {
    this.meeting?.networkChanged();
  }
}
