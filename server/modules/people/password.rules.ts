import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from '../../../contract/sessions.ts'
import { isCommonPassword } from './common-passwords.rules.ts'

/** Public, and worthless elsewhere: nobody can choose it. Source: design/decisions.md, Sandbox people. */
export const SANDBOX_PASSWORD = 'leadline-sandbox'

/** What is wrong with a new password, in a sentence for the person; null: it is good. Length in characters, as a person counts. */
export function passwordProblem(password: string, email: string): string | null {
  const length = [...password].length
  if (length < PASSWORD_LENGTH_MIN) return `Has ${length} characters: take at least ${PASSWORD_LENGTH_MIN}.`
  if (length > PASSWORD_LENGTH_MAX) return `Has ${length} characters: take at most ${PASSWORD_LENGTH_MAX}.`
  const plain = password.toLowerCase()
  if (new Set(plain).size < 5) return 'Is made of very few different characters: take more of them.'
  if (plain === SANDBOX_PASSWORD || isCommonPassword(plain)) {
    return 'Is one of the passwords that are tried first everywhere: take another, such as four words nobody would put together.'
  }
  const name = email.trim().toLowerCase().split('@')[0] ?? ''
  const parts = [name, ...name.split(/[^\p{L}\p{N}]+/u)].filter((part) => part.length >= 3)
  if (parts.some((part) => plain.includes(part))) return 'Contains the name in your mail address: leave it out.'
  return null
}
