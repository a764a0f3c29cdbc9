import { Watched } from '../watched.ts'
import type { ResizeEdge, resizeByKey } from './resize-edge.tsx'

/**
 * What columns are drawn wider with. It comes after the first rows, with whatever imports resize-edge.tsx; until then heads have
 * no edges.
 */
export const resizeKit = new Watched<{ Edge: typeof ResizeEdge; byKey: typeof resizeByKey } | null>(null)
