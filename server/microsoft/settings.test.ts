import { describe, expect, test } from 'vitest'
import { MicrosoftError } from './microsoft-error.ts'
import { createOperatorConnectClient } from './operator-connect-client.ts'
import { checkSettings, DEFAULT_PATHS, type OperatorConnectSettings, PROJECT_SYNERGY_APP_ID } from './settings.ts'

const settings: OperatorConnectSettings = {
  baseUrl: 'https://operatorconnect.microsoft.com/api',
  paths: DEFAULT_PATHS,
  casing: 'pascal',
  authority: 'https://login.microsoftonline.com',
  directoryId: '7a4e58a1-8348-4fa5-8d36-4e19125e4ac3',
  clientId: 'd2f3a8d6-5f11-4f4e-9d8a-0d3e3a0f8f10',
  secret: 'hush-hush',
  certificate: null,
  tokenVersion: 'v2.0',
  resource: PROJECT_SYNERGY_APP_ID,
  requestTimeoutMs: 30_000,
}

describe('checkSettings', () => {
  test('finds nothing wrong with the settings of the public cloud, nor with a simulator on the loopback address', () => {
    expect(checkSettings(settings)).toEqual([])
    for (const baseUrl of ['http://127.0.0.1:8081/api', 'http://localhost:8081', 'http://[::1]:8081'])
      expect(checkSettings({ ...settings, baseUrl })).toEqual([])
  })

  test.each([
    ['baseUrl', { baseUrl: 'operatorconnect.microsoft.com' }],
    ['baseUrl', { baseUrl: 'http://operatorconnect.microsoft.com/api' }],
    ['baseUrl', { baseUrl: 'http://127.0.0.1.evil.example/api' }],
    ['baseUrl', { baseUrl: 'ftp://127.0.0.1/api' }],
    ['baseUrl', { baseUrl: 'https://user:word@operatorconnect.microsoft.com' }],
    ['baseUrl', { baseUrl: 'https://operatorconnect.microsoft.com/api?x=1' }],
    ['authority', { authority: 'http://login.microsoftonline.com' }],
    ['paths.consents', { paths: { ...DEFAULT_PATHS, consents: ' ' } }],
    ['paths.consentByTenant', { paths: { ...DEFAULT_PATHS, consentByTenant: '/x' } }],
    ['paths.civicAddresses', { paths: { ...DEFAULT_PATHS, civicAddresses: '/x' } }],
    ['directoryId', { directoryId: '../common' }],
    ['clientId', { clientId: '' }],
    ['secret', { secret: '' }],
    ['resource', { resource: '' }],
    ['requestTimeoutMs', { requestTimeoutMs: 0 }],
    ['requestTimeoutMs', { requestTimeoutMs: Number.NaN }],
  ])('names %s for %j', (field, changed) => {
    expect(checkSettings({ ...settings, ...changed }).map((problem) => problem.field)).toEqual([field])
  })

  test('a client is refused with every problem at once, and without the secret', () => {
    const attempt = () => createOperatorConnectClient({ ...settings, clientId: '', resource: '' })
    expect(attempt).toThrow(MicrosoftError)
    expect(attempt).toThrow(/clientId: .*resource: /)
    expect(attempt).not.toThrow(/hush/)
  })
})
