import { isGuid } from '../kernel/ids.ts'

/** Names as they come -> the name in our objects; several names may lead to one. Asked by exact spelling, then in lower case. */
export type FieldNames = ReadonlyMap<string, string>

/** The given names and aliases in lower case; the two usual spellings are there as well, so that they are found at once. */
export function fieldNames(names: readonly string[], aliases: Readonly<Record<string, string>> = {}): FieldNames {
  const all = new Map<string, string>()
  for (const [spelling, name] of [...names.map((name) => [name, name] as const), ...Object.entries(aliases)]) {
    all.set(spelling, name)
    all.set(`${spelling.slice(0, 1).toUpperCase()}${spelling.slice(1)}`, name)
    all.set(spelling.toLowerCase(), name)
  }
  return all
}

/**
 * A record from Microsoft on its way to a plain object: known fields under one spelling, the rest untouched in `extra`.
 * What a known field holds that its type does not allow is moved to `extra` as well, with a warning: nothing is dropped.
 * Every record of a first sync passes here, so fields are found without making objects for each.
 */
export class RecordReader {
  readonly #warnings: string[]
  readonly #where: string
  readonly #record: Readonly<Record<string, unknown>>
  readonly #keys = new Map<string, string>()
  #extraKeys: string[] | null = null

  /** `where` says in warnings which part of the record this is; "" for the record itself. */
  constructor(record: object, names: FieldNames, warnings: string[], where = '') {
    this.#record = record as Record<string, unknown>
    this.#warnings = warnings
    this.#where = where
    for (const key of Object.keys(record)) this.#sort(key, names.get(key) ?? names.get(key.toLowerCase()))
  }

  /** As received; null when absent. */
  raw(name: string): unknown {
    const key = this.#keys.get(name)
    return key === undefined ? null : (this.#record[key] ?? null)
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

  /** A GUID in lower case; null when absent, null, or anything else. */
  guid(name: string): string | null {
    const text = this.text(name)
    return text !== null && isGuid(text) ? text.toLowerCase() : null
  }

  /** As `text`, with GUIDs in lower case. */
  idText(name: string): string | null {
    const text = this.text(name)
    return text !== null && isGuid(text) ? text.toLowerCase() : text
  }

  /** Empty when absent or null; what is no text stays in `extra`. */
  texts(name: string): string[] {
    const value = this.#list(name)
    if (value === null || value.every((element) => typeof element === 'string')) return value ?? []
    this.setAside(name, 'holds more than texts')
    return value.filter((element) => typeof element === 'string')
  }

  /** Null when absent or null; what is no object stays in `extra`. */
  objects(name: string): object[] | null {
    const value = this.#list(name)
    if (value === null || value.every(isPlainObject)) return value
    this.setAside(name, 'holds more than objects')
    return value.filter(isPlainObject)
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
    const key = this.#keys.get(name)
    if (key !== undefined) this.#keep(key)
  }

  warn(name: string, problem: string): void {
    this.#warnings.push(`${this.#where === '' ? name : `${this.#where}.${name}`} ${problem}`)
  }

  /** Everything that is not under a known name. fromEntries keeps even a key named `__proto__`, assignment would not. */
  extra(): Record<string, unknown> {
    return this.#extraKeys === null ? {} : Object.fromEntries(this.#extraKeys.map((key) => [key, this.#record[key]]))
  }

  #list(name: string): unknown[] | null {
    const value = this.raw(name)
    if (value === null || Array.isArray(value)) return value
    this.setAside(name, 'is not a list')
    return null
  }

  #keep(key: string): void {
    this.#extraKeys ??= []
    this.#extraKeys.push(key)
  }

  #sort(key: string, name: string | undefined): void {
    if (name === undefined) {
      this.#keep(key)
      return
    }
    const earlier = this.#keys.get(name)
    if (earlier === undefined) {
      this.#keys.set(name, key)
      return
    }
    // Two spellings of one field: the one that says something wins, the other is kept.
    this.warn(name, 'is given more than once')
    const isBetter = this.#record[earlier] === null && this.#record[key] !== null
    this.#keep(isBetter ? earlier : key)
    if (isBetter) this.#keys.set(name, key)
  }
}

export function isPlainObject(value: unknown): value is object {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** Words that are known today, by their usual spelling and in lower case. */
export type KnownWords = ReadonlyMap<string, string>

export function knownWords(words: readonly string[]): KnownWords {
  return new Map(words.flatMap((word) => [[word, word] as const, [word.toLowerCase(), word] as const]))
}

/** A known word in its usual spelling, whatever letter case and blanks it came with; undefined for any other. */
export function knownWord(text: string, known: KnownWords): string | undefined {
  return known.get(text) ?? known.get(text.replaceAll(/\s/g, '').toLowerCase())
}
