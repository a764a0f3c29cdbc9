/** What the launcher tells the person who started it: one line that changes while it works, and lines that stay. */
export class Terminal {
  readonly #live: boolean
  #current = ''
  #said = new Set<string>()

  constructor(live: boolean = process.stdout.isTTY === true) {
    this.#live = live
    // A terminal that was closed, or `| head`: nobody reads any more, which is no reason to leave things unstopped.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  }

  /**
   * Shows what is being done. Without a terminal each phase is said once, so that a log stays calm; `detail` (counts)
   * is for the terminal only.
   */
  progress(phase: string, detail = ''): void {
    if (this.#live) {
      const text = detail ? `${phase}: ${detail}` : phase
      if (text !== this.#current) process.stdout.write(`\r\x1b[K${text.slice(0, (process.stdout.columns || 100) - 1)}`)
      this.#current = text
      return
    }
    if (this.#said.has(phase)) return
    this.#said.add(phase)
    process.stdout.write(`${phase}\n`)
  }

  /** Takes the changing line away. */
  clear(): void {
    if (this.#live && this.#current !== '') process.stdout.write('\r\x1b[K')
    this.#current = ''
  }

  say(text: string): void {
    this.clear()
    process.stdout.write(`${text}\n`)
  }

  /** Something went wrong: what, and what to do. */
  complain(problem: string, remedy = ''): void {
    this.clear()
    process.stderr.write(`${problem}\n${remedy ? `  ${remedy}\n` : ''}`)
  }
}
