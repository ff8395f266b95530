/** Why a meeting ended. Microsoft's codes are theirs; ours are below zero. */
export interface Ending {
  code: number;
  subCode: number;
}

export const NOT_LOADED: Ending = { code: -1, subCode: 1 };
export const NO_PROGRESS: Ending = { code: -1, subCode: 2 };
export const FAILED: Ending = { code: -1, subCode: 3 };

const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) ? value : undefined;

/** The codes of the SDK's errors, where it gives some. */
export function endingOf(error: unknown): Ending {
  if (typeof error !== 'object' || error === null) return FAILED;
  const code = numberOf(Reflect.get(error, 'code'));
  return code === undefined ? FAILED : { code, subCode: numberOf(Reflect.get(error, 'subCode')) ?? 0 };
}

/** The HTTP status of an error of the chat client. */
export function statusOf(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null ? numberOf(Reflect.get(error, 'statusCode')) : undefined;
}

/** For what may fail without consequence: freeing what is already gone. */
export const ignore = (): undefined => undefined;

/** Frees without letting a failure through, be it thrown or a rejection. */
export async function free(action: () => unknown): Promise<void> {
  try {
    await action();
  } catch {
    // It is gone either way.
  }
}
