import { Captions } from './captions';
import { MeetingChat } from './chat';
import { Consent } from './consent';
import type { Credentials, DiagnosticCode, Event, Host, Reaction } from './contract';
import { Diagnostics } from './diagnostics';
import { endingOf, FAILED, free, NO_PROGRESS, NOT_LOADED, type Ending } from './failure';
import type { Agent, Call, Client, Credential, Loader, Sdk } from './parts';
import { People, rawId } from './people';
import { Rights } from './rights';
import { Sending, type Leave, type Wish } from './sending';
import { credentialOf } from './token';

/** Without any progress for so long the guest is told, and offered the other way. */
export const PATIENCE_MS = 45_000;

const NOTHING: Leave = { microphone: false, camera: false, screen: false };
type Stand = 'connecting' | 'lobby' | 'connected' | 'interrupted';

/** One stay in one meeting: from loading the SDK until it is over, whichever way. */
export class Meeting {
  private over = false;
  private stand: Stand | undefined;
  private hasBeenIn = false;
  private watchdog: ReturnType<typeof setTimeout> | undefined;
  private sdk: Sdk | undefined;
  private client: Client | undefined;
  private agent: Agent | undefined;
  private credential: Credential | undefined;
  private call: Call | undefined;
  private sending: Sending | undefined;
  private consents: Consent | undefined;
  private rights: Rights | undefined;
  private people: People | undefined;
  private diagnostics: Diagnostics | undefined;
  private captioning: Captions | undefined;
  private chat: MeetingChat | undefined;

  constructor(
    private readonly given: Credentials,
    private readonly wish: Wish,
    private readonly host: Host,
    private readonly loader: Loader,
  ) {}

  start(): void {
    this.stands('connecting');
    this.enter().catch((error: unknown) => { this.end(endingOf(error)); });
  }

  /** As a method, because it changes while somebody waits. */
  isOver(): boolean {
    return this.over;
  }

  private readonly report = (event: Event): void => {
    if (!this.over) this.host.report(event);
  };

  private async enter(): Promise<void> {
    let sdk: Sdk;
    try {
      sdk = await this.loader.sdk((share) => {
        this.report({ type: 'loading', share });
        this.watch();
      });
    } catch {
      this.end(NOT_LOADED);
      return;
    }
    if (this.isOver()) return;
    this.report({ type: 'loading', share: 1 });
    this.watch();
    this.sdk = sdk;
    this.client = sdk.newClient();
    this.credential = credentialOf(sdk, this.host, this.given, () => this.over);
    const agent = await this.client.createCallAgent(this.credential, { displayName: this.given.name });
    if (this.isOver()) {
      // Left meanwhile: what was made too late is freed too.
      await free(() => agent.dispose());
      return;
    }
    this.watch();
    this.agent = agent;
    this.sending = new Sending(sdk, this.report, () => this.wish, () => this.mayLeave());
    const { meeting } = this.given;
    const locator =
      'link' in meeting
        ? { meetingLink: meeting.link }
        : { meetingId: meeting.id, ...(meeting.passcode === undefined ? {} : { passcode: meeting.passcode }) };
    // Silent and without a picture, always: whether the meeting demands consent is known only inside.
    this.call = agent.join(locator, { audioOptions: { muted: true, localAudioStreams: [this.sending.audio] } });
    this.follow(this.call, sdk);
  }

  private follow(call: Call, sdk: Sdk): void {
    call.on('stateChanged', () => { this.look(); });
    call.on('mutedByOthers', () => {
      this.wish.muted = true;
      this.update();
      this.report({ type: 'mutedByOthers' });
      this.report({ type: 'diagnostic', code: 'mutedByHost' });
    });
    const { id, name } = { id: this.given.user, name: this.given.name };
    if (this.given.chat && this.credential) {
      this.chat = new MeetingChat(this.given.chat.endpoint, this.credential, { id, name }, this.loader, this.report);
      call.info.onCallInfoChanged('callInfoChanged', () => { this.startChat(); });
    }
    this.optional(() => {
      this.consents = new Consent(
        call.feature(sdk.features.Recording),
        call.feature(sdk.features.Transcription),
        this.report,
        () => { this.mayMore(); },
      );
    });
    this.optional(() => {
      this.rights = new Rights(call, sdk, this.given.publish === 'nothing', this.report, () => { this.mayMore(); });
    });
    this.optional(() => { this.people = new People(call, sdk, { id, name }, this.report); });
    this.optional(() => {
      this.diagnostics = new Diagnostics(call, sdk, this.report, () => { this.look(); });
    });
    this.optional(() => { this.captioning = new Captions(call, sdk, this.report); });
    this.optional(() => {
      call.feature(sdk.features.Reaction).on('reaction', ({ identifier, reactionMessage }) => {
        this.report({ type: 'reaction', id: rawId(identifier), kind: reactionMessage.reactionType });
      });
    });
    this.look();
  }

