/** Jobs of the pauses: each runs once for each operator. */
export const JOBS = Array.from('abcdefghij', (letter) => `crash.effect-${letter}-job`)
