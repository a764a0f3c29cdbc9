import { expect, test } from 'vitest'
import { chooseSbc, withTrunk } from './sbc-choice.ts'

const one = { sbcId: 1, name: 'One', trunkFqdns: ['a.example', 'shared.example'], trouble: null }
const two = { sbcId: 2, name: 'Two', trunkFqdns: ['b.example', 'shared.example'], trouble: null }
const ask = (sbcId: number | null, gateway: string | null, devices = [one, two]) => {
  const choice = chooseSbc(devices, { sbcId, gateway })
  return choice.ok ? choice.sbcId : choice.field
}

test('the device is the named one, the only one with the trunk, or the only one there is', () => {
  expect([ask(2, null), ask(2, 'b.example'), ask(null, 'b.example'), ask(null, null, [two]), ask(9, 'x')]).toEqual([
    ...[2, 2, 2, 2, 9],
  ])
})

test('otherwise it is said which field is missing or wrong', () => {
  expect([ask(1, 'b.example'), ask(null, null), ask(null, 'shared.example'), ask(null, 'c.example')]).toEqual([
    ...['gateway', 'sbcId', 'sbcId', 'gateway'],
  ])
})

test('scripts get the trunk that was asked for, else the first of the device, else none', () => {
  const trunk = (sbcId: number | null, variables: Record<string, string> = {}) =>
    withTrunk({ sbcId, variables }, [one, two]).variables.OnlinePstnGateway
  expect([trunk(1), trunk(2, { OnlinePstnGateway: 'shared.example' }), trunk(null)]).toEqual([
    ...['a.example', 'shared.example', undefined],
  ])
})
