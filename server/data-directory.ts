import { createHash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { newId } from './kernel/ids.ts'
import { databaseUser, explainFailure, firstImpassableFolder } from './platform/embedded-postgres/index.ts'

export type InstallationKind = 'sandbox' | 'production'

/** What an installation is; the mark in a database at DATABASE_URL carries the same facts. */
export type InstallationMark = { id: string; kind: InstallationKind; version: string }

/** The file installation.json of a data directory. */
export type Installation = InstallationMark & {
  /** RFC 3339. */
  createdAt: string
  /** Leads of the first sandbox operator, so that a later start does not seem to lose or gain some. */
  sandboxLeads?: number
}

export type DataDirectory = { path: string; installation: Installation; isNew: boolean }

export type DataDirectoryErrorCode =
  | 'not-a-directory'
  | 'not-writable'
  | 'not-empty'
  | 'disk-full'
  | 'other-kind'
  | 'newer-version'
  | 'damaged'
  | 'missing'

/** Why a data directory cannot be used: what is the matter, and what to do. Both are shown to the person at the terminal. */
export class DataDirectoryError extends Error {
  readonly code: DataDirectoryErrorCode
  readonly remedy: string

  constructor(code: DataDirectoryErrorCode, message: string, remedy: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'DataDirectoryError'
    this.code = code
    this.remedy = remedy
  }
}

const INSTALLATION_FILE = 'installation.json'
const MEGABYTE = 1_048_576
// A new cluster with its log takes 60 MB, the copy of the programs 60 MB where links are impossible.
const FIRST_START_MEGABYTES = 200
const LATER_START_MEGABYTES = 16

/** The folder of this checkout. */
export const CHECKOUT = resolve(import.meta.dirname, '..')

/**
 * Where the data lies when nothing is configured: `.leadline` in the checkout, or, for the superuser whose checkout
 * the database's unprivileged user cannot reach, a folder below /var/lib. Source: design/decisions.md.
 */
export function resolveDataDirectory(configured: string | null, checkout: string = CHECKOUT): string {
  if (configured) return configured
  const user = databaseUser()
  if (!user.dropped || firstImpassableFolder(checkout, user) === null) return join(checkout, '.leadline')
  return join('/var/lib/leadline', createHash('sha256').update(checkout).digest('hex').slice(0, 12))
}

/**
 * Makes or opens a data directory and decides what the installation is: `sandbox` as asked for, else what the
 * directory says, else a sandbox. Refuses in words a directory of the other kind, of a newer version, one that cannot
 * be written, one with strange contents, and a full disk. Safe when two first starts meet.
 */
export function openDataDirectory(options: {
  path: string
  /** LEADLINE_SANDBOX, or `null` when it is not set. */
  sandbox: boolean | null
  /** Version of this program, as in package.json. */
  version: string
  /** What a new one is to be, where that is known: an import brings it. */
  as?: Omit<Installation, 'version' | 'kind'>
}): DataDirectory {
  const { path, sandbox, version, as } = options
  try {
    makeFolderHere(path)
    const found = readInstallation(path)
    if (!found) refuseStrangers(path)
    refuseFullDisk(path, found ? LATER_START_MEGABYTES : FIRST_START_MEGABYTES)
    const installation = found ?? createInstallation(path, { sandbox, version, as })
    refuseNewer(path, installation, version)
    refuseOtherKind(path, installation, sandbox)
    if (found) probeWriting(path)
    letDatabasePass(path)
    return { path, installation, isNew: !found }
  } catch (error) {
    throw inWords(error, path)
  }
}

/** What cannot even be made lies in a place such as /proc, or below a link that leads nowhere. */
function makeFolderHere(path: string): void {
  try {
    makeFolder(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const words = `The data directory ${path} cannot be made there.`
    throw new DataDirectoryError('not-writable', words, 'Set LEADLINE_DATA_DIR to a folder in another place.', error)
  }
}

/** Stores changed facts of the installation, such as the version that has migrated it. */
export function updateInstallation(directory: DataDirectory, changes: Partial<Installation>): DataDirectory {
  const installation = { ...directory.installation, ...changes }
  replaceFile(directory.path, INSTALLATION_FILE, `${JSON.stringify(installation, null, 2)}\n`, 0o644)
  return { ...directory, installation }
}

/** The installation of a directory, or `null` where there is none yet. Throws on a damaged file. */
export function readInstallation(path: string): Installation | null {
  const file = join(path, INSTALLATION_FILE)
  const text = readIfThere(file)
  if (text === null) return null
  try {
    const value = JSON.parse(text) as Installation
    if (!['sandbox', 'production'].includes(value.kind) || !value.id || !value.version) throw new Error('facts missing')
    return value
  } catch (cause) {
    throw new DataDirectoryError(
      'damaged',
      `${file} cannot be read as what Leadline wrote there.`,
      'Restore it from a backup, or set LEADLINE_DATA_DIR to another folder.',
      cause,
    )
  }
}

function makeFolder(path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat && !stat.isDirectory())
    throw new DataDirectoryError('not-a-directory', `${path} is not a folder.`, 'Set LEADLINE_DATA_DIR to a folder.')
  if (!stat) makeFolderAndParents(path, databaseUser().dropped ? 0o711 : 0o700)
}

// One by one: the recursive form hides that a file system is read-only. And the mode is not left to the umask, since
// the database's user must pass through what the superuser makes.
function makeFolderAndParents(path: string, mode: number): void {
  if (!existsSync(dirname(path))) makeFolderAndParents(dirname(path), 0o755)
  try {
    mkdirSync(path)
    chmodSync(path, mode)
  } catch (error) {
    const appeared = (error as NodeJS.ErrnoException).code === 'EEXIST' && statSync(path).isDirectory()
    if (!appeared) throw error
  }
}

// A private folder of the superuser's (mktemp -d) that was given to us: entering it is all that the database needs.
function letDatabasePass(path: string): void {
  const { uid, mode } = statSync(path)
  if (databaseUser().dropped && uid === 0 && (mode & 0o001) === 0) chmodSync(path, (mode & 0o777) | 0o001)
}

/** A folder with somebody's files in it was hardly meant; the entry of a fresh volume is no file of anybody. */
function refuseStrangers(path: string): void {
  const strange = readdirSync(path).filter((name) => name !== 'lost+found' && !name.startsWith(`${INSTALLATION_FILE}.`))
  if (strange.length === 0) return
  throw new DataDirectoryError(
    'not-empty',
    `${path} holds other files (${strange.slice(0, 3).join(', ')}${strange.length > 3 ? ', …' : ''}) and no installation of Leadline.`,
    'Set LEADLINE_DATA_DIR to an empty or a new folder.',
  )
}

function refuseFullDisk(path: string, neededMegabytes: number): void {
  const { bavail, bsize } = statfsSync(path)
  const freeMegabytes = Math.floor((bavail * bsize) / MEGABYTE)
  if (freeMegabytes >= neededMegabytes) return
  throw new DataDirectoryError(
    'disk-full',
    `The disk that holds ${path} has ${freeMegabytes} MB free; Leadline needs ${neededMegabytes} MB to start.`,
    'Free some space, or set LEADLINE_DATA_DIR to a folder on another disk.',
  )
}

function refuseNewer(path: string, { version: written }: Installation, version: string): void {
  if (compareVersions(written, version) <= 0) return
  throw new DataDirectoryError(
    'newer-version',
    `${path} was last used by Leadline ${written}; this is ${version}, which does not know what the newer one stored.`,
    `Start Leadline ${written} or newer, or set LEADLINE_DATA_DIR to another folder.`,
  )
}

function refuseOtherKind(path: string, { kind }: Installation, sandbox: boolean | null): void {
  const asked = sandbox ? 'sandbox' : 'production'
  if (sandbox === null || asked === kind) return
  throw new DataDirectoryError(
    'other-kind',
    `${path} belongs to a ${kind}, and LEADLINE_SANDBOX=${sandbox} asks for a ${asked}. The two are never mixed.`,
    `Set LEADLINE_DATA_DIR to another folder for the ${asked}, or unset LEADLINE_SANDBOX to go on with the ${kind}.`,
  )
}

function createInstallation(
  path: string,
  {
    sandbox,
    version,
    as,
  }: { sandbox: boolean | null; version: string; as: Omit<Installation, 'version' | 'kind'> | undefined },
): Installation {
  const kind: InstallationKind = sandbox === false ? 'production' : 'sandbox'
  const installation: Installation = { id: newId(), createdAt: new Date().toISOString(), ...as, kind, version }
  createOnce(path, INSTALLATION_FILE, `${JSON.stringify(installation, null, 2)}\n`, 0o644)
  return readInstallation(path) ?? installation
}

function probeWriting(path: string): void {
  rmSync(writeAside(path, INSTALLATION_FILE, 'probe', 0o600))
}

/** Writes the file unless somebody else was first, and returns what is in it then. */
export function createOnce(path: string, name: string, text: string, mode: number): string {
  const staging = writeAside(path, name, text, mode)
  try {
    // A link appears with its whole contents, and fails where the name is taken.
    linkSync(staging, join(path, name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(staging, { force: true })
  }
  return readFileSync(join(path, name), 'utf8')
}

/** Puts a whole new file in the place of the old one; when this returns, it outlives a loss of power. */
export function replaceFile(path: string, name: string, text: string, mode: number): void {
  renameSync(writeAside(path, name, text, mode), join(path, name))
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function writeAside(path: string, name: string, text: string, mode: number): string {
  const staging = join(path, `${name}.${randomBytes(6).toString('hex')}.new`)
  const file = openSync(staging, 'wx', mode)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } catch (error) {
    rmSync(staging, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
  return staging
}

export function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** A failure of the file system as what it means for the data directory. */
export function inWords(error: unknown, path: string): unknown {
  if (error instanceof DataDirectoryError) return error
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return new DataDirectoryError(
      'not-a-directory',
      `${path} is not a folder, or lies below a file.`,
      'Set LEADLINE_DATA_DIR to a folder.',
      error,
    )
  if (code === 'ENOENT')
    return new DataDirectoryError(
      'missing',
      `There is no data directory ${path}, and LEADLINE_MASTER_KEY is not set: stored secrets cannot be opened.`,
      'Set LEADLINE_DATA_DIR to the folder of the installation, or LEADLINE_MASTER_KEY to its key. A new one: make the folder, or start with `leadline start`.',
      error,
    )
  const explained = explainFailure(String(error), path, error)
  if (explained?.code !== 'disk-full' && explained?.code !== 'not-writable') return error
  return new DataDirectoryError(explained.code, explained.message, explained.remedy, error)
}

/** Order of two versions such as 1.10.0 and 1.9.2-beta.1; a pre-release comes before its release. */
export function compareVersions(a: string, b: string): number {
  const [[aNumbers, aTag], [bNumbers, bTag]] = [splitVersion(a), splitVersion(b)]
  for (let index = 0; index < 3; index += 1) {
    const difference = (aNumbers[index] ?? 0) - (bNumbers[index] ?? 0)
    if (difference !== 0) return Math.sign(difference)
  }
  if (aTag === bTag) return 0
  if (aTag === '' || bTag === '') return aTag === '' ? 1 : -1
  return Math.sign(aTag.localeCompare(bTag, 'en', { numeric: true }))
}

function splitVersion(version: string): [number[], string] {
  const [numbers = '', ...tag] = version.split('-')
  return [numbers.split('.').map((part) => Number.parseInt(part, 10) || 0), tag.join('-')]
}
