import type { Permitted } from './lead.rules.ts'

/** Only what Microsoft calls Removed is put away: everything else still asks for somebody. */
export function mayArchive({ status, archived }: { status: string; archived: boolean }): Permitted {
  if (status !== 'Removed') {
    const reason = `Only a Removed lead can be archived: Microsoft says it is ${status}.`
    return { ok: false, code: 'lead-not-removed', reason }
  }
  return archived ? { ok: false, code: 'lead-archived', reason: 'It is archived already.' } : { ok: true }
}

export function mayUnarchive({ status, archived }: { status: string; archived: boolean }): Permitted {
  if (archived && status === 'Removed') return { ok: true }
  return { ok: false, code: 'lead-not-archived', reason: 'It is not archived.' }
}
