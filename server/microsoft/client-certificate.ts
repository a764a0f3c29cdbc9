import { createPrivateKey, type KeyObject, randomUUID, X509Certificate } from 'node:crypto'
import { SignJWT } from 'jose'
import type { OperatorConnectSettings } from './settings.ts'

/** A certificate that stands in place of a client secret, with its private key. */
export type ClientCertificate = {
  /** The certificate, PEM. */
  certificate: string
  /** Its private key, PEM (PKCS #8). */
  privateKey: string
}

/** What may be shown of a certificate. */
export type CertificateFacts = {
  /** SHA-256 of it, in hex. */
  thumbprint: string
  /** SHA-1 of it, in hex: what the Entra admin center shows beside it. */
  thumbprintSha1: string
  subject: string
  /** Its last day, YYYY-MM-DD (UTC). */
  expiresOn: string
}

const BITS_MIN = 2_048
/** Entra takes no assertion for longer. */
const ASSERTION_SECONDS = 300
const CERTIFICATE_BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/
const KEY_BLOCK = /-----BEGIN ((?:RSA |ENCRYPTED |EC )?PRIVATE KEY)-----[^-]+-----END \1-----/

/** A certificate and its key from PEM text that holds both, in any order; a text: what is wrong with it, and what to do. */
export function readClientCertificate(pem: string): ClientCertificate | string {
  const certificateText = CERTIFICATE_BLOCK.exec(pem)?.[0]
  if (!certificateText)
    return 'Holds no certificate: paste PEM text with -----BEGIN CERTIFICATE----- and its private key.'
  const [keyText, kind] = KEY_BLOCK.exec(pem) ?? []
  if (!keyText)
    return 'Holds no private key: paste the certificate and -----BEGIN PRIVATE KEY----- one after the other.'
  if (kind === 'ENCRYPTED PRIVATE KEY' || /Proc-Type: 4,ENCRYPTED/.test(keyText)) {
    return 'The private key is encrypted: take its password away first, for example with openssl pkcs8. It is stored sealed.'
  }
  let certificate: X509Certificate
  let key: KeyObject
  try {
    certificate = new X509Certificate(certificateText)
  } catch {
    return 'The certificate cannot be read: paste it whole, as PEM text.'
  }
  try {
    key = createPrivateKey(keyText)
  } catch {
    return 'The private key cannot be read: paste it whole, as PEM text.'
  }
  if (key.asymmetricKeyType !== 'rsa') return 'Entra takes RSA keys only: make a certificate with an RSA key.'
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < BITS_MIN)
    return `The key is too short: RSA of ${BITS_MIN} bits or more.`
  if (!certificate.checkPrivateKey(key)) return 'The private key does not belong to this certificate.'
  return { certificate: certificate.toString(), privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

/** Of a certificate that `readClientCertificate` gave. */
export function certificateFacts(pem: string): CertificateFacts {
  const certificate = new X509Certificate(pem)
  return {
    thumbprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    thumbprintSha1: certificate.fingerprint.replaceAll(':', '').toLowerCase(),
    subject: certificate.subject.replaceAll('\n', ', '),
    expiresOn: certificate.validToDate.toISOString().slice(0, 10),
  }
}

/**
 * What proves to the sign-in service at `tokenUrl` that we hold the certificate's key, once and for five minutes.
 * Source: microsoft.md A.2 (5).
 */
export async function clientAssertion(
  { certificate, secret, clientId }: OperatorConnectSettings & { certificate: string },
  tokenUrl: URL,
  nowMs: number,
): Promise<string> {
  const now = Math.floor(nowMs / 1_000)
  const thumbprint = Buffer.from(certificateFacts(certificate).thumbprint, 'hex').toString('base64url')
  return new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint })
    .setAudience(tokenUrl.href)
    .setIssuer(clientId)
    .setSubject(clientId)
    .setNotBefore(now)
    .setIssuedAt(now)
    .setExpirationTime(now + ASSERTION_SECONDS)
    .sign(createPrivateKey(secret))
}
