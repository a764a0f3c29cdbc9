import { Type } from 'typebox'
import { expect, it } from 'vitest'
import { fc } from '../../../test/harness/fast-check.ts'
import { AppError } from '../../kernel/errors.ts'
import { queryReader } from './query.ts'

const schema = Type.Object({
  PageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 20_000 })),
  checkOnline: Type.Optional(Type.Boolean()),
  ratio: Type.Optional(Type.Number({ maximum: 1 })),
  channel: Type.Optional(Type.Array(Type.Integer())),
  q: Type.Optional(Type.String({ maxLength: 50 })),
})
const readers = [queryReader(schema, true), queryReader(schema, false), queryReader(undefined, false)]

const piece = fc.oneof(
  fc.constantFrom(
    'PageSize',
    'pagesize',
    'Page%20Size',
    'checkOnline',
    'ratio',
    'channel',
    'q',
    '__proto__',
    'constructor',
    '&',
    '=',
    '%',
    '%00',
    '%zz',
    '+',
    ',',
  ),
  fc.constantFrom(
    '1',
    '0',
    '-1',
    '1e3',
    '0x10',
    '20000',
    '20001',
    'NaN',
    'Infinity',
    'True',
    'false',
    '١',
    '１',
    '0.5',
    ' 1',
    '',
  ),
  fc.string({ unit: 'binary' }),
)

it('reads any text into values of the schema, or refuses it in words, and never fails otherwise', () => {
  fc.assert(
    fc.property(
      fc.array(piece).map((pieces) => pieces.join('')),
      fc.constantFrom(...readers),
      (search, read) => {
        try {
          const values = read(search) as { PageSize?: number; channel?: number[] }
          expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(Object.keys(values)))
          if (values.PageSize !== undefined)
            expect(Number.isInteger(values.PageSize) && values.PageSize <= 20_000).toBe(true)
          if (values.channel) expect(values.channel.every(Number.isInteger)).toBe(true)
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          expect(error.status).toBe(400)
          expect(error.errors?.length).toBeGreaterThan(0)
        }
      },
    ),
    { numRuns: 2_000 },
  )
})

it('reads numbers with a point where the schema has them', () => {
  expect(readers[0]?.('ratio=0.5&channel=1&channel=2,3')).toEqual({ ratio: 0.5, channel: [1, 2, 3] })
})
