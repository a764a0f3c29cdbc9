/** The only source of the present: tests put a fake one in, rules get its answer as an argument. */
export type Clock = { now(): Date }

export const systemClock: Clock = { now: () => new Date() }
