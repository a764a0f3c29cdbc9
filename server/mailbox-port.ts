/** Port on which the sandbox's mailbox takes mail: the one after the simulator's own. */
export function mailboxPortOf(simulatorUrl: string): number {
  return Number(new URL(simulatorUrl).port) + 1
}
