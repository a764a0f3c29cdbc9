import { useSyncExternalStore } from 'react'

/** A value outside React that components watch with `useWatched`. */
export class Watched<T> {
  #value: T
  readonly #watchers = new Set<() => void>()

  constructor(value: T) {
    this.#value = value
  }

  readonly get = (): T => this.#value

  set(value: T): void {
    if (Object.is(value, this.#value)) return
    this.#value = value
    for (const watcher of this.#watchers) watcher()
  }

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }
}

export function useWatched<T>(watched: Watched<T>): T {
  return useSyncExternalStore(watched.watch, watched.get)
}
