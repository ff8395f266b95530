import { AzureCommunicationTokenCredential as Real, type CommunicationTokenRefreshOptions } from '@azure/communication-common';

import { tell } from './cloud';

/** The real credential, and a way to have it renewed at a test's word rather than in fifty minutes. */
export class AzureCommunicationTokenCredential extends Real {
  constructor(private readonly options: CommunicationTokenRefreshOptions) {
    super(options);
  }

  async renew(): Promise<void> {
    const fresh = await this.options.tokenRefresher();
    const expiresOnTimestamp = typeof fresh === 'string' ? null : fresh.expiresOnTimestamp;
    await tell('refreshed', { expiresOnTimestamp });
  }
}
