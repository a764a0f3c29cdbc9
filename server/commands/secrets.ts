import pg from 'pg'
import { resolveDataDirectory } from '../data-directory.ts'
import { addMasterKey, forgetOlderKeys } from '../master-key-file.ts'
import { type KeyUse, keyUses, type Rotation, rotateMasterKey, withRotationLock } from '../master-key-rotation.ts'
import { type JournalEntry, journal } from '../modules/audit/index.ts'
import { readArguments, UsageError } from './arguments.ts'
import { type OpenInstallation, terminalPrincipal, withInstallation } from './with-installation.ts'

export const summary = 'Change the master key that seals stored secrets'

const USAGE = `Usage: leadline secrets show
       leadline secrets rotate [--new-key]
       leadline secrets forget

show    says which master key has sealed how much
rotate  seals and signs everything anew with the current master key, while Leadline runs; may be broken off and repeated.
        --new-key makes a new key in the data directory first; where LEADLINE_MASTER_KEY is set, put the new key in
        front of the old one there instead, restart every process, and then rotate
forget  takes older keys out of the data directory, once nothing needs them

No key is ever shown: only its id, the first 8 digits of a digest.
Exit codes: 0 done, 1 something cannot be opened or is still needed, 2 wrong arguments.`

type Owner = { open: OpenInstallation; owner: pg.Pool }

export async function run(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  return withInstallation(USAGE, async (open) => {
    const { values, positionals } = readArguments(args, { 'new-key': { type: 'boolean' } }, 1)
    const [verb] = positionals
    if (values['new-key'] && verb !== 'rotate') throw new UsageError('--new-key goes with rotate.')
    const owner = new pg.Pool({ connectionString: open.ownerUrl, max: 3, connectionTimeoutMillis: 5_000 })
    // A restart of the database shows in the failing statement; the pool's own event would end the process.
    owner.on('error', () => {})
    try {
      if (verb === 'show') return await show({ open, owner })
      if (verb === 'rotate')
        return await alone({ open, owner }, () => rotate({ open, owner }, values['new-key'] === true))
      if (verb === 'forget') return await alone({ open, owner }, () => forget({ open, owner }))
      throw new UsageError(verb === undefined ? 'Say what to do.' : `There is no "secrets ${verb}".`)
    } finally {
      await owner.end()
    }
  })
}

async function alone({ open, owner }: Owner, work: () => Promise<number>): Promise<number> {
  const code = await withRotationLock(owner, work)
  if (code === null)
    open.terminal.complain('Somebody else is changing the master key of this database.', 'Wait for it.')
  return code ?? 1
}

async function show({ open, owner }: Owner): Promise<number> {
  const uses = await keyUses({ context: open.context, owner })
  sayUses(open, uses)
  return uses.some((use) => use.state === 'unknown') ? 1 : 0
}

async function rotate({ open, owner }: Owner, withNewKey: boolean): Promise<number> {
  const { context, config, terminal } = open
  if (withNewKey) {
    if (config.secrets.masterKeys)
      throw new UsageError('LEADLINE_MASTER_KEY is set: put the new key in front of the old one there.')
    const { id } = addMasterKey(resolveDataDirectory(config.dataDirectory))
    context.masterKeys.reload?.()
    await record(open, { action: 'master-key.added', object: { type: 'master-key', id } })
    terminal.say(`A new key is in master.key: ${id}. Keep a copy of the file apart from the database.`)
  }
  const rotation = await rotateMasterKey({
    ...{ context, owner },
    onProgress: (what, done) => terminal.progress(`${what} made anew: ${done}`),
  })
  const { resealed, signed } = rotation
  await record(open, {
    action: 'master-key.rotated',
    object: { type: 'master-key', id: context.masterKeys.current.id },
    after: { values: resealed, signatures: signed },
  })
  terminal.say(`${resealed} values sealed and ${signed} signatures made with ${context.masterKeys.current.id}.`)
  return conclude(open, rotation)
}

function conclude(open: OpenInstallation, { uses, unreadable, refused }: Rotation): number {
  sayUses(open, uses)
  const { terminal } = open
  for (const { table, row, column, problem } of unreadable)
    terminal.complain(`${column} of ${table} ${row} does not open (${problem}).`, 'Enter that secret again.')
  for (const { operatorId, position } of refused)
    terminal.complain(
      `The journal of operator ${operatorId} has a signature at ${position} that no key here has made.`,
      'Look at it with: leadline doctor',
    )
  if (unreadable.length + refused.length > 0) return 1
  if (uses.some((use) => use.state !== 'current' && isNeeded(use))) {
    terminal.complain(
      'A running process still seals with an older key.',
      'Restart every process with the new LEADLINE_MASTER_KEY, then rotate again.',
    )
    return 1
  }
  if (uses.length > 1)
    terminal.say(
      open.config.secrets.masterKeys
        ? 'Nothing needs the older keys: take them out of LEADLINE_MASTER_KEY, and restart.'
        : 'Nothing needs the older keys. Take them away with: leadline secrets forget',
    )
  return 0
}

async function forget({ open, owner }: Owner): Promise<number> {
  const { context, config, terminal } = open
  const uses = await keyUses({ context, owner })
  const others = uses.filter((use) => use.state !== 'current')
  if (others.some(isNeeded)) {
    sayUses(open, uses)
    terminal.complain('An older key is still needed.', 'First: leadline secrets rotate')
    return 1
  }
  if (config.secrets.masterKeys) {
    terminal.say('Nothing needs the older keys: take them out of LEADLINE_MASTER_KEY, and restart.')
    return 0
  }
  forgetOlderKeys(resolveDataDirectory(config.dataDirectory))
  await record(
    open,
    others.map(({ id }) => ({ action: 'master-key.forgotten', object: { type: 'master-key', id } })),
  )
  terminal.say(others.length === 0 ? 'There is no older key.' : `Forgotten: ${others.map((use) => use.id).join(', ')}.`)
  return 0
}

const isNeeded = ({ values, signatures }: KeyUse) => values + signatures > 0

const STATE_WORDS = { current: 'current', older: 'older', unknown: 'not there' }

function sayUses({ terminal }: OpenInstallation, uses: KeyUse[]): void {
  for (const { id, state, values, signatures } of uses)
    terminal.say(`${id.padEnd(10)}${STATE_WORDS[state].padEnd(11)}${values} values, ${signatures} signatures`)
}

async function record({ context }: OpenInstallation, entries: JournalEntry | JournalEntry[]): Promise<void> {
  await context.transact(terminalPrincipal(null), (tx) => journal(tx).append(entries))
}
