import { isGuid } from '../kernel/ids.ts'

/** Names in lower case -> the name in our objects; several names may lead to one. */
export type FieldNames = ReadonlyMap<string, string>

export function fieldNames(names: readonly string[], aliases: Readonly<Record<string, string>> = {}): FieldNames {
  return new Map([
    ...names.map((name): [string, string] => [name.toLowerCase(), name]),
    ...Object.entries(aliases).map(([alias, name]): [string, string] => [alias.toLowerCase(), name]),
  ])
}

/**
 * A record from Microsoft on its way to a plain object: known fields under one spelling, the rest untouched in `extra`.
 * What a known field holds that its type does not allow is moved to `extra` as well, with a warning: nothing is dropped.
 */
export class RecordReader {
  readonly warnings: string[]
  readonly #known = new Map<string, { key: string; value: unknown }>()
  readonly #extra: [string, unknown][] = []
  readonly #where: string

  constructor(record: object, names: FieldNames, warnings: string[], where = '') {
    this.warnings = warnings
    this.#where = where
    for (const [key, value] of Object.entries(record)) this.#sort(key, value, names.get(key.toLowerCase()))
  }

  /** As received: null when absent. */
  raw(name: string): unknown {
    return this.#known.get(name)?.value ?? null
  }

  /** Numbers and booleans count as their text; null when absent, null or of another shape. */
  text(name: string): string | null {
    const value = this.raw(name)
    if (value === null || typeof value === 'string') return value
    if (typeof value === 'number' || typeof value === 'boolean') {
      this.warn(name, `is a ${typeof value} where text is usual`)
      return String(value)
    }
    this.setAside(name, 'is not text')
    return null
  }

  /** GUIDs in lower case, anything else as it is, "" as null. */
  guidText(name: string): string | null {
    const value = this.text(name)
    return value === null || value === '' ? null : isGuid(value) ? value.toLowerCase() : value
  }

  texts(name: string): string[] {
    const value = this.raw(name)
    if (value === null) return []
    if (!Array.isArray(value)) {
      this.setAside(name, 'is not a list')
      return []
    }
    const texts = value.filter((element) => typeof element === 'string')
    if (texts.length < value.length) this.setAside(name, 'holds more than texts')
    return texts
  }

  /** Null when absent or null; elements that are no objects stay in `extra`. */
  objects(name: string): object[] | null {
    const value = this.raw(name)
    if (value === null) return null
    if (!Array.isArray(value)) {
      this.setAside(name, 'is not a list')
      return null
    }
    const objects = value.filter(isPlainObject)
    if (objects.length < value.length) this.setAside(name, 'holds more than objects')
    return objects
  }

  object(name: string): object | null {
    const value = this.raw(name)
    if (value === null || isPlainObject(value)) return value
    this.setAside(name, 'is not an object')
    return null
  }

  /** Keeps a value that cannot be used under the name it came with. */
  setAside(name: string, problem: string): void {
    this.warn(name, problem)
    const field = this.#known.get(name)
    if (field !== undefined) this.#extra.push([field.key, field.value])
  }

  warn(name: string, problem: string): void {
    this.warnings.push(`${this.path(name)} ${problem}`)
  }

  path(name: string): string {
    return this.#where === '' ? name : `${this.#where}.${name}`
  }

  /** Everything that is not under a known name. fromEntries keeps even a key named `__proto__`, assignment would not. */
  extra(): Record<string, unknown> {
    return Object.fromEntries(this.#extra)
  }

  #sort(key: string, value: unknown, name: string | undefined): void {
    if (name === undefined) {
      this.#extra.push([key, value])
      return
    }
    const earlier = this.#known.get(name)
    if (earlier === undefined) {
      this.#known.set(name, { key, value })
      return
    }
    // Two spellings of one field: the one that says something wins, the other is kept.
    this.warn(name, 'is given more than once')
    if (earlier.value === null && value !== null) {
      this.#known.set(name, { key, value })
      this.#extra.push([earlier.key, earlier.value])
    } else {
      this.#extra.push([key, value])
    }
  }
}

export function isPlainObject(value: unknown): value is object {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** A known word in its usual letter case, whatever case and blanks it came with; unknown words as they are. */
export function knownWord(text: string, known: ReadonlyMap<string, string>): string {
  return known.get(text.replaceAll(/\s/g, '').toLowerCase()) ?? text
}

export function knownWords(words: readonly string[]): ReadonlyMap<string, string> {
  return new Map(words.map((word) => [word.toLowerCase(), word]))
}
