import { BadRequest, type Exchange, readBody } from './http-exchange.ts'
import { parseGuid } from './seed/guid.ts'

/** A JSON object from a control call, read field by field; every problem is a 400 that names the field. */
export class ControlBody {
  private readonly fields: Record<string, unknown>
  private readonly prefix: string

  constructor(fields: Record<string, unknown>, prefix = '') {
    this.fields = fields
    this.prefix = prefix
  }

  /** @throws BadRequest 415 when the body is not declared as JSON, so that a foreign web page cannot post here */
  static async read(exchange: Exchange, allowed: readonly string[]): Promise<ControlBody> {
    const text = await readBody(exchange.request)
    if (text === '') return new ControlBody({})
    if (!exchange.request.headers['content-type']?.includes('application/json')) {
      throw new BadRequest('Send the body as application/json.', 415)
    }
    const body = new ControlBody(parseObject(text))
    body.allowOnly(allowed)
    return body
  }

  allowOnly(allowed: readonly string[]): void {
    const unknown = Object.keys(this.fields).find((key) => !allowed.includes(key))
    if (unknown !== undefined) {
      throw new BadRequest(`"${this.prefix}${unknown}" is not known here. Known: ${allowed.join(', ')}.`)
    }
  }

  has(name: string): boolean {
    return this.fields[name] !== undefined
  }

  text(name: string, limit = 400): string | undefined {
    const value = this.fields[name]
    if (value === undefined) return undefined
    if (typeof value !== 'string' || value.length > limit)
      throw this.wrong(name, `a text of at most ${limit} characters`)
    return value
  }

  requiredText(name: string): string {
    const value = this.text(name)?.trim()
    if (!value) throw this.wrong(name, 'a text')
    return value
  }

  number(name: string, low: number, high: number): number | undefined {
    const value = this.fields[name]
    if (value === undefined) return undefined
    if (typeof value !== 'number' || !(value >= low && value <= high)) {
      throw this.wrong(name, `a number from ${low} to ${high}`)
    }
    return value
  }

  flag(name: string): boolean | undefined {
    const value = this.fields[name]
    if (value !== undefined && typeof value !== 'boolean') throw this.wrong(name, 'true or false')
    return value
  }

  guid(name: string): string | undefined {
    const value = this.text(name)
    if (value === undefined || value === '') return undefined
    return parseGuid(value) ?? this.fail(name, 'a GUID')
  }

  oneOf<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    return choices.find((choice) => choice === value) ?? this.fail(name, `one of ${choices.join(', ')}`)
  }

  texts(name: string): string[] | undefined {
    const value = this.fields[name]
    if (value === undefined) return undefined
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
      throw this.wrong(name, 'a list of texts')
    return value
  }

  objects(name: string, allowed: readonly string[]): ControlBody[] | undefined {
    const value = this.fields[name]
    if (value === undefined) return undefined
    if (!Array.isArray(value) || value.length > 20) throw this.wrong(name, 'a list of at most 20 objects')
    return value.map((item: unknown, index) => {
      if (!isObject(item)) throw this.wrong(`${name}[${index}]`, 'an object')
      const body = new ControlBody(item, `${this.prefix}${name}[${index}].`)
      body.allowOnly(allowed)
      return body
    })
  }

  object(name: string): Record<string, unknown> | undefined {
    const value = this.fields[name]
    if (value === undefined || isObject(value)) return value
    throw this.wrong(name, 'an object')
  }

  private fail(name: string, rule: string): never {
    throw this.wrong(name, rule)
  }

  private wrong(name: string, rule: string): BadRequest {
    return new BadRequest(`"${this.prefix}${name}" must be ${rule}.`)
  }
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new BadRequest(`The body is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (!isObject(value)) throw new BadRequest('The body must be a JSON object.')
  return value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
