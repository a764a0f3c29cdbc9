import pg from 'pg'

type CopyData = { chunk: Buffer }

/**
 * A simple query of several statements, one of which is a COPY to the client: begin, COPY and commit in one round trip.
 * pg takes it like any query and hands over what COPY sends; the library for streamed COPY would have the connection to itself.
 */
class CopyingQuery extends pg.Query {
  readonly #onChunk: (chunk: Buffer) => void

  constructor(text: string, onChunk: (chunk: Buffer) => void) {
    super(text)
    this.#onChunk = onChunk
  }

  /** Called by pg for each message. The bytes lie in the connection's own buffer, which the next message overwrites. */
  handleCopyData({ chunk }: CopyData): void {
    this.#onChunk(Buffer.from(chunk))
  }
}

/** Runs the statements; the results are those of all of them, in order. */
export function queryCopying(
  client: pg.PoolClient,
  text: string,
  onChunk: (chunk: Buffer) => void,
): Promise<pg.QueryResult[]> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null | undefined, results: unknown) => {
      if (error) reject(error)
      else resolve(Array.isArray(results) ? results : [results])
    }
    // The typings know callbacks for texts only; pg sets them on queries of other classes too.
    ;(client.query as unknown as (query: pg.Query, callback: typeof done) => void)(
      new CopyingQuery(text, onChunk),
      done,
    )
  })
}
