import type { Client } from './client.rules.ts'

/** NOTIFY channel; the payload is the client id. */
export const CLIENT_CHANGED = 'leadline_client_changed'

/**
 * API clients as the database has them, so that a request does not ask for its client again. What is remembered holds
 * only while changes are heard (`isLive`): then a revoked client is refused at once, on every instance.
 */
export class ClientCache {
  readonly #clients = new Map<string, Client>()
  readonly #isLive: () => boolean
  // Grows with every change: an answer that was under way when one came is used once and not remembered.
  #generation = 0

  constructor(isLive: () => boolean) {
    this.#isLive = isLive
  }

  /** The client by any key (its id, or an outside identity); `load` asks the database. */
  async get(key: string, load: () => Promise<Client | undefined>): Promise<Client | undefined> {
    const known = this.known(key)
    if (known) return known
    const generation = this.#generation
    const client = await load()
    // Misses are not remembered: anyone can make up ids.
    if (client && generation === this.#generation && this.#isLive()) this.#clients.set(key, client)
    return client
  }

  known(key: string): Client | undefined {
    return this.#isLive() ? this.#clients.get(key) : undefined
  }

  /** Null: everything. */
  forget(clientId: string | null): void {
    this.#generation += 1
    if (clientId === null) this.#clients.clear()
    else for (const [key, client] of this.#clients) if (client.clientId === clientId) this.#clients.delete(key)
  }
}
