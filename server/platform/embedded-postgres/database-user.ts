import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** The operating-system user that runs the database. PostgreSQL refuses to run as the superuser. */
export type DatabaseUser = {
  uid: number
  gid: number /** True when Leadline itself runs as the superuser. */
  dropped: boolean
}

// "nobody" exists on every supported distribution; initdb insists on a user that has a name.
const UNPRIVILEGED_ID = 65_534

/**
 * Who runs the database: the caller, or, when the caller is the superuser, the owner of an existing cluster, else
 * "nobody". Source: stack.md 2.3.
 */
export function databaseUser(clusterDirectory?: string): DatabaseUser {
  const uid = process.getuid?.() ?? 0
  const gid = process.getgid?.() ?? 0
  if (uid !== 0) return { uid, gid, dropped: false }
  const owner = clusterDirectory ? statSync(clusterDirectory, { throwIfNoEntry: false }) : undefined
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, dropped: true }
  return { uid: UNPRIVILEGED_ID, gid: UNPRIVILEGED_ID, dropped: true }
}

/**
 * The first folder on the way to `path` that this user may not pass through, or `null`. Folders that do not exist yet
 * count as passable. Judged by mode bits alone: access lists are not looked at.
 */
export function firstImpassableFolder(path: string, user: { uid: number; gid: number }): string | null {
  const folders: string[] = []
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    folders.unshift(folder)
    if (folder === dirname(folder)) break
  }
  return folders.find((folder) => !mayPass(folder, user)) ?? null
}

function mayPass(folder: string, user: { uid: number; gid: number }): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false })
  if (!stat) return true
  if (stat.uid === user.uid) return (stat.mode & 0o100) !== 0
  if (stat.gid === user.gid) return (stat.mode & 0o010) !== 0
  return (stat.mode & 0o001) !== 0
}
