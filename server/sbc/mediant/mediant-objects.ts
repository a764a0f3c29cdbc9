import type { ObjectCheck, SbcObject } from '../sbc-driver.ts'
import { type DeviceConfiguration, type DeviceRow, rowByKey } from './mediant-configuration.ts'
import type { ScriptItem, WantedRow } from './mediant-script.ts'
import { MEDIANT_TABLES, quote, SECRET_PARAMETERS, type TableSpec, topTable } from './mediant-tables.ts'

/** Rows below a row that is somebody else's are objects of their own: `sbc dial-plan/dial-plan-rule`, `OCDialPlan/+49301#`. */
const BELOW = '/'

export function objectOf(row: WantedRow): SbcObject {
  return {
    table: row.table.words,
    name: row.key,
    values: valuesOf(row),
    ...(row.isShared && { isShared: true as const }),
  }
}

export function childObjectOf(parent: WantedRow, child: WantedRow): SbcObject {
  return { ...childPlace(parent, child), values: valuesOf(child) }
}

export function childPlace(
  parent: { table: TableSpec; key: string },
  child: { table: TableSpec; key: string },
): { table: string; name: string } {
  return { table: `${parent.table.words}${BELOW}${child.table.words}`, name: `${parent.key}${BELOW}${child.key}` }
}

function valuesOf(row: WantedRow): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [parameter, value] of row.values) if (!SECRET_PARAMETERS.has(parameter)) values[parameter] = value
  for (const child of row.children) {
    for (const [parameter, value] of child.values) {
      if (!SECRET_PARAMETERS.has(parameter)) values[`${child.table.words} ${child.key}${BELOW}${parameter}`] = value
    }
  }
  return values
}

/** Compares an object with what the device holds. */
export function checkObject(configuration: DeviceConfiguration, object: SbcObject): ObjectCheck {
  const place = { table: object.table, name: object.name }
  const found = findRow(configuration, object)
  if (!found) return { ...place, state: 'missing', differences: [] }
  const differences = Object.entries(object.values).flatMap(([parameter, expected]) => {
    const value = parameterOf(found, parameter)
    return value.isHidden || value.text === expected ? [] : [{ parameter, expected, found: value.text }]
  })
  return { ...place, state: differences.length === 0 ? 'as-expected' : 'changed', differences }
}

export function findRow(
  configuration: DeviceConfiguration,
  { table: words, name }: { table: string; name: string },
): { table: TableSpec; row: DeviceRow } | null {
  const top = topTable(words)
  if (top) {
    const row = rowByKey(top, configuration.get(words), name)
    return row ? { table: top, row } : null
  }
  const parent = MEDIANT_TABLES.find((table) => words.startsWith(`${table.words}${BELOW}`))
  const child = parent?.children.find((table) => words === `${parent.words}${BELOW}${table.words}`)
  if (!parent || !child) return null
  const cut = name.indexOf(BELOW)
  const above = rowByKey(parent, configuration.get(parent.words), name.slice(0, cut))
  const row = above && rowByKey(child, above.children.get(child.words), name.slice(cut + 1))
  return row ? { table: child, row } : null
}

function parameterOf(
  { table, row }: { table: TableSpec; row: DeviceRow },
  parameter: string,
): { text: string | null; isHidden: boolean } {
  for (const child of table.children) {
    if (!parameter.startsWith(`${child.words} `)) continue
    const cut = parameter.lastIndexOf(BELOW)
    const below = rowByKey(child, row.children.get(child.words), parameter.slice(child.words.length + 1, cut))
    return below ? parameterOf({ table: child, row: below }, parameter.slice(cut + 1)) : { text: null, isHidden: false }
  }
  return { text: row.values.get(parameter) ?? null, isHidden: row.hidden.has(parameter) }
}

/** A row of the device as an object, with the rows below it. */
export function objectOfRow(table: TableSpec, row: DeviceRow): SbcObject {
  const values: Record<string, string> = {}
  for (const [parameter, value] of row.values) if (!row.hidden.has(parameter)) values[parameter] = value
  for (const child of table.children) {
    for (const [at, below] of (row.children.get(child.words) ?? []).entries()) {
      const key = child.key === null ? String(at) : (below.values.get(child.key) ?? '')
      for (const [parameter, value] of below.values) {
        if (!below.hidden.has(parameter)) values[`${child.words} ${key}${BELOW}${parameter}`] = value
      }
    }
  }
  const name = table.key === null ? String(row.index) : (row.values.get(table.key) ?? '')
  return { table: table.words, name, values }
}

/** What a script wants to be there, and not to be there, whatever the device holds. */
export function wishesOf(items: readonly ScriptItem[]): {
  expected: SbcObject[]
  gone: { table: string; name: string }[]
} {
  const expected: SbcObject[] = []
  const gone: { table: string; name: string }[] = []
  for (const item of items) {
    if (item.kind === 'gone') gone.push({ table: item.table.words, name: item.key })
    if (item.kind !== 'row') continue
    const { row } = item
    if (row.selector === 'new') expected.push(objectOf(row))
    else {
      if (row.values.size > 0) expected.push(objectOf({ ...row, children: [] }))
      expected.push(...row.children.map((child) => childObjectOf(row, child)))
      gone.push(...row.goneChildren.map((child) => childPlace(row, child)))
    }
  }
  return { expected, gone }
}

/** Lines that remove objects, the last one first: what was made later may refer to what was made before. */
export function removalScript(objects: readonly { table: string; name: string }[]): string {
  const lines = objects.toReversed().flatMap(({ table, name }) => {
    const [parent = '', child] = table.split(BELOW)
    if (child === undefined) return [` no ${table} ${quote(name)}`]
    const cut = name.indexOf(BELOW)
    return [` ${parent} ${quote(name.slice(0, cut))}`, `  no ${child} ${quote(name.slice(cut + 1))}`, ' exit']
  })
  return ['configure voip', ...lines, 'exit'].join('\n')
}
