import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { chmod, copyFile, link, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import type { PostgresPackage } from './binaries.ts'
import { isProcessAlive } from './process-table.ts'

const PREFIX = 'postgres-runtime-'

/**
 * Puts the programs of the package where the database user can reach them, once per version, and adds the library
 * links that npm leaves out under `--ignore-scripts`. Returns the folder of the programs.
 *
 * Own folder rather than node_modules: that may lie under a home nobody else can enter, and a reinstall must not pull
 * libraries from under a running server. Files are hard links where possible, so they cost no space.
 * Source: stack.md 2.3.
 */
export async function installRuntime(source: PostgresPackage, parentDirectory: string): Promise<string> {
  const name = `${PREFIX}${source.version}-${process.arch}`
  const target = join(parentDirectory, name)
  if (await stat(join(target, 'bin/postgres')).catch(() => null)) return join(target, 'bin')
  await sweepUnfinished(parentDirectory)
  const staging = `${target}.new-${process.pid}-${randomBytes(4).toString('hex')}`
  try {
    await copyTree(source.nativeDirectory, staging)
    await addLibraryLinks(source.nativeDirectory, staging)
    await rename(staging, target)
  } catch (error) {
    await rm(staging, { recursive: true, force: true })
    // Another instance was first: its copy is the same.
    if (!(await stat(join(target, 'bin/postgres')).catch(() => null))) throw error
  }
  return join(target, 'bin')
}

/** Removes copies of other versions. Only when no server of this data directory can still be using them. */
export async function removeOtherRuntimes(binaries: string): Promise<void> {
  const current = dirname(binaries)
  const parent = dirname(current)
  for (const name of await readdir(parent)) {
    if (!name.startsWith(PREFIX) || name === basename(current) || name.includes('.new-')) continue
    await rm(join(parent, name), { recursive: true, force: true })
  }
}

async function sweepUnfinished(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = Number(/^postgres-runtime-.*\.new-(\d+)-/.exec(name)?.[1])
    if (pid > 0 && !isProcessAlive(pid)) await rm(join(parent, name), { recursive: true, force: true })
  }
}

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  // Not left to the umask: the database user must be able to enter.
  await chmod(to, 0o755)
  const entries = await readdir(from, { withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.a'))
  for (const folder of entries.filter((entry) => entry.isDirectory() && entry.name !== 'pkgconfig'))
    await copyTree(join(from, folder.name), join(to, folder.name))
  await Promise.all(files.map((file) => placeFile(join(from, file.name), join(to, file.name))))
}

async function placeFile(from: string, to: string): Promise<void> {
  const { mode } = await stat(from)
  if ((mode & 0o004) !== 0) {
    try {
      await link(from, to)
      return
    } catch {
      // Another file system, or links to files of others are forbidden: copy.
    }
  }
  await copyFile(from, to, constants.COPYFILE_FICLONE)
  await chmod(to, (mode & 0o111) !== 0 ? 0o755 : 0o644)
}

async function addLibraryLinks(nativeDirectory: string, staging: string): Promise<void> {
  const list = JSON.parse(await readFile(join(nativeDirectory, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of list) {
    const place = join(staging, relative('native', target))
    await rm(place, { force: true })
    await symlink(relative(dirname(target), source), place)
  }
}
