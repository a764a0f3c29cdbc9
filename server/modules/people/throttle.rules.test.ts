import { describe, expect, it } from 'vitest'
import { addressKey, FORGET_SECONDS, THROTTLES, waitSeconds } from './throttle.rules.ts'

const at = (seconds: number) => new Date(1_700_000_000_000 + seconds * 1000)
const failed = (failures: number) => ({ failures, lastFailedAt: at(0) })

describe('waiting after failures', () => {
  const rule = { free: 3, waitSecondsMax: 60 }

  it.each([
    [0, 0],
    [2, 0],
    [3, 1],
    [4, 2],
    [6, 8],
    [9, 60],
    [1_000_000, 60],
  ])('after %i failures is %i s', (failures, wait) => expect(waitSeconds(rule, failed(failures), at(0))).toBe(wait))

  it('passes with time, and is forgotten', () => {
    expect(waitSeconds(rule, failed(6), at(7.5))).toBe(1)
    expect(waitSeconds(rule, failed(6), at(8))).toBe(0)
    expect(waitSeconds({ free: 0, waitSecondsMax: 10 * FORGET_SECONDS }, failed(30), at(FORGET_SECONDS))).toBe(0)
    expect(waitSeconds(rule, undefined, at(0))).toBe(0)
  })

  it('is not longer when the clock was set back', () => expect(waitSeconds(rule, failed(6), at(-1000))).toBe(8))

  it('comes sooner for one address at one account than for the address', () => {
    expect(THROTTLES.pair.free).toBeLessThan(THROTTLES.address.free)
  })
})

describe('an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s counts as %s', (address, key) => expect(addressKey(address)).toBe(key))
})
