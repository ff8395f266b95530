import type { ChatOff, Report } from './contract';
import { free, statusOf } from './failure';
import type { Chat, ChatThread, Credential, Loader } from './parts';
import { plain } from './plain';

/** So many of the messages before ours are shown. */
const PAST = 50;

/** The meeting's own chat. Where it can't be had it says so once, and the page's own chat carries on. */
export class MeetingChat {
  private readonly seen = new Set<string>();
  private client: Chat | undefined;
  private thread: ChatThread | undefined;
  private threadId = '';
  private stand: 'idle' | 'starting' | 'on' | 'off' = 'idle';

  constructor(
    private readonly endpoint: string,
    private readonly credential: Credential,
    private readonly self: { id: string; name: string },
    private readonly loader: Loader,
    private readonly report: Report,
  ) {}

  /** The chat's name is known once we are in; it is given again whenever the SDK has news of the call. */
  start(threadId: string | undefined): void {
    if (this.stand !== 'idle' || threadId === undefined || threadId === '') return;
    if (isChannel(threadId)) {
      this.off('channel');
      return;
    }
    this.stand = 'starting';
    this.threadId = threadId;
    this.open().catch((error: unknown) => { this.off(reasonOf(error)); });
  }

  private async open(): Promise<void> {
    const { newChat } = await this.loader.chat();
    if (this.isOff()) return;
    const client = newChat(this.endpoint, this.credential);
    this.client = client;
    const thread = client.getChatThreadClient(this.threadId);
    client.on('chatMessageReceived', (event) => {
      if (event.threadId !== this.threadId || !isSaid(event.type)) return;
      this.show(event.id, event.sender, event.senderDisplayName, event.message, event.createdOn, event.type);
    });
    client.on('chatThreadDeleted', (event) => {
      if (event.threadId === this.threadId) this.off('ended');
    });
    await client.startRealtimeNotifications();
    await this.showPast(thread);
    if (this.isOff()) return;
    this.stand = 'on';
    this.thread = thread;
    this.report({ type: 'chatOn' });
  }

  /** As a method, because it changes while somebody waits. */
  private isOff(): boolean {
    return this.stand === 'off';
  }

  private async showPast(thread: ChatThread): Promise<void> {
    const past = [];
    for await (const message of thread.listMessages({ maxPageSize: PAST })) {
      if (isSaid(message.type) && !message.deletedOn) past.push(message);
      if (past.length >= PAST) break;
    }
    for (const message of past.reverse()) {
      const { id, sender, senderDisplayName, content, createdOn, type } = message;
      this.show(id, sender, senderDisplayName, content?.message ?? '', createdOn, type);
    }
  }

  private show(id: string, sender: object | undefined, name: string | undefined, content: string, at: Date, type: string): void {
    if (this.isOff() || this.seen.has(id)) return;
    this.seen.add(id);
    const text = /html/i.test(type) ? plain(content) : content;
    if (text.trim() === '') return;
    const mine = sender !== undefined && Object.values(sender).includes(this.self.id);
    this.report({ type: 'chat', id, sender: name === undefined || name === '' ? 'Participant' : name, mine, text, at: at.getTime() });
  }

  /** What can't be said here, before the chat is there or after, is handed back: nothing that was written is lost. */
  say(text: string): void {
    if (this.thread) this.send(this.thread, text).catch(() => undefined);
    else this.report({ type: 'unsent', text });
  }

  private async send(thread: ChatThread, content: string): Promise<void> {
    try {
      await thread.sendMessage({ content }, { type: 'text', senderDisplayName: this.self.name });
    } catch (error) {
      const reason = reasonOf(error);
      if (reason !== 'failed') this.off(reason);
      else this.report({ type: 'diagnostic', code: 'chatElsewhere' });
      this.report({ type: 'unsent', text: content });
      return;
    }
    this.report({ type: 'wrote' });
  }

  private off(reason: ChatOff): void {
    if (this.isOff()) return;
    this.report({ type: 'chatOff', reason });
    this.free();
  }

  free(): void {
    this.stand = 'off';
    this.thread = undefined;
    const { client } = this;
    this.client = undefined;
    if (client) void free(() => client.stopRealtimeNotifications()).catch(() => undefined);
  }
}

/** A channel's meeting has its chat in the channel, where guests are not. */
export const isChannel = (threadId: string) => /@thread\.(tacv2|skype)\b/.test(threadId);

/** Somebody said it; the rest is bookkeeping of the thread. */
const isSaid = (type: string) => /^(text|html|richtext(\/html)?)$/i.test(type);

function reasonOf(error: unknown): ChatOff {
  const status = statusOf(error);
  if (status === 401 || status === 403) return 'forbidden';
  return status === 404 || status === 410 ? 'ended' : 'failed';
}
