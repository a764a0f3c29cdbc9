import type { ApplyOptions, ObjectChange, SbcObject, ScriptPlan } from '../sbc-driver.ts'
import { type DeviceConfiguration, type DeviceRow, rowByKey } from './mediant-configuration.ts'
import { checkObject, childObjectOf, childPlace, objectOf } from './mediant-objects.ts'
import type { ScriptItem, WantedRow } from './mediant-script.ts'
import { quote, SECRET_PARAMETERS, type TableSpec, topTable } from './mediant-tables.ts'

/** A plan whose commands are as the device needs them: with its secrets. */
export type MediantPlan = ScriptPlan & {
  /** Lines that show something, to be sent after the commands. */
  show: string[]
}

type Ours = ApplyOptions['isOurs']

/** What has to be sent so that the device holds what the script wants. Pure. */
export function planScript(items: readonly ScriptItem[], device: DeviceConfiguration, isOurs: Ours): MediantPlan {
  const planner = new Planner(device, isOurs)
  for (const item of items) {
    if (item.kind === 'row') planner.want(item.row)
    else if (item.kind === 'gone') planner.remove(item.table, item.key)
    else planner.show(item.line)
  }
  return planner.plan()
}

class Planner {
  readonly #device: DeviceConfiguration
  readonly #isOurs: Ours
  readonly #changes: ObjectChange[] = []
  readonly #expected: SbcObject[] = []
  readonly #gone: { table: string; name: string }[] = []
  readonly #conflicts: ScriptPlan['conflicts'] = []
  readonly #missing: ScriptPlan['missingReferences'] = []
  readonly #lines: string[] = []
  readonly #show: string[] = []

  constructor(device: DeviceConfiguration, isOurs: Ours) {
    this.#device = device
    this.#isOurs = isOurs
  }

  show(line: string): void {
    this.#show.push(line)
  }

  want(row: WantedRow): void {
    this.#lookUpReferences(row)
    const there = rowByKey(row.table, this.#device.get(row.table.words), row.key)
    if (row.selector === 'named') this.#wantInNamed(row, there)
    else this.#wantWhole(row, there)
  }

  /** A row with the rows below it is one object. */
  #wantWhole(row: WantedRow, there: DeviceRow | undefined): void {
    const object = objectOf(row)
    if (row.isShared && there) {
      this.#note(object, 'keep', 'It is there, and shared with others.')
      return
    }
    this.#expected.push(object)
    if (!there) {
      this.#note(object, 'add', '')
      this.#lines.push(...openLines(row, 'new', row.values), ...childLines(row, undefined), ...closeLines(1))
      return
    }
    this.#correct(object, row, there)
  }

