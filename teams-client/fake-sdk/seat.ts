import { Emitter } from './emitter';

export type Source = 'microphone' | 'camera' | 'screen';
export interface RoomPerson {
  visit: number;
  name: string;
  role: 'host' | 'guest' | 'attendee';
  status: string;
  connected: boolean;
  microphone: boolean;
  camera: boolean;
  screen: boolean;
}
interface Room {
  you: { visit: number; status: 'waiting' | 'admitted' | 'declined' | 'removed' };
  people: RoomPerson[];
}
export interface Said {
  id: number;
  visit: number;
  name: string;
  text: string;
  at: number;
}
interface Slot {
  mid: string;
  source: Source;
  direction: 'send' | 'receive';
  visit?: number;
}
type FromServer =
  | ({ t: 'room' } & Room)
  | { t: 'credentials' }
  | { t: 'media'; media: { m: 'offer'; n: number; sdp: string; slots: Slot[] } | { m: 'connected' } | { m: 'gone' } | { m: 'quality' } }
  | ({ t: 'chat' } & Said)
  | { t: 'closed'; why: string }
  | { t: 'pong' | 'refused' };

const PING_MS = 5_000;

/**
 * A guest's seat in an Anteroom meeting (docs/SIGNALLING.md), just enough of it for the fake. Emits `room`, `connected`,
 * `streams`, `chat`, and `closed` with why.
 */
export class Seat extends Emitter {
  room: Room | undefined;
  readonly said: Said[] = [];
  /** What comes in, by visit and source. */
  readonly streams = new Map<string, MediaStream>();
  private readonly socket: WebSocket;
  private readonly ping: ReturnType<typeof setInterval>;
  private pc: RTCPeerConnection | undefined;
  private readonly tracks = new Map<Source, MediaStreamTrack>();
  private readonly senders = new Map<Source, RTCRtpSender>();
  private readonly loudspeakers = new Map<string, HTMLAudioElement>();
  /** Offers are answered one after the other. */
  private queue: Promise<void> = Promise.resolve();
  private over = false;

  constructor(address: string, token: string) {
    super();
    this.socket = new WebSocket(address);
    this.socket.onopen = () => { this.say({ t: 'hello', token }); };
    this.socket.onmessage = (message: MessageEvent<string>) => { this.hear(JSON.parse(message.data) as FromServer); };
    this.socket.onclose = () => { this.close('network'); };
    let n = 0;
    this.ping = setInterval(() => { this.say({ t: 'ping', n: (n += 1) }); }, PING_MS);
  }

  say(message: object): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private hear(message: FromServer): void {
    switch (message.t) {
      case 'room':
        this.room = message;
        this.emit('room');
        this.emit('streams');
        break;
      case 'credentials':
        this.connect();
        break;
      case 'chat':
        this.said.push(message);
        this.emit('chat', message);
        break;
      case 'closed':
        this.close(message.why);
        break;
      case 'media': {
        const { media } = message;
        if (media.m === 'offer') {
          const { pc } = this;
          this.queue = this.queue.then(() => this.answer(pc, media)).catch(() => { this.connect(); });
        } else if (media.m === 'gone') this.connect();
        else if (media.m === 'connected') this.emit('connected');
        break;
      }
      default:
    }
  }

  private connect(): void {
    if (this.over) return;
    this.pc?.close();
    const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    this.pc = pc;
    pc.onconnectionstatechange = () => {
      if (pc.connectionState === 'connected') this.emit('connected');
      if (pc.connectionState === 'failed') this.say({ t: 'media', media: { m: 'restart' } });
    };
    this.show();
    this.say({ t: 'media', media: { m: 'join' } });
    if (this.tracks.has('screen')) this.say({ t: 'media', media: { m: 'publish', source: 'screen' } });
  }

  private async answer(pc: RTCPeerConnection | undefined, offer: { n: number; sdp: string; slots: Slot[] }): Promise<void> {
    if (!pc || pc !== this.pc) return;
    await pc.setRemoteDescription({ type: 'offer', sdp: offer.sdp });
    const place = (mid: string) => pc.getTransceivers().find((one) => one.mid === mid);
    this.senders.clear();
    for (const slot of offer.slots.filter((one) => one.direction === 'send')) {
      const transceiver = place(slot.mid);
      if (!transceiver) continue;
      await transceiver.sender.replaceTrack(this.tracks.get(slot.source) ?? null);
      transceiver.direction = 'sendonly';
      this.senders.set(slot.source, transceiver.sender);
    }
    await pc.setLocalDescription(await pc.createAnswer());
    this.say({ t: 'media', media: { m: 'answer', n: offer.n, sdp: pc.localDescription?.sdp ?? '' } });

    const now = new Set<string>();
    for (const { mid, source, direction, visit } of offer.slots) {
      const track = place(mid)?.receiver.track;
      if (direction !== 'receive' || visit === undefined || !track) continue;
      const key = keyOf(visit, source);
      now.add(key);
      if (this.streams.get(key)?.getTracks()[0] !== track) this.streams.set(key, new MediaStream([track]));
      if (source === 'microphone') this.play(key);
    }
    for (const key of this.streams.keys()) if (!now.has(key)) this.forget(key);
    this.emit('streams');
    // Alone among viewers there is nothing to connect.
    if (pc.getTransceivers().length === 0) this.emit('connected');
  }

  /** The SDK plays what is heard by itself. */
  private play(key: string): void {
    const loudspeaker = this.loudspeakers.get(key) ?? new Audio();
    this.loudspeakers.set(key, loudspeaker);
    const stream = this.streams.get(key) ?? null;
    if (loudspeaker.srcObject === stream) return;
    loudspeaker.srcObject = stream;
    loudspeaker.play().catch(() => undefined);
  }

  private forget(key: string): void {
    this.streams.delete(key);
    const loudspeaker = this.loudspeakers.get(key);
    if (loudspeaker) loudspeaker.srcObject = null;
    this.loudspeakers.delete(key);
  }

  async send(source: Source, track: MediaStreamTrack | undefined): Promise<void> {
    const had = this.tracks.has(source);
    if (track) this.tracks.set(source, track);
    else this.tracks.delete(source);
    await this.senders.get(source)?.replaceTrack(track ?? null);
    if (source === 'screen' && had !== (track !== undefined)) {
      this.say({ t: 'media', media: { m: track ? 'publish' : 'unpublish', source } });
    }
    this.show();
  }

  private show(): void {
    const [microphone, camera, screen] = (['microphone', 'camera', 'screen'] as const).map((source) => this.tracks.has(source));
    this.say({ t: 'shows', microphone, camera, screen });
  }

  private close(why: string): void {
    if (this.over) return;
    this.free();
    this.emit('closed', why);
  }

  leave(): void {
    this.say({ t: 'leave' });
    this.free();
  }

  private free(): void {
    this.over = true;
    clearInterval(this.ping);
    this.pc?.close();
    this.socket.close();
    for (const key of [...this.streams.keys()]) this.forget(key);
  }
}

export const keyOf = (visit: number, source: Source) => `${source} ${visit}`;
