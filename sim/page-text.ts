import type { ConsentStore } from './consent-store.ts'

/** Listings are cut into blocks of this many ordinals; a change discards one block. */
const BLOCK_SIZE = 250
/** Above this the blocks least recently used are made again when asked for. 100,000 consents fit. */
const CACHE_LIMIT_BYTES = 160 * 1024 * 1024

interface Block {
  /** JSON of each consent followed by a comma. */
  text: Buffer
  /** Start of each consent in `text`, and the end of the last. */
  offsets: Uint32Array
}

/**
 * Ready JSON text of the listing. The server's sync is measured against this simulator, so a page of
 * 1,000 must cost next to nothing once its blocks exist.
 */
export class PageText {
  private readonly store: ConsentStore
  private readonly serialize: (ordinal: number) => string
  private readonly blocks = new Map<number, Block>()
  private cachedBytes = 0

  constructor(store: ConsentStore, serialize: (ordinal: number) => string) {
    this.store = store
    this.serialize = serialize
  }

  discard(ordinal: number | 'all'): void {
    if (ordinal === 'all') {
      this.blocks.clear()
      this.cachedBytes = 0
      return
    }
    const index = Math.floor(ordinal / BLOCK_SIZE)
    this.cachedBytes -= this.blocks.get(index)?.text.length ?? 0
    this.blocks.delete(index)
  }

  /** The consents at positions `skip` to `skip + top - 1` as the inside of a JSON array. */
  slice(skip: number, top: number): Buffer {
    const pieces: Buffer[] = []
    const last = Math.min(skip + top, this.store.listedCount) - 1
    if (last < skip) return Buffer.alloc(0)
    const end = this.store.ordinalAt(last) + 1
    let ordinal = this.store.ordinalAt(skip)
    while (ordinal < end) {
      const blockEnd = Math.min(end, (Math.floor(ordinal / BLOCK_SIZE) + 1) * BLOCK_SIZE)
      this.collect(ordinal, blockEnd, pieces)
      ordinal = blockEnd
    }
    const joined = Buffer.concat(pieces)
    return joined.subarray(0, joined.length - 1)
  }

  private collect(from: number, to: number, pieces: Buffer[]): void {
    const block = this.block(Math.floor(from / BLOCK_SIZE))
    const first = Math.floor(from / BLOCK_SIZE) * BLOCK_SIZE
    let start = from
    const push = (until: number) => {
      if (until > start) pieces.push(block.text.subarray(block.offsets[start - first], block.offsets[until - first]))
    }
    for (let ordinal = from; ordinal < to; ordinal++) {
      if (this.store.isListed(ordinal)) continue
      push(ordinal)
      start = ordinal + 1
    }
    push(to)
  }

  private block(index: number): Block {
    const known = this.blocks.get(index)
    if (known !== undefined) {
      this.blocks.delete(index)
      this.blocks.set(index, known)
      return known
    }
    const made = this.make(index)
    this.blocks.set(index, made)
    this.cachedBytes += made.text.length
    for (const [oldest, block] of this.blocks) {
      if (this.cachedBytes <= CACHE_LIMIT_BYTES || oldest === index) break
      this.cachedBytes -= block.text.length
      this.blocks.delete(oldest)
    }
    return made
  }

  private make(index: number): Block {
    const first = index * BLOCK_SIZE
    const count = Math.min(BLOCK_SIZE, this.store.ordinalLimit - first)
    const offsets = new Uint32Array(count + 1)
    const texts: Buffer[] = []
    let length = 0
    for (let i = 0; i < count; i++) {
      const text = Buffer.from(`${this.serialize(first + i)},`)
      texts.push(text)
      length += text.length
      offsets[i + 1] = length
    }
    return { text: Buffer.concat(texts), offsets }
  }
}
