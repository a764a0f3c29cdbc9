import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { compileCheck } from './validation.ts'

const text = Type.String({ maxLength: 5 })

describe('a value of a union', () => {
  const check = compileCheck(
    Type.Object({
      orderId: Type.Optional(Type.Union([text, Type.Null()])),
      state: Type.Optional(Type.Union([Type.Literal('on'), Type.Literal('off')])),
      size: Type.Optional(Type.Union([text, Type.Integer({ minimum: 1 })])),
      place: Type.Optional(Type.Union([Type.Object({ town: text }, { additionalProperties: false }), Type.Null()])),
    }),
    '/body',
  )

  it.each([
    [{ orderId: 'abcdef' }, '/body/orderId', 'Must have at most 5 characters, has 6.'],
    [{ orderId: 7 }, '/body/orderId', 'Must be text or null, was 7.'],
    [{ state: 'often' }, '/body/state', 'Must be "on" or "off", was "often".'],
    [{ size: 0 }, '/body/size', 'Must be at least 1, was 0.'],
    [{ size: 'enormous' }, '/body/size', 'Must have at most 5 characters, has 8.'],
    [{ size: true }, '/body/size', 'Must be text or a whole number, was true.'],
    [{ place: {} }, '/body/place/town', 'Missing: give town.'],
    [{ place: { town: 'Springfield' } }, '/body/place/town', 'Must have at most 5 characters, has 11.'],
    [
      { place: { town: 'Bath', zip: 1 } },
      '/body/place/zip',
      'Unknown: leave it out, or check its spelling. Known here: town.',
    ],
    [{ place: [] }, '/body/place', 'Must be an object or null, was [].'],
  ])('%j is refused at %s: %s', (value, pointer, detail) => {
    expect(check(value)).toEqual([{ pointer, detail }])
  })

  it.each([{}, { orderId: null }, { orderId: 'abcde' }, { size: 1 }, { place: { town: 'Bath' } }])(
    '%j fits',
    (value) => {
      expect(check(value)).toEqual([])
    },
  )
})
