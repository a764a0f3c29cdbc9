import type {
  ApplyOptions,
  CallOptions,
  DialPlanChange,
  DialPlanRule,
  SbcConnection,
  SbcDriver,
  SbcDriverOptions,
  SbcMakeFacts,
  SbcStatus,
  ScriptPlan,
  TableUse,
} from '../sbc-driver.ts'
import { SbcError } from '../sbc-error.ts'
import { type DeviceConfiguration, type DeviceRow, readConfiguration } from './mediant-configuration.ts'
import { createMediantCaller, isRecord, type MediantAnswer } from './mediant-http.ts'
import { checkObject, findRow, objectOfRow, removalScript, wishesOf } from './mediant-objects.ts'
import { type MediantPlan, planScript } from './mediant-plan.ts'
import { readScript } from './mediant-script.ts'
import { MEDIANT_TABLES, quote } from './mediant-tables.ts'

const SCRIPT_PATH = '/files/cliScript/incremental'
const RULES_PER_SCRIPT = 200
/** A device that restarts in between has lost what was sent: once more, then it is said. */
const ROUNDS = 2
/** Characters of what a device printed that are kept. */
const OUTPUT_KEPT = 20_000

/** AudioCodes Mediant, versions 7.2 and 7.4, over its REST interface. Source: domain/sbc.md. */
export const MEDIANT: SbcMakeFacts = {
  make: 'mediant',
  name: 'AudioCodes Mediant',
  // `#` ends the number; digits and + mean themselves.
  exactPrefix: (e164) => `${e164}#`,
  wishes: (script) => wishesOf(readScript(script)),
  removalScript,
}

export function createMediantDriver(connection: SbcConnection, { dispatcher }: SbcDriverOptions): SbcDriver {
  const call = createMediantCaller(connection, dispatcher)

  async function read(options: CallOptions): Promise<DeviceConfiguration> {
    const answer = await call({ operation: 'read', method: 'PUT', path: SCRIPT_PATH, file: SHOW }, options)
    return readConfiguration(outputOf(answer))
  }

  const save = (options: CallOptions) =>
    call({ operation: 'save', method: 'POST', path: '/actions/saveConfiguration' }, options)

  /** Sends lines and returns what was printed. Throws `refused-line` with the device's words. */
  async function send(script: string, options: CallOptions, secrets: readonly string[]): Promise<string> {
    const answer = await call({ operation: 'script', method: 'PUT', path: SCRIPT_PATH, file: script }, options)
    const output = masked(outputOf(answer), secrets).slice(0, OUTPUT_KEPT)
    if (answer.status === 200) return output
    const last = output.trim().split('\n').at(-1) ?? ''
    throw new SbcError({
      ...{ kind: last.includes('is full') ? 'full' : 'refused-line', operation: 'script', output },
      detail: `The SBC refuses a line of the script. It says: ${last.slice(0, 300)}`,
    })
  }

  async function planned(script: string, options: ApplyOptions): Promise<MediantPlan> {
    const items = readScript(script)
    return planScript(items, await read(options), options.isOurs)
  }

  return {
    async status(options) {
      return readStatus(await call({ operation: 'status', method: 'GET', path: '/status' }, options))
    },

    async tables(options) {
      return usesOf(await read(options))
    },

    plan: async (script, options) => shownPlan(await planned(script, options), options.secrets ?? []),

    async apply(script, options) {
      const secrets = options.secrets ?? []
      let output = ''
      let first: MediantPlan | null = null
      for (let round = 1; ; round++) {
        const plan = await planned(script, options)
        demandApplicable(plan)
        if (first === null) await options.beforeSending?.(shownPlan(plan, secrets))
        first ??= plan
        const lines = [plan.commands, ...plan.show].filter((text) => text !== '').join('\n')
        if (lines !== '') output += await send(lines, options, secrets)
        if (plan.commands !== '') {
          const wrong = whatIsWrong(plan, await read(options))
          if (wrong.length > 0 && round < ROUNDS) continue
          if (wrong.length > 0) throw notApplied(wrong, output)
        }
        // Also where nothing was missing: somebody may have been stopped between applying and saving.
        await save(options)
        const done = { plan: shownPlan(first, secrets), output, sent: first.commands !== '' }
        if (plan.commands === '') return { ...done, tables: null }
        // A restart between the last look and saving has lost it all, and saved what was there before.
        const device = await read(options)
        if (round < ROUNDS && whatIsWrong(plan, device).length > 0) continue
        return { ...done, tables: usesOf(device) }
      }
    },

    async check(objects, options) {
      const device = await read(options)
      return objects.map((object) => checkObject(device, object))
    },

    async find(names, options) {
      const device = await read(options)
      return MEDIANT_TABLES.flatMap((table) =>
        names.flatMap((name) => {
          const found = findRow(device, { table: table.words, name })
          return found ? [objectOfRow(found.table, found.row)] : []
        }),
      )
    },

    dialPlan: async (name, options) => rulesIn(await read(options), name),

    async dialPlans(options) {
      const rows = (await read(options)).get('sbc dial-plan') ?? []
      return rows.map((row) => ({ name: row.values.get('name') ?? '', rules: rulesOf(row) }))
    },

    async changeDialPlan(name, change, options) {
      const rules = rulesIn(await read(options), name)
      if (!rules)
        throw new SbcError({ kind: 'rejected', operation: 'read', detail: `The SBC has no dial plan ${name}.` })
      const { add, remove } = differenceOf(rules, change)
      for (const script of dialPlanScripts(name, add, remove)) {
        const plan = planScript(readScript(script), await read(options), () => true)
        if (plan.commands !== '') await send(plan.commands, options, [])
      }
      if (add.length + remove.length > 0) {
        const left = differenceOf(rulesIn(await read(options), name) ?? [], change)
        const wrong = [...left.add, ...left.remove].map(({ prefix }) => `${name}: ${prefix}`)
        if (wrong.length > 0) throw notApplied(wrong, '')
      }
      await save(options)
      return { added: add.length, removed: remove.length }
    },

    close: async () => {},
  }
}

