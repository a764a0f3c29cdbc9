/** How the operator API writes its names; both are seen in public mirrors of it (microsoft.md A.3). */
export type Casing = 'pascal' | 'camel'

/** JSON text of a native object in the casing asked for. */
export function writeJson(value: unknown, casing: Casing): string {
  return JSON.stringify(casing === 'camel' ? toCamel(value) : value)
}

export function nameIn(casing: Casing, name: string): string {
  return casing === 'camel' ? `${name.charAt(0).toLowerCase()}${name.slice(1)}` : name
}

function toCamel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toCamel)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [nameIn('camel', key), toCamel(inner)]))
}
