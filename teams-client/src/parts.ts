/**
 * The parts of Microsoft's packages that we use, in their own words: taken from their declarations, so that a change
 * there shows here. The fake SDK and the tests play these parts and nothing else.
 */

import type * as Calling from '@azure/communication-calling';
import type { ChatClient, ChatMessage, ChatMessageReceivedEvent } from '@azure/communication-chat';
import type { AzureCommunicationTokenCredential, CommunicationTokenRefreshOptions } from '@azure/communication-common';

export type Credential = AzureCommunicationTokenCredential;
export type LocalAudio = Calling.LocalAudioStream;
export type LocalVideo = Calling.LocalVideoStream;
export type Participant = Pick<
  Calling.RemoteParticipant,
  'identifier' | 'displayName' | 'state' | 'isMuted' | 'isSpeaking' | 'videoStreams' | 'on' | 'off'
>;
export type RemoteVideo = Calling.RemoteVideoStream;
export type Recording = Calling.RecordingCallFeature;
export type Transcription = Calling.TranscriptionCallFeature;

export type Call = Pick<
  Calling.Call,
  | 'state'
  | 'callEndReason'
  | 'remoteParticipants'
  | 'role'
  | 'isMuted'
  | 'info'
  | 'feature'
  | 'hangUp'
  | 'mute'
  | 'unmute'
  | 'startVideo'
  | 'stopVideo'
  | 'startScreenSharing'
  | 'stopScreenSharing'
  | 'on'
  | 'off'
>;
export interface Agent {
  join(meeting: Calling.TeamsMeetingLinkLocator | Calling.TeamsMeetingIdLocator, options?: Calling.JoinCallOptions): Call;
  dispose(): Promise<void>;
}
export interface Client {
  createCallAgent(credential: Credential, options?: Calling.CallAgentOptions): Promise<Agent>;
  dispose(): Promise<void>;
}

/** What the chunk `sdk` exports. */
export interface Sdk {
  newClient(): Client;
  newCredential(options: CommunicationTokenRefreshOptions): Credential;
  newAudio(stream: MediaStream): LocalAudio;
  newVideo(stream: MediaStream): LocalVideo;
  features: Pick<
    typeof Calling.Features,
    | 'Recording'
    | 'Transcription'
    | 'Captions'
    | 'RaiseHand'
    | 'Reaction'
    | 'DominantSpeakers'
    | 'Capabilities'
    | 'UserFacingDiagnostics'
  >;
}

export type ChatEvent = ChatMessageReceivedEvent;
export interface ChatThread {
  sendMessage(request: { content: string }, options?: { type?: 'text'; senderDisplayName?: string }): Promise<{ id: string }>;
  listMessages(options?: { maxPageSize?: number }): AsyncIterable<ChatMessage>;
}
export type Chat = Pick<ChatClient, 'on' | 'startRealtimeNotifications' | 'stopRealtimeNotifications'> & {
  getChatThreadClient(threadId: string): ChatThread;
};

/** What the chunk `chat-sdk` exports. */
export interface ChatSdk {
  newChat: (endpoint: string, credential: Credential) => Chat;
}

/** How the chunks come: tests bring their own. */
export interface Loader {
  sdk(progress: (share: number) => void): Promise<Sdk>;
  chat(): Promise<ChatSdk>;
}
