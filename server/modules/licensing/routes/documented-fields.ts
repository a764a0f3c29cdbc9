/** Where the documented bodies have our fields of a SIP connection. Source: rest-api.md C2, S2. */
export const PARAMETER_FIELDS: Readonly<Record<string, string>> = {
  proxySet: 'scriptParameters/ProxySet',
  cacProfile: 'scriptParameters/CacProfile',
  carrierHostName: 'scriptParameters/CarrierHostName',
  carrierMainLine: 'scriptParameters/CarrierMailLine',
  carrierUserName: 'scriptParameters/CarrierUserName',
  carrierPassword: 'scriptParameters/CarrierUserPassword',
}
