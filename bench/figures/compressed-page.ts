import { result } from '../report.ts'
import { type Figure, fetchPage, roundsOf } from './figure.ts'

/** P4: the large page compressed on the fly, against the same page as it is. */
export const compressedPage: Figure = {
  name: 'P4',
  async measure(world, extent) {
    const plain: number[] = []
    const zstd: number[] = []
    const gzip: number[] = []
    let shares = ''
    for (const _round of roundsOf(extent)) {
      const as = (encoding: string) => fetchPage(world, extent, { headers: { 'accept-encoding': encoding } })
      const identity = await fetchPage(world, extent)
      const small = await as('zstd')
      const zipped = await as('gzip')
      plain.push(identity.milliseconds)
      zstd.push(small.milliseconds)
      gzip.push(zipped.milliseconds)
      const percent = (bytes: number) => `${((bytes / identity.bytes) * 100).toFixed(1)} %`
      shares = `of ${(identity.bytes / 1e6).toFixed(1)} MB, zstd leaves ${percent(small.bytes)}, gzip ${percent(zipped.bytes)}`
    }
    const limit = { name: 'identity', values: plain }
    const line = { figure: 'P4', unit: 'ms', limit, judgeRatio: true }
    return [
      result({
        ...line,
        what: `page of ${extent.pageSize}, zstd`,
        values: zstd,
        bound: { floor: 1.5, better: 'lower' },
        note: shares,
      }),
      result({ ...line, what: `page of ${extent.pageSize}, gzip`, values: gzip }),
    ]
  },
}
