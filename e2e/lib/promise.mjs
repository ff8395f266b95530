/**
 * What was measured against what the product promises. A busy machine must not fail a test by it; whoever reads the run sees
 * it.
 *
 * @param {number} took in ms
 * @param {number} ms
 */
export const promise = (took, ms) => `${Math.round(took)} ms (promise: ${ms / 1_000} s, ${took <= ms ? 'met' : 'NOT met'})`;
