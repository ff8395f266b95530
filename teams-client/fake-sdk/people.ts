import type { CallEndReason, EndpointDetails, RemoteParticipant, RemoteVideoStream } from '@azure/communication-calling';
import type { CommunicationIdentifierKind } from '@azure/communication-common';

import { Emitter } from './emitter';
import { keyOf, type RoomPerson, type Seat } from './seat';

let pictures = 0;

class FakeVideo extends Emitter implements RemoteVideoStream {
  readonly id = (pictures += 1);
  readonly size = { width: 640, height: 360 };
  isAvailable = false;
  private stream: MediaStream | undefined;

  constructor(readonly mediaStreamType: 'Video' | 'ScreenSharing') {
    super();
  }

  get isReceiving(): boolean {
    return this.isAvailable;
  }

  bring(stream: MediaStream | undefined): void {
    const changed = this.stream !== stream;
    this.stream = stream;
    if (!changed) return;
    this.isAvailable = stream !== undefined;
    this.emit('isAvailableChanged');
  }

  async getMediaStream(): Promise<MediaStream> {
    if (!this.stream) throw new Error('This picture is not available.');
    return Promise.resolve(this.stream);
  }
}

export class FakeParticipant extends Emitter implements RemoteParticipant {
  readonly identifier: CommunicationIdentifierKind;
  readonly endpointDetails: EndpointDetails[] = [];
  readonly videoStreams = [new FakeVideo('Video'), new FakeVideo('ScreenSharing')];
  readonly isSpeaking = false;
  readonly callEndReason?: CallEndReason;
  displayName: string;
  state: 'Connected' | 'InLobby' = 'InLobby';
  isMuted = true;

  constructor(private readonly person: RoomPerson) {
    super();
    const { visit, role, name } = person;
    this.displayName = name;
    this.identifier =
      role === 'host'
        ? { kind: 'microsoftTeamsUser', microsoftTeamsUserId: `clerk-${visit}`, rawId: `8:orgid:clerk-${visit}` }
        : { kind: 'communicationUser', communicationUserId: `8:acs:fake_${visit}` };
  }

  get role() {
    return this.person.role === 'host' ? ('Organizer' as const) : ('Attendee' as const);
  }

  update(now: RoomPerson, seat: Seat): void {
    const muted = !now.microphone;
    const state = now.status === 'admitted' ? 'Connected' : 'InLobby';
    if (this.isMuted !== muted) {
      this.isMuted = muted;
      this.emit('isMutedChanged');
    }
    if (this.state !== state) {
      this.state = state;
      this.emit('stateChanged');
    }
    const [camera, screen] = this.videoStreams;
    camera?.bring(now.camera ? seat.streams.get(keyOf(now.visit, 'camera')) : undefined);
    screen?.bring(now.screen ? seat.streams.get(keyOf(now.visit, 'screen')) : undefined);
  }

  mute(): Promise<void> {
    return Promise.reject(new Error('A guest mutes nobody.'));
  }
}
