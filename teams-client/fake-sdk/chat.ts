import type { ChatMessage, ChatMessageReceivedEvent } from '@azure/communication-chat';

import type { ChatThread } from '../src/parts';
import { Emitter } from './emitter';
import type { Said } from './seat';
import { shared } from './shared';

class HttpError extends Error {
  constructor(readonly statusCode: number) {
    super(`The chat answered ${statusCode}.`);
  }
}

function check(): void {
  const { chatStatus } = shared();
  if (chatStatus !== undefined && chatStatus >= 400) throw new HttpError(chatStatus);
}

const sender = ({ visit }: Said) => ({
  kind: 'communicationUser' as const,
  communicationUserId: visit === shared().seat?.room?.you.visit ? (shared().self ?? '') : `8:acs:fake_${visit}`,
});

/** The meeting's chat is the chat of the room behind it. */
export class ChatClient extends Emitter {
  private threadId = '';

  getChatThreadClient(threadId: string): ChatThread {
    this.threadId = threadId;
    return {
      sendMessage: async ({ content }) => {
        check();
        shared().seat?.say({ t: 'chat', text: content });
        return Promise.resolve({ id: 'sent' });
      },
      listMessages,
    };
  }

  private readonly hear = (said: Said): void => {
    const event: ChatMessageReceivedEvent = {
      threadId: this.threadId,
      id: String(said.id),
      sender: sender(said),
      senderDisplayName: said.name,
      recipient: { kind: 'communicationUser', communicationUserId: shared().self ?? '' },
      message: said.text,
      metadata: {},
      createdOn: new Date(said.at),
      version: '1',
      type: 'Text',
    };
    this.emit('chatMessageReceived', event);
  };

  async startRealtimeNotifications(): Promise<void> {
    check();
    shared().seat?.on('chat', this.hear);
    return Promise.resolve();
  }

  async stopRealtimeNotifications(): Promise<void> {
    shared().seat?.off('chat', this.hear);
    return Promise.resolve();
  }
}

async function* listMessages(): AsyncIterable<ChatMessage> {
  check();
  for (const said of [...(shared().seat?.said ?? [])].reverse()) {
    yield await Promise.resolve({
      id: String(said.id),
      type: 'text' as const,
      sequenceId: String(said.id),
      version: '1',
      content: { message: said.text },
      senderDisplayName: said.name,
      createdOn: new Date(said.at),
      sender: sender(said),
    });
  }
}
