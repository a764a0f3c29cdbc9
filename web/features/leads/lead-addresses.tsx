import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle'
import { LocationRegular } from '@fluentui/react-icons/svg/location'
import { WarningRegular } from '@fluentui/react-icons/svg/warning'
import { useTranslation } from 'react-i18next'
import type { DeskLeadDetail } from '../../api/leads.ts'
import { countryName } from '../../ui/countries.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { StatusPill } from '../../ui/status-pill.tsx'
import styles from './leads.module.css'

type Address = NonNullable<DeskLeadDetail['civicAddresses']>[number]

/** Emergency addresses the customer keeps at Microsoft, with their places and whether Microsoft accepts them. */
export function LeadAddresses({ lead }: { lead: DeskLeadDetail }) {
  const { t } = useTranslation()
  const addresses = lead.civicAddresses ?? []
  return (
    <>
      {addresses.length === 0 ? (
        <EmptyState icon={<LocationRegular />} title={t('address.none')}>
          {t(lead.civicAddresses === null ? 'address.neverAsked' : 'address.noneText')}
        </EmptyState>
      ) : (
        addresses.map((address) => <AddressCard key={address.id} address={address} />)
      )}
      {lead.addresses.failure && (
        <p className={styles.note} role="note">
          <WarningRegular aria-hidden="true" /> {t('address.failed', { reason: lead.addresses.failure })}
        </p>
      )}
      {lead.addresses.askedAt && (
        <p className={styles.note}>
          {t('address.asked')} <RelativeTime instant={lead.addresses.askedAt} />
        </p>
      )}
    </>
  )
}

function AddressCard({ address }: { address: Address }) {
  const { t } = useTranslation()
  const isValid = address.validationStatus.toLowerCase() === 'validated'
  const words = t(`address.validation.${address.validationStatus as 'Validated'}`, {
    defaultValue: address.validationStatus || t('address.validation.unknown'),
  })
  return (
    <article className={styles.address}>
      <div className={styles.addressHead}>
        <div dir="auto">
          <p>
            <strong>{streetOf(address) || address.description}</strong>
          </p>
          <p>{placeOf(address)}</p>
          <p className={styles.quiet}>{countryName(address.country)}</p>
        </div>
        <StatusPill tone={isValid ? 'good' : 'warn'} icon={isValid ? <CheckmarkCircleRegular /> : <WarningRegular />}>
          {words}
        </StatusPill>
      </div>
      {address.locations.length > 0 && (
        <ul className={styles.locations} aria-label={t('address.locations')}>
          {address.locations.map((location) => (
            <li key={location.id}>
              <LocationRegular aria-hidden="true" />
              <span dir="auto">{location.additionalInfo || location.description || t('address.wholeAddress')}</span>
              {location.isDefault === 'true' && <span className={styles.more}>{t('address.default')}</span>}
              {location.elin && <span className={styles.quiet}>{t('address.elin', { elin: location.elin })}</span>}
            </li>
          ))}
        </ul>
      )}
    </article>
  )
}

function streetOf(address: Address): string {
  const { houseNumber, houseNumberSuffix, preDirectional, streetName, streetSuffix, postDirectional } = address
  return joined([`${houseNumber}${houseNumberSuffix}`, preDirectional, streetName, streetSuffix, postDirectional], ' ')
}

function placeOf({ postalOrZipCode, cityOrTown, countyOrDistrict, stateOrProvince }: Address): string {
  return joined([joined([postalOrZipCode, cityOrTown], ' '), countyOrDistrict, stateOrProvince], ', ')
}

function joined(parts: string[], between: string): string {
  return parts.filter((part) => part.trim() !== '').join(between)
}
