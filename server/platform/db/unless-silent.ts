/**
 * Fails when the database sends nothing for so long although more is wanted. How long the reader takes does not count, so
 * this is no limit for the statement, which a slow reader holds up for as long as it likes.
 */
export async function* unlessSilent(rows: AsyncGenerator<Buffer>, limitMs: number): AsyncGenerator<Buffer, void, void> {
  for (;;) {
    const silent = Promise.withResolvers<never>()
    const timer = setTimeout(() => silent.reject(new Error('Query read timeout')), limitMs)
    let next: IteratorResult<Buffer>
    try {
      next = await Promise.race([rows.next(), silent.promise])
    } finally {
      clearTimeout(timer)
    }
    if (next.done) return
    yield next.value
  }
}