const SHOW = 'show running-config voip'

function usesOf(device: DeviceConfiguration): TableUse[] {
  return MEDIANT_TABLES.map(({ words }) => ({ table: words, used: device.get(words)?.length ?? 0, limit: null }))
}

function outputOf({ body }: MediantAnswer): string {
  if (isRecord(body) && typeof body.output === 'string') return body.output
  throw new SbcError({ kind: 'malformed', operation: 'read', detail: 'The answer of the SBC has no output.' })
}

/** Names of fields differ with the version in letter case and in their ends, so they are looked up by what they begin with. */
function readStatus({ body }: MediantAnswer): SbcStatus {
  if (!isRecord(body))
    throw new SbcError({ kind: 'malformed', operation: 'status', detail: 'The status is no object.' })
  const fields = Object.entries(body).map(([name, value]) => [name.toLowerCase(), value] as const)
  const text = (...names: string[]) => {
    const value = names.map((name) => fields.find(([field]) => field.startsWith(name))?.[1]).find((one) => one != null)
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null
  }
  const up = Number(text('systemuptime', 'uptime') ?? Number.NaN)
  return {
    version: text('version', 'softwareversion'),
    productType: text('producttype'),
    serialNumber: text('serialnumber'),
    state: [text('operationalstate', 'state'), text('highavailability')].filter(Boolean).join(', ') || null,
    ipAddress: text('ipaddress'),
    upSeconds: Number.isFinite(up) ? Math.floor(up) : null,
  }
}

function demandApplicable(plan: ScriptPlan): void {
  const [conflict] = plan.conflicts
  if (conflict) {
    const found = conflict.differences
      .map(({ parameter, found: value }) => `${parameter} ${value ?? '(none)'}`)
      .join(', ')
    throw new SbcError({
      ...{ kind: 'conflict', operation: 'read' },
      detail: `The SBC has another ${conflict.table} "${conflict.name}" (${found}), which is not ours.`,
    })
  }
  const [missing] = plan.missingReferences
  if (!missing) return
  throw new SbcError({
    ...{ kind: 'refused-line', operation: 'read' },
    detail: `${missing.referredBy} refers to the ${missing.table} "${missing.name}", which is not on the SBC.`,
    remedy: 'Give the name of one that is there, or have it made first.',
  })
}

function whatIsWrong(plan: ScriptPlan, device: DeviceConfiguration): string[] {
  const wrong: string[] = []
  for (const object of plan.expected) {
    const { state, differences } = checkObject(device, object)
    if (state === 'missing') wrong.push(`${object.table} "${object.name}" is not there`)
    for (const { parameter, expected, found } of differences) {
      wrong.push(`${object.table} "${object.name}": ${parameter} is ${found ?? 'not set'}, not ${expected}`)
    }
  }
  for (const place of plan.gone) {
    if (findRow(device, place)) wrong.push(`${place.table} "${place.name}" is still there`)
  }
  return wrong
}

function notApplied(wrong: readonly string[], output: string): SbcError {
  const more = wrong.length > 3 ? ` and ${wrong.length - 3} more` : ''
  const detail = `The SBC says that it did what it was told, and has not: ${wrong.slice(0, 3).join('; ')}${more}.`
  return new SbcError({ kind: 'not-applied', operation: 'read', detail, output })
}

function shownPlan(plan: MediantPlan, secrets: readonly string[]): ScriptPlan {
  const { show, commands, ...rest } = plan
  return { ...rest, commands: masked([commands, ...show].filter((text) => text !== '').join('\n'), secrets) }
}

function masked(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => (secret === '' ? shown : shown.replaceAll(secret, '********')), text)
}

function rulesIn(device: DeviceConfiguration, name: string): DialPlanRule[] | null {
  const found = findRow(device, { table: 'sbc dial-plan', name })
  return found ? rulesOf(found.row) : null
}

function rulesOf({ children }: DeviceRow): DialPlanRule[] {
  return (children.get('dial-plan-rule') ?? []).map(({ values }) => ({
    name: values.get('name') ?? '',
    prefix: values.get('prefix') ?? '',
    tag: values.get('tag') ?? '',
  }))
}

function differenceOf(rules: readonly DialPlanRule[], { add, remove }: DialPlanChange): DialPlanChange {
  const there = new Map(rules.map((rule) => [rule.prefix, rule]))
  return {
    add: add.filter(({ prefix, name, tag }) => there.get(prefix)?.tag !== tag || there.get(prefix)?.name !== name),
    remove: remove.filter(({ prefix }) => there.has(prefix)),
  }
}

function dialPlanScripts(
  name: string,
  add: readonly DialPlanRule[],
  remove: readonly Pick<DialPlanRule, 'prefix'>[],
): string[] {
  const steps = [
    ...remove.map(({ prefix }) => [`  no dial-plan-rule ${quote(prefix)}`]),
    ...add.map((rule) => [
      '  dial-plan-rule new',
      ...Object.entries(rule).map(([parameter, value]) => `   ${parameter} ${quote(value)}`),
      '   activate',
      '  exit',
    ]),
  ]
  const scripts: string[] = []
  for (let at = 0; at < steps.length; at += RULES_PER_SCRIPT) {
    const lines = steps.slice(at, at + RULES_PER_SCRIPT).flat()
    scripts.push(['configure voip', ` sbc dial-plan ${quote(name)}`, ...lines, ' exit', 'exit'].join('\n'))
  }
  return scripts
}
