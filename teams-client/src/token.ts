import type { AccessToken } from '@azure/core-auth';

import type { Credentials, Host } from './contract';
import type { Credential, Sdk } from './parts';

/** A server that can't refresh now is asked again after these, the last one over and over. */
const PATIENCE = [2_000, 5_000, 10_000, 30_000];
/** A token whose end can't be read is renewed soon, rather than never. */
const UNREADABLE_MS = 10 * 60_000;

function accessToken(token: string, expiresOn: string): AccessToken {
  const end = Date.parse(expiresOn);
  return { token, expiresOnTimestamp: Number.isNaN(end) ? Date.now() + UNREADABLE_MS : end };
}

/**
 * The SDK's credential. The token is never looked into: its end is what the service said. It is renewed through the seat
 * ten minutes before. The refresher never fails: the SDK would leave a rejection unhandled and not ask again.
 */
export function credentialOf(sdk: Sdk, host: Host, given: Credentials, isOver: () => boolean): Credential {
  const tokenRefresher = async (): Promise<AccessToken> => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const fresh = await host.refresh();
        return accessToken(fresh.token, fresh.expiresOn);
      } catch (error) {
        if (isOver()) throw error;
        const pause = PATIENCE[Math.min(attempt, PATIENCE.length - 1)];
        await new Promise((resolve) => setTimeout(resolve, pause));
        if (isOver()) throw error;
      }
    }
  };
  return sdk.newCredential({
    tokenRefresher,
    token: accessToken(given.token, given.expiresOn),
    refreshProactively: true,
  });
}
