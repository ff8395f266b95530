/** The chunk with Microsoft's chat client in it: fetched only where Teams chat is on. */

import { ChatClient } from '@azure/communication-chat';

import type { ChatSdk } from './parts';

export const chatSdk: ChatSdk = { newChat: (endpoint, credential) => new ChatClient(endpoint, credential) };
