import type { AnyTask } from './task.ts'

/** Every kind of task there is. Web and worker both have one. */
export type TaskRegistry = {
  /** By kind. */
  all: readonly AnyTask[]
  find(kind: string): AnyTask | null
}

export function createTaskRegistry(definitions: readonly AnyTask[]): TaskRegistry {
  const all = [...definitions].sort((a, b) => (a.kind < b.kind ? -1 : 1))
  const byKind = new Map(all.map((definition) => [definition.kind, definition]))
  if (byKind.size < all.length) throw new Error('Two kinds of tasks have the same name.')
  return { all, find: (kind) => byKind.get(kind) ?? null }
}
