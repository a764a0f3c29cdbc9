import { expect, test } from 'vitest'
import { isTimeZone } from './time-zone.ts'

test.each(['UTC', 'Europe/Berlin', 'Asia/Calcutta', 'America/Argentina/Buenos_Aires'])('%s is a time zone', (name) => {
  expect(isTimeZone(name)).toBe(true)
})

test.each(['', '+02:00', '-05:00', 'Nowhere/Land', 'Mars/Olympus', "UTC'; drop table lead"])('%j is none', (name) => {
  expect(isTimeZone(name)).toBe(false)
})
