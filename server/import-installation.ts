import type { Config } from './config.ts'
import { compareVersions, openDataDirectory, readInstallation } from './data-directory.ts'
import { EXPORT_SIGNING_PURPOSE } from './export-installation.ts'
import { adoptMasterKeys, masterKeyFile, readMasterKeys } from './master-key-file.ts'
import {
  ArchiveError,
  type ArchiveHeader,
  type LoadedArchive,
  loadArchive,
  type OpenArchive,
} from './platform/archive/index.ts'
import { judgeSchema, migrateDatabase } from './platform/db/migrate.ts'
import { type RunningPostgres, startEmbeddedPostgres } from './platform/embedded-postgres/index.ts'
import { createSigner, type MasterKeys, parseMasterKeys } from './platform/secrets/index.ts'

export type ImportSettings = {
  config: Config
  dataDirectory: string
  /** Of this program. */
  version: string
  /** Text of the master.key of the installation that wrote the file, and where it is from. */
  masterKey: { text: string; from: string } | null
  /** The key is lost, and what it has sealed with it. */
  withoutMasterKey: boolean
  onProgress?: (what: string) => void
}

/**
 * Brings an export into an empty installation: makes the data directory as that of the file's installation, the database at
 * the schema of the file, loads it in one transaction, and migrates it to this version. Broken off at any moment it leaves
 * the database empty and can be called again. Throws `ArchiveError` and `DataDirectoryError`.
 */
export async function importInstallation(archive: OpenArchive, settings: ImportSettings): Promise<LoadedArchive> {
  const { header } = archive
  const { config, dataDirectory, version, masterKey } = settings
  refuseStrange(header, version)
  refuseOtherInstallation(header, settings)
  const keys = presentKeys(settings)
  const isKeyed = refuseMissingKeys(header, keys, settings)
  // With both given there is nothing of importance in a data directory.
  if (!config.database.url || !config.secrets.masterKeys) {
    const { id, createdAt, kind, sandboxLeads } = header.installation
    const as = { id, createdAt, ...(sandboxLeads !== undefined && { sandboxLeads }) }
    openDataDirectory({ path: dataDirectory, sandbox: kind === 'sandbox', version, as })
  }
  if (masterKey && !config.secrets.masterKeys) adoptMasterKeys(dataDirectory, masterKey.text, masterKey.from)
  const database = await openDatabaseFor(config, dataDirectory)
  try {
    settings.onProgress?.('preparing the database')
    await migrateDatabase(database.ownerUrl, { upTo: header.migrations.at(-1) ?? '' })
    const loaded = await loadArchive(archive, {
      ownerUrl: database.ownerUrl,
      verify: keys && isKeyed ? createSigner(keys, EXPORT_SIGNING_PURPOSE).verify : null,
      ...(settings.onProgress && { onProgress: settings.onProgress }),
    })
    settings.onProgress?.('updating the database')
    await migrateDatabase(database.ownerUrl)
    return loaded
  } finally {
    await database.server?.stop()
  }
}

function refuseStrange({ leadline, migrations }: ArchiveHeader, version: string): void {
  const judgement = judgeSchema(migrations)
  if (judgement === 'newer' || compareVersions(leadline, version) > 0)
    throw new ArchiveError(
      'newer-version',
      `The file was written by Leadline ${leadline}; this is ${version}, which does not know what the newer one stored.`,
      `Import it with Leadline ${leadline} or newer.`,
    )
  if (judgement === 'other')
    throw new ArchiveError(
      'other-schema',
      `The file was written by Leadline ${leadline}, with a database that no released version had.`,
      'Import it with the version that wrote it.',
    )
}

function refuseOtherInstallation({ installation }: ArchiveHeader, { config, dataDirectory }: ImportSettings): void {
  const { kind } = installation
  const asked = config.sandbox.enabled === null ? kind : config.sandbox.enabled ? 'sandbox' : 'production'
  const found = readInstallation(dataDirectory)
  if (asked !== kind || (found && found.kind !== kind))
    throw new ArchiveError(
      'other-kind',
      `The file is of a ${kind}, and ${asked === kind ? dataDirectory : 'LEADLINE_SANDBOX'} asks for a ${kind === 'sandbox' ? 'production' : 'sandbox'}. The two are never mixed.`,
      `Set LEADLINE_DATA_DIR to a new folder and unset LEADLINE_SANDBOX to bring the ${kind} back.`,
    )
  if (!found || found.id === installation.id) return
  throw new ArchiveError(
    'other-installation',
    `${dataDirectory} belongs to the installation ${found.id}, and the file to ${installation.id}.`,
    'Set LEADLINE_DATA_DIR to a new folder: the import makes it.',
  )
}

/** The keys that will be there after the import; null: none yet. */
function presentKeys({ config, dataDirectory, masterKey }: ImportSettings): MasterKeys | null {
  const configured = config.secrets.masterKeys?.reveal()
  if (configured) return parseMasterKeys(configured)
  const there = masterKeyFile(dataDirectory)
  const keys = [
    ...(masterKey ? [readMasterKeys(masterKey.text, masterKey.from)] : []),
    ...(there === null ? [] : [readMasterKeys(there, `master.key in ${dataDirectory}`)]),
  ]
  const each = keys.flatMap(({ current, previous }) => [current, ...previous])
  const [current, ...previous] = each
  return current ? { current, previous } : null
}

/** Whether everything that was sealed can be opened here. */
function refuseMissingKeys(
  { masterKeys }: ArchiveHeader,
  keys: MasterKeys | null,
  { withoutMasterKey }: ImportSettings,
): boolean {
  const present = new Set(keys && [keys.current, ...keys.previous].map((key) => key.id))
  const missing = masterKeys.filter((id) => !present.has(id))
  if (missing.length === 0) return true
  if (withoutMasterKey) return false
  throw new ArchiveError(
    'missing-key',
    `Secrets and signatures in the file were made with the master key ${missing.join(', ')}, which is not here.`,
    'Give it with --master-key FILE (master.key of the installation that wrote it) or in LEADLINE_MASTER_KEY. If it is lost: --without-master-key.',
  )
}

type DatabaseForImport = { ownerUrl: string; server?: RunningPostgres }

async function openDatabaseFor({ database }: Config, dataDirectory: string): Promise<DatabaseForImport> {
  const given = database.ownerUrl ?? database.url
  if (given) return { ownerUrl: given.reveal() }
  const silent = { info: () => {}, warn: () => {} }
  const server = await startEmbeddedPostgres({ dataDirectory, logger: silent })
  return { ownerUrl: server.ownerUrl, server }
}