  #correct(object: SbcObject, row: WantedRow, there: DeviceRow): void {
    const check = checkObject(this.#device, object)
    const secrets = secretsOf(row)
    if (check.state === 'as-expected' && (secrets.length === 0 || !this.#isOurs(object))) {
      this.#note(object, 'keep', 'It is there already, as it should be.')
      return
    }
    if (!this.#isOurs(object)) {
      this.#conflicts.push(check)
      this.#note(object, 'leave', 'It is there, is another one, and is not ours.')
      return
    }
    if (check.state === 'as-expected')
      this.#note(object, 'change', `${secrets.join(', ')} is set again: it cannot be read.`)
    const words = check.differences.map(({ parameter, expected }) => `${parameter} ${expected}`).join(', ')
    if (check.state !== 'as-expected') this.#note(object, 'change', words)
    const wrong = new Map([...row.values].filter(([parameter, value]) => isWrong(there, parameter, value)))
    this.#lines.push(...openLines(row, String(there.index), wrong), ...childLines(row, there), ...closeLines(1))
  }

  /** In a row that is there, and may be anybody's, each row below is an object, and so is what is set of the row itself. */
  #wantInNamed(row: WantedRow, there: DeviceRow | undefined): void {
    if (!there) {
      for (const gone of row.goneChildren) this.#isToGo(childPlace(row, gone), undefined)
      const isOnlyRemoval = row.values.size === 0 && row.children.length === 0
      if (!isOnlyRemoval) this.#missing.push({ table: row.table.words, name: row.key, referredBy: `line ${row.line}` })
      return
    }
    if (row.values.size > 0) {
      const object = { ...objectOf({ ...row, children: [] }) }
      this.#expected.push(object)
      this.#correct(object, { ...row, children: [] }, there)
    }
    const lines = row.children.flatMap((child) => this.#wantBelow(row, child, there))
    for (const gone of row.goneChildren) lines.push(...this.#removeBelow(row, gone, there))
    if (lines.length > 0)
      this.#lines.push(...openLines(row, String(there.index), new Map()), ...lines, ...closeLines(1))
  }

  #wantBelow(parent: WantedRow, child: WantedRow, there: DeviceRow): string[] {
    const object = childObjectOf(parent, child)
    this.#expected.push(object)
    const below = rowByKey(child.table, there.children.get(child.table.words), child.key)
    if (!below) {
      this.#note(object, 'add', '')
      return [...openLines(child, 'new', child.values, 2), ...closeLines(2)]
    }
    const check = checkObject(this.#device, object)
    if (check.state === 'as-expected') {
      this.#note(object, 'keep', 'It is there already, as it should be.')
      return []
    }
    if (!this.#isOurs(object)) {
      this.#conflicts.push(check)
      this.#note(object, 'leave', 'It is there, is another one, and is not ours.')
      return []
    }
    this.#note(
      object,
      'change',
      check.differences.map(({ parameter, expected }) => `${parameter} ${expected}`).join(', '),
    )
    return [...openLines(child, String(below.index), child.values, 2), ...closeLines(2)]
  }

  remove(table: TableSpec, key: string): void {
    const place = { table: table.words, name: key }
    const there = rowByKey(table, this.#device.get(table.words), key)
    if (this.#isToGo(place, there)) this.#lines.push(` no ${table.words} ${there?.index}`)
  }

  #removeBelow(parent: WantedRow, gone: { table: TableSpec; key: string }, there: DeviceRow): string[] {
    const row = rowByKey(gone.table, there.children.get(gone.table.words), gone.key)
    return this.#isToGo(childPlace(parent, gone), row) ? [`  no ${gone.table.words} ${row?.index}`] : []
  }

  #isToGo(place: { table: string; name: string }, there: DeviceRow | undefined): boolean {
    if (!there) {
      this.#gone.push(place)
      this.#note(place, 'already-gone', 'It is not there.')
      return false
    }
    if (!this.#isOurs(place)) {
      this.#note(place, 'leave', 'It is not ours.')
      return false
    }
    this.#gone.push(place)
    this.#note(place, 'remove', '')
    return true
  }

  #lookUpReferences(row: WantedRow): void {
    for (const [parameter, words] of Object.entries(row.table.references)) {
      const name = row.values.get(parameter)
      const table = topTable(words)
      if (!name || !table || rowByKey(table, this.#device.get(words), name)) continue
      if (this.#expected.some((object) => object.table === words && object.name === name)) continue
      this.#missing.push({ table: words, name, referredBy: `${row.table.words} ${row.key}` })
    }
  }

  #note({ table, name }: { table: string; name: string }, what: ObjectChange['what'], note: string): void {
    this.#changes.push({ table, name, what, note })
  }

  plan(): MediantPlan {
    const commands = this.#lines.length === 0 ? '' : ['configure voip', ...this.#lines, 'exit'].join('\n')
    return {
      changes: this.#changes,
      expected: this.#expected,
      gone: this.#gone,
      conflicts: this.#conflicts,
      missingReferences: this.#missing,
      commands,
      show: this.#show,
    }
  }
}

function secretsOf(row: WantedRow): string[] {
  return [...row.values.keys()].filter((parameter) => SECRET_PARAMETERS.has(parameter))
}

/** A hidden value cannot be compared: with anything else wrong it is sent again. */
function isWrong({ values, hidden }: DeviceRow, parameter: string, value: string): boolean {
  return hidden.has(parameter) || SECRET_PARAMETERS.has(parameter) || values.get(parameter) !== value
}

function openLines(row: WantedRow, selector: string, values: ReadonlyMap<string, string>, depth = 1): string[] {
  const indent = ' '.repeat(depth)
  const opened = `${indent}${row.table.words} ${selector}`
  const set = [...values].map(([parameter, value]) => `${indent} ${parameter} ${written(value)}`)
  return set.length === 0 ? [opened] : [opened, ...set, `${indent} activate`]
}

function closeLines(depth: number): string[] {
  const indent = ' '.repeat(depth)
  return [`${indent} activate`, `${indent}exit`]
}

function childLines(row: WantedRow, there: DeviceRow | undefined): string[] {
  return row.children.flatMap((child) => {
    const below = there && rowByKey(child.table, there.children.get(child.table.words), child.key)
    const wrong = below
      ? new Map([...child.values].filter(([parameter, value]) => isWrong(below, parameter, value)))
      : child.values
    if (below && wrong.size === 0) return []
    return [...openLines(child, below ? String(below.index) : 'new', wrong, 2), '  exit']
  })
}

/** Words of the command line stand as they are; anything else in quotation marks, which values never hold. */
function written(value: string): string {
  return /^[A-Za-z0-9._-]+$/.test(value) ? value : quote(value)
}
