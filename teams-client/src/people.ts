import type { Person, Report, Source } from './contract';
import type { Call, Participant, RemoteVideo, Sdk } from './parts';

/** The others as the SDK knows them: who is in, whose hand is up, who speaks, and their pictures. */
export class People {
  private readonly known = new Set<Participant>();
  private readonly videos = new Set<RemoteVideo>();
  /** What was reported last for each picture. */
  private readonly shown = new Map<string, { video: RemoteVideo; stream: MediaStream }>();
  private hands = new Set<string>();
  private speakers: string[] = [];
  private told = '';
  private over = false;

  constructor(
    private readonly call: Call,
    sdk: Sdk,
    private readonly self: { id: string; name: string },
    private readonly report: Report,
  ) {
    call.on('remoteParticipantsUpdated', ({ added, removed }) => {
      for (const one of removed) this.forget(one);
      for (const one of added) this.meet(one);
      this.tell();
    });
    call.on('isMutedChanged', () => { this.tell(); });
    for (const one of call.remoteParticipants) this.meet(one);

    const hands = call.feature(sdk.features.RaiseHand);
    const up = () => new Set(hands.getRaisedHands().map((hand) => rawId(hand.identifier)));
    const readHands = () => {
      this.hands = up();
      this.tell();
    };
    hands.on('raisedHandEvent', readHands);
    hands.on('loweredHandEvent', readHands);
    this.hands = up();

    const dominant = call.feature(sdk.features.DominantSpeakers);
    dominant.on('dominantSpeakersChanged', () => {
      this.speakers = dominant.dominantSpeakers.speakersList.map(rawId);
      this.tell();
    });
  }

  /** The whole list, again: whoever speaks most first, then in the order in which they came. */
  tell(evenIfTheSame = false): void {
    if (this.over) return;
    const rank = (id: string) => {
      const place = this.speakers.indexOf(id);
      return place < 0 ? this.speakers.length : place;
    };
    const others = [...this.known]
      .filter((one) => one.state === 'Connected' || one.state === 'Hold')
      .map((one): Person => {
        const id = rawId(one.identifier);
        const name = one.displayName?.trim();
        return {
          id,
          name: name === undefined || name === '' ? 'Participant' : name,
          muted: one.isMuted,
          hand: this.hands.has(id),
          speaking: one.isSpeaking,
          self: false,
        };
      })
      .sort((one, other) => rank(one.id) - rank(other.id));
    const { id, name } = this.self;
    const own: Person = { id, name, muted: this.call.isMuted, hand: this.hands.has(id), speaking: false, self: true };
    const people = [...others, own];
    const text = JSON.stringify(people);
    if (text === this.told && !evenIfTheSame) return;
    this.told = text;
    this.report({ type: 'people', people });
  }

  private meet(one: Participant): void {
    if (this.known.has(one)) return;
    this.known.add(one);
    const tell = () => { this.tell(); };
    one.on('stateChanged', tell);
    one.on('isMutedChanged', tell);
    one.on('displayNameChanged', tell);
    one.on('isSpeakingChanged', tell);
    one.on('videoStreamsUpdated', ({ added, removed }) => {
      for (const video of removed) this.forgetVideo(one, video);
      for (const video of added) this.meetVideo(one, video);
    });
    for (const video of one.videoStreams) this.meetVideo(one, video);
  }

  private forget(one: Participant): void {
    this.known.delete(one);
    for (const video of one.videoStreams) this.forgetVideo(one, video);
    for (const source of ['camera', 'screen'] as const) this.gone(rawId(one.identifier), source);
  }

  private meetVideo(one: Participant, video: RemoteVideo): void {
    if (this.videos.has(video)) return;
    this.videos.add(video);
    video.on('isAvailableChanged', () => { this.look(one, video); });
    this.look(one, video);
  }

  private forgetVideo(one: Participant, video: RemoteVideo): void {
    this.videos.delete(video);
    const source = sourceOf(video);
    if (source && this.shown.get(key(rawId(one.identifier), source))?.video === video) this.gone(rawId(one.identifier), source);
  }

  private look(one: Participant, video: RemoteVideo): void {
    const source = sourceOf(video);
    if (!source || !this.videos.has(video)) return;
    const id = rawId(one.identifier);
    if (!video.isAvailable) {
      if (this.shown.get(key(id, source))?.video === video) this.gone(id, source);
      return;
    }
    this.show(id, source, video).catch(() => {
      if (!this.over) this.report({ type: 'diagnostic', code: 'pictureFailed' });
    });
  }

  private async show(id: string, source: Source, video: RemoteVideo): Promise<void> {
    const stream = await video.getMediaStream();
    // It may have gone while it was on its way.
    if (this.over || !this.videos.has(video) || !video.isAvailable) return;
    if (this.shown.get(key(id, source))?.stream === stream) return;
    this.shown.set(key(id, source), { video, stream });
    this.report({ type: 'stream', id, source, stream });
  }

  private gone(id: string, source: Source): void {
    if (this.shown.delete(key(id, source)) && !this.over) this.report({ type: 'streamGone', id, source });
  }

  free(): void {
    this.over = true;
    this.known.clear();
    this.videos.clear();
    this.shown.clear();
  }
}

const key = (id: string, source: Source) => `${source} ${id}`;

function sourceOf(video: RemoteVideo): Source | undefined {
  if (video.mediaStreamType === 'Video') return 'camera';
  return video.mediaStreamType === 'ScreenSharing' ? 'screen' : undefined;
}

/** An identifier's one name. The SDK's kinds carry it; those without are named by what they have. */
export function rawId(identifier: object): string {
  for (const field of ['rawId', 'communicationUserId', 'microsoftTeamsUserId', 'phoneNumber', 'id']) {
    const value: unknown = Reflect.get(identifier, field);
    if (typeof value !== 'string') continue;
    return field === 'microsoftTeamsUserId' ? `8:orgid:${value}` : value;
  }
  return 'unknown';
}
