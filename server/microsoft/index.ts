export { certificateFacts, readClientCertificate } from './client-certificate.ts'
export type { ConsentPage, ListedRecord, Recall } from './consent-page.ts'
export { type ConsentPosition, type IterateOptions, iterateConsents, type ListedPage } from './iterate-consents.ts'
export { MicrosoftError, type MicrosoftErrorKind, type MicrosoftOperation } from './microsoft-error.ts'
export { type Dialect, nativeDialect } from './native-dialect.ts'
export { createOperatorConnectClient } from './operator-connect-client.ts'
export {
  type CallOptions,
  type CallReport,
  type ConnectionCheck,
  type ConnectionStage,
  type ConsentRange,
  MAX_PAGE_SIZE,
  type MicrosoftLogger,
  type OperatorConnectClient,
  type OperatorConnectClientOptions,
} from './operator-connect-port.ts'
export {
  type CallingProfileReading,
  readCallingProfile,
  type WireCallingProfile,
  type WireTrunk,
} from './read-calling-profile.ts'
export {
  type CivicAddressReading,
  readCivicAddress,
  type WireCivicAddress,
  type WireLocation,
} from './read-civic-address.ts'
export {
  type ConsentReading,
  readConsent,
  type WireConsent,
  type WireContact,
  type WireRelationship,
} from './read-consent.ts'
export { DEFAULT_RETRY_POLICY, type RetryPolicy } from './retries.ts'
export {
  checkSettings,
  DEFAULT_PATHS,
  type OperatorConnectPaths,
  type OperatorConnectSettings,
  PROJECT_SYNERGY_APP_ID,
  type SettingsProblem,
} from './settings.ts'
