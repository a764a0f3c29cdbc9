import { AppError } from '../../kernel/errors.ts'

/**
 * Throws 412 when a change is asked for a state that is no longer the present one. `ifMatch` as the header came; without
 * it the last one wins. Our tags are weak only because they do not name the encoding: they change with every change.
 */
export function demandMatch(ifMatch: string | undefined, tag: string): void {
  if (ifMatch === undefined) return
  const asked = ifMatch.split(',').map((one) => one.trim().replace(/^W\//, ''))
  if (asked.includes('*') || asked.includes(`"${tag}"`)) return
  throw new AppError({
    code: 'changed-meanwhile',
    status: 412,
    detail: `Somebody has changed it since you read it: nothing was changed now. Its tag is now W/"${tag}". Read it again, then decide.`,
  })
}
