import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'

/** argon2id, 19 MiB, two passes, one lane: 46 ms here. Source: design/stack.md 5; OWASP's first recommendation. */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** The PHC text of a password, with a salt of its own. */
export function hashPassword(password: string): Promise<string> {
  return hash(normalized(password), ARGON2)
}

let nobodysHash: Promise<string> | undefined

/** Whether the password is the hashed one. Takes as long where there is nothing to compare with. */
export async function passwordFits(phc: string | null | undefined, password: string): Promise<boolean> {
  nobodysHash ??= hashPassword(randomBytes(32).toString('base64url'))
  const fits = await verify(phc ?? (await nobodysHash), normalized(password))
  return fits && phc != null
}

/** One password for all the ways a keyboard can write the same letters. Source: NIST SP 800-63B, 5.1.1.2. */
function normalized(password: string): string {
  return password.normalize('NFKC')
}
