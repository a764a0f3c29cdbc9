import { describe, expect, it } from 'vitest'
import { passwordProblem } from './password.rules.ts'

const EMAIL = 'dana.wills@northwind.example'

describe('a new password', () => {
  it.each([
    'three quiet green lamps',
    'Kühlschrank steht schräg',
    'correct horse battery staple',
    'xK9#mLq2vT7!',
    '漢字でも十分に長いならよい!',
    '🦊🐢🌵🥨🎷🧭🪁🧵🏔️🛶🥁🧊',
  ])('may be %s', (password) => expect(passwordProblem(password, EMAIL)).toBeNull())

  it.each([
    ['short', 'characters'],
    ['elevenchars', '11 characters'],
    ['🦊🐢🌵🥨🎷🧭', 'characters'],
    ['x'.repeat(257), '257 characters'],
    ['aaaaaaaaaaaaaaaa', 'few different'],
    ['121212121212', 'few different'],
    ['passwordpassword', 'tried first'],
    ['Password123456!', 'tried first'],
    ['P@ssw0rd2026!!', 'tried first'],
    ['qwertyuiop123', 'tried first'],
    ['1q2w3e4r5t6y', 'tried first'],
    ['Administrator1', 'tried first'],
    ['letmein-letmein', 'tried first'],
    ['Welcome2Microsoft', 'tried first'],
    ['leadline-sandbox', 'tried first'],
    ['LEADLINE-SANDBOX', 'tried first'],
    ['my name is Dana, hello', 'mail address'],
    ['green WILLS lamps', 'mail address'],
    ['dana.wills likes tea', 'mail address'],
  ])('may not be %s', (password, why) => expect(passwordProblem(password, EMAIL)).toContain(why))

  it('does not mind the domain, nor names of one or two letters', () => {
    expect(passwordProblem('northwind and a jolly gnu', 'jo@northwind.example')).toBeNull()
  })
})
