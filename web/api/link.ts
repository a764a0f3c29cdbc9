import { Watched } from '../ui/watched.ts'

/** false from a call without an answer until the next answer of any kind. */
export const isReachable = new Watched(true)

/** true from a 401 in the middle of work until somebody has signed in again. */
export const hasSessionEnded = new Watched(false)
