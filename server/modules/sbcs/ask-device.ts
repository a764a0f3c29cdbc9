import { AppError } from '../../kernel/errors.ts'
import { SbcError } from '../../sbc/index.ts'

/** Asks a device within a time limit; overrunning it is a failure of the device, not of whoever asked. */
export async function askDevice<T>(
  signal: AbortSignal,
  limitMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = AbortSignal.timeout(limitMs)
  try {
    return await work(AbortSignal.any([signal, limit]))
  } catch (error) {
    if (!(error instanceof SbcError) || error.kind !== 'aborted' || signal.aborted) throw error
    const detail = `The SBC has not answered all that it was asked within ${limitMs / 1_000} s.`
    throw new SbcError({ kind: 'timeout', detail, cause: error })
  }
}

/** A failure of a device as a caller of the API is told it: 503 with what to do. */
export function sbcRefusal({ code, detail, remedy, cause }: SbcError): AppError {
  return new AppError({ code, status: 503, detail: remedy === '' ? detail : `${detail} ${remedy}`, cause })
}
