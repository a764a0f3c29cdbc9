import { type ContextOptions, createContext } from './context.ts'
import { compareVersions, type Installation } from './data-directory.ts'
import { AppError } from './kernel/errors.ts'
import { newId } from './kernel/ids.ts'
import { installationPrincipal } from './kernel/principal.ts'
import { type InstallationRow, installationStore } from './modules/operators/index.ts'
import { APP_ROLE } from './platform/db/scope.ts'
import type { Transact } from './platform/db/transaction.ts'
import { prepareSandbox } from './sandbox.ts'
import { upgradeDatabase } from './upgrade-database.ts'

/**
 * Migrates the database, marks it as this installation's and, in the sandbox, fills in operators, clients and connections.
 * Safe to repeat and to run from several instances at once. Throws AppError when the database is not ours to use.
 */
export async function prepareDatabase(options: ContextOptions & { installation: Installation | null }): Promise<void> {
  const { config, databaseUrl, installation, version } = options
  await upgradeDatabase({ ...options, ownerUrl: config.database.ownerUrl?.reveal() ?? databaseUrl })
  const context = createContext(options)
  try {
    const kind = config.sandbox.enabled === true ? 'sandbox' : 'production'
    await claim(context.transact, { id: installation?.id ?? newId(), kind, version })
    if (kind === 'sandbox') {
      const simulatorUrl = `http://127.0.0.1:${config.sandbox.simulatorPort}`
      await prepareSandbox({ ...context, simulatorUrl })
    }
  } finally {
    await context.close()
  }
}

async function claim(transact: Transact, mine: Pick<InstallationRow, 'id' | 'kind' | 'version'>): Promise<void> {
  await inRole(() =>
    transact(installationPrincipal('start', newId()), async (tx) => {
      const store = installationStore(tx)
      const mark = await store.claim(mine)
      if (mark.kind !== mine.kind) throw otherKind(mark.kind, mine.kind)
      if (compareVersions(mark.version, mine.version) < 0) await store.setVersion(mine.version)
    }),
  )
}

/** With two logins the application's one needs the role too, and only an administrator of the database can give it. */
async function inRole(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (cause) {
    if ((cause as { code?: string }).code !== '42501') throw cause
    throw new AppError({
      code: 'database-role-missing',
      status: 503,
      detail: `The login of DATABASE_URL may not work as ${APP_ROLE}. As the owner of the tables, or as a superuser, run: grant ${APP_ROLE} to <the login of DATABASE_URL>;`,
      cause,
    })
  }
}

/** Source: issue 2, 1: production never mixes with sandbox data. */
function otherKind(theirs: string, ours: string): AppError {
  return new AppError({
    code: 'other-installation-kind',
    status: 503,
    detail: `This database belongs to a ${theirs}, and LEADLINE_SANDBOX asks for a ${ours}. Use another database, or set LEADLINE_SANDBOX=${theirs === 'sandbox'}.`,
  })
}
