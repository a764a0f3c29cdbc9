/** Licenses whose code may be part of an Apache-2.0 product. */
const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
  'Zlib',
])

/** For tools that build and test only: their terms reach their own files, and those are not handed on. */
const TOOLS_ONLY = new Set(['MPL-2.0', 'CC-BY-4.0', 'CC-BY-3.0'])

export type Package = { name: string; version: string; license: string | null; isTool: boolean }

/** Why a package may not be used, or null. Reads SPDX expressions with AND, OR and brackets. */
export function licenseProblem({ name, version, license, isTool }: Package): string | null {
  if (license === null || license.trim() === '') return `${name} ${version} names no license`
  const isAllowed = (id: string) => PERMISSIVE.has(id) || (isTool && TOOLS_ONLY.has(id))
  try {
    if (allows(license, isAllowed)) return null
  } catch {
    return `${name} ${version}: "${license}" cannot be read as a license`
  }
  return `${name} ${version}: ${license} does not go with Apache-2.0${isTool ? '' : ' in what we ship'}`
}

function allows(expression: string, isAllowed: (id: string) => boolean): boolean {
  const tokens = expression.match(/\(|\)|[^\s()]+/g) ?? []
  let at = 0
  const result = anyOf()
  if (at < tokens.length) throw new Error('rest')
  return result

  function anyOf(): boolean {
    let found = allOf()
    while (tokens[at] === 'OR') {
      at++
      const other = allOf()
      found ||= other
    }
    return found
  }

  function allOf(): boolean {
    let found = one()
    while (tokens[at] === 'AND') {
      at++
      const other = one()
      found &&= other
    }
    return found
  }

  function one(): boolean {
    const token = tokens[at++]
    if (token === '(') {
      const inner = anyOf()
      if (tokens[at++] !== ')') throw new Error('bracket')
      return inner
    }
    if (token === undefined || [')', 'AND', 'OR'].includes(token)) throw new Error('license')
    return isAllowed(token)
  }
}
