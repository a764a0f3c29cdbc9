import { Watched } from '../ui/watched.ts'

/** A dialog of a page that was asked for from elsewhere: the page opens it, and takes the wish back. */
export const newLeadAsked = new Watched(false)
