import type { Writable } from 'node:stream'
import type pg from 'pg'
import type { Installation } from './data-directory.ts'
import { SIGNATURES_IN_FORCE } from './modules/audit/index.ts'
import { type ArchivedInstallation, ArchiveError, type WrittenArchive, writeArchive } from './platform/archive/index.ts'
import { createSigner, type MasterKeys } from './platform/secrets/index.ts'
import { SEALED_COLUMNS } from './sealed-columns.ts'

/** Purpose of the key that signs exports: see `createSigner`. */
export const EXPORT_SIGNING_PURPOSE = 'export'

export type ExportSettings = {
  /** The login that owns the tables. */
  ownerUrl: string
  masterKeys: MasterKeys
  /** installation.json, where there is one: what only it knows goes along. */
  installation: Installation | null
  /** Of this program. */
  version: string
  onProgress?: (done: { table: string; bytes: number }) => void
  signal?: AbortSignal
}

/**
 * Writes one consistent snapshot of everything in the database, while others work with it. Sealed values stay sealed: who
 * has the file and not the master key has no secret. Any schema, this version's or an older one. Throws `ArchiveError`.
 */
export function exportInstallation(out: Writable, settings: ExportSettings): Promise<WrittenArchive> {
  const { ownerUrl, masterKeys, installation, version, onProgress, signal } = settings
  return writeArchive(out, {
    ...{ ownerUrl, leadline: version },
    installation: (client) => markOf(client, installation),
    masterKeys: async (client) => [...new Set([masterKeys.current.id, ...(await keyIdsIn(client))])],
    sign: createSigner(masterKeys, EXPORT_SIGNING_PURPOSE).sign,
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  })
}

async function markOf(client: pg.ClientBase, local: Installation | null): Promise<ArchivedInstallation> {
  const { rows: tables } = await client.query<{ found: boolean }>(
    `select to_regclass('public.installation') is not null as found`,
  )
  const { rows } = tables[0]?.found
    ? await client.query<{ id: string; kind: ArchivedInstallation['kind']; createdAt: Date }>(
        'select id, kind, created_at as "createdAt" from installation',
      )
    : { rows: [] }
  const mark = rows[0]
  if (!mark)
    throw new ArchiveError(
      'nothing-there',
      'There is no Leadline in this database yet: nothing to export.',
      'Check DATABASE_URL and LEADLINE_DATA_DIR.',
    )
  return {
    ...mark,
    createdAt: mark.createdAt.toISOString(),
    ...(local?.id === mark.id && local.sandboxLeads !== undefined && { sandboxLeads: local.sandboxLeads }),
  }
}

/** Ids of the master keys without which something in this database cannot be opened or checked. */
async function keyIdsIn(client: pg.ClientBase): Promise<string[]> {
  const { rows: columns } = await client.query<{ table: string; column: string }>(
    `select c.relname::text as table, a.attname::text as column
     from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not a.attisdropped`,
  )
  // An older schema may not have all of them yet.
  const there = new Set(columns.map(({ table, column }) => `${table}.${column}`))
  const sealed = SEALED_COLUMNS.filter(({ table, column }) => there.has(`${table}.${column}`)).map(
    ({ table, column }) => `select ${column} as text from ${table} where ${column} is not null`,
  )
  const signed = there.has('journal_countersignature.signature') ? [SIGNATURES_IN_FORCE] : []
  const { rows } = await client.query<{ id: string }>(
    `select distinct substring(text from '^v1\\.([0-9a-f]{8})\\.') as id
     from (${[...sealed, ...signed, 'select null as text'].join(' union all ')}) as every_one
     where text ~ '^v1\\.[0-9a-f]{8}\\.' order by 1`,
  )
  return rows.map(({ id }) => id)
}
