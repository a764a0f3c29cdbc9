type Schema = {
  type?: string
  minimum?: number
  maximum?: number
  maxLength?: number
  minLength?: number
  pattern?: string
  format?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  items?: Schema
}

/** Texts that a query parameter of this schema must refuse. Empty where any text of bearable length is good. */
export function spoiltValues(schema: unknown): string[] {
  const {
    type,
    minimum,
    maximum,
    maxLength,
    minLength,
    pattern,
    format,
    enum: choices,
    anyOf,
    items,
  } = schema as Schema
  if (type === 'array') return spoiltValues(items)
  if (choices !== undefined || anyOf !== undefined) return ['nonsense', '']
  if (type === 'boolean') return ['yes', '1', '', 'true false', 'null']
  if (type === 'integer' || type === 'number') {
    return [
      ...['abc', '', ' 1', '-1', '+1', '1e3', '0x10', 'NaN', 'Infinity', '1,000', '１', '9'.repeat(30)],
      ...(type === 'integer' ? ['1.5'] : []),
      ...(minimum !== undefined && minimum > 0 ? [String(minimum - 1)] : []),
      ...(maximum !== undefined ? [String(maximum + 1)] : []),
    ]
  }
  return [
    ...(maxLength !== undefined ? ['x'.repeat(maxLength + 1)] : []),
    ...(minLength !== undefined && minLength > 0 ? [''] : []),
    ...(pattern !== undefined || format !== undefined ? ['\u0007 no such thing'] : []),
  ]
}
