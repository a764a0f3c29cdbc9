export type Bell = { ring(): void; wait(milliseconds: number): Promise<void> }

/** Wakes a loop that looks for work from time to time; a ring while it works is heard at its next wait. */
export function createBell(): Bell {
  let rung = false
  let wake = () => {}
  return {
    ring() {
      rung = true
      wake()
    },
    async wait(milliseconds: number): Promise<void> {
      if (!rung) {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        const timer = setTimeout(resolve, milliseconds)
        await promise
        clearTimeout(timer)
      }
      rung = false
    },
  }
}
