/** So many at once for one key, so many more in line; whoever comes after that is turned away. */
export type QueueLimits = { running: number; waiting: number }

type Queue = { running: number; waiting: (() => void)[] }

/**
 * Lets a few pieces of work for one key run at once, in this process. A flood from one address then takes a few database
 * connections, not all of them.
 */
export class QueuePerKey {
  readonly #limits: QueueLimits
  readonly #queues = new Map<string, Queue>()

  constructor(limits: QueueLimits) {
    this.#limits = limits
  }

  /** Runs `work` when it is its turn; `refuse` makes the error for who finds the line full. */
  async run<T>(key: string, work: () => Promise<T>, refuse: () => Error): Promise<T> {
    const queue = this.#queues.get(key) ?? { running: 0, waiting: [] }
    this.#queues.set(key, queue)
    if (queue.running >= this.#limits.running) {
      if (queue.waiting.length >= this.#limits.waiting) throw refuse()
      // Whoever ends hands its place on: `running` stays as it is.
      await new Promise<void>((resolve) => queue.waiting.push(resolve))
    } else queue.running += 1
    try {
      return await work()
    } finally {
      const next = queue.waiting.shift()
      if (next) next()
      else if (--queue.running === 0) this.#queues.delete(key)
    }
  }
}
