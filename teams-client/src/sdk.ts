/** The chunk with Microsoft's Calling SDK in it. */

import { CallClient, Features, LocalAudioStream, LocalVideoStream } from '@azure/communication-calling';
import { AzureCommunicationTokenCredential } from '@azure/communication-common';

import type { Agent, Client, Sdk } from './parts';

function newClient(): Client {
  const client = new CallClient();
  return {
    createCallAgent: async (credential, options) => {
      const agent = await client.createCallAgent(credential, options);
      const joined: Agent = {
        // Two overloads of the SDK's: one would do for the union, but TypeScript does not join overloads.
        join: (meeting, sending) =>
          'meetingLink' in meeting ? agent.join(meeting, sending) : agent.join(meeting, sending),
        dispose: () => agent.dispose(),
      };
      return joined;
    },
    dispose: () => client.dispose(),
  };
}

export const sdk: Sdk = {
  newClient,
  newCredential: (options) => new AzureCommunicationTokenCredential(options),
  newAudio: (stream) => new LocalAudioStream(stream),
  newVideo: (stream) => new LocalVideoStream(stream),
  features: Features,
};
