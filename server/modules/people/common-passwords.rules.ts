/**
 * The words that lists of leaked passwords begin with. Few of them are long enough as they stand, so a password is also
 * refused when nothing but such words, doublings, digits and signs makes it long.
 */
const WORDS = [
  'password passwort passw0rd p@ssword p@ssw0rd motdepasse contrasena senha parola wachtwoord haslo salasana lozinka',
  'qwertyuiop qwerty qwertz azerty asdfghjkl asdfgh zxcvbnm zxcvbn qazwsxedc qazwsx 1qaz2wsx 1q2w3e4r5t 1q2w3e4r q1w2e3r4',
  '1234567890 123456789 12345678 1234567 123456 12345 0987654321 987654321 87654321 654321 54321 123123 112233 121212 147258369',
  'letmein welcome willkommen bienvenue changeme change changeit default secret admin administrator root superuser operator',
  'monitor manager master system server support service internet computer laptop microsoft windows teams office outlook google',
  'iloveyou loveyou trustno1 sunshine princess dragon monkey football baseball soccer hockey liverpool chelsea arsenal barcelona',
  'superman batman spiderman starwars pokemon naruto minecraft mustang ferrari mercedes porsche harley yamaha corvette camaro',
  'michael jennifer jessica ashley daniel matthew andrew joshua thomas robert charlie jordan hunter maggie buster ginger pepper',
  'shadow killer freedom whatever nothing forever summer winter spring autumn january february march april june july august',
  'september october november december monday friday flower butterfly chocolate cookie banana orange purple yellow silver golden',
  'abcdefghijkl abcdefgh abcdef abc123 abcd1234 aa123456 a123456 access login guest test testing tester demo sample example',
  'leadline sandbox operatorconnect telephone carrier company business network cisco oracle samsung hello helloworld goodbye',
].flatMap((line) => line.split(' '))

const BY_LENGTH = [...new Set(WORDS)].sort((one, other) => other.length - one.length)

/** Letters that people write as digits and signs. */
const WRITTEN: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

/** Whether a password (in lower case) is nothing but what is tried first: common words, also doubled, with digits and signs. */
export function isCommonPassword(plain: string): boolean {
  const spelt = [...plain].map((letter) => WRITTEN[letter] ?? letter).join('')
  return isCommon(plain) || isCommon(spelt)
}

/** Two different common words in a row are still tried early; from the third on they say something about the person. */
const MOST_DIFFERENT_WORDS = 2

function isCommon(text: string): boolean {
  let rest = text
  let different = 0
  for (const word of BY_LENGTH) {
    if (!rest.includes(word)) continue
    rest = rest.replaceAll(word, ' ')
    different += 1
  }
  const left = [...rest].filter((letter) => /\p{L}/u.test(letter)).length
  return different > 0 && different <= MOST_DIFFERENT_WORDS && left < 4
}