  /** A feature that this meeting does not have must not cost the meeting; without consent's, nothing is sent. */
  private optional(attach: () => void): void {
    try {
      attach();
    } catch {
      this.report({ type: 'diagnostic', code: 'partsMissing' });
    }
  }

  /** What the SDK says of the call, in our words. */
  private look(): void {
    const { call } = this;
    if (!call || this.over) return;
    switch (call.state) {
      case 'InLobby':
        this.stands('lobby');
        break;
      case 'Connected':
      case 'LocalHold':
      case 'RemoteHold':
        this.stands(this.diagnostics?.isInterrupted === true ? 'interrupted' : 'connected');
        this.people?.tell();
        this.startChat();
        break;
      case 'Disconnected':
        this.end({ code: call.callEndReason?.code ?? 0, subCode: call.callEndReason?.subCode ?? 0 });
        return;
      case 'Disconnecting':
        return;
      default:
        this.stands('connecting');
    }
    this.update();
  }

  private stands(stand: Stand): void {
    const isNew = stand !== this.stand;
    if (isNew && stand === 'connected') this.sending?.forgive();
    this.stand = stand;
    if (isNew) this.report({ type: 'state', state: stand });
    this.watch();
  }

  /** Progress was made: patience starts anew, where there is something to wait for. */
  private watch(): void {
    clearTimeout(this.watchdog);
    if (this.stand !== 'connecting' || this.over) return;
    this.watchdog = setTimeout(() => { this.end(NO_PROGRESS); }, PATIENCE_MS);
  }

  private startChat(): void {
    if (this.call?.state === 'Connected') this.chat?.start(this.call.info.threadId);
  }

  private mayLeave(): Leave {
    const isIn = this.call?.state === 'Connected';
    if (this.over || !isIn || this.given.publish !== 'all' || !this.consents || this.consents.isAwaited) return NOTHING;
    const may = this.rights?.may ?? { share: true, camera: true, microphone: true };
    return { microphone: may.microphone, camera: may.camera, screen: may.share };
  }

  /** What may leave has changed, so that what was refused may be taken now. */
  private mayMore(): void {
    this.sending?.forgive();
    this.update();
  }

  /** What is wished or allowed has changed. */
  update(): void {
    if (!this.call || this.over) return;
    // The demand for consent has no event of its own.
    this.consents?.look();
    // Before that there is nothing to change: the SDK was given silence.
    if (this.call.state === 'Connected' || this.hasBeenIn) this.sending?.update(this.call);
    this.hasBeenIn ||= this.call.state === 'Connected';
  }

  consent(): void {
    this.consents?.grant().catch(() => undefined);
  }

  captions(on: boolean): void {
    this.captioning?.turn(on).catch(() => undefined);
  }

  say(text: string): void {
    if (this.chat) this.chat.say(text);
    else this.report({ type: 'unsent', text });
  }

  raiseHand(up: boolean): void {
    this.ask('handFailed', (call, sdk) => {
      const hands = call.feature(sdk.features.RaiseHand);
      return up ? hands.raiseHand() : hands.lowerHand();
    });
  }

  react(kind: Reaction): void {
    this.ask('reactionFailed', (call, sdk) =>
      call.feature(sdk.features.Reaction).sendReaction({ reactionType: kind }),
    );
  }

  private ask(failure: DiagnosticCode, action: (call: Call, sdk: Sdk) => Promise<void>): void {
    const { call, sdk } = this;
    if (!call || !sdk) return;
    const run = async () => { await action(call, sdk); };
    run().catch(() => { this.report({ type: 'diagnostic', code: failure }); });
  }

  /** The SDK finds its own way back; what it knows now is told again. */
  networkChanged(): void {
    this.look();
    this.people?.tell(true);
  }

  private end(ending: Ending): void {
    if (this.over) return;
    const { code, subCode } = Number.isInteger(ending.code) ? ending : FAILED;
    this.report({ type: 'ended', code, subCode });
    this.free();
  }

  /** Leaves and frees everything, in the order in which it was made, backwards. Nothing is reported any more. */
  free(): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.watchdog);
    this.chat?.free();
    this.people?.free();
    this.sending?.free();
    const { call, agent, client, credential } = this;
    this.call = this.agent = this.client = this.credential = undefined;
    const rest = async () => {
      if (call && call.state !== 'Disconnected') await Promise.race([free(() => call.hangUp()), pause(2_000)]);
      if (agent) await Promise.race([free(() => agent.dispose()), pause(2_000)]);
      if (client) await free(() => client.dispose());
      if (credential) await free(() => { credential.dispose(); });
    };
    rest().catch(() => undefined);
  }
}

/** A hang-up without a network must not keep the rest from being freed. */
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
